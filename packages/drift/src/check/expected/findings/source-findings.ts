import type { NodeView } from '../../../services/node-facts.ts';
import { addToGroup } from '../../../common/add-to-group.ts';
import { SENDER_NAMES } from '../../../proxy/senders.ts';
import type { Origin } from '../../../state/origin.ts';
import { endpointAddress } from '../../../state/ipvs-table.ts';
import { contains } from '../../../desired/node-port-addresses.ts';
import { familyOf, type ProxySettings } from '../../../desired/settings.ts';
import { findingKinds, type FoundThing, listed } from '../../finding.ts';
import type { Expectation } from '../expectation.ts';
import type { ExpectedPlace } from '../expected-place.ts';
import { canBeSeen, servedAt, showsRules, type ServedPlaces } from '../served-places.ts';

const { kinds, finding } = findingKinds([
  {
    id: 'x.source-not-expected',
    severity: 'notice',
    title: 'the source address is replaced where kube-proxy would keep it, or kept where it would replace it',
    why: 'the receiver sees another client, or its replies do not come back',
    needs: ['nat', 'sets'],
    followsFromRules: true,
  },
]);
export { kinds as sourceKinds };

/** Whether an endpoint may be on an address of the node itself, where none of these is known: its packets keep their source. */
function mayBeOnNode({ allowed = [], family }: ExpectedPlace, { nodeAddresses, localAddresses, podRanges }: ProxySettings): boolean {
  const knows = [...nodeAddresses, ...(localAddresses ?? [])].some((address) => familyOf(address) === family);
  return !knows && allowed.some((endpoint) => !podRanges.some((range) => contains(range, endpointAddress(endpoint))));
}

/** A place at which the source address is not treated as expected. */
interface Wrong {
  readonly name: string;
  readonly key: string;
  readonly origins: readonly Origin[];
}

/** Services whose clients are masqueraded, or not, other than kube-proxy with the settings found would have it. */
export function sourceFindings(view: NodeView, { places, known }: Expectation, served: ServedPlaces): FoundThing[] {
  if (known === undefined || known.nodeIsOpen || !known.podsAreKnown) return [];
  const byStory = new Map<string, Wrong[]>();
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
      const story = `connections from ${listed(wrong.map(({ from }) => SENDER_NAMES[from]))} to the ${frontend.purpose} ${how}`;
      const origins = origin === undefined ? (view.facts.clusterCidr?.origins ?? []) : [origin];
      addToGroup(byStory, story, { name: place.name, key: place.key, origins });
    }
  }
  const byServices = new Map<string, (readonly [story: string, wrong: readonly Wrong[]])[]>();
  for (const [story, wrong] of byStory) addToGroup(byServices, namesOf(wrong).join(), [story, wrong] as const);
  return [...byServices.values()].map((stories) => {
    const wrong = stories.flatMap(([, places]) => places);
    const names = namesOf(wrong);
    return finding('x.source-not-expected', {
      subject: { kind: 'kube.servicePort', name: names[0] ?? '', frontends: wrong.map(({ key }) => key) },
      text: `${listed(names)}: ${stories.map(([story]) => story).join('; ')}`,
      origins: wrong[0]?.origins ?? [],
      about: names,
    });
  });
}

function namesOf(wrong: readonly Wrong[]): string[] {
  return [...new Set(wrong.map(({ name }) => name))].sort();
}
