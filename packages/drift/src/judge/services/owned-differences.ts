import { isProxyChain } from '../../proxy/names/chain-roles.ts';
import { addToGroup } from '../../common/add-to-group.ts';
import { type Differences, type RuleDifference, sidesOf } from '../../differences/difference.ts';
import { servicePortOfChain } from '../../proxy/names/chain-owners.ts';
import { isLoopBackSet, isProxySet } from '../../proxy/names/set-catalogue.ts';
import { serviceComment } from '../../proxy/names/comments.ts';
import { type Frontend, frontendOfRule } from '../../services/frontends.ts';
import type { RuleTable } from '../../state/model.ts';
import type { SidedOrigin } from '../pending-change.ts';
import type { Sides } from '../side.ts';

/** A rule that differs, and where. */
export interface PlacedRule {
  readonly difference: RuleDifference;
  readonly table: string;
  readonly chain: string;
}

/** A difference that is no rule and no chain. */
export interface OwnedThing {
  readonly object: object;
  readonly id: string;
  readonly subject: string;
  /** Of a member: its set. */
  readonly set?: string;
  readonly origin: SidedOrigin;
}

/** A chain that came, went or was renamed. */
interface OwnedChain {
  readonly object: object;
  readonly id: string;
  readonly table: string;
  readonly chain: string;
}

/** The differences of rules and chains by the service port they belong to, made once for a comparison. */
export interface OwnedDifferences {
  readonly things: ReadonlyMap<string, readonly OwnedThing[]>;
  readonly rules: ReadonlyMap<string, readonly PlacedRule[]>;
  readonly chains: ReadonlyMap<string, readonly OwnedChain[]>;
}

/** Finds the service port of each difference in the tables of kube-proxy. */
export function ownedDifferences(differences: Differences, sides: Sides): OwnedDifferences {
  const rules = new Map<string, PlacedRule[]>();
  const chains = new Map<string, OwnedChain[]>();
  for (const table of differences.tables) {
    const before = (chain: string): string | undefined => servicePortOfChain(table.before, chain);
    const after = (chain: string): string | undefined => servicePortOfChain(table.after, chain);
    for (const chain of table.changed) {
      const owner = after(chain.after.name) ?? before(chain.before.name);
      for (const difference of chain.rules) {
        for (const name of owner === undefined ? ruleOwners(difference, chain.after.name) : [owner]) {
          addToGroup(rules, name, { difference, table: table.after.name, chain: chain.after.name });
        }
      }
    }
    const owned = (
      kind: 'added' | 'removed',
      ownerOf: (chain: string) => string | undefined,
      list: RuleTable['chains'] extends ReadonlyMap<string, infer Chain> ? readonly Chain[] : never,
    ): void => {
      for (const chain of list) {
        const owner = ownerOf(chain.name);
        if (owner !== undefined)
          addToGroup(chains, owner, { object: chain, id: `iptables.chain.${kind}`, table: table.after.name, chain: chain.name });
      }
    };
    owned('added', after, table.added);
    owned('removed', before, table.removed);
    for (const pair of table.renamed) {
      const owner = after(pair.after.name) ?? before(pair.before.name);
      if (owner !== undefined)
        addToGroup(chains, owner, { object: pair.before, id: 'iptables.chain.renamed', table: table.after.name, chain: pair.after.name });
    }
  }
  return { rules, chains, things: ownedThings(differences, sides) };
}

/** The service ports that a rule of a shared chain names: one, or two where it was paired across services. */
function ruleOwners(difference: RuleDifference, chain: string): string[] {
  if (!isProxyChain(chain)) return [];
  const entries = sidesOf(difference);
  // A rule that was for one place and now is for others, or the other way round, does more than a service that comes or goes.
  if (entries.length === 2 && new Set(entries.map((entry) => frontendOfRule(entry, chain) === undefined)).size === 2) return [];
  const names = new Set<string>();
  for (const entry of entries) {
    for (const comment of entry.comments) {
      const name = serviceComment(comment)?.servicePort;
      if (name !== undefined) names.add(name);
    }
    const key = frontendOfRule(entry, chain)?.key;
    if (key !== undefined) names.add(key);
  }
  return [...names];
}

/** Virtual services, members of sets and addresses that differ, by what a frontend is known by. */
function ownedThings(differences: Differences, { before, after }: Sides): Map<string, OwnedThing[]> {
  const things = new Map<string, OwnedThing[]>();
  for (const service of differences.ipvs?.removed ?? [])
    addToGroup(things, service.key, {
      object: service,
      id: 'ipvs.service.removed',
      subject: service.key,
      origin: { side: 'before', origin: service.origin },
    });
  for (const service of differences.ipvs?.added ?? [])
    addToGroup(things, service.key, {
      object: service,
      id: 'ipvs.service.added',
      subject: service.key,
      origin: { side: 'after', origin: service.origin },
    });
  for (const set of differences.sets?.changed ?? []) {
    if (!isProxySet(set.before.name)) continue;
    for (const [how, side, members] of [
      ['removed', 'before', set.membersRemoved],
      ['added', 'after', set.membersAdded],
    ] as const) {
      for (const member of members) {
        const thing: OwnedThing = {
          object: member,
          id: `ipset.member.${how}`,
          subject: `${member.member} in set ${set.before.name}`,
          set: set.before.name,
          origin: { side, origin: member.origin },
        };
        for (const name of namesOfMember(member.member, set.before.name)) addToGroup(things, name, thing);
      }
    }
  }
  if (differences.interfaces.length === 0) return things;
  const addresses = { removed: addressesOf(after.frontends), added: addressesOf(before.frontends) };
  for (const difference of differences.interfaces) {
    // An address that a service still has, or had, is no part of the service that comes or goes.
    if (addresses[difference.kind].has(difference.address)) continue;
    const side = difference.kind === 'removed' ? 'before' : 'after';
    addToGroup(things, difference.address, {
      object: difference,
      id: `interface.address.${difference.kind}`,
      subject: `${difference.address} on ${difference.interface}`,
      origin: { side, origin: difference.origin },
    });
  }
  return things;
}

/** `10.0.0.1,tcp:80` itself, and of `10.0.0.1,tcp:80,10.1.0.0/16` the first two; of KUBE-LOOP-BACK the endpoint. */
function namesOfMember(member: string, set: string): string[] {
  if (isLoopBackSet(set)) return [`endpoint ${endpointOfMember(member)}`];
  const parts = member.split(',');
  return parts.length > 2 ? [parts.slice(0, 2).join(',')] : [member];
}

function addressesOf(frontends: ReadonlyMap<string, Frontend>): Set<string> {
  const addresses = new Set<string>();
  for (const { address } of frontends.values()) if (address !== undefined) addresses.add(address);
  return addresses;
}

/** `10.244.0.2:53` of a member `10.244.0.2,udp:53,10.244.0.2` of KUBE-LOOP-BACK. */
export function endpointOfMember(member: string): string {
  const [address = '', port = ''] = member.split(',');
  const number = port.slice(port.indexOf(':') + 1);
  return address.includes(':') ? `[${address}]:${number}` : `${address}:${number}`;
}
