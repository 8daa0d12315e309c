import type { Match } from '@netdrift/iptables';
import { complement } from '../intervals.ts';
import type { Test } from '../ir.ts';
import { toAddress } from '../values.ts';
import { addrtypeTests } from './addrtype-tests.ts';
import { type CompileContext, type Compiled, fieldTest, type MatchModel, unknownMatch, unknownModel, unknownTest } from './context.ts';
import { conntrackTests, stateTests } from './conntrack-tests.ts';
import { helperTests } from './helper-tests.ts';
import { icmpTests } from './icmp-tests.ts';
import { ipvsTests } from './ipvs-tests.ts';
import { physdevTests } from './physdev-tests.ts';
import { multiportTests, portTests } from './port-tests.ts';
import { recentTests } from './recent-tests.ts';
import { amountModel, connbytesValues, ownerTests, perDay, quantityModel, rateestValues, ttlValues } from './quantities.ts';
import { setTests } from './set-tests.ts';
import { statisticTests } from './statistic-tests.ts';
import { tcpTests } from './tcp-tests.ts';

type Of<Kind extends Match['kind']> = Extract<Match, { readonly kind: Kind }>;
type MatchModels = { readonly [Kind in Match['kind']]: MatchModel<Of<Kind>> };

const PAYLOAD = 'what a packet carries is shown by no listing';
const HEADER = 'this part of the header is shown by no listing';
const COUNTS = 'it counts what came before';
const PACKET_TYPES = ['unicast', 'broadcast', 'multicast'];

