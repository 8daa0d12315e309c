import { endpointText } from '../../../packages/drift/src/state/ipvs-table.ts';
import type { Condition, RuleTarget } from '../../../packages/drift/src/state/condition.ts';
import type { IpSetEntry, IpvsService, Model, RuleEntry, RuleTable } from '../../../packages/drift/src/state/model.ts';
import { addressNumber } from '../../../packages/drift/src/state/address-range.ts';
import type { RefereeNode, RefereePacket, RefereeRule, RefereeTable, RefereeTarget } from './referee.ts';

/** What is taken as given when a snapshot is handed to the referee. */
export interface Given {
  readonly isLocal: (address: string) => boolean;
  /** Conditions that the listings do not decide and that are taken to hold; all others are taken not to. */
  readonly holding: ReadonlySet<string>;
  /** IPVS tracks no connections. */
  readonly untracks: boolean;
}

const NUMBERS: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, sctp: 132 };
const SOURCE_PORT = 40_000;

/** A snapshot as the referee takes it. */
export function refereeNode(model: Model, family: 'ipv4' | 'ipv6', given: Given): RefereeNode {
  const table = (name: string): RefereeTable | undefined => {
    const found = model.tables.get(`${family} ${name}`);
    return found === undefined ? undefined : refereeTable(found, model, given);
  };
  const [nat, filter, mangle] = [table('nat'), table('filter'), table('mangle')];
  return {
    ...(mangle === undefined ? {} : { mangle }),
    ...(nat === undefined ? {} : { nat }),
    ...(filter === undefined ? {} : { filter }),
    isLocal: given.isLocal,
    ...(given.untracks ? { untracks: true } : {}),
    ...(model.ipvs === undefined
      ? {}
      : {
          balance: ({ protocol, destination, port }) =>
            destinations(model.ipvs?.services.get(`${protocol} ${endpointText(destination, port)}`)),
        }),
    ...(model.ipvs === undefined
      ? {}
      : {
          balanceMark: ({ port }, mark) =>
            destinations(
              [...(model.ipvs?.services.values() ?? [])].find((service) => service.fwmark === mark && service.family === family),
            )?.map((place) => ({ ...place, port: place.port || port })),
        }),
  };
}

/** Weighted schedulers divide by weight, the others evenly; weight 0 gets nothing. */
function destinations(service: IpvsService | undefined): ReturnType<NonNullable<RefereeNode['balance']>> {
  if (service === undefined) return undefined;
  const usable = [...service.destinations.values()].filter(({ weight }) => weight !== 0);
  const even = service.scheduler === 'rr' || service.scheduler === 'lc' || service.scheduler === 'dh';
  const parts = usable.map(({ weight }) => (even ? 1 : (weight ?? 1)));
  const total = parts.reduce((sum, one) => sum + one, 0);
  return usable.map(({ address, port }, index) => ({ address, port, share: (parts[index] ?? 0) / total }));
}

function refereeTable(table: RuleTable, model: Model, given: Given): RefereeTable {
  return new Map(
    [...table.chains].map(([name, { policy, rules }]) => [
      name,
      { ...(policy === undefined ? {} : { policy }), rules: rules.map((rule) => refereeRule(rule, model, given)) },
    ]),
  );
}

function refereeRule(rule: RuleEntry, model: Model, given: Given): RefereeRule {
  const chance = rule.conditions.reduce((part, condition) => (condition.kind === 'probability' ? part * condition.probability : part), 1);
  const hidden =
    rule.mayAskForInterface !== true || given.holding.has(`the interface that "${rule.key}" may ask for, which the listing hides`);
  const conditions = rule.conditions.filter(({ kind }) => kind !== 'probability');
  return {
    meets: (packet, mark) => hidden && conditions.every((condition) => isMet(condition, packet, mark, model, given) !== condition.not),
    chance,
    target: refereeTarget(rule.target),
  };
}

