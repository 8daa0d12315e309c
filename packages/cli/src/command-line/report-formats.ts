/**
 * How a report of `diff`, `check` and `diff --nodes` may be told: the names of the library's renderers, which are not loaded for a name,
 * each with what help says of it.
 */
const WORDS = {
  text: '',
  json: '',
  jsonl: 'a record a line',
  lines: 'one line a change, for a log',
  csv: 'a table for a spreadsheet',
  markdown: 'for a change review',
  html: 'a page with pictures',
  sarif: 'for code hosts',
  junit: 'for CI servers',
  github: 'annotations of a workflow',
  gitlab: 'a code quality report',
} as const;

export type ReportFormat = keyof typeof WORDS;

/** Their names. */
export const REPORT_FORMATS: readonly string[] = Object.keys(WORDS);

const INDENT = ' '.repeat(28);
const WIDTH = 125;

/** What the help of these commands says of `--format`. */
export const REPORT_FORMAT_HELP = [
  `  --format ${REPORT_FORMATS.join('|')}`,
  ...inLines(['how to tell it (text)', ...Object.entries(WORDS).flatMap(([name, words]) => (words === '' ? [] : [`${name}: ${words}`]))]),
].join('\n');

/** Parts one after another, in lines of the help. */
function inLines(parts: readonly string[]): string[] {
  const lines: string[] = [];
  for (const [index, part] of parts.entries()) {
    const text = index === parts.length - 1 ? part : `${part};`;
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + text.length <= WIDTH) lines[lines.length - 1] = `${last} ${text}`;
    else lines.push(`${INDENT}${text}`);
  }
  return lines;
}

/** Those in which `explain` may tell what a node does: the others tell what is wrong. */
export const EXPLAIN_FORMATS = ['text', 'json', 'jsonl', 'markdown', 'html'] as const satisfies readonly ReportFormat[];
export type ExplainFormat = (typeof EXPLAIN_FORMATS)[number];
