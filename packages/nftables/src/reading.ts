import {
  type Diagnostic,
  instantiate,
  isMismatch,
  type Line,
  type Mismatch,
  type Refusal,
  shapeCache,
  type ShapeCache,
  type Template,
} from '@netdrift/core';
import type { SetElement } from './ast/expressions.ts';
import { grammar } from './grammar.ts';
import type { NftLineNode } from './lines/line-nodes.ts';
import { NftLine } from './nft-line.ts';
import { scanStatement } from './scan/scan-statement.ts';
import * as token from './tokens.ts';

type Shapes = ShapeCache<Template<NftLineNode>>;

/** A text being read: its line, the shapes met so far, and what was found odd. */
export interface Reading {
  readonly line: NftLine;
  readonly shapes: Shapes | undefined;
  readonly diagnostics: Diagnostic[];
}

/** What a scanned line says, or why it says nothing. */
export type LineResult = { readonly found: NftLineNode } | { readonly mismatch: Mismatch } | { readonly refusal: Refusal };

export function newReading(text: string, cached: boolean, shapes: Shapes | undefined = cached ? shapeCache() : undefined): Reading {
  const readNested = nestedReader(shapes);
  return { line: new NftLine(text, undefined, readNested), shapes, diagnostics: [] };
}

/** Reads the elements between braces on a line of their own, which is made when the first one is met. */
function nestedReader(shapes: Shapes | undefined): NftLine['readElement'] {
  let own: NftLine | undefined;
  return (outer, start, end, place): SetElement | undefined => {
    own = own?.source === outer.source ? own : new NftLine(outer.source, outer.bytes, () => undefined);
    const { end: stop, remark } = scanStatement(own, start, end, place);
    if (stop !== end || remark !== undefined) return undefined;
    const result = readLine(own, shapes);
    return 'found' in result && result.found.kind === 'ElementLine' ? result.found.element : undefined;
  };
}

/** Reads the line that was scanned last. Where a statement of a rule is not known, its words are kept as text. */
export function readLine(line: Line, shapes: Shapes | undefined): LineResult {
  let template = shapes?.find(line);
  if (template === undefined) {
    const learnt = line.keepingTypes(() => learn(line));
    if (isMismatch(learnt)) return { mismatch: learnt };
    template = shapes?.add(line, learnt) ?? learnt;
  }
  const found = instantiate(template, line);
  const refusal = line.settle();
  return refusal === undefined ? { found } : { refusal };
}

/** How often words of a rule are taken for free ones before the whole rule is kept as text. */
const MOST_TRIES = 12;

/**
 * The template of a line. Where a rule leaves the grammar, the word that began the statement becomes one that begins no
 * statement: it and what follows it up to the next one are kept as text.
 */
function learn(line: Line): Template<NftLineNode> | Mismatch {
  let learnt = grammar.learn(line);
  if (line.type(0) !== token.inChain) return learnt;
  for (let tries = 0; tries < MOST_TRIES && isMismatch(learnt); tries += 1) {
    const index = lastStart(line, Math.min(learnt.ruleStart, line.count - 1));
    if (index < 1) return learnt;
    line.retype(index, token.unread);
    learnt = grammar.learn(line);
  }
  return learnt;
}

/** The nearest word up to a place that begins a statement or an expression. */
function lastStart(line: Line, from: number): number {
  for (let index = from; index > 0; index -= 1) if (!STRAYS.has(line.type(index))) return index;
  return -1;
}

const STRAYS: ReadonlySet<number> = new Set(
  token.tokens.definitions.flatMap(({ categories }, code) =>
    categories.includes(token.stray) || code === token.hidden || code === token.handle ? [code] : [],
  ),
);
