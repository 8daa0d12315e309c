import { decode, type Diagnostic, type ParseResult, type Span } from '@netdrift/core';
import type { Nftables, NftablesForm, NftablesRuleset, ToolError } from './ast/ruleset.ts';
import { managedByIptables, noFinalNewline, notNftables, toolErrorBeside } from './diagnostics.ts';
import { parseNftablesJson } from './json/parse-json.ts';
import { toTable } from './read/finish.ts';
import { readText } from './read/read-text.ts';
import type { TextState } from './read/text-state.ts';
import { type Command, shownBy } from './command.ts';
import { newReading } from './reading.ts';
import { toolErrorOf } from './tool-errors.ts';

/** Options of {@link parseNftables}. */
export interface ParseNftablesOptions {
  /**
   * The command that the text is the output of, where it is known: `nft -t list ruleset`. It tells what the text leaves out: without it,
   * the elements of sets are taken for not shown where no set of the text has any, and rules where no chain has one.
   */
  readonly command?: Command;
}

/**
 * Reads what nft lists (`list ruleset`, `list table`, `list chain`, `list set`, `list map`, `list tables`, with any of `-a -s -n -nn -t`),
 * files for `nft -f`, and the JSON of `nft -j`.
 *
 * A line that is none of nft's costs that line and has a diagnostic; a statement that is not known is kept as text. A text that is nothing
 * but an error message gives a `ToolError`. Of an input file the commands that add are read, `flush` and `delete` of tables and chains are
 * applied, and others are reported. The tables of iptables-nft are told apart with `managedBy`: nft does not show what their rules ask.
 *
 * Versions 0.9.8 to 1.1.6; seen with 1.0.6. Printed in src/rule.c, src/statement.c and src/expression.c of nftables.
 *
 * @example
 * parseNftables('table ip t {\n\tchain c {\n\t\ttcp dport 80 accept\n\t}\n}\n').value.tables[0].chains[0].rules[0].statements
 * // => [{ kind: 'Match', left: { kind: 'Payload', protocol: 'tcp', field: 'dport' }, operator: '==', right: { kind: 'Number', value: 80 }
 * }, //     { kind: 'Verdict', verdict: 'accept' }]
 */
export function parseNftables(input: string | Uint8Array, options: ParseNftablesOptions = {}): ParseResult<Nftables> {
  return parseWith(input, options, true);
}

/** The same with the grammar run on every line: what remembering shapes must make no difference to. */
export function parseByGrammar(input: string | Uint8Array, options: ParseNftablesOptions = {}): ParseResult<Nftables> {
  return parseWith(input, options, false);
}

function parseWith(input: string | Uint8Array, options: ParseNftablesOptions, cached: boolean): ParseResult<Nftables> {
  const text = decode(input);
  const span = { start: 0, end: text.length };
  if (/^\s*\{/.test(text.slice(0, 4096))) return parseNftablesJson(text, options.command);
  const answer = onlyErrors(text);
  if (answer !== undefined) return answer;
  const reading = newReading(text, cached);
  const state = readText(reading);
  const { diagnostics } = reading;
  if (state.found === 0 && /\S/.test(text)) {
    const kept = diagnostics.filter(({ code }) => code === 'nftables/set-aside');
    return {
      value: ruleset('listing', span, []),
      diagnostics: kept.length === diagnostics.length && kept.length + state.warned.size > 0 ? kept : [notNftables(span)],
    };
  }
  const value = ruleset(formOf(state), span, finishTables(state, options.command), isDense(state));
  const managed = value.tables.filter(({ managedBy }) => managedBy !== undefined);
  const told = diagnostics.filter((one) => !isOfManagedRule(one, managed));
  for (const table of managed) told.push(managedByIptables(table.family, table.name, headSpan(text, table.span)));
  if (!text.endsWith('\n')) told.push(noFinalNewline({ start: text.length, end: text.length }));
  return { value, diagnostics: told.sort((one, other) => one.span.start - other.span.start) };
}

function ruleset(form: NftablesForm, span: Span, tables: NftablesRuleset['tables'], dense = false): NftablesRuleset {
  return { kind: 'NftablesRuleset', layout: { form, ...(dense ? { dense } : {}) }, tables, span };
}

/** Statements that are not known are no news in a table whose rules are not read. */
function isOfManagedRule({ code, span }: Diagnostic, managed: NftablesRuleset['tables']): boolean {
  return code === 'nftables/unknown-statement' && managed.some((table) => table.span.start <= span.start && span.end <= table.span.end);
}

/** The first line of a block. */
function headSpan(text: string, { start, end }: Span): Span {
  const stop = text.indexOf('\n', start);
  return { start, end: stop < 0 ? end : Math.min(stop, end) };
}

/** `list chains` and `list sets` put no blank line between blocks. */
function isDense({ spacing, isInput }: TextState): boolean {
  return !isInput && spacing.below > 0 && spacing.apart === 0;
}

function formOf({ isInput, tables }: TextState): NftablesForm {
  if (isInput) return 'input';
  return tables.size > 0 && [...tables.values()].every(({ hasBlock }) => !hasBlock) ? 'tables' : 'listing';
}

function finishTables(state: TextState, command: Command | undefined): NftablesRuleset['tables'] {
  const drafts = [...state.tables.values()];
  const shown = shownBy(command, {
    elements: state.isInput || drafts.some(({ sets }) => [...sets.values()].some(({ elements }) => elements !== undefined)),
    rules: state.isInput || drafts.some(({ chains, sets }) => sets.size > 0 || [...chains.values()].some(({ rules }) => rules.length > 0)),
  });
  return drafts.map((draft) => toTable(draft, shown, state.line.source));
}

/** What a text says of which every line is an error message. */
function onlyErrors(text: string): ParseResult<ToolError> | undefined {
  if (text.length > LONGEST_ANSWER) return undefined;
  const errors: ToolError[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const written = line.trimEnd();
    const error = toolErrorOf(written, { start, end: start + written.length });
    // Below its message nft shows the command and marks the place.
    if (error !== undefined) errors.push(error);
    else if (written.trim() !== '' && errors.length === 0) return undefined;
    else if (written.trim() !== '') {
      if (!/^[\^~ \t]+$|^(?:list|reset|add|create|insert|delete|destroy|flush) /.test(written)) return undefined;
      const last = errors.pop() as ToolError;
      errors.push({ ...last, span: { start: last.span.start, end: start + written.length } });
    }
    start += line.length + 1;
  }
  const [first, ...others] = errors;
  if (first === undefined) return undefined;
  return { value: first, diagnostics: others.map(({ span }): Diagnostic => toolErrorBeside(text.slice(span.start, span.end), span)) };
}

const LONGEST_ANSWER = 4096;
