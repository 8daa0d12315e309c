import { placeOf } from '../../../world/hook-order.ts';
import type { Hook } from '../../../world/ir.ts';
import type { World } from '../../../world/world.ts';
import { type Box, EVERYTHING, withMark } from '../sets/box.ts';
import { decisionOf } from './decisions.ts';
import { ipvsSteps } from './ipvs-steps.ts';
import { baseKey, partOfPath, type Program, type SidePrograms } from '../program.ts';
import type { Question, Step, StepVerdict, Track } from './step.ts';
import type { Vocabulary } from '../vocabulary.ts';

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
export function stagesOf(sides: readonly [SidePrograms, SidePrograms], vocabulary: Vocabulary): Stages {
  const at = (hook: Hook): Met[] => metAt(hook, sides);
  const plain = (hook: Hook): Met[] => at(hook).filter(({ nat }) => !nat);
  const both = (hook: Hook, make: (world: World) => Program | undefined): Met => ({
    hook,
    place: 0,
    priority: 0,
    nat: false,
    programs: [make(sides[0].world), make(sides[1].world)],
  });
  const decide = (hook: Hook, here: StepVerdict, elsewhere: StepVerdict): Met =>
    both(hook, (world) => routing(world, vocabulary, here, elsewhere));
  const end = (hook: Hook, where: 'here' | 'sent'): Met => both(hook, () => partOfPath(where, [unconditional({ kind: 'arrive', where })]));
  const ipvs = (hook: Hook): Met => both(hook, (world) => balancing(world, vocabulary));
  const [inBefore, inBehind] = split(at('input'), IPVS_IN);
  const [outBefore, outBehind] = split(at('output'), IPVS_OUT);
  const tracks: readonly (readonly [Track, readonly Met[]])[] = [
    ['prerouting', [...at('prerouting'), decide('prerouting', { kind: 'enter', track: 'input' }, { kind: 'enter', track: 'forward' })]],
    [
      'output',
      [
        ...outBefore,
        ipvs('output'),
        ...outBehind,
        both('output', () => partOfPath('route', [unconditional({ kind: 'enter', track: 'leaving' })])),
      ],
    ],
    ['forward', [...at('forward'), ...at('postrouting'), end('postrouting', 'sent')]],
    ['input', [...inBefore, ipvs('input'), ...inBehind, end('input', 'here')]],
    ['balanced', [...plain('output'), ...at('postrouting'), end('postrouting', 'sent')]],
    ['leaving', [...at('postrouting'), decide('postrouting', { kind: 'enter', track: 'loopback' }, { kind: 'arrive', where: 'sent' })]],
    ['loopback', [...plain('prerouting'), ...plain('input'), end('input', 'here')]],
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

function unconditional(verdict: StepVerdict, at = 0): Step {
  return { box: EVERYTHING, questions: [], actions: [], verdict, hit: at + 1, miss: at + 1, rule: at };
}

/** Whether the destination is the node's: the same question that rules ask. */
function routing({ addresses, ipvs }: World, vocabulary: Vocabulary, here: StepVerdict, elsewhere: StepVerdict): Program {
  const test = decisionOf({ kind: 'local', field: 'destination', not: false }, { vocabulary, addresses });
  const clauses = test === undefined ? [] : 'box' in test ? [{ ...test, holds: true }] : test.clauses;
  const marks = here.kind === 'enter' && here.track === 'input' ? (ipvs?.byMark.entries ?? []) : [];
  const all = [...marks.flatMap(({ bounds: [mark] }) => takenByMark(Number(mark))), ...clauses];
  const steps = all.map(({ box, questions, holds }, at): Step => ({
    box,
    questions,
    actions: [],
    verdict: holds ? here : elsewhere,
    hit: at + 1,
    miss: at + 1,
    rule: at,
  }));
  return partOfPath('route', [...steps, unconditional(elsewhere, steps.length)]);
}

/**
 * What a firewall-mark service takes counts as the node's own: whoever sets one up has the node take such packets, or IPVS does not see
 * them.
 */
function takenByMark(mark: number): { readonly box: Box; readonly questions: readonly Question[]; readonly holds: true }[] {
  const box = withMark(EVERYTHING, 'mark', { mask: 0xffff_ffff, value: mark });
  return box === undefined ? [] : [{ box, questions: [], holds: true }];
}

function balancing(world: World, vocabulary: Vocabulary): Program | undefined {
  return world.ipvs === undefined ? undefined : partOfPath('ipvs', ipvsSteps(world.ipvs, world.addresses, vocabulary));
}
