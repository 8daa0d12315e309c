import type { Span } from '@netdrift/core';
import { badValue, duplicateSet, noSetName, unknownOption, unknownType, unreadableLine, unreadableText } from './diagnostics.ts';
import { checkDraft, giveType, newDraft, type SetDraft } from './draft.ts';
import { eachLine, type LineResult, readLine, type Reading, type SetsReader } from './read-lines.ts';
import { addMember } from './read-member.ts';
import { labelOf, scanLabelled, scanMember, scanName } from './scan.ts';
import * as token from './tokens.ts';

interface ListState {
  reading: Reading;
  /** The sets that are whole. */
  readonly finished: SetDraft[];
  readonly names: Set<string>;
  draft: SetDraft | undefined;
  /** The lines of a set without a name, which are skipped. */
  nameless: { readonly start: number; end: number } | undefined;
  afterBlank: boolean;
  /** The set whose members stand without a head. */
  readonly set: string | undefined;
}

/** The sets of `ipset list`. */
export function listReader(reading: Reading, set?: string): SetsReader {
  const state: ListState = { reading, finished: [], names: new Set(), draft: undefined, nameless: undefined, afterBlank: true, set };
  let before = 0;
  return {
    read(piece, skip) {
      state.reading = piece;
      before = state.finished.length;
      eachLine(piece.line, (start, end, blank) => {
        if (!blank && !skip(start, end)) readListLine(state, start, end);
        state.afterBlank = blank;
      });
    },
    finish: () => finishSet(state),
    drafts: () => (state.draft === undefined ? state.finished : [...state.finished, state.draft]),
    touched: () => [...state.finished.slice(before), ...(state.draft === undefined ? [] : [state.draft])],
    hasHead: (draft) => draft !== state.draft || draft.members !== undefined,
  };
}

function readListLine(state: ListState, start: number, end: number): void {
  const { line } = state.reading;
  const span = line.spanOf(start, end);
  const label = labelOf(line, start, end);
  if (label === token.nameLabel && beginsSet(state, end)) {
    beginSet(state, start, end);
    return;
  }
  if (label >= 0 && leavesSet(state)) {
    finishSet(state);
    state.nameless = { ...span };
    return;
  }
  if (label === token.membersLabel && state.draft === undefined && state.nameless === undefined && state.set !== undefined) {
    state.draft = newDraft(state.set, span);
    state.draft.members = [];
    return;
  }
  // Version 4 prints bindings, which later versions do not have.
  if (isBinding(line, start, end)) {
    if (state.draft !== undefined) state.draft.end = span.end;
    return;
  }
  const { draft } = state;
  if (draft === undefined) {
    skipNameless(state, label, line.source.slice(start, end), span);
    return;
  }
  if (draft.members !== undefined) {
    scanMember(line, draft.knownType, start, end);
    const result = readLine(state.reading);
    const member = 'found' in result && result.found.kind === 'Member' ? result.found : undefined;
    addMember(state.reading, draft, member, result, start);
    draft.end = span.end;
    return;
  }
  if (label < 0) {
    state.reading.diagnostics.push(unreadableText(line.source.slice(start, end), span));
    return;
  }
  scanLabelled(line, label, start, end);
  const result = readLine(state.reading);
  if (applyHead(state.reading, draft, result)) draft.end = span.end;
}

/** `Default binding:`, `Bindings:` of ipset 4 (ipset.c `set_list`); what a set is bound to is told. */
function isBinding({ source }: Reading['line'], start: number, end: number): boolean {
  return /^(?:Default binding|Bindings): *$/.test(source.slice(start, Math.min(end, start + 40)));
}

/**
 * Whether a line `Name: …` begins a set: ipset leaves a blank line before it. Where that line was taken out, the type
 * that follows tells it from a member of a list:set that is called `Name:`.
 */
