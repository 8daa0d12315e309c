import { once } from '../../common/once.ts';
import { endpointAddress } from '../../state/ipvs-table.ts';
import type { Model, RuleChain, RuleTable } from '../../state/model.ts';
import { parseServiceChain, type ServiceChainKind } from '../names/chain-hash.ts';
import { CHAIN } from '../names/fixed-names.ts';
import { namesIn } from '../names/names-in-chains.ts';
import { translatedEndpoint } from './translated-endpoint.ts';

/** A chain that iptables mode makes for one service port, or for an endpoint of it, and what its own rules say. */
export interface ServiceChain {
  readonly chain: RuleChain;
  readonly kind: ServiceChainKind;
  /** Service ports that its comments name, sorted. */
  readonly names: readonly string[];
  /** Where the chain of an endpoint translates to: `10.244.0.15:80`. */
  readonly endpoint?: string;
  /** Of one that translates: whether it masquerades what the endpoint sends to itself, without which that cannot reach itself. */
  readonly masquerades?: boolean;
}

/** The chains of service ports and endpoints by name, for each family; read once, when they are asked for first. */
export type ServiceChains = { readonly [Family in 'ipv4' | 'ipv6']: () => ReadonlyMap<string, ServiceChain> };

/** Reads the chains of service ports and endpoints of both families, each when it is asked for first. */
export function serviceChainsOf({ tables }: Pick<Model, 'tables'>): ServiceChains {
  return { ipv4: once(() => serviceChainsIn(tables.get('ipv4 nat'))), ipv6: once(() => serviceChainsIn(tables.get('ipv6 nat'))) };
}

function serviceChainsIn(nat: RuleTable | undefined): ReadonlyMap<string, ServiceChain> {
  const found = new Map<string, ServiceChain>();
  for (const chain of nat?.chains.values() ?? []) {
    const kind = parseServiceChain(chain.name)?.kind;
    if (kind === undefined) continue;
    const names = namesIn(chain);
    const endpoint = kind === 'SEP' ? translatedEndpoint(chain) : undefined;
    found.set(
      chain.name,
      endpoint === undefined
        ? { chain, kind, names }
        : { chain, kind, names, endpoint, masquerades: masquerades(chain, endpointAddress(endpoint)) },
    );
  }
  return found;
}

function masquerades({ rules }: RuleChain, address: string): boolean {
  return rules.some(
    ({ target, conditions }) =>
      target.kind === 'jump' &&
      target.chain === CHAIN.markMasq &&
      conditions.some((condition) => condition.kind === 'source' && !condition.not && condition.block === address),
  );
}
