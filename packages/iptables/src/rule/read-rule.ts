import { instantiate, parseIptablesCount, quoteInput, type Diagnostic, type Span } from '@netdrift/core';
import type { AddressCondition } from '../fields/address-condition.ts';
import type { Counters, InterfaceCondition, Match, Rule, Target } from '../ast.ts';
import type { Piece, RuleShape } from '../listing/listing-grammar.ts';
import { LISTING } from '../listing/listing-grammar.ts';
import { report } from '../diagnostics.ts';
import type { RuleLine } from './rule-line.ts';
import { writtenSpan } from './scan-words.ts';
import { withTextBehind } from './unknown-target.ts';

/**
 * Builds the rule of a line from the shape of the line. Text that is no value of its kind becomes unknown text; in a column it
 * makes the line no rule, unless the rule is built to be located in (`takesAny`).
 */
export function buildRule(line: RuleLine, shape: RuleShape, diagnostics: Diagnostic[], takesAny = false): Rule | undefined {
  const protocol = line.protocol(shape.protocol, shape.notProtocol, shape.opt);
  const source = line.address(shape.source, shape.notSource);
  const destination = line.address(shape.destination, shape.notDestination);
  const counters = shape.packets < 0 ? undefined : readCounters(line, shape);
  const number = shape.num < 0 ? undefined : line.read(shape.num, LINE_NUMBER);
  if (line.settle() !== undefined && !takesAny) return undefined;
  // Without an opt column only an address tells a rule of ip6tables from any line of four words.
  if (shape.opt < 0 && !isTelling(source) && !isTelling(destination) && !takesAny) return undefined;

  const ownMatches = readMatches(line, shape.matches, diagnostics);
  const ownTarget = readTarget(line, shape, diagnostics);
  const { matches, target } =
    ownTarget?.kind === 'UnknownTarget' ? withTextBehind(line, ownMatches, ownTarget) : { matches: ownMatches, target: ownTarget };
  const span = line.lineSpan();
  // The two commonest kinds of line are made as one object each: one that grows key by key takes twice the memory.
  if (number === undefined && target !== undefined && !shape.goto && !isFragment(line, shape)) {
    if (counters === undefined) return { kind: 'Rule', protocol, source, destination, matches, target, span };
    if (shape.in >= 0 && shape.out >= 0) {
      const isNamed = 'name' in source || 'name' in destination;
      const inside = readInterface(line, shape.in, shape.notIn, isNamed);
      const outside = readInterface(line, shape.out, shape.notOut, isNamed);
      return { kind: 'Rule', counters, protocol, in: inside, out: outside, source, destination, matches, target, span };
    }
  }
  const isNamed = 'name' in source || 'name' in destination;
  return {
    kind: 'Rule',
    ...(number === undefined ? {} : { num: number }),
    ...(counters === undefined ? {} : { counters }),
    protocol,
    ...(isFragment(line, shape) ? { fragment: { not: line.bytes[line.starts[shape.opt] ?? 0] === BANG } } : {}),
    ...(shape.in < 0 ? {} : { in: readInterface(line, shape.in, shape.notIn, isNamed) }),
    ...(shape.out < 0 ? {} : { out: readInterface(line, shape.out, shape.notOut, isNamed) }),
    source,
    destination,
    matches,
    ...(target === undefined ? {} : { target }),
    ...(shape.goto ? { goto: true } : {}),
    span,
  };
}

/** `-f` or `!f` in the opt column. */
function isFragment(line: RuleLine, { opt }: RuleShape): boolean {
  return opt >= 0 && line.bytes[(line.ends[opt] ?? 0) - 1] === SMALL_F;
}

const BANG = 0x21;
const SMALL_F = 0x66;

const LINE_NUMBER = {
  expected: 'the number of a rule',
  decode: (text: string): number | undefined => (/^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined),
};

const COUNT = { expected: 'a count', decode: parseIptablesCount };

/** `any` is what a listing without `-n` prints for `*`. */
function readInterface(line: RuleLine, index: number, not: boolean, isNamed: boolean): InterfaceCondition {
  const name = line.name(index);
  if (!not && name === '*') return ANY_INTERFACE;
  return { not, name: isNamed && name === 'any' ? '*' : name };
}

const ANY_INTERFACE: InterfaceCondition = { not: false, name: '*' };

function isTelling(condition: AddressCondition): boolean {
  return 'address' in condition || condition.name === 'anywhere';
}

function readCounters(line: RuleLine, shape: RuleShape): Counters {
  return { packets: line.read(shape.packets, COUNT), bytes: line.read(shape.bytes, COUNT) };
}

