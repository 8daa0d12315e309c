import type { Chain, SetElement, Statement } from '@netdrift/nftables';
import type { ServiceChain } from '../proxy/facts/service-chains.ts';
import type { ServiceChainKind } from '../proxy/names/chain-hash.ts';
import { servicePortsOf } from '../proxy/names/comments.ts';
import { kubeProxyTables, nameOfChain } from '../proxy/nftables/names.ts';
import { translatedAddresses } from '../proxy/nftables/nft-endpoints.ts';
import type { NodeView } from '../services/node-facts.ts';
import type { Condition } from '../state/condition.ts';
import type { RuleChain, RuleEntry, RuleTable } from '../state/model.ts';
import { numbersIn } from '../world/nftables/draw.ts';
import type { NftTableEntry } from '../world/nftables/tables.ts';
import { findingKinds, type FoundThing, inFamily, listed } from './finding.ts';
import type { FindingRule } from './finding-rule.ts';

const { kinds, finding } = findingKinds([
  {
    id: 'lint.kube.endpoint-never-chosen',
    severity: 'warning',
    title: 'the rules of a service never choose one of its endpoints',
    why: 'it gets no connection, and the others get its share',
    lessExact: true,
  },
]);

export const neverChosen: FindingRule = { kinds, find: neverChosenFindings };

/** Endpoints that stand in the rules of a service where no connection gets to. */
function neverChosenFindings({ model, serviceChains }: NodeView): FoundThing[] {
  const byRules = (['ipv4', 'ipv6'] as const).flatMap((family) => {
    const nat = model.tables.get(`${family} nat`);
    const ofServices = serviceChains[family]();
    const chains = [...ofServices.values()].filter(({ kind }) => BALANCING.has(kind));
    return nat === undefined
      ? []
      : inFamily(
          family,
          chains.flatMap(({ chain }) => behindTheLast(nat, chain, ofServices)),
        );
  });
  const byMaps = kubeProxyTables(model).flatMap((entry) => {
    const chains = new Map((entry.table.chains ?? []).map((chain) => [chain.name, chain]));
    return [...chains.values()].flatMap((chain) => neverDrawn(chain, chains, entry));
  });
  return [...byRules, ...byMaps];
}

/** Chains that divide connections among endpoints. */
const BALANCING: ReadonlySet<ServiceChainKind> = new Set(['SVC', 'SVL', 'XLB']);

/** Rules behind one that leads every connection to an endpoint: that of the last endpoint has to be the only one without a chance. */
function behindTheLast(nat: RuleTable, chain: RuleChain, ofServices: ReadonlyMap<string, ServiceChain>): FoundThing[] {
  const last = chain.rules.findIndex((rule) => rule.conditions.length === 0 && endpointOf(ofServices, rule) !== undefined);
  const taker = chain.rules[last];
  if (taker === undefined) return [];
  const taken = endpointOf(ofServices, taker);
  const missed = chain.rules.slice(last + 1).flatMap((rule) => {
    const endpoint = endpointOf(ofServices, rule);
    return endpoint === undefined || endpoint === taken ? [] : [{ endpoint, rule }];
  });
  if (missed.length === 0) return [];
  const name = servicePortsOf(taker.comments)[0] ?? chain.name;
  const endpoints = [...new Set(missed.map(({ endpoint }) => endpoint))];
  return [
    finding('lint.kube.endpoint-never-chosen', {
      subject: { kind: 'iptables.chain', name: `${nat.name} ${chain.name}` },
      text: `${name}: rule ${taker.number} of ${chain.name} leads every connection to ${taken ?? ''}, and the rules behind it, for ${listed(endpoints)}, meet none`,
      origins: [taker.origin, ...missed.map(({ rule }) => rule.origin)].slice(0, 4),
      about: [name],
    }),
  ];
}

/** Where the chain that a rule jumps to translates every packet of its protocol. */
function endpointOf(ofServices: ReadonlyMap<string, ServiceChain>, { target }: RuleEntry): string | undefined {
  const led = target.kind === 'jump' ? ofServices.get(target.chain) : undefined;
  if (led?.endpoint === undefined) return undefined;
  for (const { target: own, conditions } of led.chain.rules) if (own.kind === 'dnat' && conditions.every(isAlwaysMet)) return own.to;
  return undefined;
}

/** Of the packets of a service, which are all of its protocol; `recent --set` notes the client. */
function isAlwaysMet(condition: Condition): boolean {
  return condition.kind === 'protocol' || (condition.kind === 'other' && condition.match === 'recent' && condition.not !== true);
}

/** `numgen random mod 2 vmap { 0 : …, 1 : …, 2 : … }`: numbers that are never drawn. */
function neverDrawn(chain: Chain, chains: ReadonlyMap<string, Chain>, { originOf }: NftTableEntry): FoundThing[] {
  const drawn = (chain.rules ?? []).flatMap(({ statements }) => statements.flatMap(drawnElements));
  const [missed, chosen] = [false, true].map((isDrawn) => drawn.filter((one) => one.isDrawn === isDrawn).map(({ element }) => element)) as [
    SetElement[],
    SetElement[],
  ];
  const addressesOf = (elements: readonly SetElement[]): string[] =>
    elements.flatMap(({ value }) => {
      const target = value?.kind === 'Verdict' && value.chain !== undefined ? chains.get(value.chain) : undefined;
      return target === undefined ? [] : translatedAddresses({ chains: [target] });
    });
  const reached = new Set(addressesOf(chosen));
  const endpoints = [...new Set(addressesOf(missed))].filter((address) => !reached.has(address));
  const name = nameOfChain(chain.name)?.servicePort;
  if (endpoints.length === 0 || name === undefined) return [];
  return [
    finding('lint.kube.endpoint-never-chosen', {
      subject: { kind: 'kube.servicePort', name },
      text: `${name}: chain ${chain.name} draws fewer numbers than it has endpoints: none of them leads to ${listed(endpoints)}`,
      origins: [originOf(chain.span)],
    }),
  ];
}

/** The elements of a map of drawn numbers, each with whether its number can be drawn. */
function drawnElements(statement: Statement): { readonly element: SetElement; readonly isDrawn: boolean }[] {
  if (statement.kind !== 'VerdictMap' || statement.map.kind !== 'AnonymousSet' || statement.key.kind !== 'Numgen') return [];
  const { modulus, offset = 0 } = statement.key;
  return statement.map.elements.map((element) => ({ element, isDrawn: numbersIn(element.key, offset, modulus) !== 0 }));
}
