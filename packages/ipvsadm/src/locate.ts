import { decode, instantiate, isMismatch, locatePart, type LineGrammar, type PartPath, type Span } from '@netdrift/core';
import type { IpvsadmNode, ListingForm } from './ast.ts';
import { connectionsGrammar } from './connections/grammar.ts';
import { scanListRow, scanProcRow } from './connections/scan.ts';
import { listingGrammar } from './listing/grammar.ts';
import { scanDestination, scanService } from './listing/scan.ts';
import { saveGrammar } from './save/grammar.ts';
import type { Rule } from './save/build.ts';
import { scanRule } from './save/scan.ts';
import { SourceLine } from './source-line.ts';
import { statusGrammar } from './status/grammar.ts';
import { scanDaemon } from './status/scan.ts';

/** One way in which a line of a node may have been read. */
interface Reading {
  readonly scan: (line: SourceLine) => void;
  readonly build: (line: SourceLine) => object | undefined;
}

function reading<N extends object>(
  grammar: LineGrammar<N>,
  scan: (line: SourceLine) => void,
  nodeOf: (found: N) => object = (found) => found,
): Reading {
  return {
    scan,
    build(line) {
      const template = grammar.learn(line);
      return isMismatch(template) ? undefined : nodeOf(instantiate(template, line));
    },
  };
}

const ruleNode = (rule: Rule): object => (rule.kind === 'AddService' ? rule.service : rule.destination);

const listingForms: readonly ListingForm[] = ['plain', 'tun-info', 'thresholds', 'persistent-conn', 'stats', 'rate', 'proc'];

const rule = reading(saveGrammar, scanRule, ruleNode);

/** How the lines of each kind of node may have been read: a line does not show the titles that stood above it. */
const readings: Readonly<Record<IpvsadmNode['kind'], readonly Reading[]>> = {
  VirtualService: [...listingForms.map((form) => reading(listingGrammar, (line) => scanService(line, form))), rule],
  Destination: [...listingForms.map((form) => reading(listingGrammar, (line) => scanDestination(line, form))), rule],
  Connection: [reading(connectionsGrammar, scanListRow), reading(connectionsGrammar, scanProcRow)],
  SyncDaemon: [reading(statusGrammar, scanDaemon)],
};

/**
 * Where in the text that a node was read from a part of it stands: the span of the words that say it. `undefined` where no word
 * does (the family of an IPv4 mark), where the node lacks the part, or where the text is not the one it was read from.
 *
 * Costs the reading of one line. A word is never parted: the port of `10.0.0.1:443` has the span of both. A node of
 * `mergeIpvsadm` is found where the line says nothing else than the node.
 *
 * @example
 * const source = '-A -t 10.0.0.1:80 -s rr -p 600\n';
 * const [service] = parseIpvsadm(source).value.services;
 * locateInIpvsadm(source, service, ['persistence', 'timeout']) // => { start: 27, end: 30 }
 */
export function locateInIpvsadm(source: string | Uint8Array, node: IpvsadmNode, path: PartPath): Span | undefined {
  const text = decode(source).slice(node.span.start, node.span.end);
  for (const { scan, build } of readings[node.kind]) {
    const line = new SourceLine(text, node.span.start);
    line.begin(0, text.length);
    scan(line);
    const found = build(line);
    if (line.settle() === undefined && found !== undefined && says(found, node)) return locatePart(line, build, path);
  }
  return undefined;
}

/** Whether all that a line says is what the node says; destinations have lines of their own. */
function says(found: object, node: IpvsadmNode): boolean {
  const facts = new Map(Object.entries(node));
  return Object.entries(found).every(
    ([key, value]) => key === 'destinations' || key === 'span' || JSON.stringify(value) === JSON.stringify(facts.get(key)),
  );
}
