import { addToGroup } from '../../common/add-to-group.ts';
import { type Box, EVERYTHING, meetBoxes, PLACE, withoutField } from './sets/box.ts';
import type { Caller } from './callers.ts';
import { intersect } from './sets/intervals.ts';
import type { Program } from './program.ts';
import type { SidePrograms } from './side-programs.ts';
import { type Stage, type Stages, everyStage } from './walk/stages.ts';
import type { Destination } from './walk/step.ts';

/** More ways than this to one chain are taken together as one that everything can go. */
const MAX_WAYS = 64;

/** A chain by its name, for it may be asked for in another form; a part of the kernel's path is one of its own at each stage. */
function identityOf(program: Program): Program | string {
  return program.chain === undefined ? program : `${program.table} ${program.name}`;
}

/** Packets that can come to a place, as they are at a stage. */
interface Arrival {
  readonly stage: Stage;
  readonly box: Box;
}

/** A place where packets get another destination, and the packets that come to it. */
interface Turn {
  readonly to: Destination;
  readonly boxes: readonly Box[];
}

/** Says which packets, as they were when they entered, can be in a box at a rule. A superset: marks are left out. */
export interface Ways {
  readonly toRule: (program: Program, rule: number, asked?: Box) => Box[];
  readonly toStage: (stage: Stage, asked: Box) => Box[];
}

/** The ways of both sides. */
export type BothWays = readonly [Ways, Ways];

/** The ways of both sides of a space. */
export function bothWays([before, after]: readonly [SidePrograms, SidePrograms], stages: Stages): BothWays {
  return [waysOf(before, stages, 0), waysOf(after, stages, 1)];
}

/** The ways of one side. */
function waysOf(side: SidePrograms, stages: Stages, place: 0 | 1): Ways {
  const stagesOfProgram = new Map<Program | string, Stage[]>();
  for (const stage of everyStage(stages)) {
    const program = stage.programs[place];
    if (program !== undefined) addToGroup(stagesOfProgram, identityOf(program), stage);
  }
  let turns: readonly Turn[] | undefined;

  const arrivals = (program: Program, box: Box): Arrival[] => {
    // A part of the kernel's path is no chain of a table: nothing jumps there.
    const callersOf = ({ table, name }: Program): readonly Caller[] | undefined => side.callers(table).get(name);
    const found: Arrival[] = [];
    const open: { readonly program: Program; readonly box: Box; readonly depth: number }[] = [{ program, box, depth: 0 }];
    let work = 0;
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (++work > MAX_WAYS * 4 || found.length > MAX_WAYS || next.depth >= MAX_WAYS)
        return [...stagesOfProgram.values()].flatMap((at) =>
          at[0]?.programs[place]?.table === program.table ? at.map((stage) => ({ stage, box: fieldsOf(box) })) : [],
        );
      for (const stage of stagesOfProgram.get(identityOf(next.program)) ?? []) found.push({ stage, box: next.box });
      for (const caller of callersOf(next.program) ?? []) {
        const cover = caller.program.rules[caller.rule]?.cover;
        const through = cover === undefined ? undefined : meetBoxes(fieldsOf(cover), next.box);
        if (through !== undefined) open.push({ program: caller.program, box: through, depth: next.depth + 1 });
      }
    }
    return found;
  };

  const untranslated = (stage: Stage): boolean =>
    stage.hook === 'prerouting' || (stage.hook === 'output' && (stage.nat || stage.programs.some((program) => program?.table === 'raw')));
  const toStage = (stage: Stage, asked: Box): Box[] => {
    const arrived = asArrived(stage, asked);
    // The node's own packets to itself, and those that IPVS sends on, come by here too, and are translated by then.
    const known = untranslated(stage) && stage.track !== 'loopback' && stage.track !== 'balanced';
    if (known) return [arrived];
    turns ??= turnsOf(side, arrivals, place, stagesOfProgram);
    const elsewhere = without(arrived, PLACE.destination, PLACE.destinationPort, PLACE.out);
    const found: Box[] = [arrived];
    for (const { to, boxes } of turns) {
      if (!leadsInto(to, asked)) continue;
      for (const box of boxes) {
        const both = meetBoxes(box, elsewhere);
        if (both !== undefined) found.push(both);
      }
      if (found.length > MAX_WAYS) return [elsewhere];
    }
    return found;
  };
  return {
    toStage,
    toRule: (program, rule, asked = EVERYTHING) => {
      const cover = program.rules[rule]?.cover;
      const box = cover === undefined ? undefined : meetBoxes(fieldsOf(cover), asked);
      return box === undefined ? [] : arrivals(program, box).flatMap(({ stage, box: at }) => toStage(stage, at));
    },
  };
}

/** Marks are changed on the way, and conditions that nobody decides may be others for a translated packet. */
function fieldsOf({ fields }: Box): Box {
  return { ...EVERYTHING, fields };
}

function without(box: Box, ...places: readonly number[]): Box {
  return places.reduce(withoutField, box);
}

/** The interfaces that a stage asks for are those of the packet as it came only at some hooks; the state may have been taken from it. */
function asArrived({ hook, track }: Stage, box: Box): Box {
  const drop: number[] = [PLACE.state];
  if (track === 'loopback' || hook === 'output' || hook === 'postrouting') drop.push(PLACE.in);
  if (track === 'loopback' || track === 'balanced' || hook === 'prerouting' || hook === 'input') drop.push(PLACE.out);
  return without(box, ...drop);
}

function leadsInto({ addresses, ports }: Destination, { fields }: Box): boolean {
  const [destination, port] = [fields[PLACE.destination], fields[PLACE.destinationPort]];
  if (addresses !== undefined && destination !== undefined && intersect(addresses, destination).length === 0) return false;
  return ports === undefined || port === undefined || intersect(ports, port).length > 0;
}

function turnsOf(
  { programs }: SidePrograms,
  arrivals: (program: Program, box: Box) => Arrival[],
  place: 0 | 1,
  stagesOfProgram: ReadonlyMap<Program | string, readonly Stage[]>,
): Turn[] {
  const turns: Turn[] = [];
  const chains = [...programs.values()].flatMap((all) => [...all.values()]);
  for (const program of chains) {
    for (const [at, { verdict }] of program.steps.entries()) {
      if (verdict.kind !== 'translate') continue;
      const cover = program.rules[program.ruleAt[at] as number]?.cover;
      if (cover !== undefined)
        turns.push({ to: verdict.to, boxes: arrivals(program, fieldsOf(cover)).map(({ stage, box }) => asArrived(stage, box)) });
    }
  }
  for (const stages of stagesOfProgram.values()) {
    for (const { verdict, box } of stages[0]?.programs[place]?.steps ?? []) {
      if (verdict.kind === 'balance')
        for (const { to } of verdict.among) turns.push({ to, boxes: stages.map((stage) => asArrived(stage, fieldsOf(box))) });
    }
  }
  return turns;
}
