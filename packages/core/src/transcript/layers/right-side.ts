import type { Layer } from './layer.ts';
import { findRemark } from './remarks.ts';

const BORDER = /\s*[│┃║|]\s*$/;
const TICK = /`\s*$/;

/** Where the right side of what is around a line begins, -1 where it has none: `│ … │`, `` `…` ``. */
export function rightSideOf(line: string, layers: readonly Layer[]): number {
  if (layers.some(({ kind }) => kind.name === 'border')) return line.search(BORDER);
  return layers.some(({ kind }) => kind.name === 'inline-code') ? line.search(TICK) : -1;
}

/** A line as far as its tool printed it: without the right side of what is around it and without a remark. */
export function printedPart(line: string, layers: readonly Layer[]): string {
  const side = rightSideOf(line, layers);
  const end = side < 0 && /[<←⟵⇐]/u.test(line) ? findRemark(line) : side;
  return end < 0 ? line : line.slice(0, end);
}
