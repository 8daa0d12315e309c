import type { Action, Rule, Translation, Verdict } from '../../../world/ir.ts';
import type { Lookup } from '../../../world/lookup.ts';
import { type Box, EVERYTHING, PLACE, withField } from '../sets/box.ts';
import { both, type Clause, type Decision, decisionOf, entryBox, type TestContext } from './decisions.ts';
import type { Destination, Question, Step, StepVerdict } from './step.ts';

/** A rule as steps, which lead at most to the first step of the next rule. */
export interface CompiledRule {
  readonly steps: readonly Step[];
  /** A box that holds whatever the rule holds of; undefined where it can hold of nothing. */
  readonly cover: Box | undefined;
}

/** A step that is known when the rule is compiled as a whole. */
const NEXT_RULE = -1;

/** A rule in the making. */
interface Draft {
  readonly steps: Step[];
  /** Conditions that are not yet a step. */
  open: Clause;
  cover: Box | undefined;
}

const NOTHING_ASKED: Clause = { box: EVERYTHING, questions: [] };

/** Compiles a rule: one whose conditions are one box is one step, one with alternatives a few. */
export function compileRule(rule: Rule, context: TestContext): CompiledRule {
  const draft: Draft = { steps: [], open: NOTHING_ASKED, cover: EVERYTHING };
  for (const part of rule.body) {
    if (isAction(part)) {
      addStep(draft, draft.open, [part], CONTINUE, NEXT_RULE);
      draft.open = NOTHING_ASKED;
      continue;
    }
    if (!addTest(draft, decisionOf(part, context))) {
      draft.cover = undefined;
      break;
    }
  }
  if (draft.cover !== undefined) finish(draft, rule.verdict, context);
  const { steps } = draft;
  for (const [at, step] of steps.entries()) {
    if (step.hit === NEXT_RULE) step.hit = steps.length - at;
    if (step.miss === NEXT_RULE) step.miss = steps.length - at;
  }
  return { steps, cover: draft.cover };
}

const CONTINUE: StepVerdict = { kind: 'continue' };

function isAction(part: Rule['body'][number]): part is Action {
  return part.kind === 'copyMark' || part.kind === 'notrack' || part.kind === 'effect' || (part.kind === 'mark' && 'and' in part);
}

/** Adds conditions; false where nothing can meet them. */
function addTest(draft: Draft, test: Clause | Decision | undefined): boolean {
  if (test === undefined) return false;
  if ('box' in test) {
    const joined = both(draft.open, test);
    if (joined === undefined) return false;
    draft.open = joined;
    return true;
  }
  if (test.clauses.length === 0) return test.otherwise;
  if (draft.open !== NOTHING_ASKED) addStep(draft, draft.open, [], CONTINUE, NEXT_RULE);
  draft.open = NOTHING_ASKED;
  for (const [place, { box, questions, holds }] of test.clauses.entries()) {
    const last = place === test.clauses.length - 1;
    const miss = last && !test.otherwise ? NEXT_RULE : 1;
    const hit = holds ? test.clauses.length - place : NEXT_RULE;
    draft.steps.push({ box, questions, actions: [], verdict: CONTINUE, hit, miss });
  }
  return true;
}

function addStep(draft: Draft, { box, questions }: Clause, actions: readonly Action[], verdict: StepVerdict, miss: number): void {
  cover(draft, box);
  draft.steps.push({ box, questions, actions, verdict, hit: 1, miss });
}

/** What a rule holds of lies in the boxes of its conditions before any translation of marks. */
function cover(draft: Draft, box: Box): void {
  draft.cover = draft.cover && both({ box: draft.cover, questions: [] }, { box, questions: [] })?.box;
}

/** The last step of a rule: what is left to be asked, and the verdict. Actions just before it are done in the same step. */
function finish(draft: Draft, verdict: Verdict, context: TestContext): void {
  const last = draft.steps.at(-1);
  if (verdict.kind === 'continue' && draft.open === NOTHING_ASKED) return;
  if (verdict.kind === 'map' || (verdict.kind === 'translate' && isLookup(verdict.to))) {
    addEntries(draft, verdict.kind === 'map' ? verdict.in : translations(verdict.to as Lookup<Translation>), context);
    return;
  }
  if (verdict.kind === 'translate' && isPortRange(verdict.to)) return addPortRange(draft, verdict.to, verdict.to.ports);
  const what = stepVerdict(verdict);
  if (draft.open === NOTHING_ASKED && last !== undefined && last.actions.length > 0 && last.verdict === CONTINUE && last.hit === 1) {
    draft.steps[draft.steps.length - 1] = { ...last, verdict: what };
    return;
  }
  addStep(draft, draft.open, [], what, NEXT_RULE);
}

