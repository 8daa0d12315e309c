import type { Severity } from '../report.ts';

const COLORS: { readonly [Level in Severity]: string } = { critical: '31;1', warning: '33;1', notice: '36;1', none: '2' };

/** Gives a word the colour of a severity, as terminals show it (ECMA-48, SGR). */
export type SeverityPainter = (severity: Severity, text: string) => string;

/** Makes words bold, or leaves them as they are. */
export function emphasis(color: boolean): (text: string) => string {
  return (text) => (color ? `\u001b[1m${text}\u001b[0m` : text);
}

/** A painter that leaves words as they are where no colour is wanted. */
export function severityPainter(color: boolean): SeverityPainter {
  return (severity, text) => (color ? `\u001b[${COLORS[severity]}m${text}\u001b[0m` : text);
}
