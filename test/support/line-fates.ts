import { decode, readTranscript, toOriginalSpan, type Section, type SetAsideReason, type Span } from '@netdrift/core';
import { parseSection, type ParsedSection } from '@netdrift/drift';

/** What became of one line of an input. */
export interface LineFate {
  /** From 1. */
  readonly line: number;
  readonly text: string;
  readonly fate:
    | 'typed' // under a node of one line, nothing of it kept as unknown text
    | 'unknown' // under a node of one line that keeps text it does not know
    | 'frame' // a banner, titles, a table's first or last line
    | 'diagnostic' // under an error or a warning, and no node
    | 'aside' // set aside by the transcript stage
    | 'blank'
    | 'lost'; // none of these: there must be no such line
  readonly kind?: string;
  readonly reason?: SetAsideReason;
}

/** An input read as `netdrift parse` reads it. */
export interface ReadInput {
  readonly text: string;
  readonly outputs: readonly { readonly section: Section; readonly parsed: ParsedSection }[];
  readonly fates: readonly LineFate[];
  /** Codes of diagnostics above `info`, as often as given. */
  readonly codes: readonly string[];
}

type Node = { readonly kind: string; readonly span: Span; readonly [key: string]: unknown };

/** Nodes that stand for a whole output: their spans say nothing of a single line. */
const WHOLE = new Set([
  'IptablesListing',
  'IptablesSave',
  'Table',
  'IpvsadmListing',
  'IpvsadmSave',
  'IpvsadmConnections',
  'IpvsadmTable',
  'IpvsadmDaemons',
  'IpvsStatistics',
  'IpsetList',
  'IpsetSave',
  'ModulesBuiltin',
  'Lsmod',
  'ProcModules',
  'ModuleNames',
  'ModuleErrors',
]);
/** Nodes of which the lines before their first child are their own. */
const PARENTS: ReadonlyMap<string, string> = new Map([
  ['Chain', 'rules'],
  ['VirtualService', 'destinations'],
  ['IpSet', 'members'],
]);

/**
 * Lines that tools print around their rows, as they print them; a chain that is declared again has its node where it was declared first.
 */
const FRAME =
  /^(?:IP Virtual Server version |Prot |\s*->\s+RemoteAddress|IPVS connection entries|pro expire|Pro FromIP|target +prot|num +|\s*pkts +bytes|\*\w*\s*$|COMMIT\s*$|#|:|-[NP] |Module +Size|Members:)/;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string' && 'span' in value;
}

/** The nodes that stand on lines, each with the part of its span that is its own. */
function* lineNodes(value: unknown): Generator<{ readonly node: Node; readonly span: Span }> {
  if (Array.isArray(value)) {
    for (const element of value) yield* lineNodes(element);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (isNode(value) && !WHOLE.has(value.kind)) {
    const children = value[PARENTS.get(value.kind) ?? ''];
    const first: unknown = Array.isArray(children) ? children[0] : undefined;
    const end = isNode(first) ? Math.min(first.span.start, value.span.end) : value.span.end;
    // A chain that only its rules show begins where its first rule does.
    if (Array.isArray(children)) yield* lineNodes(children);
    yield { node: value, span: { start: value.span.start, end: Math.max(end, value.span.start) } };
    return;
  }
  for (const held of Object.values(value)) yield* lineNodes(held);
}

function holdsUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsUnknown);
  if (typeof value !== 'object' || value === null) return false;
  if ('kind' in value && typeof value.kind === 'string' && value.kind.includes('Unknown')) return true;
  return Object.values(value).some(holdsUnknown);
}

