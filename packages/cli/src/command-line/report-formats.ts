import { RENDERERS } from '@netdrift/drift';

/**
 * What the command line says of the library's renderers. `scripts/built-values.js` puts the values of this file in its place when the
 * program is built: no renderer is loaded for its name.
 */
const WIDTH = 125;
const INDENT = ' '.repeat(28);

/** How a report of `diff`, `check` and `diff --nodes` may be told. */
export const REPORT_FORMATS: readonly string[] = RENDERERS.map(({ name }) => name);

/** Those in which `explain` may tell what a node does. */
export const EXPLAIN_FORMATS: readonly string[] = RENDERERS.filter(({ explains }) => explains).map(({ name }) => name);

/** What help says of `--format` of the commands that find something. */
export const REPORT_FORMAT_HELP = formatHelp(REPORT_FORMATS);

/** What the help of `explain` says of it. */
export const EXPLAIN_FORMAT_HELP = formatHelp(EXPLAIN_FORMATS);

function formatHelp(names: readonly string[]): string {
  const told = RENDERERS.filter(({ name }) => names.includes(name)).map(({ name, about }) => `${name}: ${about}`);
  return [`  --format ${names.join('|')}`, ...inLines(['how to tell it (text)', ...told])].join('\n');
}

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
