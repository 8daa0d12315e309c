import { once } from '../common/once.ts';
import type { ServiceChain } from '../proxy/facts/service-chains.ts';
import { CHAIN } from '../proxy/names/fixed-names.ts';
import { chainHash, isChainOf } from '../proxy/names/chain-hash.ts';
import { servicePortsOf } from '../proxy/names/comments.ts';
import { frontendOfRule } from '../services/frontends.ts';
import type { NodeView } from '../services/node-facts.ts';
import type { RuleChain, RuleTable } from '../state/model.ts';
import { findingKinds, type FindingParts, type FoundThing, inFamily, listed } from './finding.ts';
import type { FindingRule } from './finding-rule.ts';
import { firstProtocol, protocolsOf } from './hairpin-chains.ts';

const { kinds, finding } = findingKinds([
  {
    id: 'lint.kube.chain-hash-mismatch',
    severity: 'notice',
    title: 'the name of a chain of kube-proxy belongs to another service or endpoint',
    why: 'written by hand, or by another program',
    lessExact: true,
  },
  {
    id: 'lint.kube.comment-mismatch',
    severity: 'warning',
    title: 'the rules of one chain name different services',
    why: 'packets of one service may reach another',
    lessExact: true,
  },
  {
    id: 'lint.kube.sep-without-dnat',
    severity: 'warning',
    title: 'the chain of an endpoint has no DNAT rule',
    why: 'packets for the endpoint are not forwarded to it',
    needs: ['nat'],
    lessExact: true,
  },
  {
    id: 'lint.kube.share-skewed',
    severity: 'notice',
    title: 'endpoints of one service get different shares',
    why: 'some take more connections than others',
    needs: ['nat'],
    lessExact: true,
  },
  {
    id: 'lint.kube.svc-empty',
    severity: 'warning',
    title: 'the chain of a service leads to no endpoint',
    why: 'packets to the service are not forwarded',
    needs: ['nat'],
    lessExact: true,
  },
  {
    id: 'lint.kube.svc-unused',
    severity: 'warning',
    title: 'nothing jumps to the chain of a service',
    why: 'the service is not reachable at its address',
    needs: ['nat'],
    lessExact: true,
  },
]);

/** A chain that is called after something else than what it is for. */
export function misnamedChain(parts: FindingParts): FoundThing {
  return finding('lint.kube.chain-hash-mismatch', parts);
}

/** A chain of a service that nothing leads to. */
export function unusedChain(parts: FindingParts): FoundThing {
  return finding('lint.kube.svc-unused', parts);
}

export const serviceChains: FindingRule = { kinds, find: serviceChainFindings };

/** Shares that differ by more than this part of the larger one are told. */
const SKEW = 0.05;

/** What is odd in the chains that iptables mode makes for service ports and endpoints. */
function serviceChainFindings(view: NodeView): FoundThing[] {
  const found: FoundThing[] = [];
  for (const family of ['ipv4', 'ipv6'] as const) {
    const nat = view.model.tables.get(`${family} nat`);
    if (nat === undefined) continue;
    const reached = jumpedTo(nat);
    const protocols = once(() => entryProtocols(nat));
    const names = once(() => namesByJumps(nat));
    for (const one of view.serviceChains[family]().values())
      found.push(...inFamily(family, [...nameFindings(nat, one, protocols), ...structureFindings(nat, one, reached, names)]));
  }
  return [...found, ...skewedShares(view)];
}

/** The chains that rules lead to. */
function jumpedTo(nat: RuleTable): ReadonlySet<string> {
  const reached = new Set<string>();
  for (const chain of nat.chains.values()) for (const { target } of chain.rules) if (target.kind === 'jump') reached.add(target.chain);
  return reached;
}

/** The service port that a rule names which leads to a chain, by the chain. */
function namesByJumps(nat: RuleTable): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const chain of nat.chains.values()) {
    for (const { target, comments } of chain.rules) {
      const [name] = target.kind === 'jump' && !names.has(target.chain) ? servicePortsOf(comments) : [];
      if (target.kind === 'jump' && name !== undefined) names.set(target.chain, name);
    }
  }
  return names;
}

function subjectOf(nat: RuleTable, chain: RuleChain): FoundThing['subject'] {
  return { kind: 'iptables.chain', name: `${nat.name} ${chain.name}` };
}

