import type { Intervals } from '../../world/field.ts';
import type { Box } from './sets/box.ts';
import type { Program } from './program.ts';
import type { SidePrograms } from './side-programs.ts';
import type { Stages } from './walk/stages.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { BothWays } from './ways.ts';

/** Two worlds made ready to be compared. */
export interface Space {
  readonly vocabulary: Vocabulary;
  readonly sides: readonly [SidePrograms, SidePrograms];
  readonly stages: Stages;
  /** Per side, by rank of a stage: equal where everything from there on is. */
  readonly later: readonly [ReadonlyMap<number, number>, ReadonlyMap<number, number>];
  /** How packets come to the rules of each side; found when it is asked for. */
  readonly ways: () => BothWays;
  /** The node's addresses, as both sides know them: no packet arrives from one of them. */
  readonly own: Intervals;
  /** What a packet that enters a stage brings, by track: interfaces, marks. */
  readonly entries: ReadonlyMap<Entry, readonly Box[]>;
  /** Work, in states, for the few questions of a comparison that need more than the others. */
  readonly reserve: { states: number };
  /** What the rules of a chain ask and do, made once for all changes of it. */
  readonly ruleKeys: Map<Program, readonly string[]>;
}

/** Where packets enter: from outside and from pods, or from the node itself. */
export type Entry = 'prerouting' | 'output';
