import { endOfLine } from '@netdrift/core';
import type { RuleLine } from './rule-line.ts';
import { closeOfComment } from './scan-words.ts';

/** The kernel keeps at most 255 bytes of a comment; see XT_MAX_COMMENT_LEN. */
export const LONGEST_COMMENT = 260;

/**
 * Where the line ends on which a comment is closed that this line leaves open, as a comment with line ends is printed;
 * `end` where none is closed near enough, or another comment begins before; -1 where the piece may not reach far enough.
 */
export function forgedEnd(line: RuleLine, end: number, isLast: boolean): number {
  const { bytes, source } = line;
  const limit = Math.min(source.length, end + LONGEST_COMMENT);
  const close = closeOfComment(bytes, end + 1, limit);
  if (close < 0) return !isLast && limit === source.length ? -1 : end;
  if (source.slice(end, close).includes(' /* ')) return end;
  return endOfLine(source, close);
}

/** The same for a quote of a save form: where the line ends on which it is closed. */
export function forgedQuoteEnd(line: RuleLine, end: number, isLast: boolean): number {
  const { source } = line;
  const limit = Math.min(source.length, end + 2 * LONGEST_COMMENT);
  for (let at = end + 1; at < limit; at += 1) {
    if (source.charAt(at) === '\\') at += 1;
    else if (source.charAt(at) === '"') {
      const behind = source.charAt(at + 1);
      if (behind === '' || behind === ' ' || behind === '\n') return endOfLine(source, at);
      return end;
    }
  }
  return !isLast && limit === source.length ? -1 : end;
}