function beginsSet({ draft, afterBlank, reading }: ListState, end: number): boolean {
  if (draft?.members === undefined || afterBlank) return true;
  const next = reading.line.source.indexOf('\n', end);
  return next >= 0 && reading.line.source.startsWith('Type: ', next + 1);
}

/** A line of a head among the members begins a set whose name is missing; a list:set may have a member that looks like one. */
function leavesSet({ draft, afterBlank }: ListState): boolean {
  return draft?.members !== undefined && (afterBlank || draft.knownType?.name !== 'list:set');
}

function beginSet(state: ListState, start: number, end: number): void {
  const { line, diagnostics } = state.reading;
  finishSet(state);
  scanLabelled(line, token.nameLabel, start, end);
  const result = readLine(state.reading);
  if (!('found' in result) || result.found.kind !== 'Name') {
    reportLine(state.reading, result);
    return;
  }
  const { name } = result.found;
  const span = line.spanOf(start, end);
  if (state.names.has(name)) diagnostics.push(duplicateSet(name, span));
  state.names.add(name);
  state.draft = newDraft(name, span);
}

function finishSet(state: ListState): void {
  const { draft, nameless, reading } = state;
  if (nameless !== undefined) reading.diagnostics.push(noSetName({ start: nameless.start, end: nameless.end }));
  if (draft !== undefined) {
    for (const diagnostic of checkDraft(draft)) reading.diagnostics.push(diagnostic);
    state.finished.push(draft);
  }
  state.draft = undefined;
  state.nameless = undefined;
}

function skipNameless(state: ListState, label: number, text: string, span: Span): void {
  if (state.nameless !== undefined) state.nameless.end = span.end;
  else if (label < 0) state.reading.diagnostics.push(unreadableText(text, span));
  else state.nameless = { ...span };
}

/** Takes a line of the head into the set; `false` where it was left out. */
function applyHead(reading: Reading, draft: SetDraft, result: LineResult): boolean {
  if (!('found' in result)) return reportLine(reading, result);
  const { line, diagnostics } = reading;
  const { found } = result;
  switch (found.kind) {
    case 'Type':
      if (draft.type !== undefined) return repeated(reading);
      giveType(draft, found.type);
      if (draft.knownType === undefined) diagnostics.push(unknownType(found.type, line.span(1)));
      return true;
    case 'Number':
      if (draft[found.field] !== undefined) return repeated(reading);
      draft[found.field] = found.number;
      return true;
    case 'Header':
      if (draft.options !== undefined) return repeated(reading);
      draft.options = found.options;
      if (found.options.unknown !== undefined) diagnostics.push(unknownOption(found.options.unknown, line.lineSpan()));
      return true;
    case 'Members':
      draft.members = [];
      return true;
    default:
      return repeated(reading);
  }
}

/** A line that stood in this set before, as when the name of the next set is missing. */
function repeated({ line, diagnostics }: Reading): false {
  diagnostics.push(unreadableText(line.source.slice(line.start, line.end), line.lineSpan()));
  return false;
}

/** Says why a line was left out. */
export function reportLine({ line, diagnostics }: Reading, result: LineResult): false {
  if ('mismatch' in result) diagnostics.push(unreadableLine(line, result.mismatch));
  if ('refusal' in result) diagnostics.push(badValue(line, result.refusal.token, result.refusal.expected));
  return false;
}

/** The sets of `ipset list -n`: a name on each line. */
export function namesReader(): SetsReader {
  const drafts: SetDraft[] = [];
  let before = 0;
  return {
    read(reading, skip) {
      before = drafts.length;
      eachLine(reading.line, (start, end, blank) => {
        if (blank || skip(start, end)) return;
        scanName(reading.line, start, end);
        const result = readLine(reading);
        if ('found' in result && result.found.kind === 'Name') drafts.push(newDraft(result.found.name, reading.line.spanOf(start, end)));
        else reportLine(reading, result);
      });
    },
    finish: () => undefined,
    drafts: () => drafts,
    touched: () => drafts.slice(before),
    hasHead: () => true,
  };
}
