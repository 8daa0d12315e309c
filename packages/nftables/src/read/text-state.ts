import type { Diagnostic, Span } from '@netdrift/core';
import type { TableFamily } from '../ast/ruleset.ts';
import type { NftLine } from '../nft-line.ts';
import type { Reading } from '../reading.ts';
import { newTable, type ChainDraft, type ObjectDraft, type SetDraft, type TableDraft } from './drafts.ts';

/** A block whose end was not met yet. */
export type Block =
  | { readonly place: 'table'; readonly table: TableDraft }
  | { readonly place: 'chain'; readonly table: TableDraft; readonly chain: ChainDraft }
  | { readonly place: 'set'; readonly table: TableDraft; readonly set: SetDraft }
  | { readonly place: 'object'; readonly table: TableDraft; readonly object: ObjectDraft; readonly isFlowtable: boolean };

/** A text under way. */
export interface TextState {
  readonly reading: Reading;
  readonly line: NftLine;
  readonly blocks: Block[];
  readonly tables: Map<string, TableDraft>;
  /** Tables that a warning of nft named before they came. */
  readonly warned: Set<string>;
  /** Where statements stood that are nft's: without one the text is none of nft's. */
  found: number;
  /** The text has commands, or comments that people write. */
  isInput: boolean;
  /** How many blocks of a table stand directly below another, and how many behind a blank line. */
  readonly spacing: { below: number; apart: number };
}

export function report(state: TextState, diagnostic: Diagnostic): void {
  state.reading.diagnostics.push(diagnostic);
}

const keyOf = (family: string, name: string): string => `${family} ${name}`;

/** The table of a name, made where it is not there yet. */
export function tableOf(state: TextState, family: TableFamily, name: string, span: Span): TableDraft {
  const key = keyOf(family, name);
  const known = state.tables.get(key);
  if (known !== undefined) {
    known.span.end = Math.max(known.span.end, span.end);
    return known;
  }
  const table = newTable(family, name, span);
  table.isNamedInWarning = state.warned.has(key);
  state.tables.set(key, table);
  return table;
}

export function dropTable(state: TextState, family: string, name: string): boolean {
  return state.tables.delete(keyOf(family, name));
}

export function warnOf(state: TextState, family: string, name: string): void {
  const key = keyOf(family, name);
  state.warned.add(key);
  const table = state.tables.get(key);
  if (table !== undefined) table.isNamedInWarning = true;
}

const FAMILIES = ['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev'] as const;

/** Notes whether a block stands directly below the one before it. */
export function noteSpacing({ line, spacing }: TextState, { blockEnd }: TableDraft, start: number): void {
  if (blockEnd === undefined) return;
  if (line.source.slice(blockEnd, start).split('\n').length === 2) spacing.below += 1;
  else spacing.apart += 1;
}

/** The family of a command; `ip` where it names none. */
export function familyOfHead(family: string | undefined): TableFamily {
  return FAMILIES.find((one) => one === family) ?? 'ip';
}
