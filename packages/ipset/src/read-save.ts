import { type Diagnostic, endOfWord, type Span } from '@netdrift/core';
import type { Member } from './ast.ts';
import { commandNotApplied, duplicateSet, lateCreate, setAside, unknownOption, unknownType, unreadableText } from './diagnostics.ts';
import { checkDraft, giveType, newDraft, type SetDraft } from './draft.ts';
import { eachLine, readLine, type Reading, type SetsReader } from './read-lines.ts';
import { reportLine } from './read-list.ts';
import { addMember } from './read-member.ts';
import { scanAdd, scanCreate } from './scan.ts';
import { commandOf } from './save-commands.ts';
import * as token from './tokens.ts';

interface SaveState {
  reading: Reading;
  readonly drafts: Map<string, SetDraft>;
  /** The set of the line before: members stand together. */
  last: SetDraft | undefined;
  readonly touched: Set<SetDraft>;
}

/** The sets of `ipset save`, or of text for `ipset restore`. */
export function saveReader(reading: Reading): SetsReader {
  const state: SaveState = { reading, drafts: new Map(), last: undefined, touched: new Set() };
  return {
    read(piece, skip) {
      state.reading = piece;
      state.touched.clear();
      if (state.last !== undefined) state.touched.add(state.last);
      eachLine(piece.line, (start, end, blank) => {
        if (!blank && !skip(start, end)) readSaveLine(state, start, end);
      });
    },
    finish() {
      for (const draft of state.drafts.values()) append(state.reading, checkDraft(draft));
    },
    drafts: () => state.drafts.values(),
    touched: () => state.touched,
    hasHead: () => true,
  };
}

function append({ diagnostics }: Reading, more: readonly Diagnostic[]): void {
  for (const diagnostic of more) diagnostics.push(diagnostic);
}

function readSaveLine(state: SaveState, start: number, end: number): void {
  const { line, diagnostics } = state.reading;
  const command = commandOf(line, start, end);
  const text = line.source.slice(start, end);
  const span = line.spanOf(start, end);
  if (command === 'create') readCreate(state, start, end);
  else if (command === 'add') readAdd(state, start, end);
  else if (command === 'changes') diagnostics.push(commandNotApplied(text, span));
  else if (command === 'nothing') diagnostics.push(setAside(text, span));
  else diagnostics.push(unreadableText(text, span));
}

function readCreate(state: SaveState, start: number, end: number): void {
  const { reading, drafts } = state;
  scanCreate(reading.line, start, end);
  const result = readLine(reading);
  if (!('found' in result) || result.found.kind !== 'Create') {
    reportLine(reading, result);
    return;
  }
  const { name, type, options } = result.found;
  const span = reading.line.spanOf(start, end);
  const known = drafts.get(name);
  if (known?.options !== undefined) {
    reading.diagnostics.push(duplicateSet(name, span));
    return;
  }
  if (known !== undefined) reading.diagnostics.push(lateCreate(name, span));
  const draft = known ?? newDraft(name, span);
  drafts.set(name, draft);
  giveType(draft, type);
  draft.end = Math.max(draft.end, span.end);
  draft.options = options;
  draft.members ??= [];
  if (draft.knownType === undefined) reading.diagnostics.push(unknownType(type, reading.line.lineSpan()));
  if (options.unknown !== undefined) reading.diagnostics.push(unknownOption(options.unknown, reading.line.lineSpan()));
  state.last = draft;
  state.touched.add(draft);
}

function readAdd(state: SaveState, start: number, end: number): void {
  const { reading, last } = state;
  const { line } = reading;
  scanAdd(line, last, state.drafts, start, end);
  const result = readLine(reading);
  const nameToken = line.type(1) === token.exist ? 2 : 1;
  if (line.type(nameToken) !== token.setName || nameToken >= line.count) {
    reportLine(reading, result);
    return;
  }
  const member = memberOf(result);
  if (member?.elements.length === 0) {
    reading.diagnostics.push(unreadableText(line.source.slice(start, end), line.spanOf(start, end)));
    return;
  }
  const draft = draftOf(state, line.text(nameToken), line.spanOf(start, end));
  const from = Math.min(endOfWord(line.bytes, line.ends[nameToken] ?? end, end) + 1, end);
  addMember(reading, draft, member, result, from);
  draft.end = Math.max(draft.end, line.base + end);
  state.last = draft;
}

/** The set of a member: nearly always that of the line before. */
function draftOf({ drafts, last, touched }: SaveState, name: string, span: Span): SetDraft {
  if (last?.name === name) return last;
  const draft = drafts.get(name) ?? newDraft(name, span);
  drafts.set(name, draft);
  touched.add(draft);
  return draft;
}

function memberOf(result: ReturnType<typeof readLine>): Member | undefined {
  return 'found' in result && result.found.kind === 'Add' ? result.found.member : undefined;
}
