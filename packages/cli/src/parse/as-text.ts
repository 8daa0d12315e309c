import type { ParsedSection } from '@netdrift/drift';
import { printIpset } from '@netdrift/ipset';
import { printIptables } from '@netdrift/iptables';
import { printIpvsadm } from '@netdrift/ipvsadm';
import { printModules } from '@netdrift/modules';
import { printNftables } from '@netdrift/nftables';

/**
 * The tool's text again, made from the tree alone; undefined for what netdrift reads and does not print (kubectl tables,
 * logs).
 */
export function asText(parsed: ParsedSection): string | undefined {
  switch (parsed.tool) {
    case 'iptables':
      return printIptables(parsed.value);
    case 'ipvsadm':
      return printIpvsadm(parsed.value);
    case 'ipset':
      return printIpset(parsed.value);
    case 'modules':
      return printModules(parsed.value);
    case 'nft':
      return printNftables(parsed.value);
    default:
      return undefined;
  }
}
