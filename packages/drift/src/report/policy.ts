import type { DiffOptions } from '../diff-options.ts';
import type { Draft } from '../judge/draft.ts';
import type { Severity } from '../report.ts';

/** Whether an ignore rule covers a change. */
export function isIgnored(draft: Draft, { ignore = [], severity = [] }: DiffOptions): boolean {
  if (severity.findLast(([glob]) => fits(glob, draft.id))?.[1] === 'off') return true;
  return ignore.some((rule) => fits(rule.id, draft.id) && (rule.subject === undefined || fits(rule.subject, draft.subject.name)));
}

/** The severity of a change after the user's own rules. */
export function overriddenSeverity(draft: Draft, { severity = [] }: DiffOptions): Severity {
  const override = severity.findLast(([glob]) => fits(glob, draft.id))?.[1];
  return override === undefined || override === 'off' ? draft.severity : override;
}

/** Whether a text fits a pattern in which `*` stands for any text; linear in both. */
function fits(pattern: string, text: string): boolean {
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
