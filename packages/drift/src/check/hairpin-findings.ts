import { addToGroup } from '../common/add-to-group.ts';
import { once } from '../common/once.ts';
import { tracerOf } from '../packets/trace.ts';
import { rulesBehind } from '../proxy/facts/masquerade-mark.ts';
import { CHAIN, SET } from '../proxy/names/fixed-names.ts';
import { isLoopBackSet } from '../proxy/names/set-catalogue.ts';
import { kubeProxyTables, nameOfChain } from '../proxy/nftables/names.ts';
import { misnamedEndpoints } from '../proxy/nftables/misnamed-endpoints.ts';
import { listedHairpins, translatedAddresses } from '../proxy/nftables/nft-endpoints.ts';
import type { ServiceFrontend } from '../proxy/service-table.ts';
import type { NodeView } from '../services/node-facts.ts';
import { destinationOf } from '../services/paths-with-traces.ts';
import { waysToItself } from '../services/survival/served-hairpins.ts';
import { endpointAddress } from '../state/ipvs-table.ts';
import type { RuleEntry } from '../state/model.ts';
import type { Origin } from '../state/origin.ts';
import { familyOfFrontend } from './expected/served-places.ts';
import { counted, findingKinds, type FoundThing, inFamily } from './finding.ts';
import type { FindingRule } from './finding-rule.ts';
import { bareEndpointChains, isMisnamed, nftMasquerades, servicePortOf } from './hairpin-chains.ts';

const { kinds, finding } = findingKinds([
  {
    id: 'lint.kube.hairpin-not-masqueraded',
    severity: 'warning',
    title: 'connections of an endpoint to itself are not masqueraded, as those of others are',
    why: 'an endpoint drops what seems to come from itself: it cannot reach itself through its service',
    needs: ['nat'],
    lessExact: true,
  },
]);

export const hairpins: FindingRule = { kinds, find: hairpinFindings };

/** Endpoints of which kube-proxy's rules do not masquerade what comes back to themselves, where they do so for others. */
function hairpinFindings(view: NodeView): FoundThing[] {
  return [...bySet(view), ...byChains(view)];
}

/** In ipvs mode one rule asks a set of the endpoints of this node. */
function bySet({ model, facts }: NodeView): FoundThing[] {
  if (facts.proxyMode?.value !== 'ipvs') return [];
  return (['ipv4', 'ipv6'] as const).flatMap((family) => {
    const nat = model.tables.get(`${family} nat`);
    const chain = nat?.chains.get(CHAIN.postrouting);
    const set = [...(model.sets?.sets.values() ?? [])].find(
      ({ name, members }) => isLoopBackSet(name) && (name === SET.loopBack6) === (family === 'ipv6') && (members?.size ?? 0) > 0,
    );
    if (nat?.complete !== true || chain === undefined || set === undefined) return [];
    const rules = [...rulesBehind(nat, 'POSTROUTING')];
    // Where nothing is masqueraded at all, or the chain is not led to, that is told.
    const masquerades = chain.rules.some(({ target }) => target.kind === 'snat');
    const isLedTo = rules.some(({ target }) => target.kind === 'jump' && target.chain === CHAIN.postrouting);
    if (!masquerades || !isLedTo || asksSet(rules, set.name)) return [];
    return inFamily(family, [
      finding('lint.kube.hairpin-not-masqueraded', {
        subject: { kind: 'iptables.chain', name: `nat ${CHAIN.postrouting}` },
        text: `no rule of ${CHAIN.postrouting} asks set ${set.name}: what its ${counted(set.members?.size ?? 0, 'endpoint')} of this node send to themselves through their service is not masqueraded`,
        lookAt: `iptables -t nat -S ${CHAIN.postrouting}`,
        origins: [chain.origin, set.origin],
      }),
    ]);
  });
}

