import type { Reader } from './reader.ts';
import type { ReadInterface } from './read-values.ts';

/**
 * Reads `ip addr show` (iproute2): the addresses of each interface, without their prefix lengths. `ip link` shows none, which does not
 * mean that there are none: it is told by the `mode` that it alone prints (print_linkinfo in ip/ipaddress.c) and not read.
 */
export const interfaceAddresses: Reader = {
  title: 'ip addr',
  read: (text) => {
    const interfaces: { name: string; addresses: { address: string; line: number }[] }[] = [];
    for (const [index, line] of text.split('\n').entries()) {
      // 24: kube-ipvs0: <BROADCAST,NOARP> mtu 1500 qdisc noop state DOWN group default
      const head = /^\d+: ([^\s:@]+)(?:@[^\s:]+)?: <(?!.* mode (?:DEFAULT|DORMANT) )/.exec(line);
      if (head !== null) {
        interfaces.push({ name: head[1] as string, addresses: [] });
        continue;
      }
      //     inet 10.96.0.10/32 scope global kube-ipvs0
      const address = /^\s+inet6? ([0-9a-fA-F.:]+)(?:\/\d+)? /.exec(line);
      if (address !== null) interfaces.at(-1)?.addresses.push({ address: address[1] as string, line: index + 1 });
    }
    return interfaces.length === 0 ? undefined : { kind: 'InterfaceAddresses', interfaces: interfaces satisfies ReadInterface[] };
  },
};
