import { phrase, type Span } from '@netdrift/core';
import { setAside, strayBrace, toolErrorBeside, unclosedBlock } from '../diagnostics.ts';
import type { Reading } from '../reading.ts';
import { CLOSE, endOfNftLine, HASH, isSpace, NEWLINE, SEMICOLON } from '../scan/characters.ts';
import { toolErrorOf } from '../tool-errors.ts';
import { readHead } from './read-head.ts';
import { readChainLine, readObjectLine, readSetLine } from './read-block-lines.ts';
import { type Block, report, type TextState, warnOf } from './text-state.ts';

const WARNING = phrase('# Warning: table {family} {name} is managed by iptables-nft, do not touch!');
const XT_MESSAGE = phrase('XT {type} {name} not found');

/** Reads the tables of a listing or an input file into the state. */
export function readText(reading: Reading): TextState {
  const { line } = reading;
  const state: TextState = {
    reading,
    line,
    blocks: [],
    tables: new Map(),
    warned: new Set(),
    found: 0,
    isInput: false,
    spacing: { below: 0, apart: 0 },
  };
  const { bytes } = line;
  for (let at = 0; ;) {
    while (at < bytes.length && (isSpace(bytes[at]) || bytes[at] === NEWLINE || bytes[at] === SEMICOLON)) at += 1;
    if (at >= bytes.length) break;
    // Each step passes at least one character.
    at = Math.max(readStatement(state, at), at + 1);
  }
  const innermost = state.blocks.at(-1);
  if (innermost !== undefined) report(state, unclosedBlock(nameOf(innermost)[0], { start: bytes.length, end: bytes.length }));
  while (state.blocks.length > 0) closeBlock(state, bytes.length);
  return state;
}

function readStatement(state: TextState, at: number): number {
  const { bytes } = state.line;
  if (bytes[at] === CLOSE) {
    closeBlock(state, at + 1);
    return at + 1;
  }
  if (bytes[at] === HASH) return readRemark(state, at, endOfNftLine(bytes, at, bytes.length));
  const aside = readMessage(state, at);
  if (aside !== undefined) return aside;
  const block = state.blocks.at(-1);
  switch (block?.place) {
    case 'chain':
      return readChainLine(state, block.table, block.chain, at);
    case 'set':
      return readSetLine(state, block.set, at);
    case 'object':
      return readObjectLine(state, block.object, block.isFlowtable, at);
    default:
      return readHead(state, block?.table, at);
  }
}

/** A line that begins with `#`: a warning of nft, or what somebody wrote. */
function readRemark(state: TextState, start: number, end: number): number {
  const text = trimmed(state.line.source, start, end);
  const { family, name } = WARNING.read(text) ?? {};
  if (family !== undefined && name !== undefined) {
    warnOf(state, family, name);
    return end;
  }
  state.isInput = true;
  report(state, setAside(text, { start, end: start + text.length }));
  return end;
}

/** A message that nft, or a shell, wrote between the lines of a listing. */
function readMessage(state: TextState, at: number): number | undefined {
  const { source, bytes } = state.line;
  const first = source.charCodeAt(at);
  // A message begins with a capital letter, a word that has a colon behind it, or a path.
  if (!BEGINS_MESSAGE.test(source.slice(at, at + 1)) && first !== 0x2f && first !== 0x2d && !source.startsWith('netlink:', at))
    return undefined;
  const end = endOfNftLine(bytes, at, bytes.length);
  const text = trimmed(source, at, end);
  const span: Span = { start: at, end: at + text.length };
  if (XT_MESSAGE.read(text) !== undefined) {
    report(state, setAside(text, span));
    return end;
  }
  if (toolErrorOf(text, span) === undefined) return undefined;
  report(state, toolErrorBeside(text, span));
  return end;
}

const BEGINS_MESSAGE = /[A-Zb]/;

function trimmed(source: string, start: number, end: number): string {
  return source.slice(start, end).trimEnd();
}

function closeBlock(state: TextState, end: number): void {
  const block = state.blocks.pop();
  if (block === undefined) {
    report(state, strayBrace({ start: end - 1, end }));
    return;
  }
  const [, span] = nameOf(block);
  if (block.place !== 'table') block.table.blockEnd = end;
  span.end = Math.max(span.end, end);
  block.table.span.end = Math.max(block.table.span.end, end);
}

function nameOf(block: Block): readonly [what: string, span: { end: number }] {
  switch (block.place) {
    case 'table':
      return [`table ${block.table.name}`, block.table.span];
    case 'chain':
      return [`chain ${block.chain.name}`, block.chain.span];
    case 'set':
      return [`${block.set.kind === 'Map' ? 'map' : 'set'} ${block.set.name}`, block.set.span];
    case 'object':
      return [`${block.object.type} ${block.object.name}`, block.object.span];
  }
}
