import type { IpvsService } from '../state/model.ts';
import type { Action, BaseChain, Rule, Test, Translation, Verdict } from '../world/ir.ts';
import type { RuleRef } from '../world/rule-ref.ts';
import type { World } from '../world/world.ts';
import type { Evaluator } from './evaluate.ts';
import type { Ending } from './outcome.ts';
import type { Candidates } from './rule-index.ts';
import type { Schedule } from './schedule.ts';
import { type Place, placesOf, sourceOf } from './translate.ts';
import type { Traveller } from './traveller.ts';

/** What a walk needs besides the traveller. */
export interface WalkKit {
  readonly world: World;
  readonly evaluator: Evaluator;
  readonly candidates: Candidates;
  /** How a virtual service spreads new connections; each is told once. */
  readonly schedules: (service: IpvsService) => Schedule;
  /** Takes a traveller that chance has split off, to be walked later, or that has come to an end. */
  readonly later: (traveller: Traveller, ending?: Ending) => void;
}

/** The kernel refuses deeper jumps too (Linux x_tables.c `xt_jumpstack_alloc`, nf_tables `NFT_JUMP_STACK_SIZE`). */
const MAX_DEPTH = 64;

/** Enters a base chain. */
export function enter(traveller: Traveller, base: BaseChain, { candidates }: WalkKit): void {
  traveller.frame = { chain: base.chain, rules: candidates(base.chain, traveller.fields), up: undefined, resume: 0 };
  traveller.next = 0;
}

/** Leads a traveller through a base chain that it has entered: an ending, or undefined where it goes on. */
export function walkChain(traveller: Traveller, base: BaseChain, kit: WalkKit): Ending | undefined {
  for (;;) {
    const { frame } = traveller;
    if (frame === undefined) return undefined;
    const rule = frame.rules[traveller.next];
    if (rule === undefined) {
      if (!leave(traveller)) return policyOf(traveller, base);
      continue;
    }
    traveller.next += 1;
    if (!meets(rule, traveller, kit)) continue;
    const { verdict, source } = rule;
    traveller.hops = { entry: { hook: base.hook, rule: source }, rest: traveller.hops };
    const ending = follow(verdict, source, traveller, base, kit);
    if (ending !== undefined) return ending;
  }
}

/**
 * Whether all tests of a rule hold; its actions are done on the way. Where chance decides, the packets it does not hold of are split off.
 */
function meets({ body, source }: Rule, traveller: Traveller, kit: WalkKit): boolean {
  for (const part of body) {
    if (isAction(part)) {
      act(part, traveller);
      continue;
    }
    const holds = kit.evaluator.test(part, traveller, source);
    if (holds === false || holds === 0) return false;
    if (holds === true || holds === 1) continue;
    kit.later({ ...traveller, share: traveller.share * (1 - holds) });
    traveller.share *= holds;
    traveller.chosenBy ??= 'turn';
  }
  return true;
}

function isAction(part: Test | Action): part is Action {
  return part.kind === 'copyMark' || part.kind === 'notrack' || part.kind === 'effect' || (part.kind === 'mark' && 'and' in part);
}

function act(action: Action, traveller: Traveller): void {
  switch (action.kind) {
    case 'mark': {
      const mark = ((markOf(traveller, action.register) & action.and) ^ action.xor) >>> 0;
      if (action.register === 'packet') traveller.mark = mark;
      else traveller.connectionMark = mark;
      return;
    }
    case 'copyMark': {
      const from = (markOf(traveller, action.to === 'packet' ? 'connection' : 'packet') & action.take) >>> 0;
      const shifted = (action.shift >= 0 ? from << action.shift : from >>> -action.shift) >>> 0;
      const mark = ((markOf(traveller, action.to) & action.keep) ^ shifted) >>> 0;
      if (action.to === 'packet') traveller.mark = mark;
      else traveller.connectionMark = mark;
      return;
    }
    case 'notrack':
      traveller.tracked = false;
      return;
    case 'effect':
  }
}

function markOf(traveller: Traveller, register: 'packet' | 'connection'): number {
  return register === 'packet' ? traveller.mark : traveller.connectionMark;
}

/** Does what a verdict says: an ending, or undefined where the walk goes on. */
function follow(verdict: Verdict, at: RuleRef, traveller: Traveller, base: BaseChain, kit: WalkKit): Ending | undefined {
  switch (verdict.kind) {
    case 'continue':
      return undefined;
    case 'accept':
      traveller.frame = undefined;
      return undefined;
    case 'drop':
      return { verdict: 'dropped', decidedBy: { hook: base.hook, rule: at } };
    case 'reject':
      return { verdict: 'refused', decidedBy: { hook: base.hook, rule: at }, with: verdict.with };
    case 'return':
      return leave(traveller) ? undefined : policyOf(traveller, base);
    case 'jump':
    case 'goto':
      return jump(verdict.chain, verdict.kind === 'goto', at, traveller, base, kit);
    case 'translate':
      return translate(verdict.to, at, traveller, base, kit);
    case 'source':
      traveller.fields = { ...traveller.fields, source: sourceOf(verdict.to, traveller.fields.source) };
      traveller.translated = { ...traveller.translated, source: true };
      traveller.natDone = { ...traveller.natDone, source: true };
      traveller.frame = undefined;
      return undefined;
    case 'tproxy':
      return giveToSocket(verdict, at, traveller, base, kit);
    case 'draw':
      return draw(verdict, at, traveller, base, kit);
    case 'map': {
      const found = kit.evaluator.lookUp(verdict.in, traveller);
      if (found.kind === 'unknown') return unknown(`it is not known what ${verdict.in.name} holds`, at, base);
      return found.kind === 'missed' ? undefined : follow(found.value, at, traveller, base, kit);
    }
    case 'opaque':
      return unknown(`${verdict.text} is not modelled`, at, base);
  }
}