function nameFindings(
  nat: RuleTable,
  { chain, kind, names, endpoint: translated }: ServiceChain,
  protocols: () => ReadonlyMap<string, string>,
): FoundThing[] {
  if (names.length > 1) {
    return [
      finding('lint.kube.comment-mismatch', {
        subject: subjectOf(nat, chain),
        text: `the rules of ${chain.name} name ${listed(names)}`,
        origins: [chain.origin],
        about: names,
      }),
    ];
  }
  const [name] = names;
  if (name === undefined) return [];
  // Of the chain's own rules, or of those that lead to it.
  const protocol = firstProtocol(chain) ?? protocols().get(chain.name);
  if (protocol === undefined) return [];
  const endpoint = kind === 'SEP' ? translated : '';
  if (endpoint === undefined) return [];
  if (isChainOf(chain.name, name, protocol, endpoint)) return [];
  return [
    finding('lint.kube.chain-hash-mismatch', {
      subject: subjectOf(nat, chain),
      text: `${name}: kube-proxy would name its chain KUBE-${kind}-${chainHash(name, protocol, endpoint)}, not ${chain.name}`,
      origins: [chain.origin],
      about: [name],
    }),
  ];
}

/** The protocol of the rules that lead to a chain from KUBE-SERVICES or KUBE-NODEPORTS. */
function entryProtocols(nat: RuleTable): Map<string, string> {
  const protocols = new Map<string, string>();
  for (const entry of [CHAIN.services, CHAIN.nodePorts]) {
    for (const rule of nat.chains.get(entry)?.rules ?? []) {
      const [protocol] = protocolsOf(rule);
      if (rule.target.kind === 'jump' && protocol !== undefined && !protocols.has(rule.target.chain))
        protocols.set(rule.target.chain, protocol);
    }
  }
  return protocols;
}

function structureFindings(
  nat: RuleTable,
  { chain, kind, names, endpoint }: ServiceChain,
  reached: ReadonlySet<string>,
  namesElsewhere: () => ReadonlyMap<string, string>,
): FoundThing[] {
  const translatesNothing = kind === 'SEP' && endpoint === undefined;
  const isEmpty = kind === 'SVC' && !chain.rules.some(({ target }) => target.kind === 'jump' && target.chain !== CHAIN.markMasq);
  const isUnused = kind === 'SVC' && nat.complete && !reached.has(chain.name);
  if (!translatesNothing && !isEmpty && !isUnused) return [];
  const name = names[0] ?? namesElsewhere().get(chain.name) ?? chain.name;
  const subject = subjectOf(nat, chain);
  const origins = [chain.origin];
  const assumed = { about: [name], ...(nat.complete ? {} : { certainty: 'assumed' as const }) };
  const found: FoundThing[] = [];
  if (translatesNothing) {
    found.push(
      finding('lint.kube.sep-without-dnat', {
        subject,
        text: `${name}: chain ${chain.name} of an endpoint translates nothing`,
        origins,
        ...assumed,
      }),
    );
  }
  if (isEmpty) {
    found.push(finding('lint.kube.svc-empty', { subject, text: `${name}: chain ${chain.name} leads to no endpoint`, origins, ...assumed }));
  }
  if (isUnused) {
    found.push(finding('lint.kube.svc-unused', { subject, text: `${name}: nothing leads to chain ${chain.name}`, origins, about: [name] }));
  }
  return found;
}

function skewedShares({ table, model }: NodeView): FoundThing[] {
  const found: FoundThing[] = [];
  for (const { name, frontends } of table.servicePorts) {
    const skewed = frontends.flatMap((frontend) =>
      frontend.by === 'iptables' ? frontend.paths.filter(({ endpoints }) => isSkewed(endpoints.map(({ share }) => share))) : [],
    );
    const [first] = skewed;
    if (first === undefined) continue;
    const shares = first.endpoints.map(({ address, share }) => `${address} ${(share * 100).toFixed(1)} %`);
    found.push(
      finding('lint.kube.share-skewed', {
        subject: { kind: 'kube.servicePort', name },
        text: `${name} divides new connections unevenly: ${listed(shares)}`,
        origins: originOfService(model, name),
      }),
    );
  }
  return found;
}

function isSkewed(shares: readonly number[]): boolean {
  const most = Math.max(...shares);
  return shares.length > 1 && most - Math.min(...shares) > most * SKEW;
}

function originOfService(model: NodeView['model'], name: string): FoundThing['origins'] {
  for (const table of model.tables.values()) {
    for (const rule of table.chains.get(CHAIN.services)?.rules ?? []) {
      if (frontendOfRule(rule, CHAIN.services)?.servicePort === name) return [rule.origin];
    }
  }
  return [];
}
