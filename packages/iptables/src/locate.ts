import { decode, endOfLine, instantiate, locatePart, type PartPath, type Span } from '@netdrift/core';
import type { Chain, Rule } from './ast.ts';
import { headerOf, readHeader } from './header-grammar.ts';
import { learnRule } from './listing/listing-grammar.ts';
import { buildRule } from './rule/read-rule.ts';
import { buildSavedRule } from './save/read-saved-rule.ts';
import { RuleLine } from './rule/rule-line.ts';
import { learnSaved } from './save/save-grammar.ts';
import { scanRule } from './rule/scan-rule.ts';
import { scanSaved } from './save/scan-save.ts';

/** One way in which the line of a rule may have been read: a line does not show the titles that stood above it. */
interface Reading {
  readonly scan: (line: RuleLine) => void;
  readonly build: (line: RuleLine, takesAny: boolean) => Rule | undefined;
}

const readings: readonly Reading[] = [
  ...[false, true].flatMap((numbers) =>
    [false, true].map((verbose): Reading => ({
      scan: (line) => void scanRule(line, 0, line.source.length, { numbers, verbose }),
      build: listedRule,
    })),
  ),
  { scan: (line) => void scanSaved(line, 0, line.source.length), build: savedRule },
];

function listedRule(line: RuleLine, takesAny: boolean): Rule | undefined {
  const shape = learnRule(line);
  return shape === undefined ? undefined : buildRule(line, shape, [], takesAny);
}

function savedRule(line: RuleLine, takesAny: boolean): Rule | undefined {
  const learned = learnSaved(line);
  const shape = learned === undefined ? undefined : instantiate(learned, line);
  return shape?.line === 'rule' ? buildSavedRule(line, shape, undefined, [], takesAny)?.rule : undefined;
}

/**
 * Where in the text that a rule or a chain was read from a part of it stands: the span of the words that say it. `undefined`
 * where no word does (the source of a rule of a save form without `-s`), where the node lacks the part, or where the text is
 * not the one it was read from.
 *
 * Of a chain the header of a listing is looked at. Costs the reading of one line; a word is never parted: the port of
 * `to:10.0.0.1:80` has the span of both.
 *
 * @example
 * const source = '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n';
 * const rule = parseIptables(source).value.tables[0].chains[0].rules[0];
 * locateInIptables(source, rule, ['matches', 0, 'destinationPorts']) // => { start: 31, end: 33 }
 */
export function locateInIptables(source: string | Uint8Array, node: Rule | Chain, path: PartPath): Span | undefined {
  const text = decode(source).slice(node.span.start, node.span.end);
  return node.kind === 'Chain' ? locateInHeader(text, node, path) : locateInRule(text, node, path);
}

function locateInRule(text: string, rule: Rule, path: PartPath): Span | undefined {
  for (const { scan, build } of readings) {
    const line = new RuleLine(text, undefined, rule.span.start);
    scan(line);
    const found = build(line, false);
    if (found !== undefined && says(found, rule)) return locatePart(line, (changed) => build(changed, true), path);
  }
  return undefined;
}

function locateInHeader(text: string, chain: Chain, path: PartPath): Span | undefined {
  const line = new RuleLine(text, undefined, chain.span.start);
  const header = readHeader(line, 0, endOfLine(line.source, 0));
  if (header?.kind !== 'chain' || header.name !== chain.name) return undefined;
  return locatePart(
    line,
    (changed) => {
      const read = headerOf(changed);
      if (read?.kind !== 'chain') return undefined;
      const { packets, bytes, ...rest } = read;
      return packets === undefined ? rest : { ...rest, counters: { packets, bytes } };
    },
    path,
  );
}

/** Whether a line says what the rule says: what it protects against is a line read with the wrong columns. */
function says(found: Rule, rule: Rule): boolean {
  const keys = ['num', 'counters', 'protocol', 'fragment', 'in', 'out', 'source', 'destination', 'matches', 'target', 'goto'] as const;
  return keys.every(
    (key) => key === 'counters' || isFamilyOf(found, rule, key) || JSON.stringify(found[key]) === JSON.stringify(rule[key]),
  );
}

/** A line of a save form alone does not tell that any address is one of IPv6. */
function isFamilyOf(found: Rule, rule: Rule, key: keyof Rule): boolean {
  if (key !== 'source' && key !== 'destination') return false;
  const one = found[key];
  const other = rule[key];
  return 'prefixLength' in one && 'prefixLength' in other && one.prefixLength === 0 && other.prefixLength === 0 && one.not === other.not;
}