/** Reads an input and says of each of its lines what became of it. */
export function readInput(input: string | Uint8Array): ReadInput {
  const text = decode(input);
  const { sections, setAside, diagnostics } = readTranscript(text);
  const starts = lineStarts(text);
  const fates = new Array<LineFate['fate'] | undefined>(starts.length);
  const kinds = new Array<string | undefined>(starts.length);
  const reasons = new Array<SetAsideReason | undefined>(starts.length);
  const mark = ({ start, end }: Span, fate: LineFate['fate'], kind?: string): void => {
    for (let line = lineAt(starts, start); line < starts.length && ((starts[line] ?? 0) < end || (starts[line] ?? 0) <= start); line += 1) {
      if (fates[line] !== undefined) continue;
      fates[line] = fate;
      kinds[line] = kind;
    }
  };
  const outputs = sections.map((section) => ({ section, parsed: parseSection(section) }));
  const codes = diagnostics.filter(({ severity }) => severity !== 'info').map(({ code }) => code);
  for (const { section, parsed } of outputs) {
    if (parsed.value === undefined) {
      mark(section.span, 'diagnostic', parsed.diagnostics[0]?.code);
      continue;
    }
    // The small readers give facts of a whole output, and so do counters and timeouts.
    if (!('span' in parsed.value) || parsed.value.kind === 'IpvsStatistics') mark(section.span, 'typed', parsed.value.kind);
    for (const { node, span } of lineNodes(parsed.value)) {
      mark(toOriginalSpan(section, span), node.kind !== 'Chain' && holdsUnknown(ownPart(node)) ? 'unknown' : 'typed', node.kind);
    }
    for (const diagnostic of parsed.diagnostics) {
      if (diagnostic.severity === 'info') continue;
      codes.push(diagnostic.code);
      // A remark about a whole output accounts for none of its lines, but for the refusal of all of it.
      const refused = diagnostic.severity === 'error' && [...lineNodes(parsed.value)].length === 0;
      if (refused || diagnostic.span.end - diagnostic.span.start < section.text.length || section.text.trim().indexOf('\n') < 0) {
        mark(toOriginalSpan(section, wholeLines(section.text, diagnostic.span)), 'diagnostic', diagnostic.code);
      }
    }
    for (const [index, { at, start, end }] of section.pieces.entries()) {
      // A line torn by a message of standard error, of which a prefix alone stood before the message.
      const gap = { start: section.pieces[index - 1]?.end ?? start, end: start };
      if (text.slice(gap.start, gap.end).includes('tables present')) mark(gap, 'aside');
      for (const offset of lineStarts(section.text.slice(at, at + end - start))) {
        const line = lineText(section.text, at + offset);
        // Of a line that held a prefix alone, nothing is left.
        const isFrame = FRAME.test(line) || line.trim() === '';
        if (!isFrame || start + offset >= end) continue;
        mark(
          line.trim() === ''
            ? { start: start + offset, end: start + offset + 1 }
            : toOriginalSpan(section, { start: at + offset, end: at + offset + line.length }),
          'frame',
        );
      }
    }
  }
  for (const { reason, span } of setAside) {
    const from = lineAt(starts, span.start);
    for (let line = from; line < starts.length && ((starts[line] ?? 0) < span.end || line === from); line += 1) {
      if (fates[line] !== undefined) continue;
      fates[line] = 'aside';
      reasons[line] = reason;
    }
  }
  for (const { span } of diagnostics) if (sections.length === 0) mark(span, 'diagnostic');
  return {
    text,
    outputs,
    codes,
    fates: starts.map((start, index) => {
      const line = lineText(text, start);
      const [kind, reason] = [kinds[index], reasons[index]];
      const fate = line.trim() === '' && fates[index] !== 'typed' ? 'blank' : (fates[index] ?? 'lost');
      return { line: index + 1, text: line, fate, ...(kind === undefined ? {} : { kind }), ...(reason === undefined ? {} : { reason }) };
    }),
  };
}

/** A diagnostic is about the whole line of the output, which a message of standard error may have torn in two. */
function wholeLines(text: string, { start, end }: Span): Span {
  const feed = text.indexOf('\n', Math.max(start, end - 1));
  return { start: text.lastIndexOf('\n', start - 1) + 1, end: feed < 0 ? text.length : feed };
}

/** A node without the children that stand on lines of their own. */
function ownPart(node: Node): unknown {
  return { ...node, [PARENTS.get(node.kind) ?? 'span']: undefined };
}

function lineStarts(text: string): number[] {
  const starts: number[] = [];
  for (let start = 0; start < text.length;) {
    starts.push(start);
    const feed = text.indexOf('\n', start);
    start = feed < 0 ? text.length : feed + 1;
  }
  return starts;
}

function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function lineText(text: string, start: number): string {
  const feed = text.indexOf('\n', start);
  return text.slice(start, feed < 0 ? text.length : feed).replace(/\r$/, '');
}
