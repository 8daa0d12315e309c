import type { Edit } from './edited-text.ts';

/** A line feed written as `\n` before a line that begins an output's row, as in `"stdout": "IP Virtual Server …\nProt …"`. */
const MARK =
  /\\n(?:Prot LocalAddress:Port|Chain \S{1,64} \(|target +prot|:[A-Z]+ [A-Z]+ \[|-[AN] [A-Z]|-[Aa] -[tuf] |pro expire|create \S{1,64} (?:hash|bitmap|list):|add \S{1,64} \d|ip_vs|Module +Size|Type: |kernel\/)/g;
const LOG_LINE = /^\s*(?:[IWEF]\d{4} |time=")/;
const ESCAPE = /\\(?:u[0-9a-fA-F]{4}|["\\/bfnrt])|"/g;

/**
 * Undoes the escapes of a JSON string that holds an output, in the lines where one is seen; its quotes become line feeds, so that
 * the output stands alone. Log lines are left as they are: what they quote is not the node's state.
 */
export function jsonEscapeEdits(text: string): readonly Edit[] {
  if (!text.includes('\\n')) return [];
  const edits: Edit[] = [];
  let done = 0;
  for (const mark of text.matchAll(MARK)) {
    if (mark.index < done) continue;
    const start = text.lastIndexOf('\n', mark.index) + 1;
    const found = text.indexOf('\n', mark.index);
    done = found < 0 ? text.length : found;
    const line = text.slice(start, done);
    if (LOG_LINE.test(line.slice(0, 100))) continue;
    for (const edit of unescapedEdits(line, start)) edits.push(edit);
  }
  return edits;
}

/**
 * What undoes the escapes of JSON in a part of a text, which stands at an offset of it; a quote that is not escaped becomes a line feed.
 */
export function unescapedEdits(part: string, at: number): Edit[] {
  return [...part.matchAll(ESCAPE)].map(({ index, 0: written }) => ({
    span: { start: at + index, end: at + index + written.length },
    replacement: written === '"' ? '\n' : String(JSON.parse(`"${written}"`)),
  }));
}
