import type { Diagnostic, ParseResult, Span } from '@netdrift/core';
import type { NftablesRuleset } from '../ast/ruleset.ts';
import { badJson, managedByIptables, noFinalNewline, unknownObject } from '../diagnostics.ts';
import { type Command, shownBy } from '../command.ts';
import { toTable } from '../read/finish.ts';
import { newTable, type TableDraft } from '../read/drafts.ts';
import { compactJson, isList, isObject, type JsonObject, type JsonValue, member, numberOf, onlyEntry, textOf } from './json-value.ts';
import { familyOfJson, readJsonObject } from './objects.ts';

/** Reads the JSON of `nft -j`: one object whose `nftables` lists tables, chains, sets and rules. */
export function parseNftablesJson(text: string, command: Command | undefined): ParseResult<NftablesRuleset> {
  const span: Span = { start: 0, end: text.length };
  const diagnostics: Diagnostic[] = [];
  const failed = (reason: string): ParseResult<NftablesRuleset> => ({ value: ruleset(span, []), diagnostics: [badJson(reason, span)] });
  let document: JsonValue;
  try {
    document = JSON.parse(text);
  } catch {
    return failed('the text is not complete JSON');
  }
  const objects = isObject(document) ? member(document, 'nftables') : undefined;
  if (!isList(objects)) return failed('the JSON has no list "nftables"');
  const tables = new Map<string, TableDraft>();
  let version: string | undefined;
  for (const object of objects) {
    const entry = onlyEntry(object);
    // `nft -j -f` takes commands; a table of a file that people wrote stands in an `add`.
    const [kind, content] = (entry?.[0] === 'add' ? onlyEntry(entry[1]) : entry) ?? [];
    if (kind === 'metainfo' && isObject(content)) version = textOf(content, 'version');
    else if (kind === undefined || !isObject(content) || !takeObject(tables, kind, content, span)) {
      diagnostics.push(unknownObject(compactJson(object), span));
    }
  }
  const drafts = [...tables.values()];
  const shown = shownBy(command, {
    elements: drafts.some(({ sets }) => [...sets.values()].some(({ elements }) => elements !== undefined)),
    rules: drafts.some(({ chains, sets }) => sets.size > 0 || [...chains.values()].some(({ rules }) => rules.length > 0)),
  });
  const value = ruleset(
    span,
    drafts.map((draft) => toTable(draft, shown)),
    version,
  );
  for (const table of value.tables) if (table.managedBy !== undefined) diagnostics.push(managedByIptables(table.family, table.name, span));
  if (!text.endsWith('\n')) diagnostics.push(noFinalNewline({ start: text.length, end: text.length }));
  return { value, diagnostics };
}

function ruleset(span: Span, tables: NftablesRuleset['tables'], version?: string): NftablesRuleset {
  return { kind: 'NftablesRuleset', layout: { form: 'json' }, ...(version === undefined ? {} : { version }), tables, span };
}

function takeObject(tables: Map<string, TableDraft>, kind: string, content: JsonObject, span: Span): boolean {
  const family = familyOfJson(content);
  const tableName = kind === 'table' ? textOf(content, 'name') : textOf(content, 'table');
  if (family === undefined || tableName === undefined) return false;
  const key = `${family} ${tableName}`;
  const table = tables.get(key) ?? newTable(family, tableName, span);
  tables.set(key, table);
  if (kind === 'table') {
    const handle = numberOf(content, 'handle');
    if (handle !== undefined) table.handle = handle;
    return readJsonObject(table, kind, content, span);
  }
  table.hasBlock = true;
  return readJsonObject(table, kind, content, span);
}
