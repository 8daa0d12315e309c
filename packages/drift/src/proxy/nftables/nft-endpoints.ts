import type { Expression, Table } from '@netdrift/nftables';

/** The addresses that rules of a table translate to. */
export function translatedAddresses({ chains = [] }: Pick<Table, 'chains'>): string[] {
  const found: string[] = [];
  for (const { rules = [] } of chains) {
    for (const { statements } of rules) {
      for (const one of statements)
        if (one.kind === 'Nat' && one.type === 'dnat' && one.address !== undefined) found.push(...addressesIn(one.address));
    }
  }
  return found;
}

function addressesIn(target: Expression): string[] {
  if (target.kind === 'Address') return [target.address];
  if (target.kind === 'Concatenation') return target.parts.flatMap(addressesIn);
  if (target.kind !== 'MapLookup' || target.map.kind !== 'AnonymousSet') return [];
  return target.map.elements.flatMap(({ value }) => (value === undefined || value.kind === 'Verdict' ? [] : addressesIn(value)));
}

/** The ranges of sources that rules except from masquerading, `ip saddr != 10.244.0.0/16`: those of pods. */
export function exceptedSources({ chains = [] }: Table): string[] {
  const ranges = new Set<string>();
  for (const { rules = [] } of chains) {
    for (const { statements } of rules) {
      // A rule that drops is about who may come, not about pods.
      if (statements.some((one) => one.kind === 'Verdict' && one.verdict === 'drop')) continue;
      for (const one of statements) {
        if (
          one.kind !== 'Match' ||
          one.left.kind !== 'Payload' ||
          one.left.field !== 'saddr' ||
          one.operator !== '!=' ||
          one.right.kind !== 'Prefix'
        )
          continue;
        ranges.add(`${one.right.address}/${one.right.length}`);
      }
    }
  }
  return [...ranges];
}

/**
 * Whether the chains of services masquerade whoever asks for their cluster IP: `ip daddr 10.96.0.1 tcp dport 443 jump mark-for-masquerade`.
 */
export function masqueradesEverybody({ chains = [] }: Table): boolean {
  const asking = chains
    .flatMap(({ name, rules = [] }) => (/^(?:service|local)-/.test(name) ? rules : []))
    .filter(({ statements }) => statements.length > 1 && statements.some((one) => one.kind === 'Verdict' && one.verdict === 'jump'));
  const fields = asking.map(({ statements }) =>
    statements.flatMap((one) =>
      one.kind === 'Match' && one.left.kind === 'Payload' ? [one.left.field] : [one.kind === 'Match' ? 'other' : ''],
    ),
  );
  return fields.length > 0 && fields.every((asked) => asked.includes('daddr') && !asked.includes('saddr') && !asked.includes('other'));
}

/**
 * The set in which 1.36 and later keep the endpoints of this node that may reach themselves (`hairpinConnectionsSet` in
 * `nftables/proxier.go`).
 */
const HAIRPINS = 'hairpin-connections';

/** The endpoints of this node whose connections to themselves are masqueraded; `undefined` where the table has no set of them. */
export function listedHairpins({ sets = [] }: Table): ReadonlySet<string> | undefined {
  const set = sets.find(({ name }) => name === HAIRPINS);
  if (set?.elements === undefined) return undefined;
  return new Set(
    set.elements.flatMap(({ key }) => (key.kind === 'Concatenation' && key.parts[0]?.kind === 'Address' ? [key.parts[0].address] : [])),
  );
}
