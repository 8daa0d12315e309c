import type { Expression, Table } from '@netdrift/nftables';

/** The addresses that rules of a table translate to. */
export function translatedAddresses({ chains = [] }: Table): string[] {
  return chains.flatMap(({ rules = [] }) =>
    rules.flatMap(({ statements }) => statements.flatMap((statement) => (statement.kind === 'Nat' && statement.type === 'dnat' && statement.address !== undefined ? addressesIn(statement.address) : []))),
  );
}

function addressesIn(target: Expression): string[] {
  if (target.kind === 'Address') return [target.address];
  if (target.kind === 'Concatenation') return target.parts.flatMap(addressesIn);
  if (target.kind !== 'MapLookup' || target.map.kind !== 'AnonymousSet') return [];
  return target.map.elements.flatMap(({ value }) => (value === undefined || value.kind === 'Verdict' ? [] : addressesIn(value)));
}
