import { chainRole } from '../kubernetes/chain-roles.ts';
import type { RuleEntry } from '../model/model.ts';
import type { Draft } from './draft.ts';
import { type FlowDifference, masqueradedShare } from './flow-differences.ts';
import { hairpinsAt } from './hairpins.ts';
import type { Judgement } from './judgement.ts';
import { type Claim, claimRule, type OwnedDifferences, type PlacedRule } from './service-claims.ts';
import type { ServiceGroup } from './service-groups.ts';
import { suppositionDetails } from './supposition-words.ts';
import { listed, witnessDetails, witnessOf } from './words.ts';

/**
 * Endpoints that reach themselves through their service, or no longer do: the rule of an endpoint's chain that asks for its own address masquerades them
 * (iptables mode), for an endpoint that gets a packet from itself answers past the node.
 */
export function judgeSelfConnections(groups: readonly ServiceGroup[], owned: OwnedDifferences, judgement: Judgement): Draft[] {
  return groups.flatMap((group) => {
    const frontends = group.before.filter((frontend) => group.after.some(({ key }) => key === frontend.key));
    const frontend = frontends.find(({ purpose }) => purpose === 'cluster IP') ?? frontends[0];
    const rules = (owned.rules.get(group.name) ?? []).flatMap((placed) => {
      const address = chainRole(placed.chain) === 'endpoint' && !judgement.told.has(placed.difference) ? markedAddress(placed) : undefined;
      return address === undefined ? [] : [{ placed, address }];
    });
    if (frontend === undefined || rules.length === 0) return [];
    const hairpins = new Map(hairpinsAt(frontend, judgement, new Set(rules.map(({ address }) => address))).map((found) => [found.sender.address, found]));
    const found = rules.flatMap(({ placed, address }) => {
      const proof = hairpins.get(address);
      return proof === undefined || proof.onlyIf.length > 0 ? [] : [{ placed, proof }];
    });
    return [true, false].flatMap((on) => {
      const some = found.filter(({ proof }) => isOn(proof) === on);
      return some.length === 0 ? [] : [draftOf(group, some, judgement)];
    });
  });
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
  const rules = [...(difference.kind === 'added' ? [] : [difference.before]), ...(difference.kind === 'removed' ? [] : [difference.after])];
  return rules.map(ownAddress).find((address) => address !== undefined);
}

function ownAddress({ conditions, target }: RuleEntry): bigint | undefined {
  if (target.kind !== 'jump' || chainRole(target.chain) !== 'mark-masquerade') return undefined;
  const source = conditions.find((condition) => condition.kind === 'source' && !condition.not);
  return source?.kind === 'source' && source.range !== undefined && source.range.low === source.range.high ? source.range.low : undefined;
}

function draftOf({ name, before, after }: ServiceGroup, found: readonly SelfConnection[], judgement: Judgement): Draft {
  const [{ proof }] = found as [SelfConnection];
  const on = isOn(proof);
  const claim: Claim = { explains: [], origins: [] };
  for (const { placed } of found) claimRule(claim, placed, judgement);
  const endpoints = [...new Set(found.map(({ proof: one }) => one.sender.endpoint ?? ''))].sort();
  const many = endpoints.length > 1;
  return {
    id: on ? 'nat.snat.added' : 'nat.snat.removed',
    severity: on ? 'notice' : 'warning',
    effect: 'source-changed',
    certainty: 'proven',
    subject: { kind: 'kube.servicePort', name, frontends: [...new Set([...before, ...after].map(({ key }) => key))].sort() },
    text: `${name}: the ${many ? 'endpoints' : 'endpoint'} ${listed(endpoints)} ${on ? 'can reach' : 'can no longer reach'} ${many ? 'themselves' : 'itself'} through the service; connections from an endpoint to itself are ${on ? 'now' : 'no longer'} masqueraded`,
    details: [...witnessDetails(proof, ['nat']), ...suppositionDetails(proof.supposing)],
    witness: witnessOf(proof),
    explains: claim.explains,
    origins: claim.origins.slice(0, 6),
  };
}
