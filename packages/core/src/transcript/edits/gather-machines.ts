import type { Span } from '../../text/span.ts';
import { machineKinds } from '../layers/envelopes.ts';

/** Lines of several machines, put together. */
export interface Gathered {
  /** The lines as they are to be read; all of the text. */
  readonly order: readonly Span[];
  readonly machines: number;
}

/** What names the machine of a line. */
interface Named {
  readonly kind: number;
  readonly host: string;
}

/**
 * Puts lines of several machines or pods together that stand mixed, as `kubectl logs --prefix`, stern or pdsh print them: in each stretch
 * of lines that name a machine, those of one machine after those of another, each in its order. `undefined` where none stand mixed.
 */
export function gatherMachines(text: string): Gathered | undefined {
  const known = namesThatMix(text);
  if (known === undefined) return undefined;
  const order: Span[] = [];
  const machines = new Set<string>();
  let kind: number | undefined;
  let stretch = new Map<string, Span[]>();
  const end = (): void => {
    if (stretch.size > 1) for (const host of stretch.keys()) machines.add(host);
    for (const spans of stretch.values()) for (const span of spans) order.push(span);
    stretch = new Map();
  };
  for (const span of linesOf(text)) {
    const named = machineIn(text, span, known);
    if (named?.kind !== kind) end();
    kind = named?.kind;
    if (named === undefined) {
      order.push(span);
      continue;
    }
    const spans = stretch.get(named.host);
    if (spans === undefined) stretch.set(named.host, [span]);
    else spans.push(span);
  }
  end();
  return machines.size === 0 ? undefined : { order, machines: machines.size };
}

/** What stands before the lines of each machine, where a machine's lines go on behind those of another. */
function namesThatMix(text: string): ReadonlyMap<string, Named> | undefined {
  const known = new Map<string, Named>();
  const seen = new Set<string>();
  let last: string | undefined;
  let isMixed = false;
  for (const span of linesOf(text)) {
    const line = headOf(text, span);
    const found = strictly(line);
    if (found === undefined) continue;
    const { named, prefix } = found;
    if (machineKinds[named.kind]?.same === true) known.set(prefix, named);
    const key = `${named.kind} ${named.host}`;
    isMixed ||= key !== last && seen.has(key);
    seen.add(key);
    last = key;
  }
  return isMixed ? known : undefined;
}

/** Characters of a line in which its machine is named. */
const HEAD = 400;

function* linesOf(text: string): Generator<Span> {
  for (let start = 0; start < text.length;) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed + 1;
    yield { start, end };
    start = end;
  }
}

function headOf(text: string, { start, end }: Span): string {
  return text.slice(start, Math.min(end, start + HEAD)).replace(/\r?\n$/, '');
}

/** How lines with a name begin, behind what a quote or an indent puts before all of them. */
const AROUND = /[ \t>]{0,40}/y;

function behindIndent(line: string): number {
  AROUND.lastIndex = 0;
  return AROUND.exec(line)?.[0].length ?? 0;
}

function strictly(line: string): { readonly named: Named; readonly prefix: string } | undefined {
  const at = behindIndent(line);
  for (const [
    kind,
    {
      kind: { find },
    },
  ] of machineKinds.entries()) {
    const stripped = find(line, at);
    if (stripped?.host !== undefined) return { named: { kind, host: stripped.host }, prefix: line.slice(at, stripped.at) };
  }
  return undefined;
}

/** Blanks in what stands before a line, at most. */
const WORDS = 4;

/** The machine of a line: by what alone shows it, or by a prefix that other lines have shown to be one. */
function machineIn(text: string, span: Span, known: ReadonlyMap<string, Named>): Named | undefined {
  const line = headOf(text, span);
  const found = strictly(line)?.named;
  if (found !== undefined) return found;
  const at = behindIndent(line);
  for (let end = at, word = 0; word < WORDS && end < line.length; word += 1) {
    while (end < line.length && line[end] !== ' ' && line[end] !== '\t') end += 1;
    while (end < line.length && (line[end] === ' ' || line[end] === '\t')) {
      end += 1;
      const named = known.get(line.slice(at, end));
      if (named !== undefined) return named;
    }
  }
  // An editor took the blank at the end.
  return known.get(`${line.slice(at)} `);
}
