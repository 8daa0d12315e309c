import { type Diagnostic, type Line, MAX_TOKENS, type Mismatch, quoteInput } from '@netdrift/core';
import type { ModulesForm } from './modules-form.ts';

/** One kind of diagnostic: what it means, how grave it is, and a text that raises it. */
export interface DiagnosticEntry {
  readonly code: string;
  readonly severity: Diagnostic['severity'];
  readonly meaning: string;
  readonly sample: string;
}

/** Every diagnostic of `parseModules`. Codes are permanent. */
export const modulesDiagnostics: readonly DiagnosticEntry[] = [
  {
    code: 'modules/not-a-module-list',
    severity: 'error',
    meaning: 'no line of the text belongs to a module list: nothing was read',
    sample: 'Chain INPUT (policy ACCEPT)\n',
  },
  {
    code: 'modules/unreadable-line',
    severity: 'error',
    meaning: 'a line does not belong to this list: it was left out',
    sample: 'ip_vs 188416 25\nip_vs_rr many 1\n',
  },
  {
    code: 'modules/bad-value',
    severity: 'error',
    meaning: 'a column has a value that it cannot have: the line was left out',
    sample: 'ip_vs 188416 25\nip_vs_rr 12600 1 a+b\n',
  },
  {
    code: 'modules/tool-error',
    severity: 'warning',
    meaning: 'an error message of a tool is between the lines of a list, which may be incomplete',
    sample: 'ip_vs 188416 25\nlsmod: cannot read on\n',
  },
  {
    code: 'modules/repeated-header',
    severity: 'info',
    meaning: 'the header of lsmod is in the text again: two outputs were joined',
    sample: 'Module                  Size  Used by\nModule                  Size  Used by\n',
  },
  {
    code: 'modules/no-final-newline',
    severity: 'info',
    meaning: 'the text ends inside a line: the last module may be cut',
    sample: 'ip_vs\nip_vs_r',
  },
];

const SEVERITIES = new Map(modulesDiagnostics.map(({ code, severity }) => [code, severity]));

function diagnostic(code: string, message: string, span: Diagnostic['span'], help?: string): Diagnostic {
  return { code, severity: SEVERITIES.get(code) ?? 'error', message, span, ...(help === undefined ? {} : { help }) };
}

export function notAModuleList(span: Diagnostic['span']): Diagnostic {
  return diagnostic(
    'modules/not-a-module-list',
    'no line is one of modules.builtin, lsmod, /proc/modules or a list of module names',
    span,
    'give the output of lsmod, or the text of /proc/modules or /lib/modules/RELEASE/modules.builtin',
  );
}

export function toolErrorBetween(text: string, span: Diagnostic['span']): Diagnostic {
  return diagnostic('modules/tool-error', `${quoteInput(text)} is between the modules`, span);
}

export function repeatedHeader(span: Diagnostic['span']): Diagnostic {
  return diagnostic('modules/repeated-header', 'the header of lsmod is here again', span);
}

export function noFinalNewline(span: Diagnostic['span']): Diagnostic {
  return diagnostic('modules/no-final-newline', 'the text ends without a newline: its last line may be cut', span);
}

const COLUMNS: Readonly<Record<ModulesForm, readonly string[]>> = {
  builtin: ['the path of a module'],
  lsmod: ['the name of a module', 'a size in bytes', 'a use count', 'the modules that use it'],
  names: ['the name of a module'],
  'proc-modules': [
    'the name of a module',
    'a size in bytes',
    'a use count',
    'the modules that use it',
    'Live, Loading or Unloading',
    'an address 0x…',
    'letters of taint',
  ],
};

/** A line that leaves the grammar: says which column does not fit. */
export function unreadableLine(line: Line, form: ModulesForm, mismatch: Mismatch): Diagnostic {
  if (line.overflow) return diagnostic('modules/unreadable-line', `the line has more than ${MAX_TOKENS} words`, line.lineSpan());
  // Token 0 is the form's own, so that column n is token n + 1.
  const expected = COLUMNS[form][mismatch.at - 1] ?? 'the end of the line';
  const ended = mismatch.at >= line.count;
  const span = ended ? { start: line.end, end: line.end } : line.span(mismatch.at);
  const found = ended ? 'the line ends' : `found ${quoteInput(line.text(mismatch.at))}`;
  return diagnostic('modules/unreadable-line', `expected ${expected}, ${found}`, span);
}

/** A column whose text is no value of its kind. */
export function badValue(line: Line, token: number, expected: string): Diagnostic {
  return diagnostic('modules/bad-value', `expected ${expected}, found ${quoteInput(line.text(token))}`, line.span(token));
}
