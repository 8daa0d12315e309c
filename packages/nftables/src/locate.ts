import { decode, instantiate, isMismatch, type Line, locatePart, type PartPath, type Span } from '@netdrift/core';
import type { SetElement } from './ast/expressions.ts';
import type { Rule } from './ast/ruleset.ts';
import { grammar } from './grammar.ts';
import type { NftLineNode } from './lines/line-nodes.ts';
import { newReading } from './reading.ts';
import { scanStatement } from './scan/scan-statement.ts';

/**
 * Where in the text that a rule, or an element of a named set, was read from a part of it stands. `undefined` where no word says it, where
 * the node lacks the part, or where the text is not the one it was read from. What stands in braces inside a rule is never parted.
 *
 * @example
 * const source = 'table ip t {\n\tchain c {\n\t\ttcp dport 80 accept\n\t}\n}\n';
 * const rule = parseNftables(source).value.tables[0].chains[0].rules[0];
 * locateInNftables(source, rule, ['statements', 0, 'right']) // => { start: 36, end: 38 }
 */
export function locateInNftables(source: string | Uint8Array, node: Rule | SetElement, path: PartPath): Span | undefined {
  if (node.span === undefined) return undefined;
  const { start, end } = node.span;
  const text = decode(source).slice(start, end);
  const { line } = newReading(text, false);
  const keepsGaps = node.kind === 'Rule' && node.statements.some(({ kind }) => kind === 'Hidden');
  scanStatement(line, 0, text.length, node.kind === 'Rule' ? 'chain' : 'element', keepsGaps);
  const whole = build(line);
  if (shown(whole) !== shown(node)) return undefined;
  // A line with a word changed or left out may still be a rule, with statements that are not known.
  const unknown = unknownCount(whole);
  const span = locatePart(
    line,
    (changed) => {
      const found = build(changed);
      return unknownCount(found) > unknown ? undefined : found;
    },
    path,
  );
  return span === undefined ? undefined : { start: start + span.start, end: start + span.end };
}

function build(line: Line): Partial<Rule> | SetElement | undefined {
  const template = grammar.learn(line);
  const found: NftLineNode | undefined = isMismatch(template) ? undefined : instantiate(template, line);
  if (found?.kind === 'ElementLine') return found.element;
  if (found?.kind !== 'RuleLine') return undefined;
  const { statements, comment, handle } = found;
  return { kind: 'Rule', statements, ...(comment === undefined ? {} : { comment }), ...(handle === undefined ? {} : { handle }) };
}

function unknownCount(node: ReturnType<typeof build>): number {
  return node?.kind === 'Rule' ? (node.statements ?? []).filter(({ kind }) => kind === 'UnknownStatement').length : 0;
}

function shown(node: unknown): string {
  return JSON.stringify(node, (key, part: unknown) => (key === 'span' ? undefined : part));
}
