import { decode, type Diagnostic, Line, type ParseResult } from '@netdrift/core';
import type { Ipset, IpSet, IpsetListForm, ToolError } from './ast.ts';
import { noFinalNewline, notIpset, toolErrorBeside } from './diagnostics.ts';
import { toSet } from './draft.ts';
import { eachLine, newReading, type Reading, type SetsReader } from './read-lines.ts';
import { listReader, namesReader } from './read-list.ts';
import { saveReader } from './read-save.ts';
import { commandOf } from './save-commands.ts';
import { labelOf } from './scan.ts';
import { namesIpset, toolErrorOf } from './tool-errors.ts';

/** Options of {@link parseIpset}. */
export interface ParseIpsetOptions {
  /** Which output the text is; told from its lines unless given. Bare names (`ipset list -n`) are read only when asked for. */
  readonly form?: IpsetListForm | 'save';
  /** The set of which `Members:` alone, without a head, are the members: the one that the command asked for. */
  readonly set?: string;
}

/**
 * Reads what `ipset list` (whole, terse, sorted, one set) or `ipset save` prints, or text for `ipset restore`.
 *
 * A line that is none of ipset's costs that line and has a diagnostic; a member that is none of its set's type is kept
 * as an `UnknownMember`. A text that is nothing but an error message gives a `ToolError`. A text without a line is a
 * kernel without sets. Commands of a restore text other than `create` and `add` are reported and not applied.
 *
 * Every type of ipset 7.22. Seen with 7.17 and 7.22; printed in lib/session.c, `list_create` and `list_adt` (7.21).
 *
 * @example
 * parseIpset('create web bitmap:port range 0-1023\nadd web 443\n').value
 * // => { kind: 'IpsetSave', layout: { form: 'save' }, sets: [{ kind: 'IpSet', name: 'web', type: 'bitmap:port',
 * //      options: { range: { first: '0', last: '1023' } },
 * //      members: [{ kind: 'Member', elements: [{ kind: 'PortElement', port: 443 }], span: { start: 36, end: 47 } }],
 * //      span: { start: 0, end: 47 } }], span: { start: 0, end: 48 } }
 */
export function parseIpset(input: string | Uint8Array, options: ParseIpsetOptions = {}): ParseResult<Ipset> {
  return parseWith(input, options, true);
}

/** The same with the grammar run on every line: what remembering shapes must make no difference to. */
export function parseByGrammar(input: string | Uint8Array, options: ParseIpsetOptions = {}): ParseResult<Ipset> {
  return parseWith(input, options, false);
}

function parseWith(input: string | Uint8Array, options: ParseIpsetOptions, cached: boolean): ParseResult<Ipset> {
  const text = decode(input);
  const span = { start: 0, end: text.length };
  const reading = newReading(new Line(text), cached);
  const { line, diagnostics } = reading;
  const seen = look(line);
  const form = options.form ?? seen.form;
  const [error] = seen.errors;
  if (form === undefined || (seen.form === undefined && seen.onlyErrors)) {
    if (error !== undefined && seen.onlyErrors)
      return { value: error, diagnostics: seen.errors.slice(1).map(({ span: place }) => reportError(text, place)) };
    if (seen.lines > 0) diagnostics.push(notIpset(span));
    return { value: { kind: 'IpsetList', layout: { form: 'list' }, sets: [], span }, diagnostics };
  }
  const errors = new Map(seen.errors.map((entry) => [entry.span.start, entry]));
  const isError = (start: number, end: number): boolean => {
    if (!errors.has(start)) return false;
    diagnostics.push(reportError(text, { start, end }));
    return true;
  };
  const reader = readerOf(form, reading, options.set);
  reader.read(reading, isError);
  reader.finish();
  const sets = Array.from(reader.drafts(), toSet);
  if (sets.length > 0 && !text.endsWith('\n')) diagnostics.push(noFinalNewline({ start: text.length, end: text.length }));
  diagnostics.sort((one, other) => one.span.start - other.span.start);
  return { value: toValue(form, sets, span), diagnostics };
}

/** The diagnostic of an error message beside sets. */
export function reportError(text: string, span: IpSet['span']): Diagnostic {
  return toolErrorBeside(text.slice(span.start, span.end), span);
}

/** The reader of a form. */
export function readerOf(form: IpsetListForm | 'save', reading: Reading, set: string | undefined): SetsReader {
  if (form === 'save') return saveReader(reading);
  return form === 'list' ? listReader(reading, set) : namesReader();
}

/** An output of so many sets. */
export function toValue(form: IpsetListForm | 'save', sets: readonly IpSet[], span: IpSet['span']): Ipset {
  if (form === 'save') return { kind: 'IpsetSave', layout: { form }, sets, span };
  return { kind: 'IpsetList', layout: { form }, sets, span };
}

interface Seen {
  readonly form?: 'list' | 'save';
  readonly lines: number;
  readonly errors: readonly ToolError[];
  /** Every line is an error message. */
  readonly onlyErrors: boolean;
}

/** What the first line that shows a form shows, and the error messages anywhere. */
function look(line: Line): Seen {
  let form: 'list' | 'save' | undefined;
  let lines = 0;
  const errors: ToolError[] = [];
  const mayFail = namesIpset(line.source);
  eachLine(line, (start, end, blank) => {
    if (blank) return;
    lines += 1;
    const error = mayFail ? toolErrorOf(line.source.slice(start, end), { start, end }) : undefined;
    if (error !== undefined) errors.push(error);
    else form ??= formOfLine(line, start, end);
  });
  return { ...(form === undefined ? {} : { form }), lines, errors, onlyErrors: lines > 0 && errors.length === lines };
}

/** The form that a line shows. */
export function formOfLine(line: Line, start: number, end: number): 'list' | 'save' | undefined {
  if (labelOf(line, start, end) >= 0) return 'list';
  const command = commandOf(line, start, end);
  return command === 'create' || command === 'add' ? 'save' : undefined;
}
