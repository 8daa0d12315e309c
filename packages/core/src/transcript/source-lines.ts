import type { SourceLine } from './open-section.ts';
import { HEAD } from './format.ts';

/** Characters of a line that are ever looked at. */
export const MAX_LINE = 1_048_576;

/** The lines of an edited text, each found when it is asked for. */
export class SourceLines {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** The line that begins at an offset, or that goes on there. */
  at(start: number): SourceLine {
    const feed = this.text.indexOf('\n', start);
    if (feed < 0) return { start, end: this.text.length, next: this.text.length };
    const end = feed > start && this.text.charCodeAt(feed - 1) === 0x0d ? feed - 1 : feed;
    return { start, end, next: feed + 1 };
  }

  /** As much of a line as tells what it is. */
  head(line: SourceLine): string {
    return this.text.slice(line.start, Math.min(line.end, line.start + HEAD));
  }

  /** The line after one, `undefined` at the end of the text. */
  after(line: SourceLine): SourceLine | undefined {
    return line.next < this.text.length ? this.at(line.next) : undefined;
  }

  /** The lines after one by their index from 0, which must be asked for in order; `peel` takes off what stands before them. */
  following(line: SourceLine, peel: (text: string) => string): (index: number) => string | undefined {
    let last: SourceLine | undefined = line;
    let lastIndex = -1;
    return (index) => {
      for (; lastIndex < index && last !== undefined; lastIndex += 1) last = this.after(last);
      return last === undefined ? undefined : peel(this.text.slice(last.start, Math.min(last.end, last.start + MAX_LINE)));
    };
  }
}
