/** One line of a text, without what stands before every line of the diff that it belongs to. */
export interface TextLine {
  readonly text: string;
  /** Where `text` begins in the input. */
  readonly start: number;
}

/** The lines of a text, without their ends. */
export function linesOf(text: string): TextLine[] {
  const lines: TextLine[] = [];
  for (let start = 0; start < text.length;) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    lines.push({ text: text.slice(start, text[end - 1] === '\r' && end > start ? end - 1 : end), start });
    start = end + 1;
  }
  return lines;
}

/** Marks of a quote, an indent, times of a log: what may stand before each line of a pasted diff. */
const PREFIX =
  /^(?:[ \t]*[>│|][ \t]?|[ \t]+|\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[\d.,]{0,12}(?:Z|[+-]\d\d:?\d\d)?\]?[ \t]|\[?\d\d:\d\d:\d\d[\d.,]{0,12}\]?[ \t]){0,6}/;

/** The lines from one on without what stands before the first of them; digits in it may change, as those of a time do. */
export function withoutPrefix(lines: readonly TextLine[], prefix: string): readonly TextLine[] {
  if (prefix === '') return lines;
  const digits = prefix.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replace(/\d/g, String.raw`\d`);
  const same = new RegExp(`^(?:${digits}|${digits.trimEnd()}$)`);
  return lines.map((line) => {
    const found = same.exec(line.text)?.[0].length;
    return found === undefined ? line : { text: line.text.slice(found), start: line.start + found };
  });
}

/** What may stand before a line and all others of its diff; the longest first, and nothing last. */
export function prefixesOf(text: string): readonly string[] {
  const longest = PREFIX.exec(text)?.[0] ?? '';
  return longest === '' ? [''] : [longest, ''];
}
