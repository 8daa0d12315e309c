import { addToGroup } from '../../common/add-to-group.ts';
import { type Frontend, frontendFamily } from '../../services/frontends.ts';
import { type FrontendTraits, type TraitIndex, traitIndex } from '../../services/service-frontends.ts';
import { iptablesTraits } from '../../services/chain-traits.ts';
import { ipvsTraits } from '../../services/ipvs-traits.ts';
import { reaches } from '../../report.ts';
import { type PendingChange, seenAt } from '../pending-change.ts';
import { isTakenAway } from '../packets/endpoint-flows.ts';
import { joined, type Story, withDetails } from '../claims.ts';
import type { Comparison } from '../comparison.ts';
import type { SideView } from '../side.ts';
import { counted, listed } from '../words.ts';
import type { CauseRule, ChangeKind } from '../rule.ts';
import { endpointsOf, type ServiceGroup } from './service-groups.ts';

const AGREEMENT_CHANGES = [
  {
    id: 'kube.service.frontends-disagree',
    severity: 'warning',
    title: 'the addresses of a service port no longer lead to the same endpoints',
    why: 'which endpoints a client reaches depends on the address it uses',
    mirror: 'kube.service.frontends-agree',
  },
  {
    id: 'kube.service.frontends-agree',
    severity: 'notice',
    title: 'the addresses of a service port lead to the same endpoints again',
    why: 'clients reach the same endpoints at every address',
    mirror: 'kube.service.frontends-disagree',
  },
] as const satisfies readonly ChangeKind[];

export const frontendAgreement: CauseRule = { kinds: AGREEMENT_CHANGES, explain: withFrontendAgreement };

/**
 * Adds what came of service ports whose addresses all led to the same endpoints and no longer do, or do again. Addresses for which a
 * traffic policy or source ranges decide are left out: they may lead elsewhere. What is told of such an address already gets a line more.
 */
function withFrontendAgreement(stories: readonly Story[], comparison: Comparison): readonly Story[] {
  const touched = new Set([
    ...(comparison.differences.ipvs?.changed.map(({ after }) => after.key) ?? []),
    ...comparison.flows.all.filter((flow) => flow.endpoints && flow.onlyIf.length === 0).map((flow) => flow.frontend?.key),
  ]);
  const groups =
    touched.size === 0
      ? []
      : comparison.groups().filter((group) => group.after.length > 1 && group.after.some(({ key }) => touched.has(key)));
  if (groups.length === 0) return stories;
  const indexes = { before: traitIndex(comparison.before.model), after: traitIndex(comparison.after.model) };
  const changes = groups.flatMap((group) => agreementChange(group, indexes, comparison) ?? []);
  const tellers = storiesByFrontend(stories);
  const replaced = new Map<Story, Story | undefined>();
  const added: Story[] = [];
  for (const { change, odd, also } of changes) {
    const others = [...new Set(odd.flatMap((key) => tellers.get(key) ?? []))].filter((other) => !replaced.has(other));
    const teller = others.find((other) => reaches(other.change.severity, change.severity));
    if (teller === undefined) {
      for (const other of others) replaced.set(other, undefined);
      added.push(joined({ change, parts: [] }, others));
    } else {
      replaced.set(teller, joined(withDetails(teller, [{ label: 'also', text: also }]), [{ change, parts: [] }]));
    }
  }
  return [...stories.flatMap((story) => (replaced.has(story) ? (replaced.get(story) ?? []) : [story])), ...added];
}

/** The changes of endpoints by the addresses they are about; those that a cause explains are not asked. */
function storiesByFrontend(stories: readonly Story[]): Map<string, Story[]> {
  const found = new Map<string, Story[]>();
  for (const story of stories) {
    if (story.change.cause !== undefined || !ABOUT_ENDPOINTS.test(story.change.id)) continue;
    for (const key of story.change.subject.frontends ?? []) addToGroup(found, key, story);
  }
  return found;
}

const ABOUT_ENDPOINTS =
  /^(?:ipvs\.(?:service\.(?:blackholed|recovered)|destination\.|endpoints\.)|kube\.service\.(?:endpoints-changed|no-|has-)|nat\.(?:dnat|share))/;

interface AgreementChange {
  readonly change: PendingChange;
  /** The addresses that lead elsewhere than before, or than most where all do. */
  readonly odd: readonly string[];
  /** What to say beside a change of one of them. */
  readonly also: string;
}

