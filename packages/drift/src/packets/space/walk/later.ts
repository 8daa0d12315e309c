import type { Program } from '../program.ts';
import type { Vocabulary } from '../vocabulary.ts';
import { everyStage, type Stage, type Stages } from './stages.ts';
import type { Track } from './step.ts';

/** By rank of a stage of one side: equal where everything from there on is treated alike. */
export function laterOf(stages: Stages, side: 0 | 1, vocabulary: Vocabulary): Map<number, number> {
  const later = new Map<number, number>();
  const at = (stage: Stage | undefined): number => (stage === undefined ? 0 : (later.get(stage.rank) ?? 0));
  for (const stage of everyStage(stages)) {
    const program = stage.programs[side];
    const tracks = program?.chain === undefined ? tracksOf(program) : [];
    const own = program === undefined ? '' : `${program.content?.rest[0]} ${tracks.map((track) => at(stages.get(track))).join()}`;
    later.set(stage.rank, vocabulary.id(`${own === '' ? 'nothing' : `${stage.hook} ${stage.nat} ${own}`} then ${at(stage.next)}`));
  }
  return later;
}

function tracksOf(program: Program | undefined): Track[] {
  const tracks = new Set<Track>();
  for (const { verdict } of program?.steps ?? []) {
    if (verdict.kind === 'enter') tracks.add(verdict.track);
    if (verdict.kind === 'balance') tracks.add('balanced');
  }
  return [...tracks].sort();
}
