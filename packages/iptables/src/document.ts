import { decode, type Diagnostic, type ParseResult, sourceBytes } from '@netdrift/core';
import type { Chain, IptablesValue, Rule } from './ast.ts';
import { indexListing, type ListingIndex, tableOf } from './listing/listing-index.ts';
import { listingReader } from './listing/load-listing-reader.ts';
import { parseIptables, type ParseIptablesOptions } from './parse.ts';
import { RuleLine, TextContext } from './rule/rule-line.ts';
import { withUnknownTargetsOf } from './rule/unknown-target.ts';

/**
 * An output of iptables of which nodes are made when they are asked for. What it gives equals what `parseIptables` gives of the same input.
 */
export interface IptablesDocument {
  readonly kind: 'IptablesDocument';
  /** Number of chains, of all tables, in the order of the tree. */
  readonly chainCount: number;
  /** The name of a chain, without reading its rules; undefined where there is no such chain. */
  chainName(index: number): string | undefined;
  /** A chain with its rules, read at every call; undefined where there is no such chain. */
  chain(index: number): Chain | undefined;
  /** The whole tree, read at the first use and kept. */
  readonly value: IptablesValue;
  /** What there is to say about the input; it is read whole for that. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Opens an output of iptables without reading its rules: for a look at some chains of a large listing.
 *
 * Of a listing as the tool printed it, only the headers of chains are looked at, and 4 bytes are kept for each chain beside the text.
 * Any other text (a save form, a damaged listing) is read whole at once, as by `parseIptables`. To go through all chains takes half as
 * long again as `parseIptables`, and needs no more memory than the largest chain, and the names of a table where text of a rule is not
 * known. Never throws on input.
 *
 * @example
 * const document = openIptables('Chain INPUT (policy DROP)\ntarget     prot opt source               destination         \n');
 * document.chainName(0) // => 'INPUT'
 * document.chain(0) // => { kind: 'Chain', name: 'INPUT', policy: 'DROP', rules: [], span: { start: 0, end: 86 } }
 */
export function openIptables(input: string | Uint8Array, options: ParseIptablesOptions = {}): IptablesDocument {
  const text = decode(input);
  const index = indexListing(text);
  let result: ParseResult<IptablesValue> | undefined;
  const whole = (): ParseResult<IptablesValue> => (result ??= parseIptables(input, options));
  // What one chain taught serves the next.
  const context = new TextContext();
  const bytes = new Uint8Array(PIECE);
  const beside = index === undefined ? undefined : new NamesBeside(text, index);
  const chains: readonly Chain[] = index === undefined ? chainsOf(whole().value) : [];
  return {
    kind: 'IptablesDocument',
    chainCount: index?.starts.length ?? chains.length,
    chainName: (at) => (index === undefined ? chains[at]?.name : nameOf(text, index, at)),
    chain(at) {
      const chain = index === undefined ? chains[at] : readChain(text, index, at, context, bytes);
      const isUnknown = beside !== undefined && chain?.rules.some((rule) => rule.matches.at(-1)?.kind === 'UnknownMatch') === true;
      return isUnknown ? withUnknownTargetsOf(chain, beside.of(at)) : chain;
    },
    get value() {
      return whole().value;
    },
    get diagnostics() {
      return whole().diagnostics;
    },
  };
}

function chainsOf(value: IptablesValue): readonly Chain[] {
  return value.kind === 'ToolError' ? [] : value.tables.flatMap(({ chains }) => chains);
}

const CHAIN = 'Chain '.length;
/** A chain is rarely longer. */
const PIECE = 4096;

function nameOf(text: string, { starts }: ListingIndex, at: number): string | undefined {
  const start = starts[at];
  return start === undefined ? undefined : text.slice(start + CHAIN, text.indexOf(' ', start + CHAIN));
}

/** Reads the lines of one chain as the reader of listings reads them in their place. */
function readChain(text: string, index: ListingIndex, at: number, context: TextContext, buffer: Uint8Array): Chain | undefined {
  const start = index.starts[at];
  if (start === undefined) return undefined;
  const end = index.starts[at + 1] ?? text.length;
  let chain: Chain | undefined;
  const rules: Rule[] = [];
  const reader = listingReader(context, {
    chain: (found) => void (chain = found),
    rule: (rule) => void rules.push(rule),
  });
  const piece = text.slice(start, end);
  reader.read(new RuleLine(piece, context, start, sourceBytes(piece, buffer)), end === text.length);
  return chain === undefined ? undefined : { ...chain, rules };
}

/** Names of the chains of the table that was asked for last: the next chain that is read is most often of the same one. */
class NamesBeside {
  private readonly text: string;
  private readonly index: ListingIndex;
  private table = { first: 0, end: 0 };
  private names: ReadonlySet<string> = new Set();

  constructor(text: string, index: ListingIndex) {
    this.text = text;
    this.index = index;
  }

  /** Of the table of a chain. */
  of(at: number): ReadonlySet<string> {
    if (at < this.table.first || at >= this.table.end) {
      const { first, end } = (this.table = tableOf(this.index, at));
      this.names = new Set(Array.from({ length: end - first }, (_, place) => nameOf(this.text, this.index, first + place) ?? ''));
    }
    return this.names;
  }
}
