import { placeOf } from '../../../world/hook-order.ts';
import type { Hook } from '../../../world/ir.ts';
import type { Program } from '../program.ts';
import { baseKey, type SidePrograms } from '../side-programs.ts';
import type { PathParts } from './path-parts.ts';
import type { Track } from './step.ts';

/** One thing that a packet meets on its way: a base chain, IPVS, a decision of routing. */
export interface Stage {
  /** Ascending along the way. */
  readonly rank: number;
  readonly track: Track;
  readonly hook: Hook;
  readonly nat: boolean;
  /** What each side has there; undefined: nothing, the packet goes on. */
  readonly programs: readonly [before: Program | undefined, after: Program | undefined];
  readonly next: Stage | undefined;
}

/** Where a packet can be, by track: the first stage of each. */
export type Stages = ReadonlyMap<Track, Stage>;

const IPVS_IN = 99;
const IPVS_OUT = -98;

/** What meets a packet at a hook, in order. */
interface Met {
  readonly hook: Hook;
  /** Where the kernel asks it. */
  readonly place: number;
  readonly priority: number;
  readonly nat: boolean;
  readonly programs: Stage['programs'];
}

/** The kernel's path for two worlds together: where one of them lacks a base chain, packets go on there. */
export function stagesOf(sides: readonly [SidePrograms, SidePrograms]): Stages {
  const at = (hook: Hook): Met[] => metAt(hook, sides);
  const plain = (hook: Hook): Met[] => at(hook).filter(({ nat }) => !nat);
  const both = (hook: Hook, part: keyof PathParts): Met => ({
    hook,
    place: 0,
    priority: 0,
    nat: false,
    programs: [sides[0].parts()[part], sides[1].parts()[part]],
  });
  const [inBefore, inBehind] = split(at('input'), IPVS_IN);
  const [outBefore, outBehind] = split(at('output'), IPVS_OUT);
  const tracks: readonly (readonly [Track, readonly Met[]])[] = [
    ['prerouting', [...at('prerouting'), both('prerouting', 'arrivalRoute')]],
    ['output', [...outBefore, both('output', 'ipvs'), ...outBehind, both('output', 'outputRoute')]],
    ['forward', [...at('forward'), ...at('postrouting'), both('postrouting', 'sent')]],
    ['input', [...inBefore, both('input', 'ipvs'), ...inBehind, both('input', 'here')]],
    ['balanced', [...plain('output'), ...at('postrouting'), both('postrouting', 'sent')]],
    ['leaving', [...at('postrouting'), both('postrouting', 'leavingRoute')]],
    ['loopback', [...plain('prerouting'), ...plain('input'), both('input', 'here')]],
  ];
  const stages = new Map<Track, Stage>();
  let rank = tracks.reduce((sum, [, met]) => sum + met.length, 0);
  for (const [track, met] of [...tracks].reverse()) {
    let next: Stage | undefined;
    for (const { hook, nat, programs } of [...met].reverse()) next = { rank: rank--, track, hook, nat, programs, next };
    if (next !== undefined) stages.set(track, next);
  }
  return stages;
}

/** All stages, the last of the way first. */
export function everyStage(stages: Stages): Stage[] {
  const all: Stage[] = [];
  for (const first of stages.values()) for (let stage: Stage | undefined = first; stage !== undefined; stage = stage.next) all.push(stage);
  return all.sort((one, other) => other.rank - one.rank);
}

function metAt(hook: Hook, sides: readonly [SidePrograms, SidePrograms]): Met[] {
  const found = new Map<string, Met>();
  for (const [place, { base, programs }] of sides.entries()) {
    for (const one of base.values()) {
      if (one.hook !== hook || notGiven(one.table, sides)) continue;
      const program = programs.get(one.table)?.get(one.chain.name);
      // A chain that moved to another priority is another stage.
      const key = `${baseKey(one)} ${one.priority} ${one.nat}`;
      const known = found.get(key)?.programs ?? [undefined, undefined];
      found.set(key, {
        hook,
        place: placeOf(one),
        priority: one.priority,
        nat: one.nat,
        programs: place === 0 ? [program, known[1]] : [known[0], program],
      });
    }
  }
  return [...found]
    .sort(([key, one], [other, two]) => one.place - two.place || one.priority - two.priority || (key < other ? -1 : 1))
    .map(([, met]) => met);
}

/** What one side alone was asked for would be a difference that nobody made. */
function notGiven(table: string, sides: readonly [SidePrograms, SidePrograms]): boolean {
  return sides.some(({ world }) =>
    world.assumptions.some((assumption) => assumption.kind === 'table-not-given' && assumption.table === table),
  );
}

function split(met: readonly Met[], priority: number): [Met[], Met[]] {
  return [met.filter((one) => one.place < priority), met.filter((one) => one.place >= priority)];
}
