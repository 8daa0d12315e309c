import type { Asked } from '../../../world/asked.ts';
import { type Intervals, STATES, type Value } from '../../../world/field.ts';
import { type Box, type Cube, EVERYTHING, meetBoxes, PLACE, withCondition, withMark, withoutField } from '../sets/box.ts';
import { intersect, isWithin, single } from '../sets/intervals.ts';
import { negated } from '../sets/unseen.ts';
import { NO_INTERFACE, type Undecided, type Vocabulary } from '../vocabulary.ts';
import type { Continuation, Register } from './continuation.ts';
import type { Destination, Question, Step } from './step.ts';

/** A step as it asks about packets as they arrived. */
export interface Resolved {
  /** Undefined: no packet of the state can meet it. */
  readonly box: Box | undefined;
  /** Part of the connections that it holds of. */
  readonly share: number;
  readonly asked: string;
}

const UNTRACKED: Intervals = [STATES.indexOf('UNTRACKED'), STATES.indexOf('UNTRACKED')];
/** Packets of connections that nat has seen: what was done to them is known. */
const SEEN_BY_NAT: Intervals = [STATES.indexOf('NEW'), STATES.indexOf('RELATED')];

/** Puts what has happened to a packet into the conditions of a step: what is known drops out, what nobody knows becomes a literal. */
export function resolve(step: Step, continuation: Continuation, of: Box, vocabulary: Vocabulary): Resolved {
  const found = { box: translatedBox(step.box, continuation, vocabulary) as Box | undefined, share: 1, asked: continuation.asked };
  for (const question of step.questions) {
    if (found.box === undefined) break;
    answer(question, found, continuation, of, vocabulary);
  }
  return found;
}

interface Open {
  box: Box | undefined;
  share: number;
  asked: string;
}

function answer(question: Question, open: Open, continuation: Continuation, of: Box, vocabulary: Vocabulary): void {
  const { to } = continuation;
  const literal = (text: string, not: boolean, facts: Omit<Undecided, 'text'> = {}): void => {
    const condition = vocabulary.condition({ text, ...facts });
    open.box = open.box && withCondition(open.box, not ? negated(condition) : condition);
  };
  const known = (holds: boolean): void => {
    if (!holds) open.box = undefined;
  };
  switch (question.kind) {
    case 'chance':
      open.share *= question.share;
      return;
    case 'original':
      open.box = open.box && meetBoxes(open.box, question.box);
      return;
    case 'balanced':
      return known(continuation.balanced !== question.not);
    case 'translated': {
      if (question.side === 'destination' && to !== undefined) return known(!question.not);
      const states = of.fields[PLACE.state];
      if (states !== undefined && intersect(states, SEEN_BY_NAT).length === 0 && !continuation.untracked)
        return literal(`the connection's ${question.side} was translated`, question.not);
      return known(question.not);
    }
    case 'local':
      if (question.field === 'source')
        return literal('the source is an address of this node', false, { asks: { kind: 'own address', of: 'source' } });
      return to === undefined || (to.addresses === undefined && to.node !== true) || isUnchanged(to, of)
        ? literal('the destination is an address of this node', false, { asks: { kind: 'own address', of: 'destination' } })
        : known(to.node === true);
    case 'unknown': {
      const moved =
        to !== undefined &&
        (question.about === 'every' ||
          (question.about.includes('destination') && to.addresses !== undefined) ||
          (question.about.includes('destinationPort') && to.ports !== undefined));
      const facts = {
        ...(moved ? { of: to.text } : {}),
        ...(question.asks === undefined ? {} : { asks: question.asks }),
        ...(question.usually === undefined ? {} : { usually: question.usually }),
        ...(question.text === question.identity ? {} : { words: question.text }),
        ...(question.quantity === undefined ? {} : { quantity: question.quantity }),
      };
      if (!question.counts) return literal(question.identity, question.not, facts);
      const { number } = vocabulary.condition({ text: question.identity, ...facts });
      const time = open.asked.split(' ').filter((one) => one === String(number)).length + 1;
      open.asked = `${open.asked} ${number}`.trim();
      return literal(question.identity, question.not, { ...facts, time });
    }
  }
}

