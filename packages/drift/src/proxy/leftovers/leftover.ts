import type { Model } from '../../state/model.ts';
import type { Origin } from '../../state/origin.ts';
import type { ProxyMode } from '../facts/fact.ts';
import type { ServiceTable } from '../service-table.ts';

/** Something that another mode of kube-proxy left behind. */
export interface Leftover {
  /** The mode that made it. */
  readonly mode: 'ipvs' | 'iptables' | 'nftables';
  /** `nft table ip kube-proxy`, `17 sets` */
  readonly what: string;
  /** What it still does to packets, after `it` or `they`. */
  readonly does: string;
  /** `services`: it still leads connections; `packets`: it still decides something of packets; `nothing`: no packet meets it. */
  readonly acts: 'services' | 'packets' | 'nothing';
  /** The command that takes it away. */
  readonly command: string;
  readonly origins: readonly Origin[];
}

/** What is looked at for leftovers. */
export interface LeftBehind {
  readonly model: Model;
  /** The mode that runs. */
  readonly mode: ProxyMode;
  readonly table: ServiceTable;
}

/** The places where services answer that a mechanism serves. */
export function placesServedBy({ servicePorts }: ServiceTable, by: string, family?: 'ipv4' | 'ipv6'): number {
  const isOfFamily = (addresses: readonly string[]): boolean =>
    family === undefined || (addresses[0]?.includes(':') === true) === (family === 'ipv6');
  return servicePorts.reduce(
    (sum, { frontends }) => sum + frontends.filter((frontend) => frontend.by === by && isOfFamily(frontend.addresses)).length,
    0,
  );
}
