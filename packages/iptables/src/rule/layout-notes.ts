import type { Family, ProtocolStyle } from '@netdrift/core';
import type { AddressCondition } from '../fields/address-condition.ts';
import type { ListingLayout } from '../listing/listing-layout.ts';

/** Protocols that 1.8.9 and 1.8.10 list as numbers and every other version by name. */
const NAMED = new Set(['0', '1', '6', '17', '50', '51', '58', '132', '135', '136']);
/** Protocols that have a name from 1.8.11 on. */
const NAMED_LATE = new Set(['33', '108']);

/** Collects what a listing's text tells about the tool that printed it, beyond what its tree holds. */
export class LayoutNotes {
  family: Family | undefined;
  private names = false;
  private readonly protocols = new Set<string>();
  private column: 'glued' | 'separated' | undefined;
  private opt: 'dashes' | 'blank' | undefined;

  /** A protocol, the offset of its end, and that of the opt column, or -1 where it is blank. */
  protocol(text: string, end: number, opt: number): void {
    this.protocols.add(text);
    this.opt = opt < 0 ? 'blank' : (this.opt ?? 'dashes');
    if (opt < 0) this.family ??= 'ipv6';
    if (text.length >= 5) this.column = opt === end || opt < 0 ? 'glued' : 'separated';
  }

  address(condition: AddressCondition): void {
    if ('name' in condition) this.names = true;
    else this.family ??= condition.address.includes(':') ? 'ipv6' : 'ipv4';
  }

  layout(): Partial<ListingLayout> {
    const column = this.column ?? (this.opt === 'blank' ? 'glued' : undefined);
    const style = this.protocolStyle(column);
    return {
      ...(this.names ? { names: true } : {}),
      ...(style === undefined ? {} : { protocolStyle: style }),
      ...(column === undefined ? {} : { protocolColumn: column }),
      ...(this.family === 'ipv6' && this.opt !== undefined ? { optStyle: this.opt } : {}),
    };
  }

  private protocolStyle(column: 'glued' | 'separated' | undefined): ProtocolStyle | undefined {
    const has = (...texts: readonly string[]): boolean => texts.some((text) => this.protocols.has(text));
    if ([...this.protocols].some((text) => NAMED.has(text))) return 'numbers';
    if (has('icmpv6', 'ipv6-mh')) return 'names-1.4';
    if (has('ipv6-icmp', 'mobility-header')) return column === 'glued' ? 'names-1.8.8' : 'names-1.8.11';
    if (column === 'separated' || has('dccp', 'ipcomp')) return 'names-1.8.11';
    return column === 'glued' || [...this.protocols].some((text) => NAMED_LATE.has(text)) ? 'names-1.4' : undefined;
  }
}
