import type { PlainRule, PlainTable, PlainTables, PlainTarget } from './plain-rules.ts';
import type { RefereePacket } from './referee.ts';

/** A number from 0 to below `limit`. */
export type Random = (limit: number) => number;

/** The same numbers in every run for the same seed. */
export function generator(seed: number): Random {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** An address of the node: the one that stands for it where no interface is listed. */
export const NODE = '192.0.2.1';
const PROTOCOLS = ['tcp', 'udp'] as const;
const SOURCES = ['10.1.0.1', '10.1.0.2', '10.2.0.1', '198.51.100.7'];
const DESTINATIONS = ['10.96.0.1', '10.96.0.2', '10.244.0.1', '10.244.0.2', NODE];
const PORTS = [80, 443];
const MARKS = [0x1, 0x4000];

const pick = <Value>(random: Random, values: readonly Value[]): Value => values[random(values.length)] as Value;

/** Chains that may jump into one another, and what their rules may end in. */
interface Group {
  readonly hooks: readonly string[];
  readonly chains: readonly string[];
  readonly end: (random: Random) => PlainTarget;
  readonly chance: boolean;
}

const GROUPS: { readonly nat: readonly Group[]; readonly filter: readonly Group[] } = {
  nat: [
    {
      hooks: ['PREROUTING', 'OUTPUT'],
      chains: ['N-1', 'N-2', 'N-3'],
      chance: true,
      end: (random) => ({
        kind: 'DNAT',
        address: pick(random, DESTINATIONS.slice(2)),
        ...(random(3) === 0 ? {} : { port: pick(random, PORTS) }),
      }),
    },
    {
      hooks: ['POSTROUTING'],
      chains: ['P-1', 'P-2'],
      chance: false,
      end: (random) => (random(4) === 0 ? { kind: 'ACCEPT' } : { kind: 'MASQUERADE' }),
    },
  ],
  filter: [
    {
      hooks: ['INPUT', 'FORWARD', 'OUTPUT'],
      chains: ['F-1', 'F-2', 'F-3'],
      chance: true,
      end: (random) => ({ kind: pick(random, ['ACCEPT', 'DROP', 'REJECT']) }),
    },
  ],
};

/** Two small tables whose rules ask for protocol, addresses, port and mark alone. */
export function randomTables(random: Random): PlainTables {
  return { nat: randomTable(random, 'nat'), filter: randomTable(random, 'filter') };
}

function randomTable(random: Random, name: keyof PlainTables): PlainTable {
  const chains = GROUPS[name].flatMap((group) => [
    ...group.hooks.map(
      (hook) =>
        [
          hook,
          {
            policy: name === 'filter' && random(4) === 0 ? ('DROP' as const) : ('ACCEPT' as const),
            rules: randomRules(random, group, group.chains),
          },
        ] as const,
    ),
    // A chain jumps to later ones alone: the kernel takes no circles.
    ...group.chains.map((chain, index) => [chain, { rules: randomRules(random, group, group.chains.slice(index + 1)) }] as const),
  ]);
  return new Map(chains);
}

function randomRules(random: Random, group: Group, jumps: readonly string[]): PlainRule[] {
  return Array.from({ length: random(5) }, () => randomRule(random, group, jumps));
}

function randomRule(random: Random, group: Group, jumps: readonly string[]): PlainRule {
  const protocol = random(2) === 0 ? undefined : pick(random, PROTOCOLS);
  return {
    ...(random(3) === 0
      ? { source: pick(random, [...SOURCES, '10.1.', '10.']), ...(random(4) === 0 ? { notSource: true as const } : {}) }
      : {}),
    ...(random(2) === 0
      ? { destination: pick(random, [...DESTINATIONS, '10.96.', '10.']), ...(random(5) === 0 ? { notDestination: true as const } : {}) }
      : {}),
    ...(protocol === undefined ? {} : { protocol, ...(random(2) === 0 ? { port: pick(random, PORTS) } : {}) }),
    ...(random(6) === 0 ? { mark: pick(random, MARKS) } : {}),
    ...(group.chance && random(12) === 0 ? { chance: pick(random, [0.5, 0.25]) } : {}),
    target: randomTarget(random, group, jumps),
  };
}

function randomTarget(random: Random, group: Group, jumps: readonly string[]): PlainTarget {
  const roll = random(10);
  if (roll < 3 && jumps.length > 0) return { kind: random(4) === 0 ? 'goto' : 'jump', chain: pick(random, jumps) };
  if (roll < 5) return { kind: 'MARK', value: pick(random, MARKS), mask: pick(random, [0, ...MARKS, 0xffff_ffff]) };
  return roll === 5 ? { kind: 'RETURN' } : group.end(random);
}

/** The tables with one thing changed: a rule more, less, twice, elsewhere or another; a policy; the name of a chain. */
export function changedTables(random: Random, tables: PlainTables): PlainTables {
  const name = pick(random, ['nat', 'filter'] as const);
  const group = pick(random, GROUPS[name]);
  const chain = pick(random, [...group.hooks, ...group.chains]);
  const jumps = group.chains.slice(group.chains.indexOf(chain) + 1).filter((target) => tables[name].has(target));
  const rules = [...(tables[name].get(chain)?.rules ?? [])];
  const at = random(rules.length);
  const rule = rules[at];
  const how = random(8);
  if (how === 0) return { ...tables, [name]: renamed(tables[name], pick(random, group.chains)) };
  if (how === 1 && name === 'filter' && group.hooks.includes(chain))
    return {
      ...tables,
      [name]: new Map([...tables[name], [chain, { policy: tables[name].get(chain)?.policy === 'DROP' ? 'ACCEPT' : 'DROP', rules }]]),
    };
  if (rule === undefined || how === 2) rules.splice(random(rules.length + 1), 0, randomRule(random, group, jumps));
  else if (how === 3) rules.splice(at, 1);
  else if (how === 4) rules.splice(random(rules.length + 1), 0, rule);
  else if (how === 5) rules[at] = randomRule(random, group, jumps);
  else if (how === 6) rules[at] = { ...rule, target: randomTarget(random, group, jumps) };
  else rules.splice(random(rules.length), 0, ...rules.splice(at, 1));
  const chainBefore = tables[name].get(chain);
  return { ...tables, [name]: new Map([...tables[name], [chain, { ...chainBefore, rules }]]) };
}

function renamed(table: PlainTable, name: string): PlainTable {
  const other = `${name}-RENAMED`;
  return new Map(
    [...table].map(([chain, { rules, ...shown }]) => {
      const led = rules.map((rule): PlainRule =>
        (rule.target.kind === 'jump' || rule.target.kind === 'goto') && rule.target.chain === name
          ? { ...rule, target: { ...rule.target, chain: other } }
          : rule,
      );
      return [chain === name ? other : chain, { ...shown, rules: led }];
    }),
  );
}

/** Every packet that the rules can tell apart, and one that most of them do not ask about. */
export function allPackets(): RefereePacket[] {
  return PROTOCOLS.flatMap((protocol) =>
    SOURCES.flatMap((source) =>
      [...DESTINATIONS, '203.0.113.9'].flatMap((destination) => [...PORTS, 22].map((port) => ({ protocol, source, destination, port }))),
    ),
  );
}
