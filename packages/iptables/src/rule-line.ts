import { Line, parseProtocol, protocolName } from '@netdrift/core';
import type { ProtocolCondition, Target } from './ast.ts';
import { LayoutNotes } from './layout-notes.ts';
import { decodeAddress, EXPECTED_ADDRESS, type AddressCondition } from './address-condition.ts';

/** How iptables itself writes protocols; any other word comes from the system's protocol file. */
const OWN_STYLES = ['numbers', 'names-1.4', 'names-1.8.8', 'names-1.8.11'] as const;

/** A line of iptables, with what build functions note about its spelling. */
export class RuleLine extends Line {
  /** Spellings that differ by version, found so far in this text. */
  readonly spellings = new Set<string>();
  /** What the text tells about the version of the tool. */
  readonly notes = new LayoutNotes();
  private readonly addresses = new Map<string, AddressCondition>();
  private readonly protocols = new Map<string, ProtocolCondition>();
  private readonly plainTargets = new Map<string, Target>();

  /** The address of a token; equal addresses share one object. */
  address(index: number, not: boolean): AddressCondition {
    const text = this.text(index);
    const known = not ? undefined : this.addresses.get(text);
    if (known !== undefined) return known;
    const address = decodeAddress(text, not);
    if (address === undefined) {
      this.refuse(index, EXPECTED_ADDRESS);
      return { not, name: text };
    }
    this.notes.address(address);
    if (!not && this.addresses.size < 4096) this.addresses.set(text, address);
    return address;
  }

  /** The protocol of a token; a name of the system's protocol file that is not known has no number. */
  protocol(index: number, not: boolean, opt: number): ProtocolCondition {
    const text = this.text(index);
    const known = not ? undefined : this.protocols.get(text);
    if (known !== undefined) return known;
    this.notes.protocol(text, this.ends[index] ?? 0, opt < 0 ? -1 : (this.starts[opt] ?? 0));
    const protocol = parseProtocol(text);
    if (protocol === undefined && !/^[A-Za-z][A-Za-z0-9._+-]*$/.test(text)) this.refuse(index, 'a protocol name or a number 0-255');
    if (protocol !== undefined && !OWN_STYLES.some((style) => protocolName(protocol.number, style) === text)) {
      this.spellings.add(`protocol ${protocol.number} ${text}`);
    }
    const condition = { not, ...(protocol ?? { name: text }) };
    if (!not && this.protocols.size < 1024) this.protocols.set(text, condition);
    return condition;
  }

  /** A verdict, or a jump to a chain: what a name in the target column means that is no target of the table. */
  plainTarget(name: string): Target {
    const known = this.plainTargets.get(name);
    if (known !== undefined) return known;
    const target: Target = isVerdict(name) ? { kind: 'VerdictTarget', name } : { kind: 'ChainTarget', name };
    if (this.plainTargets.size < 65_536) this.plainTargets.set(name, target);
    return target;
  }
}

/** Notes that a text spells something in a way that not every version does, so that print can do the same. */
export function noteSpelling(line: Line, spelling: string): void {
  if (line instanceof RuleLine) line.spellings.add(spelling);
}

function isVerdict(name: string): name is 'ACCEPT' | 'DROP' | 'RETURN' | 'QUEUE' {
  return name === 'ACCEPT' || name === 'DROP' || name === 'RETURN' || name === 'QUEUE';
}
