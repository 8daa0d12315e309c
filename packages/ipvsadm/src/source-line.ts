import { Line } from '@netdrift/core';

/** A line of a text that is itself a piece of a longer one: spans count from the start of the whole. */
export class SourceLine extends Line {
  /** Whether a line feed ends the line; the last line of a text may have none. */
  closed = true;

  constructor(source: string, base = 0) {
    super(source, undefined, base);
  }
}
