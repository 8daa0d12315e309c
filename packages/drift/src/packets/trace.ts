import type { IpvsService } from '../state/model.ts';
import { wholeName } from '../world/asked.ts';
import type { Lookup } from '../world/lookup.ts';
import { type Routed, routed } from '../world/routing.ts';
import type { World } from '../world/world.ts';
import { hookOrders } from '../world/hook-order.ts';
import { isLocal } from '../world/local-addresses.ts';
import { balance, markServiceFor } from './balance.ts';
import { enter, type WalkKit, walkChain } from './chain-walk.ts';
import { evaluator } from './evaluate.ts';
import type { LookupIndex } from './look-up.ts';
import { type Ending, type Outcome, outcomeOf } from './outcome.ts';
import { candidateRules } from './rule-index.ts';
import { type Schedule, scheduleOf } from './schedule.ts';
import { type Stages, stagesOf } from './stages.ts';
import { inBothOrders } from './ties.ts';
import type { FirstPacket, Trace, Tracer } from './traced.ts';
import type { Condition, PacketFields, Traveller } from './traveller.ts';

/** State numbers: conntrack has not seen the packet, and the first of a connection. */
const INVALID = 3;
const NEW = 0;
const UNTRACKED = 4;

/** More ways than this for one packet are not followed: the rest is told as unknown. */
const MAX_WAYS = 20_000;

/**
 * Leads the first packet of a connection through a world, as the kernel does: hooks in the order of the kernel, nat for the first packet
 * alone, IPVS between them.
 *
 * @example
 * tracerOf(world).trace(packet).outcomes.map(({ verdict, endpoint }) => `${verdict} ${endpoint?.text}`) // => ['delivered 10.244.0.5:53']
 */
export function tracerOf(world: World): Tracer {
  const [order, ...others] = hookOrders(world.rules.base);
  const stages = stagesOf(order.base);
  const swapped = others.map(({ base }) => stagesOf(base));
  const candidates = candidateRules();
  const indexes = new Map<Lookup<unknown>, LookupIndex | undefined>();
  const usual = evaluator(world, indexes, new Set());
  const made = new Map<IpvsService, Schedule>();
  const schedules = (service: IpvsService): Schedule => {
    let schedule = made.get(service);
    if (schedule === undefined) made.set(service, (schedule = scheduleOf(service)));
    return schedule;
  };
  const showsNat = world.rules.tables.size === 0 ? false : world.rules.base.some(({ nat }) => nat) || isWhole(world);

  function trace(packet: FirstPacket, flipped: ReadonlySet<string> = NONE): Trace {
    return swapped.reduce((found, other) => inBothOrders(found, lead(packet, flipped, other), order.ties), lead(packet, flipped, stages));
  }

  function lead(packet: FirstPacket, flipped: ReadonlySet<string>, along: Stages): Trace {
    const first = start(packet);
    const lost = begin(first, world);
    if (lost !== undefined) return { packet, outcomes: [outcomeOf(first, lost, showsNat)], conditions: [] };
    const pending: Traveller[] = [first];
    const outcomes: Outcome[] = [];
    const later: WalkKit['later'] = (traveller, ending) => {
      if (ending === undefined) pending.push(traveller);
      else outcomes.push(outcomeOf(traveller, ending, showsNat));
    };
    const kit: WalkKit = {
      world,
      evaluator: flipped.size === 0 ? usual : evaluator(world, indexes, flipped),
      candidates,
      schedules,
      later,
    };
    for (let traveller = pending.pop(); traveller !== undefined; traveller = pending.pop()) {
      const ending: Ending =
        outcomes.length >= MAX_WAYS ? { verdict: 'unknown', reason: 'there are too many ways' } : run(traveller, kit, along);
      outcomes.push(outcomeOf(traveller, ending, showsNat));
    }
    return { packet, outcomes, conditions: conditionsOf(outcomes) };
  }

  function run(traveller: Traveller, kit: WalkKit, along: Stages): Ending {
    for (;;) {
      const stage = along[traveller.hook][traveller.stage];
      const ending = stage === undefined ? onwards(traveller, kit) : at(stage, traveller, kit);
      if (ending !== undefined) return ending;
    }
  }

  return { world, trace, traces: (packet) => alternatives(packet, trace) };
}

const NONE: ReadonlySet<string> = new Set();

