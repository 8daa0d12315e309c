import { type Diagnostic, textLines } from '@netdrift/core';
import { unreadRow } from './diagnostics.ts';

/** The rows of a table whose columns begin where the words of its heading begin. */
export interface ColumnTable {
  readonly headings: readonly string[];
  readonly rows: readonly ColumnRow[];
  /** Of each row that could not be read. */
  readonly diagnostics: readonly Diagnostic[];
}

/** One row. */
export interface ColumnRow {
  /** From 1. */
  readonly line: number;
  /** The text of a column; empty where the table has no such column. */
  readonly cell: (heading: string) => string;
}

/**
 * Reads a table as kubectl prints it: words of the heading in capitals, two or more blanks between columns, and every cell
 * beginning below the beginning of its heading. A row that was moved is read by its blanks, or left out.
 *
 * @example
 * columnTable('NAME   AGE\nnginx  14d\n', ['NAME'])?.rows[0]?.cell('AGE') // => '14d'
 */
export function columnTable(text: string, required: readonly string[]): ColumnTable | undefined {
  const lines = [...textLines(text)].filter((line) => line.text.trim() !== '');
  const heading = lines[0]?.text.trimEnd();
  if (heading === undefined) return undefined;
  const columns = [...heading.matchAll(/\S+(?: \S+)*/g)].map((found) => ({ name: found[0], start: found.index }));
  const headings = columns.map((column) => column.name);
  if (!required.every((name) => headings.includes(name))) return undefined;
  const rows: ColumnRow[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const line of lines.slice(1)) {
    const row = line.text.trimEnd();
    const cells = cellsBelow(row, columns) ?? cellsByBlanks(row, headings);
    if (cells === undefined) diagnostics.push(unreadRow(row, line));
    else rows.push({ line: line.number, cell: (name) => cells.get(name) ?? '' });
  }
  return { headings, rows, diagnostics };
}

/**
 * The cells below their headings; `undefined` where a word reaches over the beginning of a column, or one column holds two: the row was
 * moved.
 */
function cellsBelow(line: string, columns: readonly { readonly name: string; readonly start: number }[]): Map<string, string> | undefined {
  if (!columns.every(({ start }) => start === 0 || start >= line.length || line[start - 1] === ' ')) return undefined;
  const cells = columns.map(({ name, start }, place) => [name, line.slice(start, columns[place + 1]?.start).trim()] as const);
  return cells.some(([, cell]) => /\s{2}/.test(cell)) ? undefined : new Map(cells);
}

/**
 * The cells of a row whose columns somebody moved, told by the blanks between them; `undefined` where that does not give as many as there
 * are headings.
 */
function cellsByBlanks(line: string, headings: readonly string[]): Map<string, string> | undefined {
  const wide = line.trim().split(/\s{2,}/);
  const cells = wide.length === headings.length ? wide : line.trim().split(/\s+/);
  return cells.length === headings.length ? new Map(headings.map((name, index) => [name, cells[index] ?? ''])) : undefined;
}

/** The parts of a cell that lists values with commas; `<none>` and `<pending>` are nothing. */
export function listCell(cell: string): string[] {
  return cell.split(',').filter((part) => part !== '' && !part.startsWith('<'));
}
