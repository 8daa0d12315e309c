import type { TokenCode } from './token-set.ts';
import { sourceBytes } from './source-bytes.ts';

/** How many tokens one line may have; a longer line is cut there and {@link Line.overflow} says so. */
export const MAX_TOKENS = 16_384;
/** Room for so many at first: the runtime keeps it with the object. */
const FIRST_TOKENS = 16;

/** Reads one kind of value from the text of a token. */
export interface Decoder<T> {
  /** What the text should have been, for a message: `a port number 0-65535`. */
  readonly expected: string;
  /** The value, or `undefined` where the text is not one. */
  readonly decode: (text: string) => T | undefined;
}

/** Why a line whose shape is valid still has no node: a token's text is not a value of its kind. */
export interface Refusal {
  /** Index of the token. */
  readonly token: number;
  /** What it should have been. */
  readonly expected: string;
}

/**
 * One line of a source cut into tokens, and the only thing that reads their text.
 *
 * A scanner calls {@link begin} and {@link push}; grammars see the codes alone; build functions read text through
 * {@link text}, {@link name} and {@link read}. The object is reused from line to line: nothing of it may be kept.
 */
export class Line {
  readonly source: string;
  readonly bytes: Uint8Array;
  /** Where the source begins in the whole input, from which spans count. */
  readonly base: number;
  /** Where the line stands in the source: half-open, without its line end. */
  start = 0;
  end = 0;
  /** Number of tokens. */
  count = 0;
  /** Rolling hash of the codes. */
  hash = 0;
  /** The line had more than {@link MAX_TOKENS} tokens; the rest is missing. */
  overflow = false;
  /** The first value that could not be decoded since {@link begin} or {@link settle}. */
  refusal: Refusal | undefined = undefined;
  types = new Uint16Array(FIRST_TOKENS);
  starts = new Int32Array(FIRST_TOKENS);
  ends = new Int32Array(FIRST_TOKENS);
  private readonly names = new Map<string, string>();

  constructor(source: string, bytes: Uint8Array = sourceBytes(source), base = 0) {
    this.source = source;
    this.bytes = bytes;
    this.base = base;
  }

  /** Starts a new line without tokens. */
  begin(start: number, end: number): void {
    this.start = start;
    this.end = end;
    this.count = 0;
    this.hash = 0;
    this.overflow = false;
    this.refusal = undefined;
  }

  /** Adds a token. */
  push(type: TokenCode, start: number, end: number): void {
    const index = this.count;
    if (index === this.types.length && !this.grow()) return;
    this.types[index] = type;
    this.starts[index] = start;
    this.ends[index] = end;
    this.count = index + 1;
    this.hash = (Math.imul(this.hash, 31) + type + 1) | 0;
  }

  /** Gives a token another type, as when a keyword turns out to be a free word. The hash stays that of the scan. */
  retype(index: number, type: TokenCode): void {
    this.types[index] = type;
  }

  /**
   * Runs `work` and gives the tokens back the types they were scanned with: what a grammar retypes on its way to a template is
   * no property of the line, and a line of a known shape has never been retyped.
   */
  keepingTypes<T>(work: () => T): T {
    const scanned = this.types.slice(0, this.count);
    const result = work();
    this.types.set(scanned);
    return result;
  }

  /** The type of a token. */
  type(index: number): TokenCode {
    return this.types[index] ?? 0;
  }

  /** The text of a token, of token `first` to token `last`, as written between them. */
  text(first: number, last: number = first): string {
    return this.source.slice(this.starts[first], this.ends[last]);
  }

  /** The text of a token that many lines repeat; equal names share one string. */
  name(index: number): string {
    const text = this.text(index);
    const known = this.names.get(text);
    if (known !== undefined) return known;
    if (this.names.size < 65_536) this.names.set(text, text);
    return text;
  }

  /** Whether an optional token is there. */
  flag(index: number): boolean {
    return index >= 0;
  }

  /**
   * The value of a token. A text that is not such a value is noted in {@link refusal}; the node being built must then
   * be thrown away, so what is returned in that case is never seen.
   */
  read<T>(index: number, decoder: Decoder<T>): T {
    const value = decoder.decode(this.text(index));
    if (value === undefined) this.refuse(index, decoder.expected);
    // A refused value belongs to a node that the driver discards.
    return value as T;
  }

  /** Notes that a token's text is impossible where it stands. */
  refuse(token: number, expected: string): void {
    this.refusal ??= { token, expected };
  }

  /** Takes the noted refusal, leaving none. */
  settle(): Refusal | undefined {
    const refusal = this.refusal;
    this.refusal = undefined;
    return refusal;
  }

  /** The span of token `first` to token `last`. */
  span(first: number, last: number = first): { readonly start: number; readonly end: number } {
    return { start: this.base + (this.starts[first] ?? this.end), end: this.base + (this.ends[last] ?? this.end) };
  }

  /** The span of the whole line. */
  lineSpan(): { readonly start: number; readonly end: number } {
    return { start: this.base + this.start, end: this.base + this.end };
  }

  /** A part of the source as a span of the whole input. */
  spanOf(start: number, end: number): { readonly start: number; readonly end: number } {
    return { start: this.base + start, end: this.base + end };
  }

  private grow(): boolean {
    if (this.types.length >= MAX_TOKENS) {
      this.overflow = true;
      return false;
    }
    const size = this.types.length * 2;
    this.types = copyInto(new Uint16Array(size), this.types);
    this.starts = copyInto(new Int32Array(size), this.starts);
    this.ends = copyInto(new Int32Array(size), this.ends);
    return true;
  }
}

function copyInto<T extends Uint16Array | Int32Array>(larger: T, smaller: T): T {
  larger.set(smaller);
  return larger;
}
