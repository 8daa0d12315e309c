import type { Chain, Table } from '@netdrift/nftables';
import { endpointText } from '../../state/ipvs-table.ts';
import { nameOfChain } from './names.ts';

/** The chain of an endpoint that translates to another address or port than the one it is called after. */
export interface MisnamedEndpoint {
  readonly chain: Chain;
  /** `kube-system/kube-dns:dns` */
  readonly servicePort: string;
  /** `10.244.0.2:53` */
  readonly named: string;
  readonly leadsTo: string;
}

/**
 * Chains of endpoints in a table of kube-proxy that lead elsewhere than their names say: kube-proxy calls them after what they translate
 * to, so somebody else wrote that.
 */
export function misnamedEndpoints({ family, chains = [] }: Pick<Table, 'family' | 'chains'>): MisnamedEndpoint[] {
  return chains.flatMap((chain) => {
    const named = endpointOfChain(chain.name, family === 'ip6');
    const leadsTo = named === undefined ? undefined : translationOf(chain);
    if (named === undefined || leadsTo === undefined || named === leadsTo) return [];
    const servicePort = nameOfChain(chain.name)?.servicePort;
    return servicePort === undefined ? [] : [{ chain, servicePort, named, leadsTo }];
  });
}

/** `10.244.0.2:53` of `endpoint-AB-kube-system/kube-dns/udp/dns__10.244.0.2/53`; a name that is cut tells nothing. */
function endpointOfChain(name: string, isIpv6: boolean): string | undefined {
  const end = name.lastIndexOf('__');
  if (!name.startsWith('endpoint-') || end < 0 || name.endsWith('...')) return undefined;
  const [address = '', port] = name.slice(end + 2).split('/');
  // A name has no colon: `fd00..1`.
  return port === undefined ? undefined : endpointText(isIpv6 ? address.replaceAll('.', ':') : address, port);
}

/** The one place that a chain translates to. */
function translationOf({ rules = [] }: Chain): string | undefined {
  const found = rules.flatMap(({ statements }) => statements.filter((one) => one.kind === 'Nat' && one.type === 'dnat'));
  const [only] = found;
  if (only?.kind !== 'Nat' || found.length > 1) return undefined;
  const [address, port] = only.address?.kind === 'Concatenation' ? only.address.parts : [only.address, only.port];
  return address?.kind !== 'Address' || port?.kind !== 'Number' ? undefined : endpointText(address.address, port.value);
}
