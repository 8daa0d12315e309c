import { decode, type ParseResult } from '@netdrift/core';
import type { IptablesValue } from './ast.ts';
import { printListing } from './print-listing.ts';
import { ListingReader } from './read-listing.ts';

/** Options of `parseIptables`. None changes the shape of the result. */
export interface ParseIptablesOptions {
  /** The family where the text does not tell it: `iptables-save` of a table without addresses. */
  readonly family?: 'ipv4' | 'ipv6';
}

/** Reads any output of iptables. */
export function parseIptables(input: string | Uint8Array, _options: ParseIptablesOptions = {}): ParseResult<IptablesValue> {
  return new ListingReader(decode(input)).read();
}

/** Prints what `parseIptables` gave. */
export function printIptables(value: IptablesValue): string {
  return value.kind === 'IptablesListing' ? printListing(value) : '';
}
