import { decode, type Diagnostic, type readTranscript, type Span } from '@netdrift/core';

type Result = ReturnType<typeof readTranscript>;

/**
 * The lines of a text of which no part, not even the line feed, is in a section, set aside or under a diagnostic; blank lines are left out.
 */
export function unaccountedLines(input: string | Uint8Array, { sections, setAside, diagnostics }: Result): string[] {
  const text = decode(input);
  const covered = new Uint8Array(text.length);
  const cover = ({ start, end }: Span): void => {
    covered.fill(1, start, end);
  };
  for (const { pieces, span } of sections) {
    let end = span.start;
    for (const piece of pieces) {
      // What was taken off before a piece may reach over a line's end where a message of standard error was cut out.
      if (text.slice(end, piece.start).includes('tables present')) cover({ start: end, end: piece.start });
      cover(piece);
      end = piece.end;
    }
  }
  for (const aside of setAside) cover(aside.span);
  for (const diagnostic of diagnostics satisfies readonly Diagnostic[]) cover(diagnostic.span);
  const lines: string[] = [];
  for (let start = 0; start < text.length;) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    const line = text.slice(start, end);
    if (line.trim() !== '' && !covered.subarray(start, end + 1).includes(1)) lines.push(line);
    start = end + 1;
  }
  return lines;
}
