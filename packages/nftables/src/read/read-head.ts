import type { Span } from '@netdrift/core';
import { badValue, commandNotApplied, repeatedBlock, unknownBlock, unreadableText } from '../diagnostics.ts';
import type { HeadLine } from '../lines/line-nodes.ts';
import { readLine } from '../reading.ts';
import { endOfBlock } from '../scan/braces.ts';
import { OPEN } from '../scan/characters.ts';
import { scanHead } from '../scan/scan-head.ts';
import { newChain, newObject, newSet, type TableDraft } from './drafts.ts';
import { readElementCommand, readRuleCommand } from './read-block-lines.ts';
import { dropTable, familyOfHead, noteSpacing, report, tableOf, type TextState } from './text-state.ts';

/** Commands of nft that are none of {@link HeadLine}'s verbs: they change nothing that is kept, or nothing that can be applied. */
const OTHER_COMMANDS: ReadonlySet<string> = new Set([
  'list',
  'reset',
  'rename',
  'include',
  'define',
  'undefine',
  'redefine',
  'monitor',
  'describe',
  'import',
  'export',
]);

/** The head of a block or a command; gives where to go on. */
export function readHead(state: TextState, table: TableDraft | undefined, at: number): number {
  const { line, reading } = state;
  const scanned = scanHead(line, at, line.bytes.length, table !== undefined);
  const span = { start: at, end: line.end };
  const result = readLine(line, reading.shapes);
  if ('refusal' in result) {
    const { token, expected } = result.refusal;
    report(state, badValue(line.text(token), expected, line.span(token)));
    return skipped(state, scanned);
  }
  const found = 'found' in result ? result.found : undefined;
  if (found?.kind === 'TableSetting' && table !== undefined) {
    if (found.flags !== undefined) table.flags = found.flags;
    if (found.comment !== undefined) table.comment = found.comment;
    return scanned.end;
  }
  if (found?.kind !== 'Head') return readOther(state, span, scanned);
  state.found += 1;
  if (found.verb !== undefined) state.isInput = true;
  return table === undefined ? readCommand(state, found, span, scanned) : readInTable(state, table, found, found.names[0], span, scanned);
}

interface Scanned {
  readonly end: number;
  readonly opens: boolean;
}

/** Past a block that is not read. */
function skipped({ line }: TextState, { end, opens }: Scanned): number {
  const { bytes } = line;
  const brace = opens ? bytes.lastIndexOf(OPEN, end - 1) : -1;
  return brace < 0 ? end : endOfBlock(bytes, brace, bytes.length);
}

