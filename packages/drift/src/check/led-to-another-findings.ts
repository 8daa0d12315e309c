import type { ServiceChain } from '../proxy/facts/service-chains.ts';
import { servicePortsOf } from '../proxy/names/comments.ts';
import { astrayChains, astrayPlaces } from '../proxy/nftables/astray-places.ts';
import { kubeProxyTables } from '../proxy/nftables/names.ts';
import type { NodeView } from '../services/node-facts.ts';
import type { RuleChain, RuleTable } from '../state/model.ts';
import { findingKinds, type FoundThing, inFamily } from './finding.ts';
import type { FindingRule } from './finding-rule.ts';

const { kinds, finding } = findingKinds([
  {
    id: 'lint.kube.led-to-another',
    severity: 'critical',
    title: 'a rule of one service leads to the chain of another one',
    why: 'clients reach the endpoints of another service',
    lessExact: true,
  },
]);

export const ledToAnother: FindingRule = { kinds, find: ledToAnotherFindings };

/** Services whose connections the rules of kube-proxy lead to what is called after another service. */
function ledToAnotherFindings({ model, serviceChains }: NodeView): FoundThing[] {
  const byRules = (['ipv4', 'ipv6'] as const).flatMap((family) => {
    const nat = model.tables.get(`${family} nat`);
    const ofServices = serviceChains[family]();
    return nat === undefined
      ? []
      : inFamily(
          family,
          [...nat.chains.values()].flatMap((chain) => ledAstray(nat, chain, ofServices)),
        );
  });
  const byMaps = kubeProxyTables(model).flatMap(({ table, originOf }) => [
    ...astrayChains(table).map(({ chain, servicePort, target, other }) =>
      finding('lint.kube.led-to-another', {
        subject: { kind: 'kube.servicePort', name: servicePort },
        text: `${servicePort}: chain ${chain.name} leads to ${target.name}, a chain of ${other}: connections go to the endpoints of that`,
        origins: [originOf(chain.span)],
      }),
    ),
    ...astrayPlaces(table).map(({ place, chain, servicePort, own, owner }) =>
      finding('lint.kube.led-to-another', {
        subject: { kind: 'kube.servicePort', name: owner ?? servicePort, frontends: [place] },
        text: `${owner === undefined ? '' : `${owner}: `}a map leads ${place} to chain ${chain.name}, which is for ${own}: connections there go to the endpoints of ${servicePort}`,
        origins: [originOf(chain.span)],
      }),
    ),
  ]);
  return [...byRules, ...byMaps];
}

/** Rules of a chain that name another service than the rules of the chain that they jump to. */
function ledAstray(nat: RuleTable, chain: RuleChain, ofServices: ReadonlyMap<string, ServiceChain>): FoundThing[] {
  const own = ofServices.get(chain.name)?.names;
  const found: FoundThing[] = [];
  for (const rule of chain.rules) {
    const target = rule.target.kind === 'jump' ? ofServices.get(rule.target.chain) : undefined;
    if (target === undefined) continue;
    const [whose, ...more] = target.names;
    // Where the rules of one chain name several services, that is told.
    if (whose === undefined || more.length > 0) continue;
    const [name, ...others] = own ?? servicePortsOf(rule.comments);
    if (name === undefined || name === whose || others.length > 0) continue;
    found.push(
      finding('lint.kube.led-to-another', {
        subject: { kind: 'iptables.rule', name: `${nat.name} ${chain.name}#${rule.number}` },
        text: `${name}: rule ${rule.number} of ${chain.name} leads to ${target.chain.name}, the chain of ${whose}: connections go to the endpoints of that`,
        origins: [rule.origin, target.chain.origin],
        about: [name],
      }),
    );
  }
  return found;
}
