import { addToGroup } from '../add-to-group.ts';
import type { RuleChain, RuleEntry } from '../model/model.ts';
import type { Packet } from './packet.ts';

/** Below this number of rules a chain is read from top to bottom. */
const SMALL = 24;

interface ChainIndex {
  readonly byDestination: ReadonlyMap<bigint, readonly RuleEntry[]>;
  readonly byPort: ReadonlyMap<number, readonly RuleEntry[]>;
  /** Rules that ask for no single destination address and no single port. */
  readonly rest: readonly RuleEntry[];
}

const indexes = new WeakMap<RuleChain, ChainIndex>();

/**
 * The rules of a chain that a packet can meet, in order: all of a small chain; of a large one those that name its destination
 * address or port, and those that name none. What is left out asks for another address or port.
 */
export function candidates(chain: RuleChain, packet: Packet): readonly RuleEntry[] {
  if (chain.rules.length < SMALL) return chain.rules;
  let index = indexes.get(chain);
  if (index === undefined) {
    index = indexOf(chain);
    indexes.set(chain, index);
  }
  const groups = [index.byDestination.get(packet.destination), index.byPort.get(packet.destinationPort), index.rest];
  const filled = groups.filter((group) => group !== undefined && group.length > 0) as (readonly RuleEntry[])[];
  return filled.length === 1 ? (filled[0] as readonly RuleEntry[]) : filled.flat().sort((one, other) => one.number - other.number);
}

function indexOf(chain: RuleChain): ChainIndex {
  const byDestination = new Map<bigint, RuleEntry[]>();
  const byPort = new Map<number, RuleEntry[]>();
  const rest: RuleEntry[] = [];
  for (const rule of chain.rules) {
    const destination = onlyDestination(rule);
    if (destination !== undefined) addToGroup(byDestination, destination, rule);
    else {
      const port = onlyPort(rule);
      if (port === undefined) rest.push(rule);
      else addToGroup(byPort, port, rule);
    }
  }
  return { byDestination, byPort, rest };
}

function onlyDestination(rule: RuleEntry): bigint | undefined {
  for (const condition of rule.conditions) {
    if (condition.kind === 'destination' && !condition.not && condition.range?.low === condition.range?.high) return condition.range?.low;
  }
  return undefined;
}

function onlyPort(rule: RuleEntry): number | undefined {
  for (const condition of rule.conditions) {
    if (condition.kind !== 'destination-port' || condition.not || condition.ranges.length !== 1) continue;
    const [low, high] = condition.ranges[0] as readonly [number, number];
    if (low === high) return low;
  }
  return undefined;
}
