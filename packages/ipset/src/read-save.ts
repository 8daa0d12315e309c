import { endOfWord } from '@netdrift/core';
import type { IpSet, Member } from './ast.ts';
import { commandNotApplied, duplicateSet, lateCreate, setAside, unknownOption, unknownType, unreadableText } from './diagnostics.ts';
import { checkDraft, giveType, newDraft, type SetDraft, toSet } from './draft.ts';
import { eachLine, readLine, type Reading } from './read-lines.ts';
import { reportLine } from './read-list.ts';
import { addMember } from './read-member.ts';
import { scanAdd, scanCreate } from './scan.ts';
import { commandOf } from './save-commands.ts';
import * as token from './tokens.ts';

interface SaveState {
  readonly reading: Reading;
  readonly drafts: Map<string, SetDraft>;
  /** The set of the line before: members stand together. */
  last: SetDraft | undefined;
}

/** The sets of `ipset save`, or of text for `ipset restore`; lines for which `skip` holds were dealt with before. */
export function readSave(reading: Reading, skip: (start: number, end: number) => boolean): readonly IpSet[] {
  const state: SaveState = { reading, drafts: new Map(), last: undefined };
  eachLine(reading.line, (start, end, blank) => {
    if (!blank && !skip(start, end)) readSaveLine(state, start, end);
  });
  const drafts = [...state.drafts.values()];
  for (const draft of drafts) for (const diagnostic of checkDraft(draft)) reading.diagnostics.push(diagnostic);
  return drafts.map(toSet);
}

function readSaveLine(state: SaveState, start: number, end: number): void {
  const { line, diagnostics } = state.reading;
  const command = commandOf(line, start, end);
  const text = line.source.slice(start, end);
  if (command === 'create') readCreate(state, start, end);
  else if (command === 'add') readAdd(state, start, end);
  else if (command === 'changes') diagnostics.push(commandNotApplied(text, { start, end }));
  else if (command === 'nothing') diagnostics.push(setAside(text, { start, end }));
  else diagnostics.push(unreadableText(text, { start, end }));
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
  const known = drafts.get(name);
  if (known?.options !== undefined) {
    reading.diagnostics.push(duplicateSet(name, { start, end }));
    return;
  }
  if (known !== undefined) reading.diagnostics.push(lateCreate(name, { start, end }));
  const draft = known ?? newDraft(name, start, end);
  drafts.set(name, draft);
  giveType(draft, type);
  draft.end = Math.max(draft.end, end);
  draft.options = options;
  draft.members ??= [];
  if (draft.knownType === undefined) reading.diagnostics.push(unknownType(type, reading.line.lineSpan()));
  if (options.unknown !== undefined) reading.diagnostics.push(unknownOption(options.unknown, reading.line.lineSpan()));
  state.last = draft;
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
    reading.diagnostics.push(unreadableText(line.source.slice(start, end), { start, end }));
    return;
  }
  const draft = draftOf(state, line.text(nameToken), start, end);
  const from = Math.min(endOfWord(line.bytes, line.span(nameToken).end, end) + 1, end);
  addMember(reading, draft, member, result, from);
  draft.end = Math.max(draft.end, end);
  state.last = draft;
}

/** The set of a member: nearly always that of the line before. */
function draftOf({ drafts, last }: SaveState, name: string, start: number, end: number): SetDraft {
  if (last?.name === name) return last;
  const draft = drafts.get(name) ?? newDraft(name, start, end);
  drafts.set(name, draft);
  return draft;
}

function memberOf(result: ReturnType<typeof readLine>): Member | undefined {
  return 'found' in result && result.found.kind === 'Add' ? result.found.member : undefined;
}