/** The matches of a rule; a piece whose value is impossible, or that no extension knows, is kept as text. */
function readMatches(line: RuleLine, pieces: readonly Piece<Match>[], diagnostics: Diagnostic[]): readonly Match[] {
  switch (pieces.length) {
    case 0:
      return NONE;
    case 1: {
      const only = readPiece(line, pieces[0], diagnostics);
      return isList(only) ? only : [only];
    }
    case 2: {
      const first = readPiece(line, pieces[0], diagnostics);
      const second = readPiece(line, pieces[1], diagnostics);
      return isList(first) || isList(second) ? [first, second].flat() : [first, second];
    }
    default:
      return pieces.map((piece) => readPiece(line, piece, diagnostics)).flat();
  }
}

const NONE: readonly Match[] = [];

function readPiece(line: RuleLine, piece: Piece<Match> | undefined, diagnostics: Diagnostic[]): Match | readonly Match[] {
  if (piece?.template !== undefined) {
    const { matches } = line.context;
    const { remembers } = line;
    const start = remembers ? startOf(line, piece) : 0;
    const stop = remembers ? endOf(line, piece) : 0;
    // What is kept for a piece is what its template gave.
    const known = remembers ? (matches.find(line.bytes, start, stop, piece.id) as Match | readonly Match[] | undefined) : undefined;
    if (known !== undefined) return known;
    const found = instantiate(piece.template, line);
    const refusal = line.settle();
    if (refusal === undefined) {
      if (remembers) matches.keep(found, line.bytes, start, stop, piece.id);
      return found;
    }
    const text = line.text(refusal.token);
    diagnostics.push(
      report(
        'iptables/bad-value',
        line.span(refusal.token),
        `expected ${refusal.expected}, found ${quoteInput(text)}`,
        'the match is kept as text',
      ),
    );
    const span = spanOf(line, piece);
    return { kind: 'UnknownMatch', text: line.source.slice(span.start, span.end), span: line.absolute(span) };
  }
  const span = piece === undefined ? { start: line.start, end: line.end } : spanOf(line, piece);
  const text = line.source.slice(span.start, span.end);
  const absolute = line.absolute(span);
  diagnostics.push(
    report(
      'iptables/unknown-match',
      absolute,
      `text ${quoteInput(text)} belongs to no match that this package knows`,
      'it is kept as text; its meaning is not compared',
    ),
  );
  return { kind: 'UnknownMatch', text, span: absolute };
}

function isList(found: Match | readonly Match[]): found is readonly Match[] {
  return Array.isArray(found);
}

/** The bytes around a piece that say how it is spelled: signs joined to it, blanks behind it. */
const AROUND = 2;

function startOf(line: RuleLine, { first, end }: Piece<Match>): number {
  let start = line.starts[first] ?? 0;
  for (let index = first + 1; index < end; index += 1) start = Math.min(start, line.starts[index] ?? start);
  return Math.max(line.start, start - AROUND);
}

function endOf(line: RuleLine, { first, end }: Piece<Match>): number {
  let stop = 0;
  for (let index = first; index < end; index += 1) stop = Math.max(stop, line.ends[index] ?? 0);
  return Math.min(line.end, stop + AROUND);
}

/** Where the text of a piece stands, with its quotes and signs. */
function spanOf(line: RuleLine, piece: Piece<unknown>): Span {
  let start = line.end;
  let end = line.start;
  for (let index = piece.first; index < piece.end; index += 1) {
    const span = writtenSpan(line, LISTING, index);
    start = Math.min(start, span.start);
    end = Math.max(end, span.end);
  }
  return { start, end };
}

function readTarget(line: RuleLine, shape: RuleShape, diagnostics: Diagnostic[]): Target | undefined {
  if (shape.target < 0) return undefined;
  const { text } = shape;
  if (text?.template !== undefined) {
    const found = instantiate(text.template, line);
    const refusal = line.settle();
    if (refusal === undefined) return isTargetList(found) ? found[0] : found;
    const span = spanOf(line, text);
    diagnostics.push(
      report(
        'iptables/bad-value',
        line.span(refusal.token),
        `expected ${refusal.expected}, found ${quoteInput(line.text(refusal.token))}`,
        'the text of the target is kept as it is',
      ),
    );
    const name = line.text(shape.target);
    return { kind: 'UnknownTarget', name, text: line.source.slice(span.start, span.end), span: line.absolute(span) };
  }
  if (shape.plain !== undefined) return shape.plain;
  if (!shape.known) return line.plainTarget(shape.target);
  const name = line.text(shape.target);
  const span = line.span(shape.target);
  diagnostics.push(
    report(
      'iptables/unknown-target',
      span,
      `target ${quoteInput(name)} has no text that this package knows`,
      'its settings are not compared',
    ),
  );
  return { kind: 'UnknownTarget', name, text: '', span };
}

function isTargetList(found: Target | readonly Target[]): found is readonly Target[] {
  return Array.isArray(found);
}
