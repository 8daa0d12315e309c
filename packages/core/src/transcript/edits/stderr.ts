import type { Edit } from './edited-text.ts';
import { replaceEach } from './replace-each.ts';

/** What the nft variant writes to standard error, which a terminal shows wherever standard output stands at that moment. */
const WARNING = /(?<=[^\n])# Warning: ip6?tables-legacy tables present, use ip6?tables-legacy(?:-save)? to see them(?:\r?\n|$)/g;

/** Cuts messages of standard error out of the middle of lines, with their line feed: then the line is whole again. */
export function stderrEdits(text: string): readonly Edit[] {
  if (!text.includes('tables-legacy tables present')) return [];
  return replaceEach(text, WARNING, (_, at) =>
    text.slice(Math.max(text.lastIndexOf('\n', at - 1) + 1, at - 1000), at).trim() === '' ? undefined : '',
  );
}
