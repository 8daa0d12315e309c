import { addContents } from '../sets/content.ts';
import type { Space } from '../space.ts';
import { laterOf } from './later.ts';
import { everyStage, stagesOf } from './stages.ts';

/** The kernel's path for two sides whose chains have their contents. */
export function pathOf(sides: Space['sides'], vocabulary: Space['vocabulary']): Pick<Space, 'stages' | 'later'> {
  const stages = stagesOf(sides);
  for (const stage of everyStage(stages))
    addContents(
      stage.programs.filter((each) => each !== undefined),
      () => undefined,
      vocabulary,
    );
  return { stages, later: [laterOf(stages, 0, vocabulary), laterOf(stages, 1, vocabulary)] };
}
