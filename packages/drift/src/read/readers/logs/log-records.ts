import { type TextLine, textLines } from '@netdrift/core';

/** One message of a log with the lines that belong to it. */
export interface LogRecord {
  readonly text: string;
  /** Of its first line, from 1. */
  readonly number: number;
}

/** A message that goes on below: a value in `<`, or a sentence whose bracket is open. */
const OPEN_BLOCK = /=<\s*$/;
const RESTORE = /Failed to execute ip6?tables-restore/;
const HEAD = /(?:^|[\s>`|])[IWEF]\d{4} \d\d:\d\d:\d\d\.\d|(?:^|[\s>`|])time="|\{"ts":/;
/** Lines of one message at most: one that never ends is cut there. */
const MAX_LINES = 20_000;

/** The messages of a log in order; a line that belongs to none is one by itself. */
export function* logRecords(text: string): Generator<LogRecord> {
  let open: { readonly first: TextLine; readonly lines: string[]; readonly block: boolean } | undefined;
  for (const line of textLines(text)) {
    if (open !== undefined) {
      const ends = open.block && /^\s*>(?:\s|$)/.test(line.text);
      if (!HEAD.test(line.text) && open.lines.length < MAX_LINES) {
        open.lines.push(line.text);
        if (!ends) continue;
        yield { text: open.lines.join('\n'), number: open.first.number };
        open = undefined;
        continue;
      }
      yield { text: open.lines.join('\n'), number: open.first.number };
      open = undefined;
    }
    const block = OPEN_BLOCK.test(line.text);
    if (block || RESTORE.test(line.text)) open = { first: line, lines: [line.text], block };
    else yield { text: line.text, number: line.number };
  }
  if (open !== undefined) yield { text: open.lines.join('\n'), number: open.first.number };
}
