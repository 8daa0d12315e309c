import type { Intervals } from '../../world/field.ts';
import type { Box } from './box.ts';
import type { Content } from './content.ts';
import type { Program, SidePrograms } from './program.ts';
import type { Stage, Stages } from './stages.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Two worlds made ready to be compared. */
export interface Space {
  readonly vocabulary: Vocabulary;
  readonly sides: readonly [SidePrograms, SidePrograms];
  readonly stages: Stages;
  readonly contents: ReadonlyMap<Program, Content>;
  /** Per side, by rank of a stage: equal where everything from there on is. */
  readonly later: readonly [ReadonlyMap<number, number>, ReadonlyMap<number, number>];
  /** What a packet that enters a stage brings, by track: interfaces, marks. */
  readonly entries: ReadonlyMap<Entry, readonly Box[]>;
}

/** Where packets enter: from outside and from pods, or from the node itself. */
export type Entry = 'prerouting' | 'output';

/** All values of each dimension. */
export function fullOf({ vocabulary }: Space): readonly Intervals[] {
  return vocabulary.full;
}

/** The chain that a jump of a program leads to. */
export function calleeOf(sides: readonly SidePrograms[], program: Program, chain: string): Program | undefined {
  return sides.find(({ programs }) => programs.get(program.table)?.get(program.name) === program)?.programs.get(program.table)?.get(chain);
}

/** The program of a side at a stage. */
export function programAt(stage: Stage, side: 0 | 1): Program | undefined {
  return stage.programs[side];
}
