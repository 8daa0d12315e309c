import { addressText } from '../model/address-range.ts';
import type { RuleTable } from '../model/model.ts';
import { type World } from './match.ts';
import type { Packet } from './packet.ts';
import { packetInSet } from './set-membership.ts';

/** What the rules that a chain leads to ask about a packet's destination. */
interface Questions {
  /** Where a range of addresses begins, or the one before has ended; ascending. */
  readonly addresses: readonly bigint[];
  readonly ports: readonly number[];
  /** Sets that are looked into, with `src` or `dst` for each dimension. */
  readonly sets: readonly { readonly name: string; readonly dimensions: readonly string[] }[];
  readonly local: boolean;
}

const known = new WeakMap<RuleTable, Map<string, Questions>>();

/** A text that is equal for packets of one source and protocol whose destinations no rule that a chain leads to can tell apart. */
export function destinationClass(table: RuleTable, chain: string, packet: Packet, world: World): string {
  const { addresses, ports, sets, local } = questionsOf(table, chain);
  const members = sets.map(({ name, dimensions }) => {
    const set = world.sets?.get(name);
    return set === undefined ? '' : packetInSet(set, dimensions, packet, addressText);
  });
  return [placeIn(addresses, packet.destination), placeIn(ports, packet.destinationPort), local ? world.isLocal(packet.destination) : '', ...members].join(' ');
}

function questionsOf(table: RuleTable, chain: string): Questions {
  const ofTable = known.get(table) ?? new Map<string, Questions>();
  known.set(table, ofTable);
  let questions = ofTable.get(chain);
  if (questions === undefined) {
    questions = collect(table, chain);
    ofTable.set(chain, questions);
  }
  return questions;
}

function collect(table: RuleTable, start: string): Questions {
  const addresses = new Set<bigint>();
  const ports = new Set<number>();
  const sets = new Map<string, Questions['sets'][number]>();
  let local = false;
  const reached = new Set([start]);
  for (const name of reached) {
    for (const { conditions, target } of table.chains.get(name)?.rules ?? []) {
      if (target.kind === 'jump') reached.add(target.chain);
      for (const condition of conditions) {
        if (condition.kind === 'destination' && condition.range !== undefined) addresses.add(condition.range.low).add(condition.range.high + 1n);
        else if (condition.kind === 'destination-port' || condition.kind === 'either-port') for (const [low, high] of condition.ranges) ports.add(low).add(high + 1);
        else if (condition.kind === 'set') sets.set(condition.text, { name: condition.set, dimensions: condition.dimensions });
        else if (condition.kind === 'destination-local') local = true;
      }
    }
  }
  return {
    addresses: [...addresses].sort((one, other) => (one < other ? -1 : 1)),
    ports: [...ports].sort((one, other) => one - other),
    sets: [...sets.values()],
    local,
  };
}

/** How many of the ascending values are not above a value. */
function placeIn<Value extends bigint | number>(values: readonly Value[], value: Value): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] as Value) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
