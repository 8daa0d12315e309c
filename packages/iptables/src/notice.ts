import type { Notice } from './ast.ts';

/** A line that the tools print among or before their tables, or undefined where a line is none. */
export function readNotice(source: string, start: number, end: number): Notice | undefined {
  const text = source.slice(start, end);
  const legacy = /^# Warning: (\S+) tables present, use (\S+) to see them$/.exec(text);
  if (legacy !== null) return { kind: 'LegacyTablesPresent', tool: legacy[1] ?? '', span: { start, end } };
  const incompatible = /^# Table `(.*)' (?:is|contains) incompatible(?: base-chains)?, use 'nft' tool(?: to list them)?\.$/.exec(text);
  if (incompatible !== null) return { kind: 'IncompatibleTable', name: incompatible[1] ?? '', span: { start, end } };
  return undefined;
}
