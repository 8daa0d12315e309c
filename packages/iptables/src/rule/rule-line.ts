import { Line, parseProtocol, protocolName, WordCache, type Span } from '@netdrift/core';
import type { ProtocolCondition } from '../fields/protocol-condition.ts';
import type { ChainTarget } from '../targets/chain.ts';
import type { VerdictTarget } from '../targets/verdict.ts';
import { decodeAddress, EXPECTED_ADDRESS, type AddressCondition } from '../fields/address-condition.ts';
import { LayoutNotes } from './layout-notes.ts';

/** How iptables itself writes protocols; any other word comes from the system's protocol file. */
const OWN_STYLES = ['numbers', 'names-1.4', 'names-1.8.8', 'names-1.8.11'] as const;

/** What the lines of one text share: values seen before, and facts of its spelling. */
export class TextContext {
  /** Spellings that differ by version, found so far in this text. */
  readonly spellings = new Set<string>();
  /** What the text tells about the version of the tool. */
  readonly notes = new LayoutNotes();
  readonly protocols = new WordCache<ProtocolCondition>();
  readonly addresses = new WordCache<AddressCondition>();
  readonly plainTargets = new WordCache<ChainTarget | VerdictTarget>();
  /** Matches, by the piece of a shape that they are of: the same text in two shapes may be two matches. */
  readonly matches = new WordCache<object>();
  /** Shapes of lines are kept; without it the grammar reads every line, which must make no difference. */
  readonly keepsShapes: boolean;

  constructor(keepsShapes = true) {
    this.keepsShapes = keepsShapes;
  }
}

/** A line of iptables. Its spans count from the start of the whole input, of which `source` may be a piece at `base`. */
export class RuleLine extends Line {
  readonly context: TextContext;
  /** The line opens a comment or a quote that it does not close. */
  isOpen = false;
  /** Behind the end of a comment another could be the end as well. */
  hasMoreEnds = false;
  /** The bytes that the caches are of: a line seen through changes has others, and remembers nothing. */
  private readonly own: Uint8Array = this.bytes;

  constructor(source: string, context: TextContext = new TextContext(), base = 0, bytes?: Uint8Array) {
    super(source, bytes, base);
    this.context = context;
  }

  /** Whether what words mean may be remembered: a line seen through changes has bytes of its own, and remembers nothing. */
  get remembers(): boolean {
    return this.bytes === this.own && this.context.keepsShapes;
  }

  override begin(start: number, end: number): void {
    super.begin(start, end);
    this.isOpen = false;
    this.hasMoreEnds = false;
  }

  /** A span of the source as a span of the whole input. */
  absolute({ start, end }: Span): Span {
    return { start: start + this.base, end: end + this.base };
  }

  /** The address of a token. */
  address(index: number, not: boolean): AddressCondition {
    const start = this.starts[index] ?? 0;
    const end = this.ends[index] ?? 0;
    const { addresses, notes } = this.context;
    const kind = not ? 1 : 0;
    const known = this.remembers ? addresses.find(this.bytes, start, end, kind) : undefined;
    if (known !== undefined) return known;
    const text = this.text(index);
    const address = decodeAddress(text, not);
    if (address === undefined) {
      this.refuse(index, EXPECTED_ADDRESS);
      return { not, name: text };
    }
    notes.address(address);
    return this.remembers ? addresses.keep(address, this.bytes, start, end, kind) : address;
  }

  /** The protocol of a token; a name of the system's protocol file that is not known has no number. */
  protocol(index: number, not: boolean, opt: number): ProtocolCondition {
    const start = this.starts[index] ?? 0;
    const end = this.ends[index] ?? 0;
    const { protocols, notes, spellings } = this.context;
    const kind = not ? 1 : 0;
    const known = this.remembers ? protocols.find(this.bytes, start, end, kind) : undefined;
    if (known !== undefined) return known;
    const text = this.text(index);
    const protocol = parseProtocol(text);
    if (protocol === undefined && !/^[A-Za-z][A-Za-z0-9._+-]*$/.test(text)) {
      this.refuse(index, 'a protocol name or a number 0-255');
      return { not, name: text };
    }
    notes.protocol(text, end, opt < 0 ? -1 : (this.starts[opt] ?? 0));
    if (protocol !== undefined && !OWN_STYLES.some((style) => protocolName(protocol.number, style) === text)) {
      spellings.add(`protocol ${protocol.number} ${text}`);
    }
    const condition = { not, ...(protocol ?? { name: text }) };
    return this.remembers ? protocols.keep(condition, this.bytes, start, end, kind) : condition;
  }

  /** A verdict, or a jump to a chain: what a name in the target column means that is no target of the table. */
  plainTarget(index: number): ChainTarget | VerdictTarget {
    const start = this.starts[index] ?? 0;
    const end = this.ends[index] ?? 0;
    const { plainTargets } = this.context;
    const known = this.remembers ? plainTargets.find(this.bytes, start, end) : undefined;
    if (known !== undefined) return known;
    const name = this.text(index);
    const target: ChainTarget | VerdictTarget = isVerdict(name) ? { kind: 'VerdictTarget', name } : { kind: 'ChainTarget', name };
    return this.remembers ? plainTargets.keep(target, this.bytes, start, end) : target;
  }
}

/** Notes that a text spells something in a way that not every version does, so that print can do the same. */
export function noteSpelling(line: Line, spelling: string): void {
  if (line instanceof RuleLine) line.context.spellings.add(spelling);
}

function isVerdict(name: string): name is 'ACCEPT' | 'DROP' | 'RETURN' | 'QUEUE' {
  return name === 'ACCEPT' || name === 'DROP' || name === 'RETURN' || name === 'QUEUE';
}
