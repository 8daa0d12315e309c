import type { Model, RuleTable } from '../../state/model.ts';
import type { Origin } from '../../state/origin.ts';
import type { VersionRange } from '../names/chain-catalogue.ts';
import { parseServiceChain } from '../names/chain-hash.ts';
import { CHAIN, SET } from '../names/fixed-names.ts';
import type { Fact } from './fact.ts';

/** Something that only some versions of kube-proxy leave in the tables. */
interface VersionSign {
  readonly range: VersionRange;
  readonly because: string;
  readonly origin: Origin;
}

/**
 * The versions of kube-proxy that can have written what a snapshot shows.
 *
 * Chains that nothing jumps to do not count: an upgrade leaves chains of the version before behind.
 */
export function generationOf(model: Model): Fact<VersionRange> | undefined {
  const signs = (['ipv4', 'ipv6'] as const).flatMap((family) => {
    const nat = model.tables.get(`${family} nat`);
    const filter = model.tables.get(`${family} filter`);
    return [...(nat === undefined ? [] : natSigns(nat)), ...(filter === undefined ? [] : filterSigns(filter, nat))];
  });
  signs.push(...setSigns(model));
  if (signs.length === 0) return undefined;
  const from = newest(signs, 'from');
  const before = newest(signs, 'before');
  const deciding = [from, before].filter((sign) => sign !== undefined);
  const contradiction = from !== undefined && before !== undefined && compare(from.range.from, before.range.before) >= 0;
  return {
    value: contradiction
      ? { from: from.range.from as string }
      : {
          ...(from === undefined ? {} : { from: from.range.from as string }),
          ...(before === undefined ? {} : { before: before.range.before as string }),
        },
    because: deciding.map((sign) => sign.because).join('; '),
    origins: deciding.map((sign) => sign.origin),
    confidence: contradiction ? 'likely' : 'certain',
  };
}

/** The sign with the highest first version, or with the lowest version that no longer does. */
function newest(signs: readonly VersionSign[], end: 'from' | 'before'): VersionSign | undefined {
  let best: VersionSign | undefined;
  for (const sign of signs) {
    if (sign.range[end] === undefined) continue;
    const order = best === undefined ? 1 : compare(sign.range[end], best.range[end]) * (end === 'from' ? 1 : -1);
    if (order > 0) best = sign;
  }
  return best;
}

/** Compares `1.25` with `1.26` by number. */
function compare(one = '0.0', other = '0.0'): number {
  const [major = 0, minor = 0] = one.split('.').map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split('.').map(Number);
  return major - otherMajor || minor - otherMinor;
}

/** The first rule that leads to each chain of some names. */
function firstJumps<Name extends string>(table: RuleTable, nameOf: (chain: string) => Name | undefined): ReadonlyMap<Name, Origin> {
  const found = new Map<Name, Origin>();
  for (const chain of table.chains.values()) {
    for (const rule of chain.rules) {
      const name = rule.target.kind === 'jump' ? nameOf(rule.target.chain) : undefined;
      if (name !== undefined && !found.has(name)) found.set(name, rule.origin);
    }
  }
  return found;
}

const NAT_CHAINS = {
  firewall: [{ before: '1.25' }, 'source ranges are checked in nat (KUBE-FIREWALL)'],
  XLB: [{ before: '1.25' }, 'chains KUBE-XLB are used'],
  EXT: [{ from: '1.24' }, 'chains KUBE-EXT are used'],
} as const;

function natChain(chain: string): keyof typeof NAT_CHAINS | undefined {
  if (chain === CHAIN.firewall) return 'firewall';
  if (!/^KUBE-(?:XLB|EXT)-/.test(chain)) return undefined;
  const kind = parseServiceChain(chain)?.kind;
  return kind === 'XLB' || kind === 'EXT' ? kind : undefined;
}

