import { type Diagnostic, textLines } from '@netdrift/core';
import { isNode, isScalar, LineCounter, parseAllDocuments, Scalar, visit, type Document, type Node } from 'yaml';
import { badYaml } from '../diagnostics.ts';
import type { ObjectDocument, ReadDocuments, ValuePath } from './document.ts';
import type { Json } from './json-value.ts';

/** How often one anchor is followed at most: a few lines of aliases can stand for billions of values. */
const MAX_ALIASES = 1000;

/** An alias is looked for from the start of its document: this bounds how many there may be in a text of some length. */
const MAX_ALIAS_COST = 20_000_000;

/**
 * The documents of a YAML text, with anchors, tags, block texts and merged keys.
 *
 * Of a text that is not whole YAML, what could be read is given, and each fault is a diagnostic. A line `...` that somebody left in the
 * place of others does not end the document: in YAML it would, and what follows it would be no part of the object.
 */
export function yamlDocuments(text: string): ReadDocuments {
  const counter = new LineCounter();
  const documents: ObjectDocument[] = [];
  const diagnostics: Diagnostic[] = [];
  try {
    const options = { lineCounter: counter, prettyErrors: false, uniqueKeys: false, merge: true, logLevel: 'error' } as const;
    for (const parsed of parseAllDocuments(withoutEllipses(text), options)) {
      for (const { message, pos } of parsed.errors)
        diagnostics.push(badYaml(message, { start: Math.min(pos[0], text.length), end: Math.min(pos[1], text.length) }));
      if (aliasesIn(parsed) * text.length > MAX_ALIAS_COST) {
        diagnostics.push(badYaml('it has more aliases than are followed in a text of its length', { start: 0, end: text.length }));
        continue;
      }
      const value = parsed.toJS({ maxAliasCount: MAX_ALIASES }) as Json;
      if (value !== null && value !== undefined) documents.push({ value, ...placesOf(parsed, counter) });
    }
  } catch (error) {
    // Values as deep as the stack, or aliases that stand for more values than a text can hold.
    const reason = error instanceof RangeError ? 'its values are too deep' : error instanceof Error ? error.message : 'it cannot be parsed';
    return { documents, diagnostics: [...diagnostics, badYaml(reason, { start: 0, end: text.length })] };
  }
  return { documents, diagnostics };
}

function aliasesIn(parsed: Document.Parsed): number {
  let count = 0;
  visit(parsed, { Alias: () => void count++ });
  return count;
}

function placesOf(parsed: Document.Parsed, counter: LineCounter): Pick<ObjectDocument, 'lineAt' | 'lineInside'> {
  const lineOf = (node: Node | undefined): number => counter.linePos(node?.range?.[0] ?? 0).line;
  return {
    lineAt: (path) => lineOf(nodeAt(parsed, path)),
    lineInside: (path, line) => {
      const node = nodeAt(parsed, path);
      // The text of a literal block stands below its sign, line by line.
      return isScalar(node) && node.type === Scalar.BLOCK_LITERAL ? lineOf(node) + line : lineOf(node);
    },
  };
}

/** The node at a path, or the nearest around it. */
function nodeAt(parsed: Document.Parsed, path: ValuePath): Node | undefined {
  for (let length = path.length; length > 0; length--) {
    const found = parsed.getIn(path.slice(0, length), true);
    if (isNode(found)) return found;
  }
  return parsed.contents ?? undefined;
}

/** The text with `...` turned into a comment of the same length where another line than `---` follows. */
function withoutEllipses(text: string): string {
  if (!/^[ \t]*\.\.\.[ \t]*\r?$/m.test(text)) return text;
  const lines = [...textLines(text)].filter((line) => line.text.trim() !== '');
  const parts: string[] = [];
  let from = 0;
  for (const [index, line] of lines.entries()) {
    const next = lines[index + 1];
    if (line.text.trim() !== '...' || next === undefined || /^(?:---|%)/.test(next.text)) continue;
    parts.push(text.slice(from, line.start), line.text.replace('...', '#  '));
    from = line.end;
  }
  return parts.join('') + text.slice(from);
}
