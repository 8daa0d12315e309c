import type { Format } from '../format.ts';

/** The addresses of one interface, without their prefix lengths. */
export interface ShownInterface {
  readonly name: string;
  readonly addresses: readonly { readonly address: string; readonly line: number }[];
}

/** What `ip addr` shows. */
export interface InterfaceAddresses {
  readonly kind: 'InterfaceAddresses';
  readonly interfaces: readonly ShownInterface[];
}

/**
 * `24: kube-ipvs0: <BROADCAST,NOARP> mtu 1500 qdisc noop state DOWN group default`, `2: eth0@if5: <…`. `ip link` shows no addresses, which
 * does not mean that there are none: it is told by the `mode` that it alone prints (iproute2 ip/ipaddress.c, print_linkinfo).
 */
const INTERFACE = /^\d+: ([^\s:@]+)(?:@[^\s:]+)?: <(?!.* mode (?:DEFAULT|DORMANT) )/;

/** `    inet 10.96.0.10/32 scope global kube-ipvs0` */
const ADDRESS = /^\s+inet6? ([0-9a-fA-F.:]+)(?:\/\d+)? /;

/** `ip addr` */
export const ipAddresses = {
  tool: 'ip',
  form: 'addresses',
  programs: ['ip'],
  blank: 'drop',
  starts: (line) => (INTERFACE.test(line) ? 'title' : undefined),
  continues: (line) => INTERFACE.test(line) || /^\s+(?:link\/|inet6? |valid_lft |alias |altname |RX|TX|\d)/.test(line),
  title: 'ip addr',
  read: (text): InterfaceAddresses | undefined => {
    const interfaces: { name: string; addresses: { address: string; line: number }[] }[] = [];
    for (const [index, line] of text.split('\n').entries()) {
      const name = INTERFACE.exec(line)?.[1];
      if (name !== undefined) {
        interfaces.push({ name, addresses: [] });
        continue;
      }
      const address = ADDRESS.exec(line)?.[1];
      if (address !== undefined) interfaces.at(-1)?.addresses.push({ address, line: index + 1 });
    }
    return interfaces.length === 0 ? undefined : { kind: 'InterfaceAddresses', interfaces };
  },
} as const satisfies Format;
