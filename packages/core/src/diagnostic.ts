import type { Span } from './text/span.ts';

/**
 * How far a result can be trusted where a diagnostic points: `error` – it cannot; `warning` – it can, but something was odd or
 * kept as text; `info` – worth knowing.
 */
export type Severity = 'error' | 'warning' | 'info';

/** A second place that belongs to a diagnostic, with what is to be seen there. */
export interface DiagnosticLabel {
  readonly span: Span;
  readonly message: string;
}

/**
 * Something to say about a place of the input. Plain data: no colour, no file name, no frame; `renderDiagnostics` shows it.
 *
 * A label whose span is the diagnostic's own is what is written beside the caret.
 *
 * @example
 * const bad: Diagnostic = {
 *   code: 'iptables/bad-mark',
 *   severity: 'error',
 *   message: 'mark "0x4z00" is not hexadecimal',
 *   span: { start: 45, end: 51 },
 *   help: 'iptables prints marks as 0x and hexadecimal digits',
 * };
 */
export interface Diagnostic {
  /** Permanent name, `area/kebab-case`. */
  readonly code: string;
  readonly severity: Severity;
  /** One line that says what is wrong with this input. */
  readonly message: string;
  readonly span: Span;
  readonly labels?: readonly DiagnosticLabel[];
  /** What to do about it. */
  readonly help?: string;
}

/** What every parser gives: a value, perhaps of part of the input, and what there is to say about the rest. */
export interface ParseResult<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
}
