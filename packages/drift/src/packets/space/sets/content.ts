import { FIELD_MAX, type Intervals } from '../../../world/field.ts';
import { toIntervals } from '../../../world/intervals.ts';
import { printable } from '../walk/decisions.ts';
import type { Content, Program } from '../program.ts';
import type { Step, StepVerdict } from '../walk/step.ts';
import type { Vocabulary } from '../vocabulary.ts';
import { type Box, boxKey, PLACE } from './box.ts';
import { intersect, subtract } from './intervals.ts';

const EVERY_PROTOCOL: Intervals = [0, FIELD_MAX.protocol];
const NO_PROTOCOL: Intervals = [];

type Inner = (chain: string) => Content | undefined;

/** Finds the chain that a jump of a program leads to; undefined where no listing has it. */
export type Callee = (program: Program, chain: string) => Program | undefined;

/**
 * Gives programs and all that they jump to their contents, where they have none. Without recursion: chains may jump as deep as a listing is
 * long.
 */
export function addContents(programs: Iterable<Program>, callee: Callee, vocabulary: Vocabulary): void {
  for (const program of programs) {
    const open: Program[] = [program];
    const begun = new Set<Program>();
    for (let current = open.at(-1); current !== undefined; current = open.at(-1)) {
      if (current.content !== undefined) {
        open.pop();
        continue;
      }
      const missing = begun.has(current) ? [] : calleesOf(current, callee).filter((one) => one.content === undefined && !begun.has(one));
      begun.add(current);
      if (missing.length > 0) {
        open.push(...missing);
        continue;
      }
      open.pop();
      current.content = contentOf(current, callee, vocabulary);
    }
  }
}

function calleesOf(program: Program, callee: Callee): Program[] {
  return program.steps.flatMap(({ verdict }) => jumpsOf(verdict).flatMap((chain) => callee(program, chain) ?? []));
}

/** The chains that a verdict can lead to. */
export function jumpsOf(verdict: StepVerdict): readonly string[] {
  if (verdict.kind === 'jump' || verdict.kind === 'goto') return [verdict.chain];
  return verdict.kind === 'draw' ? verdict.among.flatMap((one) => jumpsOf(one.verdict)) : NO_CHAINS;
}

const NO_CHAINS: readonly string[] = [];

function contentOf(program: Program, callee: Callee, vocabulary: Vocabulary): Content {
  const { steps, policy } = program;
  const rest: number[] = [];
  const kept: Intervals[] = [];
  rest[steps.length] = vocabulary.id(policy === undefined ? 'returns' : `policy ${policy}`);
  kept[steps.length] = policy === undefined ? NO_PROTOCOL : EVERY_PROTOCOL;
  const inner = (chain: string): Content | undefined => callee(program, chain)?.content;
  for (let at = steps.length - 1; at >= 0; at--) {
    const step = steps[at] as Step;
    rest[at] = restFrom(at, step, rest, inner, vocabulary);
    kept[at] = keptFrom(at, step, kept, inner);
  }
  return { rest, kept };
}

function restFrom(at: number, step: Step, rest: readonly number[], inner: Inner, vocabulary: Vocabulary): number {
  const hitRest = goesOn(step.verdict) ? rest[at + step.hit] : 0;
  return vocabulary.id(`${stepText(step, (chain) => inner(chain)?.rest[0] ?? `unlisted ${chain}`)} ${hitRest} ${rest[at + step.miss]}`);
}

function keptFrom(at: number, step: Step, kept: readonly Intervals[], inner: Inner): Intervals {
  return keptBy(
    step,
    keptOnHit(step.verdict, kept[at + step.hit] as Intervals, (chain) => inner(chain)?.kept[0] ?? NO_PROTOCOL),
    kept[at + step.miss] as Intervals,
  );
}

/**
 * The content of a program that was made of another one: of other rules, or with other chains behind the jumps that `isOther` names. From
 * where on all is as in that one the rest is the same; before that each step has a rest of its own, without a look at what it asks: a rule
 * that has an origin must be that rule.
 */
export function contentBeside(
  program: Program,
  of: Program,
  isOther: (chain: string) => boolean,
  callee: Callee,
  vocabulary: Vocabulary,
): Content {
  const { steps, starts, ruleAt, made } = program;
  const known = of.content as Content;
  const rest = new Array<number>(steps.length + 1);
  const kept = new Array<Intervals>(steps.length + 1);
  rest[steps.length] = known.rest[of.steps.length] as number;
  kept[steps.length] = known.kept[of.steps.length] as Intervals;
  const inner = (chain: string): Content | undefined => callee(program, chain)?.content;
  for (let at = steps.length - 1; at >= 0; at--) {
    const step = steps[at] as Step;
    const rule = ruleAt[at] as number;
    const origin = made === undefined ? rule : (made.origins[rule] as number);
    if (origin < 0 || jumpsOf(step.verdict).some(isOther)) {
      rest[at] = restFrom(at, step, rest, inner, vocabulary);
      kept[at] = keptFrom(at, step, kept, inner);
      continue;
    }
    const place = (of.starts[origin] as number) + at - (starts[rule] as number);
    const [hit, miss] = [place + step.hit, place + step.miss];
    const isSame = rest[at + step.hit] === known.rest[hit] && rest[at + step.miss] === known.rest[miss];
    const isKept = kept[at + step.hit] === known.kept[hit] && kept[at + step.miss] === known.kept[miss];
    rest[at] = isSame ? (known.rest[place] as number) : vocabulary.newId();
    kept[at] = isKept ? (known.kept[place] as Intervals) : keptFrom(at, step, kept, inner);
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
      return `balance ${verdict.among.map(({ weight, to, here, kept = false }) => `${weight} ${to.text} ${here} ${kept}`).join(';')}`;
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