/** Each condition once. */
function conditionsOf(outcomes: readonly Outcome[]): readonly Condition[] {
  if (outcomes.every(({ conditions }) => conditions.length === 0)) return [];
  return [...new Map(outcomes.flatMap(({ conditions }) => conditions.map((condition) => [condition.identity, condition]))).values()];
}

type StageOf = ReturnType<typeof stagesOf>['input'][number];

/** Leads a traveller through one stage, or on with it where chance had stopped it. */
function at(stage: StageOf, traveller: Traveller, kit: WalkKit): Ending | undefined {
  if (stage.kind === 'conntrack') {
    traveller.fields = {
      ...traveller.fields,
      state: traveller.tracked ? (traveller.fields.state === INVALID ? NEW : traveller.fields.state) : UNTRACKED,
    };
    traveller.stage += 1;
    return undefined;
  }
  if (stage.kind === 'ipvs') {
    const { hook, stage: place } = traveller;
    const ending = balance(traveller, kit);
    if (ending === undefined && traveller.hook === hook && traveller.stage === place) traveller.stage += 1;
    return ending;
  }
  const { base } = stage;
  if (traveller.frame === undefined) {
    if (base.nat && !natLooks(traveller)) {
      traveller.stage += 1;
      return undefined;
    }
    enter(traveller, base, kit);
  }
  const ending = walkChain(traveller, base, kit);
  if (ending !== undefined) return ending;
  traveller.stage += 1;
  return undefined;
}

/** nat looks at the first packet of a tracked connection, once for its destination and once for its source. */
function natLooks({ hook, tracked, natDone }: Traveller): boolean {
  return tracked && !(hook === 'prerouting' || hook === 'output' ? natDone.destination : natDone.source);
}

/** Behind the last stage of a hook: routing, or the end. */
function onwards(traveller: Traveller, kit: WalkKit): Ending | undefined {
  const { hook } = traveller;
  if (traveller.tracked) {
    const isSource = hook === 'input' || hook === 'postrouting';
    if (hook !== 'forward' && !traveller.natDone[isSource ? 'source' : 'destination'])
      traveller.natDone = isSource ? { ...traveller.natDone, source: true } : { ...traveller.natDone, destination: true };
  }
  switch (hook) {
    case 'prerouting':
      return routeIn(traveller, kit);
    case 'input':
      return arrived(traveller, 'node');
    case 'forward':
      return goTo(traveller, 'postrouting');
    case 'output':
      // Translated in OUTPUT, a packet is routed again: filter may have seen another way out than POSTROUTING does.
      if (isForNode(traveller, kit)) traveller.out = { name: 'lo' };
      else return routeOut(traveller, kit, 'postrouting');
      return goTo(traveller, 'postrouting');
    case 'postrouting':
      if (typeof traveller.out === 'string' || traveller.out.name !== 'lo') return arrived(traveller, 'leaves');
      traveller.in = { name: 'lo' };
      traveller.out = 'none';
      return goTo(traveller, 'prerouting');
  }
}

function routeIn(traveller: Traveller, kit: WalkKit): Ending | undefined {
  if (isForNode(traveller, kit) || routeOf(traveller, kit.world)?.kind === 'local' || isTakenByMark(traveller, kit)) {
    traveller.out = 'none';
    return goTo(traveller, 'input');
  }
  if (!kit.world.forwards) return { verdict: 'dropped', decidedBy: 'routing' };
  return routeOut(traveller, kit, 'forward');
}

/** Whether a packet has a way, and by which interface it leaves. */
function routeOut(traveller: Traveller, { world }: WalkKit, hook: 'forward' | 'postrouting'): Ending | undefined {
  const route = routeOf(traveller, world);
  if (route?.kind === 'lost') return lostBy(route.how, traveller.own);
  traveller.out = route?.kind === 'out' ? { name: route.device } : 'not loopback';
  return goTo(traveller, hook);
}

/** A packet of the node itself has its way before it meets a rule; without one no rule that would translate it is asked. */
function begin(traveller: Traveller, world: World): Ending | undefined {
  if (!traveller.own || isLocal(world.addresses, traveller.fields.destination) === true) return undefined;
  const route = routeOf(traveller, world);
  if (route?.kind === 'lost') return lostBy(route.how, true);
  if (route?.kind === 'out') traveller.out = { name: route.device };
  return undefined;
}

function routeOf({ fields, mark }: Traveller, { routing }: World): Routed | undefined {
  return routing && routed(routing, fields.destination, mark);
}

