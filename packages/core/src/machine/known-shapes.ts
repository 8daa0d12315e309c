import { printDecisions, readDecisions, twoDigits, type Decisions } from './derivation.ts';
import { Line } from './line.ts';
import type { TokenSet } from './token-set.ts';

/**
 * Shapes of lines that a grammar has read once, to be given to {@link lineGrammar}: a run that meets no others never constructs
 * the parser. Tokens are kept by their names, so that a token more in a vocabulary makes none of it wrong.
 *
 * Made and checked by `test/laws/known-shapes.test.ts`; not written by hand.
 */
export interface KnownShapes {
  /** Names of the token types that {@link shapes} counts through. */
  readonly tokens: readonly string[];
  /** One shape a line: two digits for each of its tokens, a blank, and the grammar's decisions. */
  readonly shapes: string;
}

/** A longer line is no usual one. */
const MAX_LENGTH = 48;

/** Looks up what is known of the shapes of one token set. */
export class ShapeIndex {
  /** By code: the token's two digits, or nothing where no known shape has it. */
  private readonly digits: string[];
  private readonly decisions: ReadonlyMap<string, string>;

  constructor({ tokens, shapes }: KnownShapes, { definitions }: TokenSet) {
    const places = new Map(tokens.map((name, place) => [name, twoDigits(place)]));
    this.digits = definitions.map(({ name }) => places.get(name) ?? '');
    this.decisions = new Map(
      shapes.split('\n').map((shape) => {
        const blank = shape.indexOf(' ');
        return [shape.slice(0, blank), shape.slice(blank + 1)];
      }),
    );
  }

  /** The decisions that a line of this shape was read by, if it is known. */
  find(line: Line): Decisions | undefined {
    if (line.count > MAX_LENGTH) return undefined;
    let key = '';
    for (let index = 0; index < line.count; index += 1) {
      const digits = this.digits[line.type(index)] ?? '';
      if (digits === '') return undefined;
      key += digits;
    }
    const known = this.decisions.get(key);
    return known === undefined ? undefined : readDecisions(known);
  }
}

/** A shape by the names of its tokens, as it was learned. */
export interface LearnedShape {
  readonly tokens: readonly string[];
  readonly decisions: string;
}

const NO_SHAPES: KnownShapes = { tokens: [], shapes: '' };

/** What is to be kept of a line that the grammar has read; undefined for a line that is no usual one. */
export function learnedShape(line: Line, { definitions }: TokenSet, taken: Decisions): LearnedShape | undefined {
  const decisions = line.count > MAX_LENGTH ? undefined : printDecisions(taken);
  if (decisions === undefined) return undefined;
  const tokens = Array.from({ length: line.count }, (_, index) => definitions[line.type(index)]?.name ?? '');
  return { tokens, decisions };
}

/**
 * Learned shapes as {@link KnownShapes}, in an order of their own: the same shapes give the same text. Tokens that are kept `before` stay
 * in their places, so that a new one changes no line but its own.
 */
export function keepShapes(learned: readonly LearnedShape[], before: KnownShapes = NO_SHAPES): KnownShapes {
  const used = new Set(learned.flatMap((shape) => shape.tokens));
  const kept = before.tokens.filter((name) => used.has(name));
  const tokens = [...kept, ...[...used].filter((name) => !kept.includes(name)).sort()];
  const places = new Map(tokens.map((name, place) => [name, twoDigits(place)]));
  const shapes = learned.map((shape) => `${shape.tokens.map((name) => places.get(name) ?? '').join('')} ${shape.decisions}`);
  return { tokens, shapes: [...new Set(shapes)].sort().join('\n') };
}

/** A line of each known shape, without text; of a shape whose tokens are no longer there, none. */
export function* linesOf(known: KnownShapes | undefined, { definitions }: TokenSet): Generator<Line, void, void> {
  if (known === undefined || known.shapes === '') return;
  const codes = new Map(definitions.map(({ name }, code) => [name, code]));
  const byDigits = new Map(known.tokens.map((name, place) => [twoDigits(place), codes.get(name)]));
  for (const shape of known.shapes.split('\n')) {
    const line = new Line('');
    const end = shape.indexOf(' ');
    for (let at = 0; at < end; at += 2) {
      const code = byDigits.get(shape.slice(at, at + 2));
      if (code !== undefined) line.push(code, 0, 0);
    }
    if (line.count * 2 === end) yield line;
  }
}
