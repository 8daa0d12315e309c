import type { LineContext } from '../format.ts';
import { formats, type KnownFormat } from '../formats.ts';
import { kubeProxyLog } from '../formats/kube-proxy.ts';
import { isLoggedOutput } from '../logs/logged-output.ts';
import type { Layer } from './layer.ts';
import { envelopeKinds } from './envelopes.ts';
import { printedPart } from './right-side.ts';

/** The beginning of a section. */
export interface Start {
  readonly format: KnownFormat;
  readonly strength: 'title' | 'row';
  readonly layers: readonly Layer[];
  /** Offset in the line at which the output begins. */
  readonly at: number;
}

/** How many things may be around one line, and how many ways of taking them off are tried. */
const DEPTH = 4;
const TRIES = 16;
/** Blanks that belong to a line that can begin an output, by how the rest of the line begins. */
const OWN_INDENT = /^(?:-> |pkts +bytes |Total Incoming )/;

/** The output that begins at this line, with what is to be taken off to see it. */
export function findStart(line: string, context: LineContext): Start | undefined {
  return startAt(line, 0, [], context) ?? search(line, 0, [], context, { left: TRIES });
}

function startAt(line: string, at: number, layers: readonly Layer[], context: LineContext): Start | undefined {
  const rest = printedPart(at === 0 ? line : line.slice(at), layers);
  for (const format of formats) {
    const strength = format.starts(rest, context);
    if (strength === undefined) continue;
    if (format.hashComments === true && layers.some(({ kind }) => kind.name === 'comment') && !isLive(strength, context)) continue;
    // What the log holds is the output, and the log a prefix of its lines.
    return format === kubeProxyLog && isLoggedOutput(rest, context) ? undefined : { format, strength, layers, at };
  }
  return undefined;
}

/** Whether what stands behind the sign of a comment is output all the same. */
function isLive(strength: Start['strength'], context: LineContext): boolean {
  const commented = context.commented();
  return commented === 'all' || commented === strength;
}

function search(line: string, at: number, layers: readonly Layer[], context: LineContext, tries: { left: number }): Start | undefined {
  if (layers.length >= DEPTH) return undefined;
  for (const kind of envelopeKinds) {
    // Prefixes of two programs may stand before one another, and a comment in a comment.
    const isOnce = kind.name !== 'comment' && kind.name !== 'log-prefix';
    if (layers.some((layer) => (isOnce ? layer.kind.name === kind.name : layer.kind === kind && kind.name !== 'comment'))) continue;
    const stripped = kind.find(line, at);
    if (stripped === undefined) continue;
    const end = kind.name === 'indent' ? at + outerIndent(line.slice(at, stripped.at), line.slice(stripped.at)) : stripped.at;
    const layer: Layer = {
      kind,
      text: line.slice(at, end),
      ...(stripped.host === undefined ? {} : { host: stripped.host }),
    };
    const inner = end > at ? [...layers, layer] : layers;
    if (tries.left === 0) return undefined;
    tries.left -= 1;
    const start = startAt(line, end, inner, context) ?? search(line, stripped.at, inner, context, tries);
    if (start !== undefined) return start;
  }
  return undefined;
}

/** How much of a line's indent is around the output and not its own. */
function outerIndent(blanks: string, rest: string): number {
  const own = OWN_INDENT.exec(rest)?.[0];
  if (own === undefined) return blanks.length;
  const width = own.startsWith('->') ? 2 : own.startsWith('pkts  ') ? 4 : 1;
  return Math.max(0, blanks.length - width);
}

/** Where the output begins in a later line of a section, or `undefined` where the line has not got what is around it. */
export function peelAgain(line: string, layers: readonly Layer[]): number | undefined {
  let at = 0;
  for (const layer of layers) {
    const stripped = layer.kind.again(line, at, layer.text, layer.host);
    if (stripped !== undefined && stripped.host === layer.host) at = stripped.at;
    else if (!layer.kind.mayLack) return undefined;
  }
  return at;
}
