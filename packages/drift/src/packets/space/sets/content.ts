import { FIELD_MAX, type Intervals } from '../../../world/field.ts';
import { toIntervals } from '../../../world/intervals.ts';
import { type Box, boxKey, PLACE } from './box.ts';
import { printable } from '../walk/decisions.ts';
import { intersect, subtract } from './intervals.ts';
import type { Program } from '../program.ts';
import type { Step, StepVerdict } from '../walk/step.ts';
import type { Vocabulary } from '../vocabulary.ts';

/** What is to be known of the rest of a chain from each step on. */
export interface Content {
  /** Equal where packets are treated alike from this step on, whatever the names of chains and sets; one more than there are steps. */
  readonly rest: readonly number[];
  /** Protocols whose packets do not come back to the calling chain from this step on. */
  readonly kept: readonly Intervals[];
}

const EVERY_PROTOCOL: Intervals = [0, FIELD_MAX.protocol];
const NO_PROTOCOL: Intervals = [];

/** Finds the chain that a jump of a program leads to; undefined where no listing has it. */
export type Callee = (program: Program, chain: string) => Program | undefined;

/** The contents of programs and of all that they jump to. Without recursion: chains may jump as deep as a listing is long. */
export function contentsOf(programs: Iterable<Program>, callee: Callee, vocabulary: Vocabulary, known: Map<Program, Content>): void {
  for (const program of programs) {
    const open: Program[] = [program];
    const begun = new Set<Program>();
    for (let current = open.at(-1); current !== undefined; current = open.at(-1)) {
      if (known.has(current)) {
        open.pop();
        continue;
      }
      const missing = begun.has(current) ? [] : calleesOf(current, callee).filter((one) => !known.has(one) && !begun.has(one));
      begun.add(current);
      if (missing.length > 0) {
        open.push(...missing);
        continue;
      }
      open.pop();
      known.set(current, contentOf(current, callee, vocabulary, known));
    }
  }
}

function calleesOf(program: Program, callee: Callee): Program[] {
  return program.steps.flatMap(({ verdict }) => jumpsOf(verdict).flatMap((chain) => callee(program, chain) ?? []));
}

/** The chains that a verdict can lead to. */
export function jumpsOf(verdict: StepVerdict): string[] {
  if (verdict.kind === 'jump' || verdict.kind === 'goto') return [verdict.chain];
  return verdict.kind === 'draw' ? verdict.among.flatMap((one) => jumpsOf(one.verdict)) : [];
}

function contentOf(program: Program, callee: Callee, vocabulary: Vocabulary, known: ReadonlyMap<Program, Content>): Content {
  const { steps, policy } = program;
  const rest: number[] = [];
  const kept: Intervals[] = [];
  rest[steps.length] = vocabulary.id(policy === undefined ? 'returns' : `policy ${policy}`);
  kept[steps.length] = policy === undefined ? NO_PROTOCOL : EVERY_PROTOCOL;
  const inner = (chain: string): Content | undefined => {
    const target = callee(program, chain);
    return target === undefined ? undefined : known.get(target);
  };
  for (let at = steps.length - 1; at >= 0; at--) {
    const step = steps[at] as Step;
    const hitRest = goesOn(step.verdict) ? rest[step.hit] : 0;
    rest[at] = vocabulary.id(`${stepText(step, (chain) => inner(chain)?.rest[0] ?? `unlisted ${chain}`)} ${hitRest} ${rest[step.miss]}`);
    kept[at] = keptBy(
      step,
      keptOnHit(step.verdict, kept[step.hit] as Intervals, (chain) => inner(chain)?.kept[0] ?? NO_PROTOCOL),
      kept[step.miss] as Intervals,
    );
  }
  return { rest, kept };
}

/** Whether the packet may come to the next step of its chain. */
function goesOn(verdict: StepVerdict): boolean {
  switch (verdict.kind) {
    case 'continue':
    case 'jump':
      return true;
    case 'opaque':
      return verdict.mayReturn;
    case 'draw':
      return verdict.among.some((one) => goesOn(one.verdict));
    default:
      return false;
  }
}

/** What a step asks and does, as text; chains by what `chain` gives for them. */
function stepText({ box, questions, actions, verdict }: Step, chain: (name: string) => number | string): string {
  const asked = questions.length === 0 ? '' : JSON.stringify(questions, printable);
  const done = actions.length === 0 ? '' : JSON.stringify(actions);
  return `${boxKey(box)} ${asked} ${done} ${verdictText(verdict, chain)}`;
}

function verdictText(verdict: StepVerdict, chain: (name: string) => number | string): string {
  switch (verdict.kind) {
    case 'jump':
    case 'goto':
      return `${verdict.kind} ${chain(verdict.chain)}`;
    case 'translate':
      return `to ${verdict.to.text}`;
    case 'draw':
      return verdict.among.map((one) => `${one.weight} ${verdictText(one.verdict, chain)}`).join(';');
    case 'balance':
      return `balance ${verdict.among.map(({ weight, to, here }) => `${weight} ${to.text} ${here}`).join(';')}`;
    case 'continue':
    case 'accept':
    case 'drop':
    case 'return':
      return verdict.kind;
    default:
      return JSON.stringify(verdict, printable);
  }
}

function keptOnHit(verdict: StepVerdict, next: Intervals, inner: (chain: string) => Intervals): Intervals {
  switch (verdict.kind) {
    case 'continue':
      return next;
    case 'return':
      return NO_PROTOCOL;
    case 'jump':
      return united(inner(verdict.chain), next);
    case 'goto':
      return inner(verdict.chain);
    case 'opaque':
      return verdict.mayReturn ? next : EVERY_PROTOCOL;
    case 'draw':
      return verdict.among.map((one) => keptOnHit(one.verdict, next, inner)).reduce((all, one) => intersect(all, one), EVERY_PROTOCOL);
    default:
      return EVERY_PROTOCOL;
  }
}

function keptBy({ box, questions }: Step, onHit: Intervals, onMiss: Intervals): Intervals {
  if (onHit === onMiss) return onMiss;
  const possible = box.fields[PLACE.protocol] ?? EVERY_PROTOCOL;
  if (questions.length === 0 && asksForProtocolOnly(box)) return united(intersect(possible, onHit), subtract(onMiss, possible));
  return united(intersect(possible, intersect(onHit, onMiss)), subtract(onMiss, possible));
}

function asksForProtocolOnly({ fields, mark, connectionMark }: Box): boolean {
  return mark.mask === 0 && connectionMark.mask === 0 && fields.every((values, place) => values === undefined || place === PLACE.protocol);
}

function united(one: Intervals, other: Intervals): Intervals {
  if (one.length === 0) return other;
  if (other.length === 0) return one;
  const pairs: [number, number][] = [];
  for (const all of [one, other]) for (let at = 0; at < all.length; at += 2) pairs.push([Number(all[at]), Number(all[at + 1])]);
  return toIntervals(pairs);
}
