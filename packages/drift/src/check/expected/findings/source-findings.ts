import type { NodeView } from '../../../services/node-facts.ts';
import type { SourceKind } from '../../../proxy/service-table.ts';
import { finding, type FoundThing, listed } from '../../finding.ts';
import { endpointAddress } from '../../../state/ipvs-table.ts';
import { contains } from '../../../desired/node-port-addresses.ts';
import { familyOf, type ProxySettings } from '../../../desired/settings.ts';
import type { Expectation } from '../expectation.ts';
import type { ExpectedPlace } from '../expected-place.ts';
import { canBeSeen, servedAt, showsRules, type ServedPlaces } from '../served-places.ts';

const SENDERS: { readonly [Kind in SourceKind]: string } = { pod: 'pods', node: 'the node', outside: 'outside' };

/** Whether an endpoint may be on an address of the node itself, where none of these is known: its packets keep their source. */
function mayBeOnNode({ allowed = [], family }: ExpectedPlace, { nodeAddresses, localAddresses, podRanges }: ProxySettings): boolean {
  const knows = [...nodeAddresses, ...(localAddresses ?? [])].some((address) => familyOf(address) === family);
  return !knows && allowed.some((endpoint) => !podRanges.some((range) => contains(range, endpointAddress(endpoint))));
}

/** Services whose clients are masqueraded, or not, other than kube-proxy with the settings found would have it. */
export function sourceFindings(view: NodeView, { places, known }: Expectation, served: ServedPlaces): FoundThing[] {
  if (known === undefined || known.nodeIsOpen || !known.podsAreKnown) return [];
  const groups = new Map<string, { readonly names: Set<string>; readonly keys: string[]; readonly origins: FoundThing['origins'] }>();
  for (const place of places) {
    if (!canBeSeen(view, place) || !showsRules(view, place.family, 'nat') || mayBeOnNode(place, known.settings)) continue;
    for (const frontend of servedAt(served, place)) {
      const wrong = frontend.paths.filter(({ from, masqueraded }) => {
        const wanted = place.paths.flatMap((reading) => reading.find((path) => path.from === from)?.masqueraded ?? []);
        return masqueraded !== undefined && wanted.length > 0 && !wanted.includes(masqueraded);
      });
      const [first] = wrong;
      if (first === undefined) continue;
      const how =
        first.masqueraded === true
          ? 'are masqueraded, which the settings of kube-proxy do not ask for'
          : 'keep their source address, which the settings of kube-proxy would replace';
      const origin = view.model.ipvs?.services.get(place.key)?.origin;
      const story = `connections from ${listed(wrong.map(({ from }) => SENDERS[from]))} to the ${frontend.purpose} ${how}`;
      const group = groups.get(story) ?? {
        names: new Set(),
        keys: [],
        origins: origin === undefined ? (view.facts.clusterCidr?.origins ?? []) : [origin],
      };
      group.names.add(place.name);
      group.keys.push(place.key);
      groups.set(story, group);
    }
  }
  const merged = new Map<
    string,
    { readonly stories: string[]; readonly names: readonly string[]; readonly keys: string[]; readonly origins: FoundThing['origins'] }
  >();
  for (const [story, { names, keys, origins }] of groups) {
    const of = [...names].sort();
    const known = merged.get(of.join());
    if (known === undefined) merged.set(of.join(), { stories: [story], names: of, keys: [...keys], origins });
    else {
      known.stories.push(story);
      known.keys.push(...keys);
    }
  }
  return [...merged.values()].map(({ stories, names, keys, origins }) =>
    finding('x.source-not-expected', {
      subject: { kind: 'kube.servicePort', name: names[0] ?? '', frontends: keys },
      text: `${listed(names)}: ${stories.join('; ')}`,
      origins,
      about: names,
    }),
  );
}
