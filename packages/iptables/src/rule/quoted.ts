import type { Line } from '@netdrift/core';

/** The text of a word of a save form; in quotes `\\"` and `\\\\` stand for the sign behind the backslash. */
export function readQuoted(line: Line, index: number): string {
  const text = line.text(index);
  return text.includes('\\') ? text.replaceAll(/\\(.)/gs, '$1') : text;
}

/** What a save form prints without quotes; see xtables_save_string in libxtables/xtables.c. */
const PLAIN = /^[A-Za-z0-9_-]+$/;

/** A text as a save form prints it. */
export function printQuoted(text: string): string {
  return PLAIN.test(text) ? text : `"${text.replaceAll(/["\\']/g, '\\$&')}"`;
}
