import { type Diagnostic, moveSpans, wholeLines } from '@netdrift/core';
import type { Nftables, Table } from './ast/ruleset.ts';
import { parseNftables, type ParseNftablesOptions } from './parse.ts';

/** What {@link parseNftablesStream} gives: tables and diagnostics as they are read, and at the end the value without its tables. */
export type NftablesStreamItem =
  | { readonly type: 'table'; readonly table: Table }
  | { readonly type: 'diagnostic'; readonly diagnostic: Diagnostic }
  | { readonly type: 'value'; readonly value: Nftables };

/** The end of a table as nft prints it: a brace alone at the start of a line. */
const TABLE_END = '\n}\n';
/** How the first line of a listing begins; anything else, as a file of commands or JSON, is read whole. */
const LISTING = /^\s*(?:table |# Warning: table )/;

/**
 * Reads what nft lists where that is too large to hold, or goes on: gives each table as soon as its last line has come, with the
 * diagnostics before it, and last the value, which holds no tables. One table is held in memory.
 *
 * The tables are those of `parseNftables`, spans included, but for this: without `command` each table tells by itself whether elements and
 * rules are shown, and a table that is listed twice is given twice. A file for `nft -f` and JSON, where a later part changes an earlier
 * one, are held whole. Bytes are read as UTF-8.
 *
 * @example
 * for await (const item of parseNftablesStream(process.stdin)) if (item.type === 'table') names.push(item.table.name);
 */
export async function* parseNftablesStream(
  input: AsyncIterable<string | Uint8Array>,
  options: ParseNftablesOptions = {},
): AsyncGenerator<NftablesStreamItem, void, void> {
  const lines = wholeLines();
  let held: string[] = [];
  let isListing: boolean | undefined;
  let base = 0;
  let value: Nftables | undefined;

  function* read(text: string): Generator<NftablesStreamItem, void, void> {
    const parsed = parseNftables(text, options);
    for (const diagnostic of parsed.diagnostics) yield { type: 'diagnostic', diagnostic: moved(diagnostic, base) };
    const tables = parsed.value.kind === 'NftablesRuleset' ? parsed.value.tables : [];
    for (const table of tables) yield { type: 'table', table: moved(table, base) };
    value ??= tables.length > 0 || parsed.value.kind === 'ToolError' ? parsed.value : undefined;
    base += text.length;
  }

  for await (const piece of input) {
    const text = lines.add(piece);
    if (text.trim() !== '') isListing ??= LISTING.test(text);
    const end = isListing === true ? endOfTables(text) : 0;
    if (end > 0) yield* read(`${held.join('')}${text.slice(0, end)}`);
    if (end > 0) held = [text.slice(end)];
    else held.push(text);
  }
  const rest = `${held.join('')}${lines.rest()}`;
  if (rest.trim() !== '' || value === undefined) yield* read(rest);
  else base += rest.length;
  const span = { start: 0, end: base };
  yield {
    type: 'value',
    value:
      value?.kind === 'NftablesRuleset'
        ? { ...value, tables: [], span }
        : (value ?? { kind: 'NftablesRuleset', layout: { form: 'listing' }, tables: [], span }),
  };
}

/** Where the last table ends that is complete in text of whole lines; 0 where none does. */
function endOfTables(text: string): number {
  const at = text.lastIndexOf(TABLE_END);
  if (at >= 0) return at + TABLE_END.length;
  return text.startsWith(TABLE_END.slice(1)) ? TABLE_END.length - 1 : 0;
}

/** A copy of a tree that stands so far behind. */
function moved<Tree>(tree: Tree, by: number): Tree {
  return by === 0 ? tree : moveSpans(tree, ({ start, end }) => ({ start: start + by, end: end + by }));
}
