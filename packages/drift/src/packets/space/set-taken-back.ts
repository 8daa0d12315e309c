import type { SetTable } from '../../state/model.ts';
import type { Chain, Rule } from '../../world/ir.ts';
import type { Lookup } from '../../world/lookup.ts';
import { setLookups } from '../../world/sets/set-lookup.ts';
import type { World } from '../../world/world.ts';
import { type Box, EVERYTHING } from './sets/box.ts';
import type { Space } from './space.ts';
import { joinedByAddress } from './sets/joined-boxes.ts';
import { entryBox } from './walk/decisions.ts';

/** Asks for an ip set as a rule does: by name and directions. */
type SetLookup = ReturnType<typeof setLookups>;

/** The world whose rules ask for some sets as another table of sets has them. */
export function withSets(world: World, sets: SetTable, names: ReadonlySet<string>): World {
  const lookup = setLookups(sets, world.family);
  const chains = new Map<Chain, Chain>();
  const tables = new Map(
    [...world.rules.tables].map(([name, table]) => [
      name,
      { ...table, chains: new Map([...table.chains].map(([chain, one]) => [chain, withSetsIn(one, names, lookup, chains)])) },
    ]),
  );
  const base = world.rules.base.map((one) => ({ ...one, chain: chains.get(one.chain) ?? one.chain }));
  return { ...world, rules: { ...world.rules, tables, base } };
}

function withSetsIn(chain: Chain, names: ReadonlySet<string>, lookup: SetLookup, made: Map<Chain, Chain>): Chain {
  if (!chain.rules.some((rule) => asksFor(rule, names))) return chain;
  const rules = chain.rules.map((rule) =>
    asksFor(rule, names)
      ? {
          ...rule,
          body: rule.body.map((part) =>
            part.kind === 'member' && isOf(part.of, names) ? { ...part, of: lookup(part.of.name, directionsOf(part.of)) } : part,
          ),
        }
      : rule,
  );
  const other = { ...chain, rules };
  made.set(chain, other);
  return other;
}

function asksFor({ body }: Rule, names: ReadonlySet<string>): boolean {
  return body.some((part) => part.kind === 'member' && isOf(part.of, names));
}

/** Whether a lookup is an ip set of one of the names. */
function isOf({ name, asked }: Pick<Lookup<unknown>, 'name' | 'asked'>, names: ReadonlySet<string>): boolean {
  return asked !== undefined && names.has(name);
}

function directionsOf({ asked = '' }: Pick<Lookup<unknown>, 'asked'>): string[] {
  return asked.split(',');
}

/** Packets that a question about sets is about. */
export interface PacketsAskedFor {
  readonly boxes: readonly Box[];
  /** Of how many parts of a set they are at most: members that differ in an address alone are one. */
  readonly parts: number;
}

/**
 * The packets that can come to a rule that asks for one of some sets, and that these sets hold as a table of sets has them: those that can
 * notice its members. Without a table: all that come there.
 */
export function packetsAskedFor(space: Space, names: ReadonlySet<string>, sets: SetTable | undefined): PacketsAskedFor {
  const { family } = space.vocabulary;
  const lookup = sets === undefined ? undefined : setLookups(sets, family);
  let most = 0;
  const boxes = ([0, 1] as const).flatMap((side) =>
    [...space.sides[side].lookups().values()].flatMap(({ of, rules }) => {
      if (!isOf(of, names)) return [];
      const asked = lookup?.(of.name, directionsOf(of));
      const parts =
        asked === undefined
          ? [EVERYTHING]
          : joinedByAddress(asked.entries.flatMap((entry) => entryBox(asked, entry, space.vocabulary) ?? []));
      most = Math.max(most, parts.length);
      return rules.flatMap(({ program, rule }) =>
        parts.flatMap(({ fields }) => space.ways()[side].toRule(program, rule, { ...EVERYTHING, fields })),
      );
    }),
  );
  return { boxes, parts: most };
}
