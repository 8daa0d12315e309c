import type { ServiceChain } from '../proxy/facts/service-chains.ts';
import { servicePortsOf } from '../proxy/names/comments.ts';
import { astrayChains, astrayPlaces, idleChains, nodePortsOfServices } from '../proxy/nftables/astray-places.ts';
import { kubeProxyTables, nameOfChain } from '../proxy/nftables/names.ts';
import type { NodeView } from '../services/node-facts.ts';
import type { NftTableEntry } from '../world/nftables/tables.ts';
import type { RuleChain, RuleTable } from '../state/model.ts';
import { findingKinds, type FoundThing, inFamily, listed } from './finding.ts';
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
  const byMaps = kubeProxyTables(model).flatMap((entry) => {
    const { table, originOf } = entry;
    return [
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
      ...nodePortsAstray(entry),
    ];
  });
  return [...byRules, ...byMaps];
}

/** Service ports to which two node ports lead: all but one of these are those of other services, which may be left without any. */
function nodePortsAstray({ table, originOf }: NftTableEntry): FoundThing[] {
  const without = idleChains(table).flatMap(({ name }) => {
    const named = nameOfChain(name);
    return named?.role === 'external' ? [named.servicePort] : [];
  });
  return nodePortsOfServices(table).flatMap(({ servicePort, chain, ports, map }) =>
    ports.length < 2
      ? []
      : [
          finding('lint.kube.led-to-another', {
            subject: { kind: 'kube.servicePort', name: servicePort, frontends: ports.map((port) => port.replace(' ', ' *:')) },
            severity: without.length === 0 ? 'warning' : 'critical',
            text: `node ports ${listed(ports)} lead to chain ${chain}, and kube-proxy gives a service port one: connections to ${ports.length === 2 ? 'the other one' : 'the others'} go to the endpoints of ${servicePort}${without.length === 0 ? '' : `, and no node port leads to ${listed(without)}`}`,
            origins: [originOf(map.span)],
            about: [servicePort, ...without],
          }),
        ],
  );
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
