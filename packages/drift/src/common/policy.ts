import type { DiffOptions } from '../diff-options.ts';
import type { Severity, Subject } from '../report.ts';

/** What a rule of the policy looks at: a change or a finding. */
type Judged = { readonly id: string; readonly severity: Severity; readonly subject: Pick<Subject, 'name'> };

/** Whether an ignore rule covers a change. */
export function isIgnored(change: Judged, { ignore = [], severity = [] }: Pick<DiffOptions, 'ignore' | 'severity'>): boolean {
  if (severity.findLast(([glob]) => fitsPattern(glob, change.id))?.[1] === 'off') return true;
  return ignore.some(
    (rule) => fitsPattern(rule.id, change.id) && (rule.subject === undefined || fitsPattern(rule.subject, change.subject.name)),
  );
}

/** The severity of a change after the user's own rules. */
export function overriddenSeverity(change: Judged, { severity = [] }: Pick<DiffOptions, 'ignore' | 'severity'>): Severity {
  const override = severity.findLast(([glob]) => fitsPattern(glob, change.id))?.[1];
  return override === undefined || override === 'off' ? change.severity : override;
}

/**
 * Whether a text fits a pattern in which `*` stands for any text; linear in both.
 *
 * @example
 * fitsPattern('ipvs.*', 'ipvs.service.added') // => true
 */
export function fitsPattern(pattern: string, text: string): boolean {
  const pieces = pattern.split('*');
  const [first = ''] = pieces;
  if (pieces.length === 1) return pattern === text;
  if (!text.startsWith(first)) return false;
  const last = pieces.at(-1) ?? '';
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