function unknown(reason: string, rule: RuleRef, { hook }: BaseChain): Ending {
  return { verdict: 'unknown', reason, decidedBy: { hook, rule } };
}

/** Back to the chain above; false where there is none. */
function leave(traveller: Traveller): boolean {
  const { frame } = traveller;
  if (frame?.up === undefined) return false;
  traveller.frame = frame.up;
  traveller.next = frame.resume;
  return true;
}

function policyOf(traveller: Traveller, { policy, chain, hook }: BaseChain): Ending | undefined {
  const rule: RuleRef = {
    table: chain.table,
    chain: chain.name,
    number: 0,
    ...(chain.origin === undefined ? {} : { origin: chain.origin }),
  };
  traveller.hops = { entry: { hook, rule }, rest: traveller.hops };
  traveller.frame = undefined;
  return policy === 'drop' ? { verdict: 'dropped', decidedBy: { hook, rule } } : undefined;
}

function jump(
  name: string,
  goto: boolean,
  at: RuleRef,
  traveller: Traveller,
  base: BaseChain,
  { world, candidates }: WalkKit,
): Ending | undefined {
  const chain = world.rules.tables.get(at.table)?.chains.get(name);
  const { frame } = traveller;
  if (chain === undefined || frame === undefined) return unknown(`chain ${name} is not listed`, at, base);
  let depth = 0;
  for (let open: typeof frame | undefined = frame; open !== undefined; open = open.up) {
    if (open.chain === chain) return unknown(`chain ${name} jumps back to itself`, at, base);
    depth += 1;
  }
  if (depth >= MAX_DEPTH) return unknown(`chains jump into one another more than ${MAX_DEPTH} deep`, at, base);
  if (chain.assumed !== undefined) {
    traveller.conditions = {
      entry: { identity: `chain ${name}`, text: name, holds: true, about: 'chain', at },
      rest: traveller.conditions,
    };
  }
  const rules = candidates(chain, traveller.fields);
  // After a go-to the packet comes back to where this chain would have come back to.
  traveller.frame = goto ? { chain, rules, up: frame.up, resume: frame.resume } : { chain, rules, up: frame, resume: traveller.next };
  traveller.next = 0;
  return undefined;
}

function translate(
  to: Extract<Verdict, { kind: 'translate' }>['to'],
  at: RuleRef,
  traveller: Traveller,
  base: BaseChain,
  kit: WalkKit,
): Ending | undefined {
  const found = 'entries' in to ? kit.evaluator.lookUp(to, traveller) : ({ kind: 'found', value: to } as const);
  if (found.kind === 'unknown') return unknown(`it is not known what the map of ${at.chain} holds`, at, base);
  if (found.kind === 'missed') return undefined;
  translateTo(found.value, at, traveller, kit);
  return undefined;
}

/** Sends a traveller to its new destination; where there are several, the others are split off. */
function translateTo(to: Translation, at: RuleRef, traveller: Traveller, { evaluator, later }: WalkKit): void {
  const isOwn = to.node === true && evaluator.local(traveller.fields.destination, traveller, at);
  const places = placesOf(to, traveller.fields, isOwn);
  traveller.frame = undefined;
  traveller.translated = { ...traveller.translated, destination: true };
  traveller.natDone = { ...traveller.natDone, destination: true };
  if (places.length > 1) traveller.chosenBy = 'client';
  const { share } = traveller;
  // The last first: what is walked later is taken from the end.
  for (let index = places.length - 1; index >= 0; index -= 1) {
    const place = places[index] as Place;
    const sent = index === 0 ? traveller : { ...traveller };
    sent.fields = place.fields;
    sent.endpoint = place.endpoint;
    sent.toNode = place.toNode;
    sent.share = share * place.share;
    if (sent === traveller) continue;
    sent.stage += 1;
    later(sent);
  }
}

function giveToSocket(
  { port, mark, address }: Extract<Verdict, { kind: 'tproxy' }>,
  at: RuleRef,
  traveller: Traveller,
  base: BaseChain,
  { evaluator }: WalkKit,
): Ending | undefined {
  const text = `a transparent socket listens at port ${port}`;
  const listens = evaluator.decide({ identity: text, text, about: 'rule', at }, true, traveller);
  if (!listens) return { verdict: 'dropped', decidedBy: { hook: base.hook, rule: at } };
  traveller.mark = ((traveller.mark & mark.and) ^ mark.xor) >>> 0;
  traveller.toNode = true;
  traveller.endpoint = { address: address ?? traveller.fields.destination, port, text: `this node:${port}` };
  traveller.frame = undefined;
  return undefined;
}

function draw(
  { by, among }: Extract<Verdict, { kind: 'draw' }>,
  at: RuleRef,
  traveller: Traveller,
  base: BaseChain,
  kit: WalkKit,
): Ending | undefined {
  const total = among.reduce((sum, { weight }) => sum + weight, 0);
  traveller.chosenBy ??= by === 'hash' ? 'client' : 'turn';
  const drawn = among.filter(({ weight }) => weight > 0);
  const { share } = traveller;
  for (const [index, { weight, verdict }] of [...drawn.entries()].toReversed()) {
    const sent = index === 0 ? traveller : { ...traveller };
    sent.share = (share * weight) / total;
    const ending = follow(verdict, at, sent, base, kit);
    if (sent === traveller) return ending;
    // It has done with this chain: what comes next is the next stage.
    if (sent.frame === undefined) sent.stage += 1;
    kit.later(sent, ending);
  }
  return undefined;
}
