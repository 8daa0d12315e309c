import { addToGroup } from '../../common/add-to-group.ts';
import type { Part } from '../snapshot.ts';
import { formOf, thingsOf } from '../things.ts';
import { contradicts } from './contradicts.ts';

/** The outputs that one host showed at one moment, in their order. */
export interface Moment {
  readonly parts: readonly Part[];
  /** The stretch of the text without prose in which they stand. */
  readonly block: string;
}

/**
 * Takes the outputs of one host apart by moments: a new one begins with an output that shows again what the moment has shown, in the same
 * form or with another content, and behind prose, where nobody knows how much time went by. Files of one folder are one capture.
 */
export function momentsOf(parts: readonly Part[]): Moment[] {
  const moments: { parts: Part[]; block: string }[] = [];
  const open = new Map<string, MomentIndex>();
  const known = new Map<string, Part[]>();
  for (const part of parts) {
    if (part.moment !== undefined) {
      const { of, place } = part.moment;
      const side = known.get(`${of}\0${place}`) ?? [];
      if (side.push(part) > 1) continue;
      known.set(`${of}\0${place}`, side);
      moments.push({ parts: side, block: `${of}\0moment` });
      continue;
    }
    const block = `${part.source}\0${part.block ?? 0}`;
    const last = open.get(block);
    if (last !== undefined && !last.isRepeat(part)) {
      last.add(part);
      continue;
    }
    const moment = { parts: [], block };
    moments.push(moment);
    const index = new MomentIndex(moment.parts);
    index.add(part);
    open.set(block, index);
  }
  return moments.toSorted((one, other) => placeOf(one) - placeOf(other));
}

/** Moments whose places are known are in their order; all others stand as they come. */
function placeOf({ parts: [first] }: Moment): number {
  return first?.moment?.place ?? 0;
}

/** What a moment has shown. */
class MomentIndex {
  private readonly parts: Part[];
  private readonly byThing = new Map<string, Part[]>();
  private readonly byTable = new Map<string, Part[]>();

  constructor(parts: Part[]) {
    this.parts = parts;
  }

  add(part: Part): void {
    this.parts.push(part);
    for (const thing of thingsOf(part)) {
      addToGroup(this.byThing, thing, part);
      addToGroup(this.byTable, tableOf(thing), part);
    }
  }

  isRepeat(part: Part): boolean {
    const form = formOf(part);
    for (const thing of thingsOf(part)) {
      for (const shown of this.byThing.get(thing) ?? []) if (formOf(shown) === form || contradicts(shown, part)) return true;
      // One chain behind its whole table, or the table behind the chain.
      for (const shown of this.byThing.get(tableOf(thing)) ?? []) if (contradicts(shown, part)) return true;
      if (thing === tableOf(thing)) for (const shown of this.byTable.get(thing) ?? []) if (contradicts(shown, part)) return true;
    }
    return false;
  }
}

/** `rules ipv4 nat` of `rules ipv4 nat KUBE-SERVICES`; `ipvs` of one service. */
export function tableOf(thing: string): string {
  if (thing.startsWith('ipvs')) return 'ipvs';
  return thing.startsWith('rules ') ? thing.split(' ', 3).join(' ') : thing;
}

/** What a host showed first or last. */
export interface State {
  readonly parts: readonly Part[];
  /** Outputs of other moments, which are no part of it, and how many moments those are. */
  readonly leftOut: readonly Part[];
  readonly moments: number;
}

/**
 * What a host showed last: the last moment, and of other stretches of a text – of which nobody knows that they are of another time – and
 * other files what nothing shows again, in the same form or with another content. A moment of which anything is shown again so is over,
 * with all that it showed.
 */
export function lastState(moments: readonly Moment[]): State {
  return stateOf(moments.toReversed());
}

/** What a host showed first. */
export function firstState(moments: readonly Moment[]): State {
  return stateOf(moments);
}

/** `moments` from the one that counts most. */
function stateOf(moments: readonly Moment[]): State {
  const shown = new Map<string, MomentIndex>();
  const blocks = new Set<string>();
  const kept: Part[] = [];
  const leftOut: Part[] = [];
  let count = 0;
  for (const { parts, block } of moments) {
    const source = parts[0]?.source ?? '';
    const index = shown.get(source) ?? new MomentIndex([]);
    shown.set(source, index);
    const isOver = blocks.has(block) || parts.some((part) => index.isRepeat(part));
    blocks.add(block);
    (isOver ? leftOut : kept).push(...parts);
    if (isOver) count += 1;
    for (const part of parts) index.add(part);
  }
  return { parts: kept.toSorted(byPlace), leftOut: leftOut.toSorted(byPlace), moments: count };
}

function byPlace(one: Part, other: Part): number {
  return one.index - other.index;
}
