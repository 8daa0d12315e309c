/** A place in a text as people count: line and column from 1, the column in UTF-16 units as editors count it. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where the lines of a text begin; made once by {@link lineIndex}, asked many times. */
export interface LineIndex {
  /** Offset of the first character of each line. A text has one line more than it has line feeds. */
  readonly starts: readonly number[];
  readonly length: number;
}

/**
 * Finds where the lines of a text begin. Lines end at a line feed; a carriage return before it belongs to the line end.
 *
 * @example
 * lineIndex('a\nbc\n').starts // => [0, 2, 5]
 */
export function lineIndex(text: string): LineIndex {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return { starts, length: text.length };
}

/**
 * Line and column of an offset. An offset outside the text is taken as its nearest end.
 *
 * Give a {@link LineIndex} instead of the text when asking more than a few times: a text is searched each time.
 *
 * @example
 * positionAt('a\nbc\n', 3) // => { line: 2, column: 2 }
 */
export function positionAt(source: string | LineIndex, offset: number): Position {
  const { starts, length } = typeof source === 'string' ? lineIndex(source) : source;
  const inside = Math.min(Math.max(offset, 0), length);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= inside) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: inside - (starts[low] ?? 0) + 1 };
}

/**
 * Offset of a line and column, the other way round from {@link positionAt}; places outside the text give its nearest end.
 *
 * @example
 * offsetAt('a\nbc\n', { line: 2, column: 2 }) // => 3
 */
export function offsetAt(source: string | LineIndex, { line, column }: Position): number {
  const { starts, length } = typeof source === 'string' ? lineIndex(source) : source;
  if (line < 1) return 0;
  const start = starts[line - 1];
  if (start === undefined) return length;
  const next = starts[line] ?? length + 1;
  return Math.min(Math.max(start + column - 1, start), next - 1);
}