function natSigns(nat: RuleTable): VersionSign[] {
  const signs: VersionSign[] = [];
  const add = (origin: Origin | undefined, range: VersionRange, because: string): void => {
    if (origin !== undefined) signs.push({ range, because, origin });
  };
  const jumps = firstJumps(nat, natChain);
  for (const [name, [range, because]] of Object.entries(NAT_CHAINS)) add(jumps.get(name as keyof typeof NAT_CHAINS), range, because);
  const postrouting = nat.chains.get(CHAIN.postrouting);
  const marked = postrouting?.rules.find(
    (rule) => rule.target.kind === 'snat' && rule.conditions.some((condition) => condition.kind === 'mark'),
  );
  add(marked?.origin, { before: '1.19' }, 'KUBE-POSTROUTING masquerades by one rule that asks for the mark');
  const services = nat.chains.get(CHAIN.services)?.rules ?? [];
  const bySets = services.some((rule) => rule.conditions.some((condition) => condition.kind === 'set'));
  const loopback = services.find(
    (rule) =>
      rule.target.kind === 'verdict' &&
      rule.target.name === 'RETURN' &&
      rule.conditions.length === 1 &&
      /^-s (?:127\.0\.0\.0\/8|::1)$/.test(rule.conditionKey),
  );
  if (bySets) add(loopback?.origin, { from: '1.26' }, 'KUBE-SERVICES passes loopback addresses over');
  return signs;
}

const FILTER_CHAINS: readonly (readonly [chain: string, from: string])[] = [
  [CHAIN.nodePort, '1.21'],
  [CHAIN.nodePorts, '1.21'],
  [CHAIN.proxyFirewall, '1.25'],
  [CHAIN.ipvsFilter, '1.26'],
  [CHAIN.ipvsOutFilter, '1.29'],
];

const FILTER_NAMES: ReadonlySet<string> = new Set(FILTER_CHAINS.map(([name]) => name));

function filterSigns(filter: RuleTable, nat: RuleTable | undefined): VersionSign[] {
  const signs: VersionSign[] = [];
  const forward = filter.chains.get(CHAIN.forward);
  if (forward === undefined) return signs;
  const ipvs =
    nat?.chains.get(CHAIN.services)?.rules.some((rule) => rule.conditions.some((condition) => condition.kind === 'set')) === true;
  const jumps = firstJumps(filter, (chain) => (FILTER_NAMES.has(chain) ? chain : undefined));
  for (const [name, from] of FILTER_CHAINS) {
    const origin = jumps.get(name);
    if (origin !== undefined) signs.push({ range: { from }, because: `chain ${name} is used in filter`, origin });
    // These chains are there whether or not a service needs them; each mode has its own.
    const expected = ipvs ? name !== CHAIN.nodePorts : name === CHAIN.nodePorts || name === CHAIN.proxyFirewall;
    if (origin === undefined && expected && filter.complete && nat !== undefined)
      signs.push({ range: { before: from }, because: `there is no chain ${name} in filter`, origin: forward.origin });
  }
  for (const rule of forward.rules) {
    if (rule.comments.includes('kubernetes forwarding conntrack pod source rule'))
      signs.push({ range: { before: '1.23' }, because: 'KUBE-FORWARD accepts answers by two rules', origin: rule.origin });
    if (rule.comments.includes('kubernetes forwarding conntrack rule'))
      signs.push({ range: { from: '1.23' }, because: 'KUBE-FORWARD accepts answers by one rule', origin: rule.origin });
  }
  return signs;
}

function setSigns(model: Model): VersionSign[] {
  const signs: VersionSign[] = [];
  for (const [name, from] of [
    ['KUBE-EXTERNAL-IP-LOCAL', '1.18'],
    ['KUBE-HEALTH-CHECK-NODE-PORT', '1.21'],
    [SET.ipvsIps, '1.26'],
  ] as const) {
    const set = model.sets?.sets.get(name);
    if (set !== undefined) signs.push({ range: { from }, because: `set ${name} exists`, origin: set.origin });
  }
  return signs;
}
