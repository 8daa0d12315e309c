import { align, type Alignment } from '../../common/align.ts';
import type { Rule } from '../../world/ir.ts';
import { printable } from './walk/decisions.ts';
import type { Program } from './program.ts';
import type { SidePrograms } from './side-programs.ts';

/** A chain that both sides have and that is not the same on them. */
export interface AlignedChain {
  readonly programs: readonly [before: Program, after: Program];
  readonly alignment: Alignment;
}

/**
 * Pairs the rules of chains with the same name: by what they ask and do, sets by name and not by content, which is a difference of its own;
 * chains that one side alone has by content.
 */
export function alignedChains([before, after]: readonly [SidePrograms, SidePrograms]): AlignedChain[] {
  const found: AlignedChain[] = [];
  for (const [table, chains] of before.programs) {
    const others = after.programs.get(table);
    if (others === undefined) continue;
    for (const one of chains.values()) {
      const other = others.get(one.name);
      if (other === undefined || one.content?.rest[0] === other.content?.rest[0]) continue;
      found.push({
        programs: [one, other],
        alignment: align(ruleKeys(one, 0, [before, after]), ruleKeys(other, 1, [before, after])),
      });
    }
  }
  return found;
}

/** What each rule of a chain asks and does, as text: sets by name, chains that one side alone has by content. */
export function ruleKeys(program: Program, side: 0 | 1, sides: readonly [SidePrograms, SidePrograms]): string[] {
  const [own, rival] = [sides[side].programs.get(program.table), sides[(1 - side) as 0 | 1].programs.get(program.table)];
  return (program.chain?.rules ?? []).map((rule) =>
    ruleKey(rule, (chain) => (rival?.has(chain) === true ? chain : `#${own?.get(chain)?.content?.rest[0] ?? chain}`)),
  );
}

function ruleKey({ body, verdict }: Rule, chain: (name: string) => string): string {
  const named = (key: string, value: unknown): unknown =>
    isLookup(value)
      ? `lookup ${value.name} ${value.key.join()}`
      : key === 'chain' && typeof value === 'string'
        ? chain(value)
        : key === 'text'
          ? undefined
          : printable(key, value);
  return JSON.stringify([body, verdict], named);
}

function isLookup(value: unknown): value is { readonly name: string; readonly key: readonly string[] } {
  return typeof value === 'object' && value !== null && 'entries' in value && 'name' in value;
}

/** Gives the rules of both sides places in one order. */
export function placeRules(sides: readonly [SidePrograms, SidePrograms]): AlignedChain[] {
  const chains = alignedChains(sides);
  for (const { programs, alignment } of chains) {
    const [before, after] = mergedPlaces(programs[0].starts.length, programs[1].starts.length, alignment.kept);
    programs[0].places = before;
    programs[1].places = after;
  }
  return chains;
}

function mergedPlaces(one: number, other: number, kept: Alignment['kept']): [number[], number[]] {
  const places: [number[], number[]] = [[], []];
  let next = 0;
  for (const [to, until] of [...kept, [one, other] as const]) {
    while (places[0].length < to) places[0].push(next++);
    while (places[1].length < until) places[1].push(next++);
    places[0].push(next);
    places[1].push(next++);
  }
  return places;
}
