import { FIELD_MAX, type Intervals } from '../../../world/field.ts';
import { type Box, type Cube, PLACE } from '../sets/box.ts';
import type { Content } from '../program.ts';
import { isWithin } from '../sets/intervals.ts';
import type { Space } from '../space.ts';
import type { Continuation, Frame, Outcome, Register } from './continuation.ts';

const EVERY_PROTOCOL: Intervals = [0, FIELD_MAX.protocol];

/**
 * Equal for continuations in which the same happens to the packets of a box: the rest of each chain by content, without the callers of a
 * chain from which none of them comes back, and marks with the bits that the box knows.
 */
export function continuationKey(continuation: Continuation, box: Box, space: Space): string {
  const { outcome, stage, side, frame, to, source, effects, asked, untracked, balanced } = continuation;
  if (outcome !== undefined) return outcomeKey(outcome);
  const protocol = box.fields[PLACE.protocol] ?? EVERY_PROTOCOL;
  const after = frame === undefined ? stage : stage.next;
  let key = `${frame === undefined ? 'at' : `${stage.hook}${stage.nat ? '*' : ''}`} ${stage.rank} ${after === undefined ? 0 : (space.later[side].get(after.rank) ?? 0)}`;
  for (let open: Frame | undefined = frame; open !== undefined; open = open.caller) {
    const { rest, kept } = open.program.content as Content;
    key += `/${rest[open.at]}`;
    if (isWithin(protocol, kept[open.at] as Intervals)) break;
  }
  const marks = `${registerKey(continuation.mark, box.mark, box.connectionMark)};${registerKey(continuation.connectionMark, box.mark, box.connectionMark)}${continuation.otherMark === undefined ? '' : `;${registerKey(continuation.otherMark, box.mark, box.connectionMark)}`}`;
  return `${key} ${marks} ${to?.text ?? ''} ${source ?? ''} ${effects} ${asked} ${untracked} ${balanced}`;
}

/** Equal for outcomes that nobody can tell apart. */
function outcomeKey({ end, text, to, source, effects }: Outcome): string {
  return `end ${end} ${text ?? ''} ${to?.text ?? ''} ${source ?? ''} ${effects}`;
}

function registerKey({ packet, connection, xor }: Register, mark: Cube, connectionMark: Cube): string {
  const constant = xor ^ (mark.value & packet) ^ (connectionMark.value & connection);
  return `${(packet & ~mark.mask) >>> 0}.${(connection & ~connectionMark.mask) >>> 0}.${constant >>> 0}`;
}

/** Whether one continuation stands before another: by stage, then by the place in the outermost chain, and so on inwards. */
export function isBehind(one: Continuation, other: Continuation): boolean {
  if (one.stage.rank !== other.stage.rank) return one.stage.rank < other.stage.rank;
  const [places, rivals] = [placesOf(one), placesOf(other)];
  for (let depth = 0; depth < places.length && depth < rivals.length; depth++) {
    const difference = (places[depth] as number) - (rivals[depth] as number);
    if (difference !== 0) return difference < 0;
  }
  return places.length > rivals.length;
}

const STEPS_OF_A_RULE = 4096;

function placesOf({ frame }: Continuation): number[] {
  const places: number[] = [];
  for (let open = frame, innermost = true; open !== undefined; open = open.caller, innermost = false) {
    const { ruleAt, starts, places: merged } = open.program;
    const at = innermost ? open.at : open.from;
    const rule = ruleAt[at];
    places.push(rule === undefined ? Number.MAX_SAFE_INTEGER : (merged[rule] as number) * STEPS_OF_A_RULE + at - (starts[rule] as number));
  }
  return places.reverse();
}