/** Every match of `@netdrift/iptables`: what is asked of packets, or why no listing decides it. The docs table is made of this. */
export const MATCH_MODELS: MatchModels = {
  AddrtypeMatch: partly('LOCAL, MULTICAST and UNICAST; broadcast addresses and other types stand in the routing table', addrtypeTests),
  AhMatch: unknownModel(HEADER),
  BpfMatch: unknownModel('a program decides', { about: 'every' }),
  CgroupMatch: unknownModel('the process that sends is not known'),
  ClusterMatch: unknownModel('a hash of the source address decides', { about: ['source'] }),
  CommentMatch: modelled('holds of every packet', () => []),
  ConnbytesMatch: quantityModel(
    'what a connection carried so far is not known',
    ({ mode, direction }) => `connbytes ${mode} ${direction}`,
    connbytesValues,
  ),
  ConnlabelMatch: {
    model: 'unknown',
    note: 'labels of connections are shown by no listing',
    compile: (match, { family }) => [unknownMatch(match, family, match.set === true ? { remembers: true } : {})],
  },
  ConnlimitMatch: amountModel(
    'how many connections there are is not known; taken to be within the limit',
    'connlimit',
    ({ side, prefixLength, compare, limit }) => ({
      about: [side],
      usually: compare === 'up-to',
      of: `${side}/${prefixLength ?? ''} ${compare}`,
      most: [compare === 'up-to' ? limit : -limit],
    }),
  ),
  ConnmarkMatch: modelled("the connection's mark", ({ mask, value, not }) => [{ kind: 'mark', register: 'connection', mask, value, not }]),
  ConntrackMatch: partly(
    'state, translation, protocol, original addresses and ports; answers, status and expiry are not known',
    conntrackTests,
  ),
  CpuMatch: quantityModel('the processor is not known', 'cpu', ({ value }) => [value, value]),
  DccpMatch: partly('ports; not the types of packets and options', (match, context) => {
    const { sourcePorts: _source, destinationPorts: _destination, ...rest } = match;
    return [...portTests(match, context), ...(Object.keys(rest).length > 1 ? [unknownMatch(rest, context.family)] : [])];
  }),
  DevgroupMatch: unknownModel('groups of interfaces are shown by no listing'),
  DscpMatch: quantityModel(HEADER, 'dscp', ({ value }) => [value, value]),
  DstMatch: unknownModel(HEADER),
  EcnMatch: unknownModel(HEADER),
  EspMatch: unknownModel(HEADER),
  Eui64Match: unknownModel('hardware addresses are not known', { about: ['source'] }),
  FragMatch: unknownModel(HEADER),
  HashlimitMatch: {
    model: 'unknown',
    note: `${COUNTS}; taken to be within the limit`,
    // A listing does not show the name of the table.
    compile: ({ name: _name, ...match }, { family }) => {
      const { rate, burst, ...rest } = match;
      const isWithin = match.compare === 'up-to';
      const most = [
        ('bytes' in rate ? rate.bytes : perDay(rate.packets, rate.unit)) * (isWithin ? 1 : -1),
        (burst ?? 5) * (isWithin ? 1 : -1),
      ];
      const of = `hashlimit ${'bytes' in rate ? 'bytes' : 'packets'} ${JSON.stringify(rest)}`;
      return [unknownMatch(match, family, { counts: true, usually: isWithin, amounts: { of, most } })];
    },
  },
  HbhMatch: unknownModel(HEADER),
  HelperMatch: partly('no packet that begins a connection of its own; which helper expected the others is not known', helperTests),
  HlMatch: quantityModel<Of<'HlMatch'>>(HEADER, 'hop limit', ttlValues),
  Icmp6Match: modelled('type and code', icmpTests),
  IcmpMatch: modelled('type and code', icmpTests),
  IpcompMatch: unknownModel(HEADER),
  IprangeMatch: modelled('addresses from first to last', iprangeTests),
  Ipv6headerMatch: unknownModel(HEADER),
  IpvsMatch: partly('whether IPVS took the packet, and for which virtual service; not direction, method and controlling port', ipvsTests),
  LengthMatch: quantityModel('the length of a packet is not known', 'length', ({ low, high }) => [low, high]),
  LimitMatch: amountModel(`${COUNTS}; taken to be within the limit`, 'limit', ({ rate, unit, burst }) => ({
    usually: true,
    most: [perDay(rate, unit), burst],
  })),
  MacMatch: quantityModel(
    'hardware addresses are not known',
    'hardware address',
    ({ address }) => {
      const number = Number.parseInt(address.replaceAll(':', ''), 16);
      return [number, number];
    },
    ['source'],
  ),
  MarkMatch: modelled("the packet's mark", ({ mask, value, not }) => [{ kind: 'mark', register: 'packet', mask, value, not }]),
  MhMatch: unknownModel(HEADER),
  MultiportMatch: modelled('ports, either one too', multiportTests),
  NfacctMatch: modelled('counts, and holds of every packet', () => []),
  OsfMatch: unknownModel(PAYLOAD),
  OwnerMatch: {
    model: 'unknown',
    note: 'the process that sends is not known',
    compile: (match, { family }) => ownerTests(match, family),
  },
  PhysdevMatch: partly('a question for each condition; packets are taken to come by no port of a bridge', physdevTests),
  PkttypeMatch: quantityModel('how the link layer addressed the packet is not known', 'packet type', ({ value }) => {
    const number = PACKET_TYPES.indexOf(value);
    return [number, number];
  }),
  PolicyMatch: unknownModel('IPsec policies are shown by no listing'),
  QuotaMatch: amountModel(`${COUNTS}; taken to be within the quota`, 'quota', ({ bytes }) => ({ usually: true, most: [Number(bytes)] })),
  RateestMatch: quantityModel('rates are not known', ({ estimator, unit }) => `rate ${estimator} ${unit}`, rateestValues),
  RealmMatch: unknownModel('realms of routes are shown by no listing'),
  RecentMatch: partly('--set always holds; whether an address is on the list is not known, and taken not to be', recentTests),
  RpfilterMatch: {
    model: 'unknown',
    note: 'the way back is known to the routing table; taken to be the way the packet came',
    compile: (match, { family }) => {
      const { invert, ...rest } = match;
      return [{ ...unknownMatch(rest, family, { about: ['source'], usually: true }), not: invert === true }];
    },
  },
  RtMatch: unknownModel(HEADER),
  SctpMatch: partly('ports; not chunks', (match, context) => {
    const { sourcePorts: _source, destinationPorts: _destination, ...rest } = match;
    return [...portTests(match, context), ...(Object.keys(rest).length > 1 ? [unknownMatch(rest, context.family)] : [])];
  }),
  SetMatch: partly(
    'sets of addresses, networks, ports, marks, interfaces and sets; not hardware addresses, counters and --return-nomatch',
    setTests,
  ),
  SocketMatch: unknownModel('sockets are shown by no listing; taken to be none', {
    about: ['source', 'destination', 'sourcePort', 'destinationPort'],
  }),
  SrhMatch: unknownModel(HEADER),
  StateMatch: modelled('the state of the connection', (match, context) =>
    stateTests(match.not, match.states, () => unknownMatch(match, context.family), context),
  ),
  StatisticMatch: modelled('shares of packets, by chance or one of so many', statisticTests),
  StringMatch: unknownModel(PAYLOAD),
  TcpMatch: partly('ports and flags; not TCP options', tcpTests),
  TcpmssMatch: quantityModel(HEADER, 'tcp mss', ({ low, high }) => [low, high]),
  TimeMatch: unknownModel('the time at which a packet comes is not known'),
  TosMatch: unknownModel(HEADER),
  TtlMatch: quantityModel<Of<'TtlMatch'>>(HEADER, 'ttl', ttlValues),
  U32Match: unknownModel(PAYLOAD, { about: 'every' }),
  UdpMatch: modelled('ports', portTests),
  UnknownMatch: {
    model: 'unknown',
    note: 'text that no extension knows',
    compile: ({ text }) => [unknownTest(text, false, { about: 'every', remembers: true })],
  },
};

/** What a match asks. */
export function matchTests(match: Match, context: CompileContext): Compiled {
  // The entry of a kind takes matches of that kind: the table's type says so for each key, which TypeScript cannot follow through a
  // variable.
  return (MATCH_MODELS[match.kind] as MatchModel<Match>).compile(match, context);
}

function modelled<M>(note: string, compile: MatchModel<M>['compile']): MatchModel<M> {
  return { model: 'modelled', note, compile };
}

function partly<M>(note: string, compile: MatchModel<M>['compile']): MatchModel<M> {
  return { model: 'partly', note, compile };
}

function iprangeTests(match: Of<'IprangeMatch'>, { family }: CompileContext): Test[] {
  return (['source', 'destination'] as const).flatMap((field) => {
    const range = match[field];
    if (range === undefined) return [];
    const low = toAddress(range.low);
    const high = toAddress(range.high);
    if (low === undefined || high === undefined)
      return [unknownMatch({ kind: 'IprangeMatch', [field]: range }, family, { about: [field] })];
    return [fieldTest(field, range.not ? complement([low, high], field, family) : [low, high])];
  });
}
