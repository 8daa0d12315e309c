import { listedHairpins, translatedAddresses } from '../../proxy/nftables/nft-endpoints.ts';
import type { NodeView } from '../../services/node-facts.ts';
import { kubeProxyTables, nameOfChain } from '../../proxy/nftables/names.ts';
import type { FoundThing } from '../finding.ts';
import { nftMasquerades } from '../hairpin-chains.ts';
import { ruleFinding } from './rules/rule-kinds.ts';

/**
 * Chains of nftables mode that translate to an endpoint without masquerading what it sends to itself, by a rule of their own or by the set.
 * The set has the endpoints of this node alone: what others send does not pass here.
 */
export function nftHairpins({ model, facts, knowledge }: NodeView): FoundThing[] {
  if (facts.proxyMode?.value !== 'nftables') return [];
  const own = ownEndpoints(knowledge);
  return kubeProxyTables(model)
    .filter((entry) => entry.whole)
    .flatMap(({ table, originOf }) => {
      const listed = listedHairpins(table);
      return (table.chains ?? []).flatMap((chain) => {
        const [address, ...others] = translatedAddresses({ chains: [chain] }).filter((one) =>
          listed === undefined ? !nftMasquerades(chain, one) : own.has(one) && !listed.has(one),
        );
        const name = nameOfChain(chain.name)?.servicePort;
        if (address === undefined || name === undefined) return [];
        const which = [address, ...others].join(', ');
        return [
          ruleFinding('x.rule-missing', {
            severity: 'warning',
            subject: { kind: 'kube.servicePort', name },
            text: `${name}: what ${which} sends to itself is not masqueraded: it cannot reach itself through its service`,
            origins: [originOf(chain.span)],
          }),
        ];
      });
    });
}

function ownEndpoints({ nodeName, endpointPorts }: NodeView['knowledge']): ReadonlySet<string> {
  const endpoints = nodeName === undefined ? [] : endpointPorts.flatMap(({ value }) => value.endpoints);
  return new Set(endpoints.filter(({ node }) => node === nodeName).map(({ address }) => address));
}
