import {
  decode,
  type Diagnostic,
  endOfLine,
  instantiate,
  isBlank,
  isMismatch,
  Line,
  type ParseResult,
  shapeCache,
  type Template,
} from '@netdrift/core';
import type { Module, Modules, ToolError } from './ast.ts';
import { badValue, noFinalNewline, notAModuleList, repeatedHeader, toolErrorBetween, unreadableLine } from './diagnostics.ts';
import { formOfLine, isLsmodHeader } from './form.ts';
import type { ModulesForm } from './modules-form.ts';
import { grammar } from './grammar.ts';
import { headerOf, type LsmodFacts, noteLsmodLine, toLayout } from './lsmod-layout.ts';
import { scanLine, scanWords } from './scan.ts';
import { toolErrorOf } from './tool-errors.ts';

/** Options of {@link parseModules}. */
export interface ParseModulesOptions {
  /** Which output the text is; told from its lines unless given. A text of no lines is of this form. */
  readonly form?: ModulesForm;
}

interface Found {
  readonly modules: Module[];
  readonly errors: ToolError[];
  readonly diagnostics: Diagnostic[];
  readonly lsmod: LsmodFacts;
}

/**
 * Reads modules.builtin (whole or grepped), `lsmod`, `/proc/modules`, a list of module names, or what modprobe, insmod
 * and rmmod answer.
 *
 * A line that is none of the list costs that line and has a diagnostic. A text that is nothing but error messages gives
 * `ModuleErrors`, or a `ToolError` where no module tool spoke (`lsmod: command not found`). A text without a line says
 * that no module is listed; it is taken for names unless `form` says what it is. Names are told from other text only
 * when every line is one.
 *
 * Seen with kmod 30 and busybox 1.35 on Linux 6.1 and 6.12. Printed in kmod tools/lsmod.c, busybox modutils/lsmod.c and
 * Linux kernel/module/procfs.c.
 *
 * @example
 * parseModules('ip_vs_rr               16384  9\n').value
 * // => { kind: 'Lsmod', layout: { form: 'kmod', header: false }, modules: [
 * //      { kind: 'Module', name: 'ip_vs_rr', size: 16384, useCount: 9, usedBy: [], span: { start: 0, end: 31 } }],
 * //      span: { start: 0, end: 32 } }
 */
export function parseModules(input: string | Uint8Array, options: ParseModulesOptions = {}): ParseResult<Modules> {
  return parseWith(input, options, true);
}

/** The same with the grammar run on every line: what remembering shapes must make no difference to. */
export function parseByGrammar(input: string | Uint8Array, options: ParseModulesOptions = {}): ParseResult<Modules> {
  return parseWith(input, options, false);
}

function parseWith(input: string | Uint8Array, options: ParseModulesOptions, cached: boolean): ParseResult<Modules> {
  const text = decode(input);
  const span = { start: 0, end: text.length };
  const line = new Line(text);
  const form = options.form ?? formOfText(line);
  const found = readLines(line, form, cached);
  const { modules, errors, diagnostics } = found;
  if (modules.length === 0 && errors.length > 0 && found.lsmod.header === undefined)
    return { value: errorsAlone(errors, span), diagnostics };
  for (const error of errors) diagnostics.push(toolErrorBetween(text.slice(error.span.start, error.span.end), error.span));
  if (form === undefined && (diagnostics.length > 0 || modules.length > 0)) {
    return { value: { kind: 'ModuleNames', modules: [], span }, diagnostics: [notAModuleList(span)] };
  }
  if (modules.length > 0 && !text.endsWith('\n')) diagnostics.push(noFinalNewline({ start: text.length, end: text.length }));
  diagnostics.sort((one, other) => one.span.start - other.span.start);
  return { value: toValue(form ?? 'names', found, span), diagnostics };
}

function toValue(form: ModulesForm, { modules, lsmod }: Found, span: Module['span']): Modules {
  switch (form) {
    case 'builtin':
      return { kind: 'ModulesBuiltin', modules, span };
    case 'lsmod':
      return { kind: 'Lsmod', layout: toLayout(lsmod), modules, span };
    case 'proc-modules':
      return { kind: 'ProcModules', modules, span };
    case 'names':
      return { kind: 'ModuleNames', modules, span };
  }
}

