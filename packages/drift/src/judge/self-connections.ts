import { chainRole } from '../kubernetes/chain-roles.ts';
import type { Frontend } from '../kubernetes/frontends.ts';
import { endpointText } from '../model/ipvs-table.ts';
import { addressText } from '../model/address-range.ts';
import type { RuleEntry } from '../model/model.ts';
import type { Flow } from '../packets/flow.ts';
import type { Draft } from './draft.ts';
import { compareFlows, type FlowDifference } from './flow-differences.ts';
import type { Judgement } from './judgement.ts';
import { packetTo } from './probes.ts';
import { type Claim, claimRule, type OwnedDifferences, type PlacedRule } from './service-claims.ts';
import type { ServiceGroup } from './service-groups.ts';
import { listed, witnessDetails, witnessOf } from './words.ts';

/**
 * Endpoints that reach themselves through their service, or no longer do: the rule of an endpoint's chain that asks for its own address masquerades them
 * (iptables mode), for an endpoint that gets a packet from itself answers past the node.
 */
export function judgeSelfConnections(groups: readonly ServiceGroup[], owned: OwnedDifferences, judgement: Judgement): Draft[] {
  return groups.flatMap((group) => {
    const frontends = group.before.filter((frontend) => group.after.some(({ key }) => key === frontend.key));
    const frontend = frontends.find(({ purpose }) => purpose === 'cluster IP') ?? frontends[0];
    if (frontend === undefined) return [];
    const found = (owned.rules.get(group.name) ?? []).filter(({ chain, difference }) => chainRole(chain) === 'endpoint' && !judgement.told.has(difference)).flatMap((placed) => selfConnection(placed, frontend, judgement) ?? []);
    return [true, false].flatMap((on) => {
      const some = found.filter((one) => one.on === on);
      return some.length === 0 ? [] : [draftOf(group, some, judgement)];
    });
  });
}

/** One endpoint whose connections to itself are masqueraded (`on`), or no longer. */
interface SelfConnection {
  readonly placed: PlacedRule;
  readonly endpoint: string;
  readonly on: boolean;
  readonly proof: FlowDifference;
}

function selfConnection(placed: PlacedRule, frontend: Frontend, judgement: Judgement): SelfConnection | undefined {
  const { difference } = placed;
  const rules = [...(difference.kind === 'added' ? [] : [difference.before]), ...(difference.kind === 'removed' ? [] : [difference.after])];
  const source = rules.map(ownAddress).find((address) => address !== undefined);
  if (source === undefined) return undefined;
  const sender = { kind: 'pod', address: source, hook: 'PREROUTING' } as const;
  const packet = packetTo(frontend, sender, judgement.before, judgement.after);
  const proof = packet === undefined ? undefined : compareFlows(judgement.before, judgement.after, packet, sender, frontend);
  if (proof === undefined || proof.onlyIf.length > 0) return undefined;
  const endpoint = proof.after.endpoints.map(({ address }) => address).find((address) => address.startsWith(endpointText(addressText(source), 0).replace(/0$/, '')));
  if (endpoint === undefined) return undefined;
  const [was, is] = [isMasqueraded(proof.before, endpoint), isMasqueraded(proof.after, endpoint)];
  return was === undefined || is === undefined || was === is ? undefined : { placed, endpoint, on: is, proof };
}

/** The one address that a rule marks packets of for masquerading. */
function ownAddress({ conditions, target }: RuleEntry): bigint | undefined {
  if (target.kind !== 'jump' || chainRole(target.chain) !== 'mark-masquerade') return undefined;
  const source = conditions.find((condition) => condition.kind === 'source' && !condition.not);
  return source?.kind === 'source' && source.range !== undefined && source.range.low === source.range.high ? source.range.low : undefined;
}

function isMasqueraded(flow: Flow, endpoint: string): boolean | undefined {
  const found = flow.endpoints.find(({ address }) => address === endpoint);
  return found === undefined ? undefined : (found.masqueraded ?? flow.masqueraded);
}

function draftOf({ name, before, after }: ServiceGroup, found: readonly SelfConnection[], judgement: Judgement): Draft {
  const [{ on, proof }] = found as [SelfConnection];
  const claim: Claim = { explains: [], origins: [] };
  for (const { placed } of found) claimRule(claim, placed, judgement);
  const endpoints = found.map(({ endpoint }) => endpoint).sort();
  const many = endpoints.length > 1;
  return {
    id: on ? 'nat.snat.added' : 'nat.snat.removed',
    severity: on ? 'notice' : 'warning',
    effect: 'source-changed',
    certainty: proof.supposing.length > 0 ? 'assumed' : 'proven',
    subject: { kind: 'kube.servicePort', name, frontends: [...new Set([...before, ...after].map(({ key }) => key))].sort() },
    text: `${name}: the ${many ? 'endpoints' : 'endpoint'} ${listed(endpoints)} ${on ? 'can reach' : 'can no longer reach'} ${many ? 'themselves' : 'itself'} through the service; connections from an endpoint to itself are ${on ? 'now' : 'no longer'} masqueraded`,
    details: witnessDetails(proof, ['nat']),
    witness: witnessOf(proof),
    explains: claim.explains,
    origins: claim.origins.slice(0, 6),
  };
}
