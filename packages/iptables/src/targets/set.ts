import { wholeNumber, wordList, type Codec } from '../codec.ts';
import type { TargetExtension } from '../extension.ts';
import { joinOptions, joinShown, listedRow, savedRow, shown, type Row, type RowWord } from '../row.ts';

/** A set and which end of the packet each of its dimensions takes. */
export interface SetUse {
  readonly set: string;
  readonly directions: readonly string[];
}

/** `-j SET`: enters the packet's addresses in a set, takes them out, or maps values of the set onto the packet. */
export interface SetTarget {
  readonly kind: 'SetTarget';
  readonly name: 'SET';
  readonly add?: SetUse;
  readonly exist?: true;
  /** Seconds. */
  readonly timeout?: number;
  readonly remove?: SetUse;
  readonly map?: SetUse;
  readonly mapMark?: true;
  readonly mapPriority?: true;
  readonly mapQueue?: true;
}

const DIRECTIONS = wordList(',');
const TIMEOUT = wholeNumber(0xffffffff);

/** `NAME src,dst`: two words. */
const USE: Codec<SetUse> = {
  expected: 'a set and its directions',
  decode(text) {
    const [, set, directions] = /^(\S+)[ \t]+((?:src|dst)(?:,(?:src|dst))*)$/.exec(text) ?? [];
    return set === undefined || directions === undefined ? undefined : { set, directions: directions.split(',') };
  },
  print: ({ set, directions }) => `${set} ${DIRECTIONS.print(directions)}`,
};

const WORDS: readonly RowWord[] = [
  { word: 'add-set', takes: 2 },
  { word: 'exist' },
  { word: 'timeout', takes: 1 },
  { word: 'del-set', takes: 2 },
  { word: 'map-set', takes: 2 },
  { word: 'map-mark' },
  { word: 'map-prio' },
  { word: 'map-queue' },
];

function build(row: Row, prefix: string): SetTarget {
  return shown<SetTarget>({
    kind: 'SetTarget',
    name: 'SET',
    add: row.read(`${prefix}add-set`, USE),
    exist: row.flag(`${prefix}exist`),
    timeout: row.read(`${prefix}timeout`, TIMEOUT),
    remove: row.read(`${prefix}del-set`, USE),
    map: row.read(`${prefix}map-set`, USE),
    mapMark: row.flag(`${prefix}map-mark`),
    mapPriority: row.flag(`${prefix}map-prio`),
    mapQueue: row.flag(`${prefix}map-queue`),
  });
}

function parts({ add, exist, timeout, remove, map, mapMark, mapPriority, mapQueue }: SetTarget, prefix: string): (string | undefined)[] {
  return [
    add && `${prefix}add-set ${USE.print(add)}`,
    exist && `${prefix}exist`,
    timeout === undefined ? undefined : `${prefix}timeout ${timeout}`,
    remove && `${prefix}del-set ${USE.print(remove)}`,
    map && `${prefix}map-set ${USE.print(map)}`,
    mapMark && `${prefix}map-mark`,
    mapPriority && `${prefix}map-prio`,
    mapQueue && `${prefix}map-queue`,
  ];
}

/** `-j SET`. */
export const setTarget: TargetExtension<SetTarget> = {
  type: 'target',
  name: 'SET',
  kind: 'SetTarget',
  listing: listedRow(
    WORDS.filter(({ takes }) => takes === 2),
    WORDS,
    (row) => build(row, ''),
  ),
  print: (target) => joinShown(...parts(target, '')),
  save: savedRow(
    WORDS.map((one) => ({ ...one, word: `--${one.word}` })),
    (row) => build(row, '--'),
  ),
  printSave: (target) => joinOptions(...parts(target, '--')),
  samples: ['add-set KNOWN src,dst exist timeout 60', 'del-set KNOWN src', 'map-set MARKS src map-mark'],
};