function asksSet(rules: readonly RuleEntry[], name: string): boolean {
  return rules.some(
    ({ target, conditions }) =>
      target.kind === 'snat' && conditions.some((condition) => condition.kind === 'set' && condition.set === name),
  );
}

/** An endpoint whose own chain lacks the rule that those of others have. Of one that leads elsewhere than its name says that is told. */
interface Lacking {
  readonly name: string;
  readonly endpoint: string;
  readonly chain: string;
  readonly origin: Origin;
}

function byChains(view: NodeView): FoundThing[] {
  const { model, serviceChains } = view;
  const reached = once(() => unmasqueradedHairpins(view));
  const tell = (lacking: readonly Lacking[], subject: (one: Lacking) => FoundThing['subject']): FoundThing[] =>
    lacking
      .filter(({ endpoint }) => reached()(endpoint))
      .map((one) =>
        finding('lint.kube.hairpin-not-masqueraded', {
          subject: subject(one),
          text: `${one.name}: chain ${one.chain} does not masquerade what ${one.endpoint} sends to itself, as those of other endpoints do`,
          origins: [one.origin],
          about: [one.name],
        }),
      );
  const inRules = (['ipv4', 'ipv6'] as const).flatMap((family) => {
    const bare = bareEndpointChains(serviceChains[family]());
    if (bare.length === 0 || ![...serviceChains[family]().values()].some(({ masquerades }) => masquerades === true)) return [];
    const lacking = bare
      .filter((one) => !isMisnamed(one))
      .map(({ endpoint, chain }) => ({ name: servicePortOf(chain), endpoint, chain: chain.name, origin: chain.origin }));
    return inFamily(
      family,
      tell(lacking, ({ chain }) => ({ kind: 'iptables.chain', name: `nat ${chain}` })),
    );
  });
  const inNft = kubeProxyTables(model)
    .filter((entry) => entry.whole && listedHairpins(entry.table) === undefined)
    .flatMap(({ table, originOf }) => {
      const misnamed = new Set(misnamedEndpoints(table).map(({ chain }) => chain));
      const all = (table.chains ?? []).flatMap((chain) => {
        const name = nameOfChain(chain.name)?.servicePort;
        const endpoints = name === undefined ? [] : translatedAddresses({ chains: [chain] });
        return endpoints.map((endpoint) => ({
          name: name ?? '',
          endpoint,
          chain: chain.name,
          origin: originOf(chain.span),
          masquerades: nftMasquerades(chain, endpoint),
          isAstray: misnamed.has(chain),
        }));
      });
      return all.some(({ masquerades }) => masquerades)
        ? tell(
            all.filter(({ masquerades, isAstray }) => !masquerades && !isAstray),
            ({ name }) => ({ kind: 'kube.servicePort', name }),
          )
        : [];
    });
  return [...inRules, ...inNft];
}

/** Whether an endpoint, `10.244.0.15:80` or its address, gets to itself through some service with its own source address. */
function unmasqueradedHairpins({ table, worlds }: NodeView): (endpoint: string) => boolean {
  const places = new Map<string, { readonly frontend: ServiceFrontend; readonly endpoint: string }[]>();
  for (const { frontends } of table.servicePorts) {
    for (const frontend of frontends) {
      const endpoints = new Set(frontend.paths.flatMap((path) => path.endpoints.map(({ address }) => address)));
      for (const endpoint of endpoints)
        for (const key of new Set([endpoint, endpointAddress(endpoint)])) addToGroup(places, key, { frontend, endpoint });
    }
  }
  const tracers = { ipv4: once(() => tracerOf(worlds.ipv4)), ipv6: once(() => tracerOf(worlds.ipv6)) };
  return (asked) =>
    (places.get(asked) ?? []).some(({ frontend, endpoint }) => {
      const family = familyOfFrontend(frontend);
      const to = destinationOf(frontend, family);
      return to !== undefined && waysToItself(tracers[family](), to, endpoint).some(({ source }) => source === 'kept');
    });
}