function isMet(condition: Condition, packet: RefereePacket, mark: number, model: Model, { isLocal, holding }: Given): boolean {
  const supposed = (): boolean => holding.has(condition.text.replace(/^! /, ''));
  const inPorts = (ranges: readonly (readonly [number, number])[], port: number): boolean =>
    ranges.some(([low, high]) => port >= low && port <= high);
  switch (condition.kind) {
    case 'protocol':
      return NUMBERS[packet.protocol] === condition.number;
    case 'source':
    case 'destination': {
      const address = addressNumber(packet[condition.kind]) ?? -1n;
      return condition.range === undefined ? supposed() : address >= condition.range.low && address <= condition.range.high;
    }
    case 'source-port':
      return inPorts(condition.ranges, SOURCE_PORT);
    case 'destination-port':
      return inPorts(condition.ranges, packet.port);
    case 'either-port':
      return inPorts(condition.ranges, SOURCE_PORT) || inPorts(condition.ranges, packet.port);
    case 'mark':
      return (mark & condition.mask) >>> 0 === condition.value;
    case 'state':
      return condition.states.includes('NEW');
    case 'source-local':
      return isLocal(packet.source);
    case 'destination-local':
      return isLocal(packet.destination);
    case 'set':
      return isMember(model.sets?.sets.get(condition.set), condition.dimensions, packet) ?? supposed();
    default:
      if (condition.text.startsWith('-m ipvs ')) return isOfService(condition.text, packet.virtual);
      return condition.text.startsWith('-m recent action=set ') || supposed();
  }
}

/** `-m ipvs protocol.value=6 virtualAddress.address=192.0.2.50 … virtualPort.low=443`. */
function isOfService(text: string, virtual: RefereePacket | undefined): boolean {
  const value = (name: string): string | undefined => text.split(` ${name}=`)[1]?.split(' ')[0];
  if (virtual === undefined) return false;
  return [
    [value('virtualAddress.address'), virtual.destination],
    [value('virtualPort.low'), String(virtual.port)],
    [value('protocol.value'), String(NUMBERS[virtual.protocol])],
  ].every(([asked, is]) => asked === undefined || asked === is);
}

/** Members of address and port sets are compared as text, networks bit by bit. */
function isMember(set: IpSetEntry | undefined, dimensions: readonly string[], packet: RefereePacket): boolean | undefined {
  const kinds = set?.type?.split(':')[1]?.split(',') ?? [];
  if (set?.members === undefined || kinds.some((kind) => !['ip', 'port', 'net'].includes(kind))) return undefined;
  const asked = kinds.map((kind, index) => {
    const from = dimensions[index] === 'src';
    if (kind !== 'port') return from ? packet.source : packet.destination;
    return `${set.type?.startsWith('bitmap') === true ? '' : `${packet.protocol}:`}${from ? SOURCE_PORT : packet.port}`;
  });
  return [...set.members.keys()].some((member) =>
    member.split(',').every((part, index) => part === asked[index] || isInBlock(part, asked[index] ?? '')),
  );
}

function isInBlock(block: string, address: string): boolean {
  const [network = '', length] = block.split('/');
  if (length === undefined || address.includes(':') !== network.includes(':')) return false;
  const shift = BigInt((address.includes(':') ? 128 : 32) - Number(length));
  return (addressNumber(address) ?? -1n) >> shift === (addressNumber(network) ?? -2n) >> shift;
}

function refereeTarget(target: RuleTarget): RefereeTarget {
  switch (target.kind) {
    case 'none':
      return { kind: 'nothing' };
    case 'jump':
      return { kind: target.goto ? 'goto' : 'jump', chain: target.chain };
    case 'mark':
      return { kind: 'MARK', value: target.xorValue, mask: ~target.andMask >>> 0 };
    case 'snat':
      return { kind: 'MASQUERADE' };
    case 'dnat': {
      const [, address = '', port] = /^\[?([^\]]*?)\]?(?::(\d+))?$/.exec(target.to) ?? [];
      return { kind: 'DNAT', ...(address === '' ? {} : { address }), ...(port === undefined ? {} : { port: Number(port) }) };
    }
    case 'other':
      return { kind: target.continues ? 'nothing' : 'unknown' };
    case 'verdict':
      return { kind: target.name as 'ACCEPT' | 'DROP' | 'REJECT' | 'RETURN' };
  }
}
