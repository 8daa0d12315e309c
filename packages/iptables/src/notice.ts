import type { Notice } from './ast.ts';

/** Read without its sign too, which pasting as Markdown takes away. */
const LEGACY = /^(?:# )?Warning: (.+) tables present, use (.+) to see them$/;
const INCOMPATIBLE = /^# Table `(.*)' contains incompatible base-chains, use 'nft' tool to list them\.$/;
const ZEROED = /^Zeroing chain `(.*)'$/;

/** A line that the tools print among their tables, or undefined where a line is none; `before` tables precede it. */
export function readNotice(source: string, start: number, end: number, before: number, base: number): Notice | undefined {
  const text = source.slice(start, end);
  const span = { start: start + base, end: end + base };
  const legacy = LEGACY.exec(text);
  if (legacy !== null) return { kind: 'LegacyTablesPresent', tool: legacy[1] ?? '', use: legacy[2] ?? '', before, span };
  const incompatible = INCOMPATIBLE.exec(text);
  if (incompatible !== null) return { kind: 'IncompatibleTable', name: incompatible[1] ?? '', before, span };
  const zeroed = ZEROED.exec(text);
  return zeroed === null ? undefined : { kind: 'ZeroedChain', name: zeroed[1] ?? '', before, span };
}

/** The line of a notice. */
export function printNotice(notice: Notice): string {
  switch (notice.kind) {
    case 'LegacyTablesPresent':
      return `# Warning: ${notice.tool} tables present, use ${notice.use} to see them`;
    case 'IncompatibleTable':
      return `# Table \`${notice.name}' contains incompatible base-chains, use 'nft' tool to list them.`;
    case 'ZeroedChain':
      return `Zeroing chain \`${notice.name}'`;
  }
}