const MODULE_TOOLS: readonly (string | undefined)[] = ['modprobe', 'insmod', 'rmmod', 'modinfo', undefined];

/** modprobe answers about modules, one error after another; another tool's error is the whole answer. */
function errorsAlone(errors: readonly ToolError[], span: Module['span']): Modules {
  const [first] = errors;
  if (first !== undefined && errors.length === 1 && (first.shell !== undefined || !MODULE_TOOLS.includes(first.tool))) return first;
  return { kind: 'ModuleErrors', errors, span };
}

/** Calls `visit` for each line that is not blank, without its line end. */
function eachLine({ source, bytes }: Line, visit: (start: number, end: number) => boolean | undefined): void {
  for (let start = 0; start < bytes.length;) {
    const next = endOfLine(source, start);
    const end = bytes[next - 1] === CARRIAGE_RETURN && next > start ? next - 1 : next;
    if (!isBlankLine(bytes, start, end) && visit(start, end) === false) return;
    start = next + 1;
  }
}

const CARRIAGE_RETURN = 0x0d;

function isBlankLine(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && isBlank(bytes[at])) at += 1;
  return at === end;
}

/** The form of the first line that shows one. Names are only believed when nothing else stands in the text. */
function formOfText(line: Line): ModulesForm | undefined {
  let form: ModulesForm | undefined;
  let onlyNames = true;
  eachLine(line, (start, end) => {
    const shown = formOfLine(line, start, end);
    if (shown === undefined && toolErrorOf(line.source.slice(start, end), { start, end }) === undefined) onlyNames = false;
    if (shown !== undefined && (form === undefined || form === 'names') && shown !== form) {
      // A path after names is a list of both; any other line after a name makes the name a stray word.
      if (form === undefined || shown !== 'builtin') form = shown;
    }
    return form === undefined || form === 'names' ? undefined : false;
  });
  return form === 'names' && !onlyNames ? undefined : form;
}

function readLines(line: Line, form: ModulesForm | undefined, cached: boolean): Found {
  const found: Found = { modules: [], errors: [], diagnostics: [], lsmod: {} };
  const shapes = shapeCache<Template<Module>>();
  eachLine(line, (start, end) => {
    const span = { start, end };
    const error = toolErrorOf(line.source.slice(start, end), span);
    if (error !== undefined) {
      found.errors.push(error);
      return;
    }
    if (form === 'lsmod' && readHeader(line, found, start, end)) return;
    readModule(line, form ?? 'names', found, cached ? shapes : undefined, start, end);
  });
  return found;
}

function readHeader(line: Line, { lsmod, diagnostics }: Found, start: number, end: number): boolean {
  scanWords(line, start, end);
  if (!isLsmodHeader(line)) return false;
  if (lsmod.header === undefined) lsmod.header = headerOf(line);
  else diagnostics.push(repeatedHeader(line.lineSpan()));
  return true;
}

function readModule(
  line: Line,
  form: ModulesForm,
  { modules, diagnostics, lsmod }: Found,
  shapes: ReturnType<typeof shapeCache<Template<Module>>> | undefined,
  start: number,
  end: number,
): void {
  scanLine(line, form, start, end);
  let template = shapes?.find(line);
  if (template === undefined) {
    const learnt = shapes === undefined ? grammar.derive(line) : grammar.learn(line);
    if (isMismatch(learnt)) {
      diagnostics.push(unreadableLine(line, form, learnt));
      return;
    }
    template = shapes?.add(line, learnt) ?? learnt;
  }
  const module = instantiate(template, line);
  const refusal = line.settle();
  if (refusal !== undefined) {
    diagnostics.push(badValue(line, refusal.token, refusal.expected));
    return;
  }
  if (form === 'lsmod') noteLsmodLine(lsmod, line, module);
  modules.push(module);
}
