import type { Edit } from './edited-text.ts';

/** A line feed written as `\n` before a line that begins an output's row, as in `"stdout": "IP Virtual Server …\nProt …"`. */
const MARK =
  /\\n(?:Prot LocalAddress:Port|Chain \S{1,64} \(|target +prot|:[A-Z]+ [A-Z]+ \[|-[AN] [A-Z]|-[Aa] -[tuf] |pro expire|create \S{1,64} (?:hash|bitmap|list):|add \S{1,64} \d|ip_vs|Module +Size|Type: |kernel\/)/g;
const LOG_LINE = /^\s*(?:[IWEF]\d{4} |time=")/;
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))|"/g;
const SHORT = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['b', '\b'],
  ['f', '\f'],
]);

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
    for (const escape of line.matchAll(ESCAPE)) {
      const [written, code, letter] = escape;
      const at = start + escape.index;
      const replacement = written === '"' ? '\n' : code === undefined ? (SHORT.get(letter ?? '') ?? letter ?? '') : character(code);
      edits.push({ span: { start: at, end: at + written.length }, replacement });
    }
  }
  return edits;
}

function character(code: string): string {
  return String.fromCharCode(Number.parseInt(code, 16));
}
