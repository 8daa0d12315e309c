import type { Match } from '@netdrift/iptables';
import { printIptablesMatch } from '@netdrift/iptables';
import type { Action, Test } from '../ir.ts';
import type { UnknownTest, UnknownTraits } from '../unknown-test.ts';
import type { Field } from '../field.ts';
import type { Lookup } from '../lookup.ts';

/** What a match or target is compiled with. */
export interface CompileContext {
  readonly family: 'ipv4' | 'ipv6';
  readonly table: string;
  readonly chain: string;
  /** A set as it is asked through `src` or `dst` for each dimension. */
  readonly lookup: (set: string, directions: readonly string[]) => Lookup<boolean>;
  /** Hooks that lead to the chain. */
  readonly hooks: () => ReadonlySet<string>;
}

/** What a part of a rule becomes. */
export type Compiled = readonly (Test | Action)[];

/** How a match is understood: what is asked of packets, or why that cannot be decided from listings. */
export interface MatchModel<M> {
  readonly model: 'modelled' | 'partly' | 'unknown';
  /** Modelled: what it asks. Unknown: why no listing decides it. For the docs. */
  readonly note: string;
  readonly compile: (match: M, context: CompileContext) => Compiled;
}

/** A condition that stays a question, spelled as a save form spells it without its sign. */
export function unknownTest(
  text: string,
  not: boolean,
  { about = [], counts = false, usually = false, ...more }: UnknownTraits = {},
): UnknownTest {
  return { kind: 'unknown', identity: text, text, not, counts, about, usually, ...more };
}

/** A whole match as one question; its own sign is taken off. */
export function unknownMatch(match: Match, family: 'ipv4' | 'ipv6', traits?: UnknownTraits): UnknownTest {
  const not = 'not' in match && match.not === true;
  return unknownTest(printIptablesMatch(not ? { ...match, not: false } : match, family), not, traits);
}

/** A match of which nothing is decided. */
export function unknownModel(note: string, traits?: UnknownTraits): MatchModel<Match> {
  return { model: 'unknown', note, compile: (match, { family }) => [unknownMatch(match, family, traits)] };
}

/** A field test. */
export function fieldTest(field: Field, intervals: Extract<Test, { kind: 'field' }>['in']): Test {
  return { kind: 'field', field, in: intervals };
}
