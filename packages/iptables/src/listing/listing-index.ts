import { NameSet } from '@netdrift/core';
import { LONGEST_COMMENT } from '../rule/forged-lines.ts';

/** Where the chains of a listing stand. */
export interface ListingIndex {
  /** Where the header of each chain begins. */
  readonly starts: Int32Array;
  /** Of each table the index of its first chain. */
  readonly tables: readonly number[];
}

/** A header as the tool prints it, with the titles behind it. */
const HEADER = /Chain [\w-]{1,64} \((?:policy [A-Z]+(?: \d+[KMGT]? packets, \d+[KMGT]? bytes)?|\d{1,9} references)\)\n/y;
const TITLES = /(?:num +)?(?: *pkts +bytes +)?target +prot opt (?:in +out +)?source +destination *\n/y;
/** Lines that are of no chain, or stand for lines that somebody left out; and another line end. */
const NO_CHAINS = ['libiptc v', '...', '\u2026', '\r'];

/**
 * The chains of a listing that is as the tool printed it, told by their headers alone: all of them have the same titles, and no comment
 * reaches from one into the next. Undefined for any other text.
 */
export function indexListing(text: string): ListingIndex | undefined {
  if (!text.startsWith('Chain ') || NO_CHAINS.some((sign) => text.includes(sign))) return undefined;
  let titles = '';
  let starts = new Int32Array(16);
  let count = 0;
  const tables = [0];
  const names = new NameSet();
  const comments = new Comments(text);
  for (let start = 0; start < text.length;) {
    HEADER.lastIndex = start;
    if (!HEADER.test(text)) return undefined;
    const behind = HEADER.lastIndex;
    if (titles === '') titles = titlesAt(text, behind);
    if (titles === '' || !text.startsWith(titles, behind)) return undefined;
    const endOfName = text.indexOf(' ', start + 'Chain '.length);
    if (!names.add(text, start, endOfName)) {
      tables.push(count);
      names.clear();
      names.add(text, start, endOfName);
    }
    if (count === starts.length) starts = larger(starts);
    starts[count] = start;
    count += 1;
    // A word "Chain" inside a line is of no header that is looked for here.
    const next = text.indexOf('Chain ', behind);
    const end = next < 0 ? text.length : next;
    if ((next >= 0 && text[next - 1] !== '\n') || comments.mayReachBeyond(behind, end)) return undefined;
    start = end;
  }
  return { starts: starts.slice(0, count), tables };
}

/** The table of a chain, by its first chain and the one behind its last. */
export function tableOf({ starts, tables }: ListingIndex, at: number): { readonly first: number; readonly end: number } {
  let low = 0;
  let high = tables.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((tables[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return { first: tables[low] ?? 0, end: tables[low + 1] ?? starts.length };
}

function titlesAt(text: string, at: number): string {
  TITLES.lastIndex = at;
  return TITLES.exec(text)?.[0] ?? '';
}

function larger(starts: Int32Array): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(starts.length * 4);
  copy.set(starts);
  return copy;
}

/** The comments of a text, looked for in order. */
class Comments {
  private readonly text: string;
  /** The next opening sign from where it was looked for last. */
  private open = -1;

  constructor(text: string) {
    this.text = text;
  }

  /** Whether a comment may be open in one of the last lines of `from..end`, near enough to the end to reach beyond it. */
  mayReachBeyond(from: number, end: number): boolean {
    const { text } = this;
    const near = end - 2 - LONGEST_COMMENT;
    for (let at = near <= from ? from : text.lastIndexOf('\n', near) + 1; ;) {
      if (this.open < at) this.open = text.indexOf('/*', at);
      if (this.open < 0) this.open = text.length;
      if (this.open >= end) return false;
      // As the scanner looks for the closing sign: between blanks, on the same line.
      const close = text.indexOf(' */', this.open + 3);
      if (close < 0 || !/^[ \n]$/.test(text.charAt(close + 3)) || text.slice(this.open, close).includes('\n')) return true;
      at = close + 3;
    }
  }
}
