import { sidesOf } from '../../differences/difference.ts';
import { chainRole } from '../../proxy/names/chain-roles.ts';
import type { RuleEntry } from '../../state/model.ts';
import type { Detail } from '../../report.ts';
import type { PendingChange } from '../pending-change.ts';
import type { Found } from '../claims.ts';
import type { Comparison } from '../comparison.ts';
import type { PlacedRule } from '../services/owned-differences.ts';
import { claimOfRule } from '../services/service-claims.ts';
import type { ServiceGroup } from '../services/service-groups.ts';
import { suppositionDetails } from '../rules/supposition-words.ts';
import { counted, listed, witnessDetails, witnessOf } from '../words.ts';
import type { ChangeRule } from '../rule.ts';
import { whereServicesShow } from '../node/served-mode.ts';
import { PACKET_CHANGES } from '../rules/rule-stories.ts';
import { type FlowDifference, masqueradedShare } from './flow-differences.ts';
import { hairpinsAt, MAX_ENDPOINTS } from './hairpins.ts';
import { onThisNode, selfReachFate, selfReachText } from './self-reach.ts';

export const selfConnections: ChangeRule = { kinds: PACKET_CHANGES, when: whereServicesShow, find: judgeSelfConnections };

/** Endpoints whose packets to themselves are led through both sides; what is beyond is left to the rules. */
const MOST_WALKS = 20_000;

/**
 * Endpoints that reach themselves through their service, or no longer do: the rule of an endpoint's chain that asks for its own address
 * masquerades them (iptables mode), for an endpoint that gets a packet from itself answers past the node.
 */
function judgeSelfConnections(comparison: Comparison, explained: ReadonlySet<object>): Found[] {
  const owned = comparison.owned();
  let walks = 0;
  return comparison.groups().flatMap((group) => {
    const frontends = group.before.filter((frontend) => group.after.some(({ key }) => key === frontend.key));
    const frontend = frontends.find(({ purpose }) => purpose === 'cluster IP') ?? frontends[0];
    const rules = (owned.rules.get(group.name) ?? []).flatMap((placed) => {
      const address = chainRole(placed.chain) === 'endpoint' && !explained.has(placed.difference) ? markedAddress(placed) : undefined;
      return address === undefined ? [] : [{ placed, address }];
    });
    if (frontend === undefined || rules.length === 0) return [];
    const asked = rules.slice(0, MAX_ENDPOINTS);
    walks += asked.length;
    if (walks > MOST_WALKS) return [];
    const hairpins = new Map(
      hairpinsAt(frontend, comparison, new Set(asked.map(({ address }) => address))).map((found) => [found.sender.address, found]),
    );
    const found = asked.flatMap(({ placed, address }) => {
      const proof = hairpins.get(address);
      return proof === undefined || proof.onlyIf.length > 0 ? [] : [{ placed, proof }];
    });
    const others = areAlike(found, asked.length)
      ? rules.slice(MAX_ENDPOINTS).filter(({ placed }) => placed.difference.kind === found[0]?.placed.difference.kind)
      : [];
    return [true, false].flatMap((on) => {
      const some = found.filter(({ proof }) => isOn(proof) === on);
      return some.length === 0
        ? []
        : [
            changeOf(
              group,
              some,
              others.map(({ placed }) => placed),
            ),
          ];
    });
  });
}

/**
 * Whether the same became of all endpoints that were asked, by the same kind of change: one walk of each of thousands would take their
 * number squared.
 */
function areAlike(found: readonly SelfConnection[], asked: number): boolean {
  const [first] = found;
  return (
    first !== undefined &&
    found.length === asked &&
    found.every(({ proof, placed }) => isOn(proof) === isOn(first.proof) && placed.difference.kind === first.placed.difference.kind)
  );
}

/** The rule of an endpoint whose packets to itself only one side masquerades. */
interface SelfConnection {
  readonly placed: PlacedRule;
  readonly proof: FlowDifference;
}

function isOn({ before, after }: FlowDifference): boolean {
  return masqueradedShare(after) > masqueradedShare(before);
}

/** The one address that a rule marks packets of for masquerading, on either side. */
function markedAddress({ difference }: PlacedRule): bigint | undefined {
  return sidesOf(difference)
    .map(ownAddress)
    .find((address) => address !== undefined);
}

function ownAddress({ conditions, target }: RuleEntry): bigint | undefined {
  if (target.kind !== 'jump' || chainRole(target.chain) !== 'mark-masquerade') return undefined;
  const source = conditions.find((condition) => condition.kind === 'source' && !condition.not);
  return source?.kind === 'source' && source.range !== undefined && source.range.low === source.range.high ? source.range.low : undefined;
}

function changeOf({ name, before, after }: ServiceGroup, found: readonly SelfConnection[], others: readonly PlacedRule[]): Found {
  const [{ proof }] = found as [SelfConnection];
  const on = isOn(proof);
  const endpoints = [...new Set(found.map(({ proof: one }) => one.sender.endpoint ?? ''))].sort();
  const alike: Detail[] =
    others.length === 0
      ? []
      : [{ label: 'if', text: `what these ${found.length} endpoints show is so of the others, whose rules changed alike` }];
  const change: PendingChange = {
    id: on ? 'nat.snat.added' : 'nat.snat.removed',
    ...selfReachFate(on),
    subject: { kind: 'kube.servicePort', name, frontends: [...new Set([...before, ...after].map(({ key }) => key))].sort() },
    text: `${name}: ${selfReachText(endpoints, on, 'the service')}${others.length === 0 ? '' : `, as ${counted(others.length, 'more endpoint')}`}; connections from an endpoint to itself are ${on ? 'now' : 'no longer'} masqueraded`,
    alike: {
      key: '',
      names: [name],
      least: 3,
      text: (names) =>
        `${listed(names)}: endpoints ${on ? 'can now' : 'can no longer'} reach themselves through their service; connections from an endpoint to itself are ${on ? 'now' : 'no longer'} masqueraded`,
    },
    details: [...witnessDetails(proof, ['nat']), ...suppositionDetails(proof.supposing), onThisNode(endpoints), ...alike],
    witness: witnessOf(proof),
    origins: [],
  };
  return { change, claims: [...found.map((one) => one.placed), ...others].map(claimOfRule) };
}