/** What the sender is told where there is no way (Linux `ip_error`). A program of the node itself is told at once, whatever the route. */
function lostBy(how: Extract<Routed, { kind: 'lost' }>['how'], own: boolean): Ending {
  if (how === 'blackhole' && !own) return { verdict: 'dropped', decidedBy: 'routing', reason: 'its route is blackhole' };
  const told = {
    unreachable: 'icmp-host-unreachable',
    prohibit: 'icmp-admin-prohibited',
    'no route': 'icmp-net-unreachable',
    blackhole: 'an error',
  };
  const reason = how === 'no route' ? 'there is no route to it' : `its route is ${how}`;
  return { verdict: 'refused', decidedBy: 'routing', with: told[how], reason };
}

function goTo(traveller: Traveller, hook: Traveller['hook']): undefined {
  traveller.hook = hook;
  traveller.stage = 0;
  return undefined;
}

function isForNode(traveller: Traveller, { evaluator: { local } }: WalkKit): boolean {
  return traveller.toNode || local(traveller.fields.destination, traveller, undefined);
}

/**
 * What a firewall-mark service takes counts as the node's own: whoever sets one up has the node take such packets, or IPVS does not see
 * them.
 */
function isTakenByMark(traveller: Traveller, kit: WalkKit): boolean {
  if (traveller.balanced !== undefined || markServiceFor(traveller, kit) === undefined) return false;
  const text = `packets with mark 0x${traveller.mark.toString(16)} are routed to this node`;
  return kit.evaluator.decide({ identity: text, text, about: 'route', at: undefined }, true, traveller);
}

function arrived(traveller: Traveller, otherwise: 'node' | 'leaves'): Ending {
  return { verdict: traveller.endpoint === undefined ? otherwise : 'delivered' };
}

function isWhole({ assumptions }: World): boolean {
  return !assumptions.some((assumption) => assumption.kind === 'table-not-given' && assumption.table === 'nat');
}

const SYN = 2;

function start(packet: FirstPacket): Traveller {
  const { protocol, source, destination, sourcePort, destinationPort, icmpType = 0, own, mark = 0 } = packet;
  const fields: PacketFields = {
    protocol,
    source,
    destination,
    sourcePort,
    destinationPort,
    icmpType,
    tcpFlags: protocol === 6 ? SYN : 0,
    state: INVALID,
  };
  return {
    share: 1,
    fields,
    original: fields,
    mark,
    connectionMark: 0,
    tracked: true,
    translated: { source: false, destination: false },
    natDone: { source: false, destination: false },
    own,
    in: own ? 'none' : packet.in === undefined ? 'not loopback' : { name: packet.in },
    out: own ? 'by route' : 'none',
    toNode: false,
    hook: own ? 'output' : 'prerouting',
    stage: 0,
    frame: undefined,
    next: 0,
    hops: undefined,
    conditions: undefined,
    endpoint: undefined,
    balanced: undefined,
    chosenBy: undefined,
  };
}

/** More traces than this for one packet are not made. */
const MAX_TRACES = 16;
/** Values for the conditions that nobody can see are tried this often. */
const MAX_TRIALS = 64;

function* alternatives(packet: FirstPacket, trace: Tracer['trace']): Generator<Trace, undefined> {
  const trials: { readonly flipped: ReadonlySet<string>; readonly conditions: readonly Condition[] }[] = [
    { flipped: NONE, conditions: [] },
  ];
  const made = new Set<string>();
  let traces = 0;
  for (const { flipped, conditions } of trials) {
    const found = trace(packet, flipped);
    // Where a condition is not even asked the trace is one of those before.
    if (![...flipped].every((identity) => found.conditions.some((condition) => condition.identity === identity))) continue;
    yield found;
    if (++traces === MAX_TRACES) return;
    for (const condition of found.conditions) {
      if (
        (condition.about !== 'rule' && condition.about !== 'interface') ||
        flipped.has(condition.identity) ||
        !canHoldWith(condition, conditions)
      )
        continue;
      const next = new Set([...flipped, condition.identity]);
      const name = [...next].sort().join('\n');
      if (trials.length < MAX_TRIALS && !made.has(name)) trials.push({ flipped: next, conditions: [...conditions, condition] });
      made.add(name);
    }
  }
}

/** A packet arrives at one interface and leaves by one. */
function canHoldWith(condition: Condition, others: readonly Condition[]): boolean {
  const own = wholeName(condition.asks);
  return (
    own === undefined ||
    others.every(({ asks }) => {
      const other = wholeName(asks);
      return other === undefined || other.side !== own.side || other.name === own.name;
    })
  );
}
