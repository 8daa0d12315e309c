import type { Line } from '@netdrift/core';
import type { LsmodLayout, Module } from './ast.ts';

/** What the lines of lsmod told so far of how they were written. */
export interface LsmodFacts {
  /** What stood behind the header's columns; missing where no header was seen. */
  header?: string;
  parentheses?: boolean;
  /** The count of a module was padded: three blanks stand before one digit. */
  paddedCount?: boolean;
  trailingBlank?: boolean;
}

/** What busybox and modutils say behind `Used by`. The header must be the line's words. */
export function headerOf(line: Line): string {
  return line.count > 4 ? line.text(4, line.count - 1) : '';
}

/** Notes what one line tells: form, name, size and count are the line's first tokens. */
export function noteLsmodLine(facts: LsmodFacts, line: Line, { autoclean, unused, usedBy, useCount }: Module): void {
  const count = line.span(3);
  if (autoclean === true || unused === true || line.bytes[line.span(line.count - 1).start] === OPENING_BRACKET) facts.parentheses = true;
  if (facts.paddedCount === undefined && useCount !== undefined && useCount >= 0 && useCount < 10) {
    facts.paddedCount = count.start - line.span(2).end > 2;
  }
  if (facts.trailingBlank === undefined && usedBy?.length === 0 && line.count === 4) facts.trailingBlank = count.end < line.end;
}

const OPENING_BRACKET = 0x5b;

/** The layout that the lines told; what none of them tells is as in kmod. */
export function toLayout({ header, parentheses, paddedCount, trailingBlank }: LsmodFacts): LsmodLayout {
  const form = parentheses === true || paddedCount === true ? 'modutils' : 'kmod';
  return {
    form,
    header: header !== undefined,
    ...(header === undefined || header === '' ? {} : { taint: header }),
    ...(form === 'kmod' && trailingBlank === true ? { trailingBlank } : {}),
  };
}
