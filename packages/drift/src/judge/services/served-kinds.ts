import type { Effect, Severity } from '../../report.ts';
import type { ServedKind } from '../packets/served-differences.ts';
import type { ChangeKind } from '../rule.ts';

/** Changes of what becomes of connections to an address of a service. */
export const FRONTEND_CHANGES = [
  {
    id: 'kube.frontend.lost',
    severity: 'critical',
    title: 'an address of a service is no longer served',
    why: 'connections to it fail',
    mirror: 'kube.frontend.gained',
  },
  {
    id: 'kube.frontend.gained',
    severity: 'notice',
    title: 'an address of a service is served',
    why: 'connections to it reach endpoints',
    mirror: 'kube.frontend.lost',
  },
  {
    id: 'kube.frontend.undecided',
    severity: 'critical',
    title: 'whether an address of a service is still served cannot be told',
    why: 'connections to it may fail',
  },
  {
    id: 'kube.frontend.endpoints-changed',
    severity: 'by effect',
    title: 'an address of a service leads to other endpoints',
    why: 'new connections are distributed among other endpoints',
  },
  {
    id: 'kube.frontend.endpoint-lost',
    severity: 'critical',
    title: 'no address of a service leads to an endpoint any more, after a change of the proxy mode',
    why: 'it gets no new connections',
  },
  {
    id: 'kube.frontend.addresses-changed',
    severity: 'by effect',
    title: 'node ports answer at other addresses of the node',
    why: 'clients that use one of the others are no longer served',
  },
  {
    id: 'kube.frontend.hairpin-changed',
    severity: 'by effect',
    title: 'the source address of an endpoint that gets to itself by its service is replaced, or no longer',
    why: 'an endpoint drops packets with its own source address',
  },
  {
    id: 'kube.frontend.source-changed',
    severity: 'by effect',
    title: 'endpoints see another source address',
    why: 'rules and logs that go by the client address see the node instead, or no longer do',
  },
  {
    id: 'kube.frontend.refusal-changed',
    severity: 'notice',
    title: 'connections are turned away in another way',
    why: 'clients are told at once, or wait until they give up',
  },
  {
    id: 'kube.frontend.restriction-changed',
    severity: 'warning',
    title: 'the sources that may use an address changed',
    why: 'clients are shut out, or let in',
  },
  {
    id: 'kube.frontend.affinity-changed',
    severity: 'notice',
    title: 'the session affinity changed',
    why: 'clients stay on their endpoint, or no longer do',
  },
] as const satisfies readonly ChangeKind[];

/** How a difference of a kind is told. */
export interface KindTraits {
  readonly id: string;
  readonly severity: Severity;
  readonly effect: Effect;
  readonly says: string;
}

/** What each kind of difference comes to. */
export const KINDS: Readonly<Record<ServedKind, KindTraits>> = {
  lost: { id: 'kube.frontend.lost', severity: 'critical', effect: 'lost', says: 'no longer served' },
  undecided: {
    id: 'kube.frontend.undecided',
    severity: 'critical',
    effect: 'undecided',
    says: 'served before, and whether they still are cannot be told',
  },
  'undecided before': {
    id: 'kube.frontend.undecided',
    severity: 'notice',
    effect: 'undecided',
    says: 'served, and whether they were before cannot be told',
  },
  gained: { id: 'kube.frontend.gained', severity: 'notice', effect: 'gained', says: 'served now' },
  endpoints: { id: 'kube.frontend.endpoints-changed', severity: 'notice', effect: 'share-moved', says: 'led to other endpoints' },
  source: {
    id: 'kube.frontend.source-changed',
    severity: 'warning',
    effect: 'source-changed',
    says: 'shown to the endpoints with another source address',
  },
  hairpin: { id: 'kube.frontend.hairpin-changed', severity: 'warning', effect: 'lost', says: '' },
  refusal: { id: 'kube.frontend.refusal-changed', severity: 'notice', effect: 'attribute', says: 'turned away in another way' },
  restriction: { id: 'kube.frontend.restriction-changed', severity: 'warning', effect: 'attribute', says: 'open to other sources' },
  affinity: { id: 'kube.frontend.affinity-changed', severity: 'notice', effect: 'attribute', says: 'served with another session affinity' },
};
