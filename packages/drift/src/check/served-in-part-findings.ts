import { once } from '../common/once.ts';
import type { Outcome } from '../packets/outcome.ts';
import { tracerOf } from '../packets/trace.ts';
import { podAddress } from '../proxy/facts/pod-addresses.ts';
import { isKubeProxyTableName } from '../proxy/nftables/names.ts';
import { SENDER_NAMES } from '../proxy/senders.ts';
import type { ServiceFrontend, ServicePath } from '../proxy/service-table.ts';
import type { NodeView } from '../services/node-facts.ts';
import { destinationOf, firstPacketTo, sourceOf, traceSources } from '../services/paths-with-traces.ts';
import { endpointText } from '../state/ipvs-table.ts';
import type { Origin } from '../state/origin.ts';
import type { RuleRef } from '../world/rule-ref.ts';
import { familyOfFrontend } from './expected/served-places.ts';
import { findingKinds, type FoundThing, listed } from './finding.ts';
import type { FindingRule } from './finding-rule.ts';

const { kinds, finding } = findingKinds([
  {
    id: 'lint.kube.served-in-part',
    severity: 'critical',
    title: 'a part of the connections to a service gets to no endpoint',
    why: 'chance decides which connections fail',
    needs: ['service', 'nat', 'filter', 'sets'],
    lessExact: true,
  },
]);

export const servedInPart: FindingRule = { kinds, find: servedInPartFindings };

/** Of the parts of a whole as rules write them, no more than this is lost by rounding. */
const ROUNDING = 0.002;

/** A part of the connections from some senders to one place. */
interface LostPart {
  readonly place: string;
  readonly from: ServicePath['from'];
  readonly share: number;
  readonly how: string;
  readonly origins: readonly Origin[];
}

/** Services of which a part of the connections is given an endpoint and the rest is not, whatever rule is missing or takes them. */
function servedInPartFindings(view: NodeView): FoundThing[] {
  const retrace = once(() => retracing(view));
  return view.table.servicePorts.flatMap(({ name, frontends }) => {
    const parts = frontends.flatMap((frontend) => frontend.paths.filter(isShort).flatMap(({ from }) => retrace()(frontend, from) ?? []));
    const [first] = parts;
    if (first === undefined) return [];
    const most = Math.max(...parts.map(({ share }) => share));
    const senders = [...new Set(parts.map(({ from }) => SENDER_NAMES[from]))];
    const places = [...new Set(parts.map(({ place }) => place))];
    const percent = `${parts.some(({ share }) => most - share > ROUNDING) ? 'up to ' : ''}${Math.round(most * 100)} %`;
    return [
      finding('lint.kube.served-in-part', {
        subject: { kind: 'kube.servicePort', name, frontends: places },
        text: `${name}: ${percent} of new connections from ${listed(senders)} to ${listed(places)} ${listed([...new Set(parts.map(({ how }) => how))])}`,
        origins: [...new Set(parts.flatMap(({ origins }) => origins))].slice(0, 4),
        about: [name],
      }),
    ];
  });
}

function isShort({ verdict, endpoints }: ServicePath): boolean {
  return verdict === 'delivered' && endpoints.reduce((sum, { share }) => sum + share, 0) < 1 - ROUNDING;
}

/** Asks again what becomes of the connections that no endpoint gets. Those that IPVS itself gives to nobody are told of its table. */
function retracing({ model, knowledge, worlds }: NodeView): (frontend: ServiceFrontend, from: ServicePath['from']) => LostPart | undefined {
  const of = (family: 'ipv4' | 'ipv6') => ({
    tracer: tracerOf(worlds[family]),
    sources: traceSources(family, podAddress(model, family, knowledge.podRanges), knowledge.nodeAddresses),
  });
  const asking = { ipv4: once(() => of('ipv4')), ipv6: once(() => of('ipv6')) };
  return (frontend, from) => {
    const family = familyOfFrontend(frontend);
    const { tracer, sources } = asking[family]();
    const to = destinationOf(frontend, family);
    const source = to && sourceOf(from, tracer, sources, to, frontend.sourceRanges);
    if (to === undefined || source === undefined) return undefined;
    const { outcomes } = tracer.trace(firstPacketTo(to, source, from));
    const lost = outcomes.filter(({ verdict, decidedBy }) => verdict !== 'delivered' && decidedBy !== 'ipvs');
    const share = lost.reduce((sum, one) => sum + one.share, 0);
    if (share < ROUNDING || lost.some(({ verdict }) => verdict === 'unknown')) return undefined;
    const [text] = frontend.addresses;
    const place = text === undefined ? `port ${frontend.port}` : endpointText(text, frontend.port);
    return { place: `${frontend.protocol} ${place}`, from, share, how: howLost(lost), origins: lost.flatMap(whereLost) };
  };
}

function howLost(lost: readonly Outcome[]): string {
  const verdicts = new Set(lost.map(({ verdict }) => verdict));
  return listed([
    ...(verdicts.has('leaves') || verdicts.has('node') ? ['get to no endpoint'] : []),
    ...(verdicts.has('refused') ? ['are refused'] : []),
    ...(verdicts.has('dropped') ? ['are dropped'] : []),
  ]);
}

/** The rule that refuses or drops it, or the last of nat that it met. */
function whereLost({ decidedBy, hops }: Outcome): Origin[] {
  const hop = typeof decidedBy === 'object' ? decidedBy : hops.findLast(({ hook, rule }) => hook !== 'postrouting' && isOfNat(rule));
  return hop?.rule?.origin === undefined ? [] : [hop.rule.origin];
}

function isOfNat(rule: RuleRef | undefined): boolean {
  return rule !== undefined && rule.number > 0 && (rule.table === 'nat' || isKubeProxyTableName(rule.table));
}
