import type { NodeView } from '../services/node-facts.ts';
import type { ServiceFrontend, ServicePath, SourceKind } from '../proxy/service-table.ts';
import type { OutcomeEndpoint } from '../report.ts';
import type { Expectation } from './expected/expectation.ts';
import type { ExpectedPlace } from './expected/expected-place.ts';
import { servedPlaces } from './expected/served-places.ts';
import type { FoundThing } from './finding.ts';

/** Where connections to one address of a service lead: what a picture of a finding is drawn from. */
export interface FindingFlow {
  /** `tcp 10.96.0.10:53` */
  readonly service: string;
  /** Who sends them; missing where it is the same for every sender. */
  readonly from?: SourceKind;
  /** What Services and endpoints ask for; missing where that is not known, and where the node does just that. */
  readonly expected?: FlowEnd;
  /** What the node does; missing where it does not serve the address. */
  readonly found?: FlowEnd;
}

/** What becomes of the connections. */
export interface FlowEnd {
  readonly verdict: ServicePath['verdict'];
  /** A missing share = no figure can be given. */
  readonly endpoints: readonly (Pick<OutcomeEndpoint, 'address'> & { readonly share?: number })[];
  /** Whether the endpoint sees the node in place of the client; missing = not known. */
  readonly masqueraded?: boolean;
}

/** Places that are drawn of one finding; of more the first say enough. */
const DRAWN = 3;

/** Gives the flows of a finding by the addresses that its subject names. */
export function findingFlows(view: NodeView, expectation: Expectation | undefined): (found: FoundThing) => FindingFlow[] {
  const served = servedPlaces(view);
  const asked = new Map(expectation?.places.map((place) => [place.key, place]));
  return ({ subject, subjects = [subject] }) => {
    const services = subjects.slice(0, DRAWN).flatMap(({ kind, name, frontends }) => frontends ?? (kind === 'ipvs.service' ? [name] : []));
    return services.slice(0, DRAWN).flatMap((service) => {
      const frontend = (served.get(`ipv4 ${service}`) ?? served.get(`ipv6 ${service}`))?.[0];
      return flowAt(service, frontend, asked.get(service));
    });
  };
}

function flowAt(service: string, frontend: ServiceFrontend | undefined, place: ExpectedPlace | undefined): FindingFlow[] {
  const wanted = place?.paths[0];
  const path = mostTelling(frontend?.paths ?? [], wanted ?? []);
  const expected = wanted?.find(({ from }) => from === (path?.from ?? from));
  if (path === undefined && expected === undefined) return [];
  const hasShares = frontend?.sharesKnown !== false;
  const isOne = (frontend?.paths ?? wanted ?? []).every((other) => isAlike(other, path ?? expected));
  return [
    {
      service,
      ...(isOne ? {} : { from: path?.from ?? expected?.from ?? 'outside' }),
      ...(expected === undefined || isSame(expected, path) ? {} : { expected: endOf(expected, hasShares) }),
      ...(path === undefined ? {} : { found: endOf(path, hasShares) }),
    },
  ];
}

/** The sender whose connections end otherwise than they have to; else the first. */
function mostTelling(paths: readonly ServicePath[], wanted: readonly ServicePath[]): ServicePath | undefined {
  return paths.find((path) => wanted.some((other) => other.from === path.from && !isAlike(other, path))) ?? paths[0];
}

function isAlike(one: ServicePath, other: ServicePath | undefined): boolean {
  return other !== undefined && one.verdict === other.verdict && one.masqueraded === other.masqueraded && namesOf(one) === namesOf(other);
}

function isSame(one: ServicePath, other: ServicePath | undefined): boolean {
  return (
    isAlike(one, other) &&
    one.endpoints.every(({ address, share }) =>
      other?.endpoints.some((end) => end.address === address && Math.abs(end.share - share) < 0.0005),
    )
  );
}

function namesOf({ endpoints }: ServicePath): string {
  return endpoints
    .map(({ address }) => address)
    .sort()
    .join();
}

function endOf({ verdict, endpoints, masqueraded }: ServicePath, withShares: boolean): FlowEnd {
  const shown = endpoints.map(({ address, share }) => ({ address, ...(withShares ? { share } : {}) }));
  return { verdict, endpoints: shown, ...(masqueraded === undefined ? {} : { masqueraded }) };
}
