import type { Rule, Test } from '../../world/ir.ts';
import type { Chains, Program } from './program.ts';

/** What rules ask a set for. */
type Membership = Extract<Test, { kind: 'member' }>['of'];

/** The sets that rules ask for, by name and fields, with the rules. */
export type Lookups = ReadonlyMap<
  string,
  { readonly of: Membership; readonly rules: readonly { readonly program: Program; readonly rule: number }[] }
>;

/** Finds the sets that rules ask for. */
export function lookupsOf(tables: Iterable<Chains>): Lookups {
  const found = new Map<string, { of: Membership; rules: { program: Program; rule: number }[] }>();
  for (const chains of tables) {
    for (const program of chains.values()) {
      for (const [rule, { body }] of (program.chain?.rules ?? ([] as readonly Rule[])).entries()) {
        for (const part of body) {
          if (part.kind !== 'member') continue;
          const key = `${part.of.name} ${part.of.key.join()}`;
          const known = found.get(key);
          if (known === undefined) found.set(key, { of: part.of, rules: [{ program, rule }] });
          else known.rules.push({ program, rule });
        }
      }
    }
  }
  return found;
}