function agreementChange(
  group: ServiceGroup,
  indexes: { readonly before: TraitIndex; readonly after: TraitIndex },
  comparison: Comparison,
): AgreementChange | undefined {
  const { before, after } = comparison;
  const free = group.after.filter((frontend) => {
    const other = group.before.find(({ key }) => key === frontend.key);
    return other !== undefined && isFree(traitsOf(after, indexes.after, frontend)) && isFree(traitsOf(before, indexes.before, other));
  });
  const was = endpointSets(free, before, comparison);
  const is = endpointSets(free, after, comparison);
  if (was.size < 2 || was.size !== is.size) return undefined;
  const [one, other] = [new Set(was.values()).size === 1, new Set(is.values()).size === 1];
  if (one === other) return undefined;
  const apart = one ? is : was;
  const common = mostFrequent([...apart.values()], new Set((one ? was : is).values()));
  const keys = [...apart.keys()].sort();
  // Those that changed are told, whether or not they are fewer: the others do not follow them.
  const changed = keys.filter((key) => was.get(key) !== is.get(key));
  const odd = changed.length < keys.length ? changed : keys.filter((key) => apart.get(key) !== common);
  const ways = (some: readonly string[]): string => waysOf(some, apart);
  const others = ways(keys.filter((key) => !odd.includes(key)));
  // Addresses for which a policy or source ranges decide are not asked.
  const whole = is.size === group.after.length;
  const asked = whole ? `its ${counted(is.size, 'address', 'addresses')}` : `${is.size} of its ${group.after.length} addresses`;
  const text = one
    ? `${group.name}: ${whole ? 'its addresses' : asked} no longer lead to the same endpoints; ${ways(odd)}, and ${others}`
    : `${group.name}: ${asked} lead to the same endpoints again, ${namesOf([...is.values()][0] ?? '')}`;
  const facts = (sets: ReadonlyMap<string, string>) => ({
    frontends: [...sets].map(([frontend, endpoints]) => ({ frontend, endpoints: endpoints === '' ? [] : endpoints.split(' ') })),
  });
  return {
    change: {
      id: one ? 'kube.service.frontends-disagree' : 'kube.service.frontends-agree',
      severity: one ? 'warning' : 'notice',
      effect: 'redirected',
      certainty: 'proven',
      subject: { kind: 'kube.servicePort', name: group.name, frontends: odd },
      before: facts(was),
      after: facts(is),
      text,
      origins: odd
        .flatMap((key) => seenAt(before.model.ipvs?.services.get(key)?.origin, after.model.ipvs?.services.get(key)?.origin))
        .slice(0, 6),
    },
    odd,
    also: one
      ? `${whole ? 'the other' : 'other'} addresses of ${group.name} do not follow: ${others}`
      : `${group.name} leads to the same endpoints at ${whole ? 'all its addresses' : asked} again`,
  };
}

function traitsOf({ model }: SideView, index: TraitIndex, frontend: Frontend): FrontendTraits {
  const service = model.ipvs?.services.get(frontend.key);
  return service === undefined
    ? iptablesTraits(model, index, frontend, frontendFamily(frontend))
    : ipvsTraits(model, index, frontend, service);
}

/** Nothing but the service decides where the address leads. */
function isFree({ policy, sourceRanges }: FrontendTraits): boolean {
  return policy !== 'Local' && sourceRanges === undefined;
}

/** The endpoints that new connections to each frontend get to, in one text. Who is refused or taken elsewhere by a rule is not asked. */
function endpointSets(frontends: readonly Frontend[], side: SideView, comparison: Comparison): Map<string, string> {
  const sets = new Map<string, string>();
  for (const frontend of frontends) {
    const service = side.model.ipvs?.services.get(frontend.key);
    const flow = service === undefined ? endpointsOf(side, frontend, comparison) : undefined;
    if (service !== undefined)
      sets.set(
        frontend.key,
        [...service.destinations.values()]
          .filter(({ weight }) => weight !== 0)
          .map(({ key }) => key)
          .sort()
          .join(' '),
      );
    else if (flow !== undefined && flow.endpoints.length > 0 && !isTakenAway(flow))
      sets.set(
        frontend.key,
        flow.endpoints
          .map(({ address }) => address)
          .sort()
          .join(' '),
      );
  }
  return sets;
}

/** The text that most have; of several that as many have, one of those that all have on the other side. */
function mostFrequent(texts: readonly string[], usual: ReadonlySet<string>): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const rank = (text: string): number => (usual.has(text) ? 0 : 1);
  const [most] = [...counts].sort(
    ([one, count], [other, less]) => less - count || rank(one) - rank(other) || other.length - one.length || (one < other ? -1 : 1),
  );
  return most?.[0] ?? '';
}

/** `tcp 10.96.0.1:80 and tcp *:30080 lead to 10.244.1.5:8080`, for each of the sets of endpoints. */
function waysOf(keys: readonly string[], sets: ReadonlyMap<string, string>): string {
  const bySet = new Map<string, string[]>();
  for (const key of keys) addToGroup(bySet, sets.get(key) ?? '', key);
  return [...bySet].map(([set, some]) => `${listed(some, 4)} ${some.length === 1 ? 'leads' : 'lead'} to ${namesOf(set)}`).join(', ');
}

function namesOf(set: string): string {
  return set === '' ? 'none' : listed(set.split(' '));
}
