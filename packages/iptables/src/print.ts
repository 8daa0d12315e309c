import type { IptablesValue } from './ast.ts';
import { printListing } from './listing/print-listing.ts';
import { printSave } from './save/print-save.ts';

/**
 * The text of a tree as its tool prints it: byte for byte what was read, for what a tool printed. A tree needs no spans.
 *
 * What was damaged comes out as the tool would have printed it, and lines that were left out are missing. Of a `ToolError`
 * nothing is printed.
 *
 * @example
 * printIptables(parseIptables(listing).value) === listing // => true
 */
export function printIptables(value: IptablesValue): string {
  switch (value.kind) {
    case 'IptablesListing':
      return printListing(value);
    case 'IptablesSave':
      return printSave(value);
    case 'ToolError':
      return '';
  }
}