type PortRange = Translation & { readonly ports: NonNullable<Translation['ports']> };

function isPortRange(to: Translation | Lookup<Translation>): to is PortRange {
  return !isLookup(to) && to.ports !== undefined && to.ports[0] !== to.ports[1];
}

/** A port is kept where it lies in the range; else its first is taken (Linux nf_nat_core.c `nf_nat_l4proto_unique_tuple`). */
function addPortRange(draft: Draft, to: PortRange, [low, high]: PortRange['ports']): void {
  if (draft.open !== NOTHING_ASKED) addStep(draft, draft.open, [], CONTINUE, NEXT_RULE);
  const { ports: _, ...kept } = to;
  const step = (box: Box, sent: Translation, miss: number): void => {
    draft.steps.push({ box, questions: [], actions: [], verdict: { kind: 'translate', to: destinationOf(sent) }, hit: NEXT_RULE, miss });
  };
  step(withField(EVERYTHING, PLACE.destinationPort, [low, high]) ?? EVERYTHING, kept, 1);
  step(EVERYTHING, { ...to, ports: [low, low] }, NEXT_RULE);
}

function isLookup(to: Translation | Lookup<Translation>): to is Lookup<Translation> {
  return 'entries' in to;
}

function translations(lookup: Lookup<Translation>): Lookup<Verdict> {
  return {
    ...lookup,
    otherwise: { kind: 'continue' },
    entries: lookup.entries.map((entry) => ({ ...entry, value: { kind: 'translate', to: entry.value } })),
  } as Lookup<Verdict>;
}

/** A step for each entry of a map; what none holds of gets the rest, or goes on. */
function addEntries(draft: Draft, lookup: Lookup<Verdict>, context: TestContext): void {
  if (draft.open !== NOTHING_ASKED) addStep(draft, draft.open, [], CONTINUE, NEXT_RULE);
  for (const entry of lookup.entries) {
    const box = entryBox(lookup, entry, context.vocabulary);
    if (box !== undefined)
      draft.steps.push({
        box,
        questions: [],
        actions: [],
        verdict: stepVerdict(entry.value),
        hit: NEXT_RULE,
        miss: 1,
      });
  }
  const open: Question[] = [
    { kind: 'unknown', identity: `map ${lookup.name}`, text: `map ${lookup.name}`, not: false, counts: false, about: 'every' },
  ];
  if (lookup.partial)
    draft.steps.push({
      box: EVERYTHING,
      questions: open,
      actions: [],
      verdict: { kind: 'opaque', text: `map ${lookup.name}`, mayReturn: true },
      hit: NEXT_RULE,
      miss: 1,
    });
  draft.steps.push({
    box: EVERYTHING,
    questions: [],
    actions: [],
    verdict: stepVerdict(lookup.otherwise ?? { kind: 'continue' }),
    hit: NEXT_RULE,
    miss: NEXT_RULE,
  });
}

function stepVerdict(verdict: Verdict): StepVerdict {
  switch (verdict.kind) {
    case 'continue':
    case 'accept':
    case 'drop':
    case 'return':
    case 'reject':
    case 'jump':
    case 'goto':
    case 'source':
    case 'tproxy':
    case 'opaque':
      return verdict;
    case 'translate':
      return isLookup(verdict.to)
        ? { kind: 'opaque', text: `map ${verdict.to.name}`, mayReturn: true }
        : { kind: 'translate', to: destinationOf(verdict.to) };
    case 'map':
      return { kind: 'opaque', text: `map ${verdict.in.name}`, mayReturn: true };
    case 'draw': {
      const total = verdict.among.reduce((sum, { weight }) => sum + weight, 0);
      return {
        kind: 'draw',
        among: verdict.among.map(({ weight, verdict: one }) => ({ weight: weight / total, verdict: stepVerdict(one) })),
      };
    }
  }
}

function destinationOf({ addresses, ports, node, prefixLength, text }: Translation): Destination {
  const range = addresses?.map(String).join('-') ?? '';
  const known = `${node === true ? 'node' : range}:${ports?.join('-') ?? ''}`;
  return {
    ...(addresses === undefined ? {} : { addresses }),
    ...(ports === undefined ? {} : { ports }),
    ...(node === undefined ? {} : { node }),
    text: prefixLength === undefined ? known : `${known}/${prefixLength} ${text}`,
  };
}
