import type { RuleChain, RuleTable } from '../../state/model.ts';
import { isServiceChain } from './chain-roles.ts';
import { serviceComment } from './comments.ts';

/**
 * The service port of each chain that belongs to one: told by the comments of its rules, and where they have none by the rules that lead
 * there.
 */
function chainOwners(table: RuleTable): ReadonlyMap<string, string> {
  const known = ownersOf.get(table);
  if (known !== undefined) return known;
  const owners = readOwners(table);
  ownersOf.set(table, owners);
  return owners;
}

/** The service port of one chain: where its own rules name it, the others are not looked at. */
export function servicePortOfChain(table: RuleTable, name: string): string | undefined {
  const chain = table.chains.get(name);
  const owner = chain === undefined || !isServiceChain(name) ? undefined : ownerByComment(chain);
  return owner ?? chainOwners(table).get(name);
}

const ownersOf = new WeakMap<RuleTable, ReadonlyMap<string, string>>();

function readOwners(table: RuleTable): Map<string, string> {
  const owners = new Map<string, string>();
  for (const chain of table.chains.values()) {
    const owner = isServiceChain(chain.name) ? ownerByComment(chain) : undefined;
    if (owner !== undefined) owners.set(chain.name, owner);
  }
  const work = [...table.chains.values()].filter((chain) => !isServiceChain(chain.name) || owners.has(chain.name));
  for (let chain = work.pop(); chain !== undefined; chain = work.pop()) {
    for (const rule of chain.rules) {
      if (rule.target.kind !== 'jump' || !isServiceChain(rule.target.chain) || owners.has(rule.target.chain)) continue;
      const owner = owners.get(chain.name) ?? rule.comments.map(serviceComment).find((comment) => comment !== undefined)?.servicePort;
      const target = table.chains.get(rule.target.chain);
      if (owner === undefined || target === undefined) continue;
      owners.set(target.name, owner);
      work.push(target);
    }
  }
  return owners;
}

/** The service port that a rule of a chain names first. */
export function ownerByComment(chain: RuleChain): string | undefined {
  for (const rule of chain.rules) {
    for (const comment of rule.comments) {
      const owner = serviceComment(comment)?.servicePort;
      if (owner !== undefined) return owner;
    }
  }
  return undefined;
}
