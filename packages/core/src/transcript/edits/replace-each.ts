import type { Edit } from './edited-text.ts';

/** One change for each match of a pattern. */
export function replaceEach(
  text: string,
  pattern: RegExp,
  replacement: (match: string, at: number) => string | undefined,
): readonly Edit[] {
  const edits: Edit[] = [];
  for (const match of text.matchAll(pattern)) {
    const changed = replacement(match[0], match.index);
    if (changed === undefined) continue;
    edits.push({ span: { start: match.index, end: match.index + match[0].length }, replacement: changed });
  }
  return edits;
}
