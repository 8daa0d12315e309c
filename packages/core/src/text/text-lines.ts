/** A line of a text and where it stands. */
export interface TextLine {
  /** Without its line end. */
  readonly text: string;
  /** From 1. */
  readonly number: number;
  /** Offsets of its first character and behind its last one. */
  readonly start: number;
  readonly end: number;
}

/** The lines of a text in order, one at a time; a carriage return before a line feed is no part of a line. */
export function* textLines(text: string): Generator<TextLine> {
  let start = 0;
  for (let number = 1; start < text.length; number++) {
    const feed = text.indexOf('\n', start);
    const next = feed < 0 ? text.length : feed + 1;
    let end = feed < 0 ? text.length : feed;
    if (text[end - 1] === '\r') end--;
    yield { text: text.slice(start, end), number, start, end };
    start = next;
  }
}
