/** A network that a name stands for on every host. */
export interface NamedNetwork {
  readonly address: string;
  readonly prefixLength: number;
}

/** `anywhere` is iptables' own word, the others stand in /etc/hosts and /etc/networks. */
const STANDARD_NAMES: { readonly [Family in 'ipv4' | 'ipv6']: ReadonlyMap<string, NamedNetwork> } = {
  ipv4: new Map([
    ['anywhere/0', { address: '0.0.0.0', prefixLength: 0 }],
    ['localhost', { address: '127.0.0.1', prefixLength: 32 }],
    ['loopback/8', { address: '127.0.0.0', prefixLength: 8 }],
    ['link-local/16', { address: '169.254.0.0', prefixLength: 16 }],
  ]),
  ipv6: new Map([
    ['anywhere/0', { address: '::', prefixLength: 0 }],
    ['localhost', { address: '::1', prefixLength: 128 }],
    ['ip6-localhost', { address: '::1', prefixLength: 128 }],
  ]),
};

/** The network behind a name that means the same on every host; undefined for another name. */
export function standardNetwork(
  { name, prefixLength }: { readonly name: string; readonly prefixLength?: number },
  family: 'ipv4' | 'ipv6',
): NamedNetwork | undefined {
  return STANDARD_NAMES[family].get(prefixLength === undefined ? name : `${name}/${prefixLength}`);
}
