import { kubeProxyTables } from '../nftables/names.ts';
import { leftChains } from './chains.ts';
import { leftOfIpvs } from './ipvs.ts';
import { type Leftover, type LeftBehind, placesServedBy } from './leftover.ts';

/** What other modes of kube-proxy left on a node beside the one that runs: what still leads connections first. */
export function leftoversOf(left: LeftBehind): readonly Leftover[] {
  if (left.mode === 'mixed' || left.mode === 'userspace') return [];
  const found = [...leftTables(left), ...leftOfIpvs(left), ...leftChains(left)];
  return ACTS.flatMap((acts) => found.filter((one) => one.acts === acts));
}

const ACTS: readonly Leftover['acts'][] = ['services', 'packets', 'nothing'];

/** `kube-proxy --cleanup` of 1.30 leaves them where the feature gate of the mode is off. */
function leftTables({ model, mode, table }: LeftBehind): Leftover[] {
  if (mode === 'nftables') return [];
  return kubeProxyTables(model).map((entry): Leftover => {
    const { family, name, span } = entry.table;
    const served = placesServedBy(table, 'nftables', family === 'ip' ? 'ipv4' : 'ipv6');
    const maps = (entry.table.sets ?? []).filter((set) => set.kind === 'Map' && (set.elements?.length ?? 0) > 0);
    return {
      mode: 'nftables',
      what: `nft table ${family} ${name}`,
      does: doesOf(served, maps.length > 0),
      acts: served > 0 ? 'services' : maps.length > 0 ? 'packets' : 'nothing',
      command: `nft delete table ${family} ${name}`,
      origins: [entry.originOf(span)],
    };
  });
}

function doesOf(served: number, hasServices: boolean): string {
  if (served > 0)
    return `still handles connections to ${served} ${served === 1 ? 'place' : 'places'} of services, and nothing keeps it up to date`;
  return hasServices ? 'names services, and other rules take their connections first' : 'leads no connection anywhere';
}