/** Whether a packet is translated to the address that it had. */
function isUnchanged({ addresses }: Destination, { fields }: Box): boolean {
  return addresses !== undefined && addresses[0] === addresses[1] && single(fields[PLACE.destination]) === addresses[0];
}

type Translated = Extract<Asked, { readonly kind: 'translated' }>['what'];

/** A step's box as a box of packets as they arrived. */
function translatedBox(box: Box, continuation: Continuation, vocabulary: Vocabulary): Box | undefined {
  const { fields } = box;
  let made: Box | undefined = { ...EVERYTHING, fields: box.fields };
  const decided = (place: number, what: Translated, holds: boolean | string): void => {
    made = made && withoutField(made, place);
    if (holds === false) made = undefined;
    else if (holds !== true) {
      const facts: Undecided = { text: holds, of: continuation.to?.text ?? '', asks: { kind: 'translated', what } };
      made = made && withCondition(made, vocabulary.condition(facts));
    }
  };
  const { to } = continuation;
  const destination = fields[PLACE.destination];
  if (to !== undefined && destination !== undefined && (to.addresses !== undefined || to.node === true))
    decided(
      PLACE.destination,
      'address',
      to.addresses === undefined ? `the address is in ${destination.join()}` : lies(to.addresses, destination, 'address'),
    );
  const port = fields[PLACE.destinationPort];
  if (to?.ports !== undefined && port !== undefined) decided(PLACE.destinationPort, 'port', lies(to.ports, port, 'port'));
  const state = fields[PLACE.state];
  if (continuation.untracked && state !== undefined)
    made = made && isWithin(UNTRACKED, state) ? withoutField(made, PLACE.state) : undefined;
  for (const side of ['in', 'out'] as const) {
    const asked = fields[PLACE[side]];
    if (asked === undefined) continue;
    const through = interfaceAt(side, continuation, vocabulary);
    if (through !== 'arrived')
      decided(PLACE[side], 'way out', through === 'decided anew' ? `it leaves by ${asked.join()}` : isWithin(through, asked));
  }
  made = made && throughRegister(made, box.mark, continuation.mark, vocabulary);
  return made && throughRegister(made, box.connectionMark, continuation.connectionMark, vocabulary);
}

/** Whether all of a range lies in the intervals, nothing of it, or, as a condition, some. */
function lies([low, high]: readonly [Value, Value], asked: Intervals, what: string): boolean | string {
  if (isWithin([low, high], asked)) return true;
  return intersect([low, high], asked).length === 0 ? false : `the ${what} is in ${asked.join()}`;
}

/** The interface of a packet at this stage. A packet of the node itself came in by none; one that was translated is routed anew. */
function interfaceAt(
  side: 'in' | 'out',
  { stage: { track, hook }, to }: Continuation,
  vocabulary: Vocabulary,
): Intervals | 'arrived' | 'decided anew' {
  const none: Intervals = [NO_INTERFACE, NO_INTERFACE];
  if (side === 'in') {
    if (track === 'loopback') return vocabulary.interfaceClasses({ name: 'lo', prefix: false });
    return hook === 'output' || hook === 'postrouting' ? none : 'arrived';
  }
  if (hook === 'prerouting' || hook === 'input') return none;
  if (track === 'balanced') return 'decided anew';
  return track === 'leaving' && to !== undefined ? 'decided anew' : 'arrived';
}

/** A condition on a mark as conditions on the marks that the packet and its connection came with. */
function throughRegister(box: Box, { mask, value }: Cube, { packet, connection, xor }: Register, vocabulary: Vocabulary): Box | undefined {
  if (mask === 0) return box;
  const tangled = mask & packet & connection;
  if (tangled !== 0) return withCondition(box, vocabulary.condition({ text: `mark ${value}/${mask} of ${packet}.${connection}.${xor}` }));
  const wanted = (value ^ xor) & mask;
  if ((wanted & ~packet & ~connection) !== 0) return undefined;
  const part = (register: 'mark' | 'connectionMark', bits: number, made: Box): Box | undefined => {
    const asked = (mask & bits) >>> 0;
    return asked === 0 ? made : withMark(made, register, { mask: asked, value: (wanted & asked) >>> 0 });
  };
  const made = part('mark', packet, box);
  return made && part('connectionMark', connection, made);
}