function readOther(state: TextState, span: Span, scanned: Scanned): number {
  const { source } = state.line;
  const text = source.slice(span.start, Math.max(span.end, span.start + 1)).replace(/\s*\{$/, '');
  const place = { start: span.start, end: span.start + text.length };
  const isCommand = OTHER_COMMANDS.has(/^\w+/.exec(text)?.[0] ?? '');
  if (isCommand) {
    state.isInput = true;
    report(state, commandNotApplied(text, place));
  } else report(state, scanned.opens && state.blocks.length > 0 ? unknownBlock(text, place) : unreadableText(text, place));
  return skipped(state, scanned);
}

/** A line outside of tables: a table, or a command. */
function readCommand(state: TextState, head: HeadLine, span: Span, scanned: Scanned): number {
  const { verb, subject, names, rest } = head;
  const family = familyOfHead(head.family);
  const [tableName, name] = names;
  if (verb === 'flush' || verb === 'delete' || verb === 'destroy') return removeNamed(state, head, span, scanned);
  if (tableName === undefined || (subject !== 'table' && name === undefined) || rest !== undefined) {
    report(state, unreadableText(state.line.source.slice(span.start, span.end), span));
    return skipped(state, scanned);
  }
  const table = tableOf(state, family, tableName, span);
  if (subject !== 'table') {
    table.hasBlock = true;
    return readInTable(state, table, head, name, span, scanned);
  }
  if (head.handle !== undefined) table.handle = head.handle;
  if (head.owner !== undefined) table.owner = head.owner;
  if (scanned.opens) {
    table.hasBlock = true;
    state.blocks.push({ place: 'table', table });
  }
  return scanned.end;
}

function removeNamed(state: TextState, { verb, subject, family, names }: HeadLine, span: Span, scanned: Scanned): number {
  const [tableName = '', name = ''] = names;
  const table = state.tables.get(`${familyOfHead(family)} ${tableName}`);
  if (subject === 'ruleset') state.tables.clear();
  else if (subject === 'table' && verb !== 'flush') dropTable(state, familyOfHead(family), tableName);
  else if (subject === 'table') for (const chain of table?.chains.values() ?? []) chain.rules.length = 0;
  else if (subject === 'chain' && verb !== 'flush') table?.chains.delete(name);
  else if (subject === 'chain') table?.chains.get(name)?.rules.splice(0);
  else report(state, commandNotApplied(state.line.source.slice(span.start, span.end), span));
  return skipped(state, scanned);
}

/** A block of a table, or a command about something in one. */
function readInTable(state: TextState, table: TableDraft, head: HeadLine, name: string | undefined, span: Span, scanned: Scanned): number {
  if (name === undefined || head.rest !== undefined) {
    const text = state.line.source.slice(span.start, span.end);
    report(state, scanned.opens ? unknownBlock(text.replace(/\s*\{$/, ''), span) : unreadableText(text, span));
    return skipped(state, scanned);
  }
  table.span.end = Math.max(table.span.end, span.end);
  noteSpacing(state, table, span.start);
  switch (head.subject) {
    case 'rule':
      return readRuleCommand(state, table, head, name, span.start, scanned.end);
    case 'element':
      return readElementCommand(state, table, name, span.start, scanned.end);
    case 'chain':
      openChain(state, table, head, name, span, scanned.opens);
      return scanned.end;
    case 'set':
    case 'map':
      openSet(state, table, head, name, span, scanned.opens);
      return scanned.end;
    case 'flowtable':
    case 'object':
      openObject(state, table, head, name, span, scanned.opens);
      return scanned.end;
    default:
      report(state, unreadableText(state.line.source.slice(span.start, span.end), span));
      return skipped(state, scanned);
  }
}

function openChain(state: TextState, table: TableDraft, { verb, handle }: HeadLine, name: string, span: Span, opens: boolean): void {
  const known = table.chains.get(name);
  if (known !== undefined && opens && verb === undefined) report(state, repeatedBlock('chain', name, span));
  const chain = known ?? newChain(name, span);
  table.chains.set(name, chain);
  if (handle !== undefined) chain.handle = handle;
  if (opens) state.blocks.push({ place: 'chain', table, chain });
}

function openSet(state: TextState, table: TableDraft, { subject, verb, handle }: HeadLine, name: string, span: Span, opens: boolean): void {
  const known = table.sets.get(name);
  if (known !== undefined && opens && verb === undefined) report(state, repeatedBlock(subject, name, span));
  const set = known ?? newSet(subject === 'map' ? 'Map' : 'Set', name, span);
  table.sets.set(name, set);
  if (handle !== undefined) set.handle = handle;
  if (opens) state.blocks.push({ place: 'set', table, set });
}

function openObject(
  state: TextState,
  table: TableDraft,
  { subject, word, handle }: HeadLine,
  name: string,
  span: Span,
  opens: boolean,
): void {
  const isFlowtable = subject === 'flowtable';
  const home = isFlowtable ? table.flowtables : table.objects;
  const object = home.get(name) ?? newObject(word, name, span);
  home.set(name, object);
  if (handle !== undefined) object.handle = handle;
  if (opens) state.blocks.push({ place: 'object', table, object, isFlowtable });
}
