import { Line, type Span } from '@netdrift/core';

/** A line of a text that is itself a piece of a longer one: spans count from the start of the whole. */
export class SourceLine extends Line {
  private readonly base: number;
  /** Whether a line feed ends the line; the last line of a text may have none. */
  closed = true;

  constructor(source: string, base = 0) {
    super(source);
    this.base = base;
  }

  override lineSpan(): Span {
    return { start: this.base + this.start, end: this.base + this.end };
  }

  override span(first: number, last: number = first): Span {
    const { start, end } = super.span(first, last);
    return { start: this.base + start, end: this.base + end };
  }
}
