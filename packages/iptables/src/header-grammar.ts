import {
  endOfWord,
  instantiate,
  isBlank,
  isMismatch,
  lineGrammar,
  node,
  skipBlanks,
  tokenSet,
  wordTable,
  type Line,
  type Rules,
  type Template,
} from '@netdrift/core';
import { knownShapes } from './known-shapes.ts';
import { HEADER_SHAPES } from './known/headers.ts';

const tokens = tokenSet();
const word = tokens.add('Word');
const name = tokens.add('Name');
const chain = tokens.add('Chain');
const policy = tokens.add('(policy');
const packets = tokens.add('packets,');
const bytes = tokens.add('bytes)');
const references = tokens.add('references)');
const column = {
  num: tokens.add('num'),
  pkts: tokens.add('pkts'),
  bytes: tokens.add('bytes'),
  target: tokens.add('target'),
  prot: tokens.add('prot'),
  opt: tokens.add('opt'),
  in: tokens.add('in'),
  out: tokens.add('out'),
  source: tokens.add('source'),
  destination: tokens.add('destination'),
} as const;

const words = wordTable([
  ['(policy', policy],
  ['packets,', packets],
  ['bytes)', bytes],
  ['references)', references],
  ...Object.entries(column),
]);

/** What the header of a chain says, as text. */
export interface ChainHeader {
  readonly kind: 'chain';
  readonly name: string;
  /** `ACCEPT` of `(policy ACCEPT)`. */
  readonly policy?: string;
  readonly packets?: string;
  readonly bytes?: string;
  /** `2` of `(2 references)`. */
  readonly references?: string;
}

/** Which columns a listing has. */
export interface ColumnHeader {
  readonly kind: 'columns';
  readonly numbers: boolean;
  readonly counters: boolean;
  readonly interfaces: boolean;
}

type Counted = readonly [packets: string, bytes: string];

const withPolicy = (line: Line, called: number, verdict: number, counted: Counted | number): ChainHeader => ({
  kind: 'chain',
  name: line.text(called),
  policy: line.text(verdict),
  ...(typeof counted === 'number' ? {} : { packets: counted[0], bytes: counted[1] }),
});

const withReferences = (line: Line, called: number, count: number): ChainHeader => ({
  kind: 'chain',
  name: line.text(called),
  references: line.text(count),
});

const columnHeader = (_line: Line, numbers: number, counters: number, interfaces: number): ColumnHeader => ({
  kind: 'columns',
  numbers: numbers >= 0,
  counters: counters >= 0,
  interfaces: interfaces >= 0,
});

const grammar = lineGrammar<ChainHeader | ColumnHeader>({
  tokens,
  start: 'header',
  known: HEADER_SHAPES,
  rules: {
    header: ($) => $.choose([() => $.rule('chain'), () => $.rule('columns')]),
    chain: readChain,
    counters: ($) => {
      const packetCount = $.take(word);
      $.take(packets);
      const byteCount = $.take(word, 1);
      $.take(bytes);
      return node((line: Line, first: number, second: number): Counted => [line.text(first), line.text(second)], packetCount, byteCount);
    },
    columns: readColumns,
  },
});

/** The grammar itself, for the test that validates it. */
export const HEADER_GRAMMAR = grammar;

/** `Chain X (policy ACCEPT 5 packets, 300 bytes)`, `Chain X (2 references)`. */
function readChain($: Rules) {
  $.take(chain);
  const called = $.take(name);
  return $.choose([
    () => {
      $.take(policy);
      const verdict = $.take(word);
      const counted = $.maybe(() => $.rule<Counted>('counters'));
      return node(withPolicy, called, verdict, counted);
    },
    () => {
      const count = $.take(word, 1);
      $.take(references);
      return node(withReferences, called, count);
    },
  ]);
}

/** `num   pkts bytes target     prot opt in     out     source               destination`. */
function readColumns($: Rules) {
  const numbers = $.maybe(() => $.take(column.num));
  const counters = $.maybe(() => {
    $.take(column.pkts);
    return $.take(column.bytes);
  }, 1);
  $.take(column.target);
  $.take(column.prot);
  $.take(column.opt);
  const interfaces = $.maybe(() => {
    $.take(column.in);
    return $.take(column.out);
  }, 2);
  $.take(column.source);
  $.take(column.destination);
  return node(columnHeader, numbers, counters, interfaces);
}

const shapesOfHeaders = knownShapes<Template<ChainHeader | ColumnHeader>>();

/** The header on a line of a listing, or undefined where the line is none. */
export function readHeader(line: Line, start: number, end: number): ChainHeader | ColumnHeader | undefined {
  line.begin(start, end);
  if (!line.source.startsWith('Chain ', start)) scanTitles(line, start, end);
  else if (!scanChain(line, start, end)) return undefined;
  const shapes = shapesOfHeaders();
  const known = shapes.find(line);
  if (known !== undefined) return instantiate(known, line);
  const learned = grammar.learn(line);
  if (isMismatch(learned)) return undefined;
  shapes.add(line, learned);
  return instantiate(learned, line);
}

/** The header of a line that is scanned already. */
export function headerOf(line: Line): ChainHeader | ColumnHeader | undefined {
  const learned = grammar.learn(line);
  return isMismatch(learned) ? undefined : instantiate(learned, line);
}

/** A chain's name is what stands between the first word and the last opening bracket: it may hold brackets itself. */
function scanChain(line: Line, start: number, end: number): boolean {
  const { bytes: text } = line;
  let last = end;
  while (last > start && isBlank(text[last - 1])) last -= 1;
  let open = last - 2;
  while (open >= start + 6 && !(text[open] === BLANK && text[open + 1] === OPEN)) open -= 1;
  if (open < start + 6 || text[last - 1] !== CLOSE) return false;
  line.push(chain, start, start + 5);
  line.push(name, start + 6, open);
  for (let at = open + 1; at < last;) {
    const stop = Math.min(endOfWord(text, at, last), last);
    const code = words.find(text, at, stop);
    const from = text[at] === OPEN ? at + 1 : at;
    const to = stop === last ? stop - 1 : stop;
    line.push(code === policy || code === packets || code === bytes || code === references ? code : word, from, to);
    at = skipBlanks(text, stop, last);
  }
  return true;
}

const BLANK = 0x20;
const OPEN = 0x28;
const CLOSE = 0x29;

function scanTitles(line: Line, start: number, end: number): void {
  for (let at = skipBlanks(line.bytes, start, end); at < end;) {
    const stop = endOfWord(line.bytes, at, end);
    const code = words.find(line.bytes, at, stop);
    line.push(code < 0 ? word : code, at, stop);
    at = skipBlanks(line.bytes, stop, end);
  }
}
