import { once } from '../common/once.ts';
import type { Outcome } from '../packets/outcome.ts';
import { tracerOf } from '../packets/trace.ts';
import { podAddress } from '../proxy/facts/pod-addresses.ts';
import { isServiceChain } from '../proxy/names/chain-roles.ts';
import { CHAIN } from '../proxy/names/fixed-names.ts';
import { isKubeProxyTableName, nameOfChain } from '../proxy/nftables/names.ts';
import { SENDER_NAMES } from '../proxy/senders.ts';
import type { ServiceFrontend, ServicePath } from '../proxy/service-table.ts';
import type { NodeView } from '../services/node-facts.ts';
import { destinationOf, firstPacketTo, sourceOf, traceSources } from '../services/paths-with-traces.ts';
import { endpointText } from '../state/ipvs-table.ts';
import type { Origin } from '../state/origin.ts';
import type { RuleRef } from '../world/rule-ref.ts';
import { familyOfFrontend } from './expected/served-places.ts';
import { findingKinds, type FindingParts, type FoundThing, listed } from './finding.ts';
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
  {
    id: 'lint.kube.not-served',
    severity: 'critical',
    title: 'connections to a service are led into its rules and get to no endpoint',
    why: 'a rule that leads on is missing, and nothing refuses them',
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
  /** Rules of the service take it, and lead it nowhere. */
  readonly isLed: boolean;
  readonly origins: readonly Origin[];
}

/** Services of which a part of the connections is given an endpoint and the rest is not, whatever rule is missing or takes them. */
function servedInPartFindings(view: NodeView): FoundThing[] {
  const retrace = once(() => retracing(view));
  // What nat leads nowhere may be refused by filter, or be for IPVS.
  const mode = view.facts.proxyMode?.value;
  const isShownWhole = (frontend: ServiceFrontend): boolean =>
    (mode === 'iptables' || mode === 'nftables') &&
    (view.model.nft?.complete === true || view.model.tables.get(`${familyOfFrontend(frontend)} filter`)?.complete === true);
  return view.table.servicePorts.flatMap(({ name, frontends }) => {
    const unserved = notServed(name, frontends.filter(isShownWhole), retrace);
    if (unserved.length > 0) return unserved;
    const parts = frontends.flatMap((frontend) => frontend.paths.filter(isShort).flatMap(({ from }) => retrace()(frontend, from) ?? []));
    const [first] = parts;
    if (first === undefined) return [];
    const most = Math.max(...parts.map(({ share }) => share));
    const { senders, places, ...where } = whereOf(name, parts);
    const percent = `${parts.some(({ share }) => most - share > ROUNDING) ? 'up to ' : ''}${Math.round(most * 100)} %`;
    return [
      finding('lint.kube.served-in-part', {
        ...where,
        text: `${name}: ${percent} of new connections from ${senders} to ${places} ${listed([...new Set(parts.map(({ how }) => how))])}`,
      }),
    ];
  });
}

/** Whose connections to which places, and what a finding about them names. */
function whereOf(
  name: string,
  parts: readonly LostPart[],
): { readonly senders: string; readonly places: string } & Pick<FindingParts, 'subject' | 'origins' | 'about'> {
  const places = [...new Set(parts.map(({ place }) => place))];
  return {
    senders: listed([...new Set(parts.map(({ from }) => SENDER_NAMES[from]))]),
    places: listed(places),
    subject: { kind: 'kube.servicePort', name, frontends: places },
    origins: [...new Set(parts.flatMap(({ origins }) => origins))].slice(0, 4),
    about: [name],
  };
}

/** A place of a service whose packets its rules take and give to nobody. Where another rule takes them before, that is told. */
function notServed(name: string, frontends: readonly ServiceFrontend[], retrace: () => ReturnType<typeof retracing>): FoundThing[] {
  const parts = frontends
    .filter(({ by }) => by !== 'ipvs')
    .flatMap((frontend) =>
      frontend.paths
        .filter(({ from, verdict }) => from !== 'node' && verdict === 'passed')
        .flatMap(({ from }) => retrace()(frontend, from) ?? []),
    )
    .filter(({ isLed }) => isLed);
  if (parts.length === 0) return [];
  const { senders, places, ...where } = whereOf(name, parts);
  return [
    finding('lint.kube.not-served', {
      ...where,
      text: `${name}: new connections from ${senders} to ${places} get to no endpoint: rules of the service take them, and none leads on`,
    }),
  ];
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
    const isLed = lost.every(({ hops }) => hops.some(({ rule }) => rule !== undefined && isOfService(rule)));
    return { place: `${frontend.protocol} ${place}`, from, share, how: howLost(lost), isLed, origins: lost.flatMap(whereLost) };
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

/** A rule of a chain that kube-proxy makes for a service, or one that leads there. */
function isOfService({ table, chain, number }: RuleRef): boolean {
  if (number === 0) return false;
  if (table !== 'nat') return isKubeProxyTableName(table) && nameOfChain(chain) !== undefined;
  return chain === CHAIN.services || chain === CHAIN.nodePorts || isServiceChain(chain);
}

function isOfNat(rule: RuleRef | undefined): boolean {
  return rule !== undefined && rule.number > 0 && (rule.table === 'nat' || isKubeProxyTableName(rule.table));
}
