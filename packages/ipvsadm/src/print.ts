import type { IpvsadmValue } from './ast.ts';
import { printConnections } from './connections/print.ts';
import { printListing } from './listing/print.ts';
import { printRules } from './save/print.ts';
import { printDaemon, printStatistics, printTimeouts } from './status/print.ts';
import { printToolError } from './tool-message.ts';

/**
 * The text that the tool prints for a value: byte for byte what was read, if a tool printed that; the tool's own layout
 * where a copy had lost blanks or a person wrote it. Reads the tree alone, so spans play no part.
 *
 * @example
 * printIpvsadm(parseIpvsadm('-A -s rr --tcp-service=10.0.0.1:80').value) // => '-A -t 10.0.0.1:80 -s rr\n'
 */
export function printIpvsadm(value: IpvsadmValue): string {
  switch (value.kind) {
    case 'IpvsadmListing':
      return printListing(value);
    case 'IpvsadmSave':
      return value.services.map((service) => printRules(service, value.layout)).join('');
    case 'IpvsadmConnections':
      return printConnections(value);
    case 'IpvsadmTimeouts':
      return printTimeouts(value);
    case 'IpvsadmDaemons':
      return value.daemons.map(printDaemon).join('');
    case 'IpvsStatistics':
      return printStatistics(value);
    case 'ToolError':
      return printToolError(value);
    case 'IpvsadmEmpty':
    case 'IpvsadmUnknown':
      return '';
    default:
      return value satisfies never;
  }
}
