import { addressFamily, addressNumber, addressText } from '../../state/address-range.ts';
import { entryAt } from '../../state/rule-entry.ts';
import { endpointText } from '../../state/ipvs-table.ts';
import { STATES } from '../../world/field.ts';
import { addressOf, toAddress } from '../../world/values.ts';
import { elsewhere, type Flow, type FlowRest, type Supposition } from '../../packets/flow.ts';
import type { Met } from '../../packets/flow-tables.ts';
import type { FlowEndpoint } from '../../packets/flow-ways.ts';
import type { Packet } from '../../packets/packet.ts';
import type { Box } from '../../packets/space/sets/box.ts';
import { FROM_LOOPBACK } from '../../packets/space/walk/advance.ts';
import type { HopTrail, Outcome } from '../../packets/space/walk/continuation.ts';
import type { FoundRegion } from '../../packets/space/walk/explore.ts';
import type { Fates, Point } from '../../packets/space/point.ts';
import type { Space } from '../../packets/space/space.ts';
import type { Unseen } from '../../packets/space/sets/unseen.ts';
import { interfaceText, isUnusual, NO_INTERFACE, saidBy } from '../../packets/space/vocabulary.ts';
import type { Frontend } from '../../services/frontends.ts';
import type { Comparison } from '../comparison.ts';
import type { SideView } from '../side.ts';
import { rejectWith } from '../words.ts';
import { differ, difference, type FlowDifference } from './flow-differences.ts';
import type { Sender } from './probes.ts';

/**
 * What both sides do with a packet, as the reports tell it; undefined where it is the same. `needed`: what
 * nobody sees and has to be so.
 */
export function flowBetween(
  point: Point,
  fates: Fates,
  sender: Sender,
  needed: readonly Unseen[],
  space: Space,
  { before, after }: Comparison,
  wayOut: readonly Supposition[] = [],
): FlowDifference | undefined {
  const packet = packetAt(point);
  const marked = markOf(fates.box);
  const suppositions = [...fates.box.unseen.flatMap((unseen) => suppositionsOf(unseen, space)), ...marked, ...wayOut];
  const showsNat = !space.sides.some(({ world }) =>
    world.assumptions.some((assumption) => assumption.kind === 'table-not-given' && assumption.table === 'nat'),
  );
  const [one, other] = [
    flowOf(fates.before, packet, suppositions, showsNat, before),
    flowOf(fates.after, packet, suppositions, showsNat, after),
  ];
  if (!differ(one, other) && answerText(one) === answerText(other)) return undefined;
  const key = `${packet.protocol} ${endpointText(addressText(packet.destination), packet.destinationPort)}`;
  const frontend = after.frontends.get(key) ?? before.frontends.get(key) ?? nodePortAt(packet, space, [after, before]);
  const unusual = needed.filter((unseen) => isUnusual(unseen, space.vocabulary));
  const onlyIf = [...unusual.flatMap((unseen) => suppositionsOf(unseen, space)), ...marked];
  const state = STATES[Number(point.values.state)];
  const amounts = amountsBetween(needed, space);
  const arrival = arrivalOf(point, space);
  return {
    ...difference(one, other, packet, sender, frontend, onlyIf),
    ...(arrival === undefined ? {} : { arrivesBy: arrival }),
    ...(state === undefined || state === 'NEW' ? {} : { state }),
    ...(amounts === undefined ? {} : { amounts }),
  };
}

/** The mark that a packet has to have where it comes in; nothing where none will do. */
function markOf({ mark: { mask, value } }: Box): Supposition[] {
  if (value === 0) return [];
  return [{ condition: `--mark 0x${value.toString(16)}/0x${mask.toString(16)}`, asks: { kind: 'mark', value, mask }, holds: true }];
}

/** The interface that a packet arrives by, `cali+` for one of several; undefined where it is one that no rule names, or none. */
export function arrivalOf({ values }: Point, { vocabulary: { interfaces } }: Space): string | undefined {
  const number = Number(values.in);
  const name = interfaces[number];
  return name === undefined || number === NO_INTERFACE || number === interfaces.length - 1 ? undefined : interfaceText(name);
}

/** The amounts of two rules between which a packet lies. */
function amountsBetween(needed: readonly Unseen[], { vocabulary }: Space): FlowDifference['amounts'] {
  for (const unseen of needed) {
    const said = saidBy(unseen, vocabulary).filter(({ quantity }) => quantity?.ofAmounts === true);
    const [meets, fails] = [true, false].map((held) => said.find(({ holds }) => holds === held)?.text);
    if (meets !== undefined && fails !== undefined) return { meets, fails };
  }
  return undefined;
}

/**
 * The node port that a packet to an address of the node asks for: it answers at any of them, but those that are a service's own. One of
 * IPVS is a virtual service, and answers at its own address alone.
 */
function nodePortAt(
  { protocol, destination, destinationPort }: Packet,
  { sides }: Space,
  views: readonly SideView[],
): Frontend | undefined {
  const text = addressText(destination);
  const address = toAddress(text);
  if (address === undefined || !sides.some(({ world }) => world.addresses.local.has(address))) return undefined;
  let found: Frontend | undefined;
  for (const { frontends } of views) {
    for (const frontend of frontends.values()) {
      if (frontend.purpose !== 'node port') {
        if (frontend.address === text) return undefined;
      } else if (frontend.address === undefined && frontend.port === destinationPort && frontend.protocol === protocol) found ??= frontend;
    }
  }
  return found;
}

/** Whether a packet asks for a node port of IPVS at an address of the node where it does not answer. */
export function besideNodePort(packet: Packet, { sides }: Space, { before, after }: Comparison): boolean {
  const text = addressText(packet.destination);
  const [address, key] = [toAddress(text), `${packet.protocol} ${endpointText(text, packet.destinationPort)}`];
  if (address === undefined || !sides.some(({ world }) => world.addresses.local.has(address))) return false;
  if (before.frontends.has(key) || after.frontends.has(key)) return false;
  const isOfIpvs = ({ purpose, address: own, port, protocol }: Frontend): boolean =>
    purpose === 'node port' && own !== undefined && port === packet.destinationPort && protocol === packet.protocol;
  return [before, after].some(({ frontends }) => [...frontends.values()].some(isOfIpvs));
}

/** What the sender of a refused packet is told. */
function answerText({ verdict, decidedBy }: Flow): string {
  return verdict === 'refused' ? rejectWith(decidedBy) : '';
}

const PROTOCOLS: ReadonlyMap<number, string> = new Map([
  [1, 'icmp'],
  [6, 'tcp'],
  [17, 'udp'],
  [47, 'gre'],
  [58, 'icmpv6'],
  [132, 'sctp'],
]);

function packetAt({ values }: Point): Packet {
  const number = Number(values.protocol);
  return {
    protocol: PROTOCOLS.get(number) ?? `protocol ${number}`,
    protocolNumber: number,
    source: addressNumber(addressOf(values.source)) as bigint,
    sourcePort: Number(values.sourcePort),
    destination: addressNumber(addressOf(values.destination)) as bigint,
    destinationPort: Number(values.destinationPort),
  };
}

/** Where an address is, and by which interface a translated packet leaves, is told in other words. */
function suppositionsOf(unseen: Unseen, { vocabulary }: Space): Supposition[] {
  return saidBy(unseen, vocabulary).flatMap(({ text, words = text, asks, time = 1, holds }): Supposition[] => {
    if (!holds && (asks?.kind === 'own address' || asks?.kind === 'translated')) return [];
    if (time > 1) return [{ condition: `${words} (asked again)`, holds }];
    return [{ condition: words, ...(asks === undefined ? {} : { asks }), holds }];
  });
}

/** In the order in which one of them gives its verdict to a flow. */
const VERDICTS = ['unknown', 'delivered', 'passed', 'refused', 'dropped'] as const;

function flowOf(parts: FoundRegion['net'], packet: Packet, suppositions: readonly Supposition[], showsNat: boolean, side: SideView): Flow {
  const verdict = VERDICTS.find((one) => parts.some(({ outcome }) => verdictOf(outcome) === one)) ?? 'unknown';
  const told = parts.filter(({ outcome }) => verdictOf(outcome) === verdict);
  const [first] = told as [FoundRegion['net'][number]];
  const translated = parts.flatMap(({ outcome: { to } }) => (to?.addresses === undefined ? [] : [to.addresses[0]]));
  const unsure = elsewhere(translated, side.flowTables(addressFamily(packet.destination)).tracer.world.addresses);
  const path = pathOf(first.trail, side);
  const decidedBy = decider(first, path);
  const replaced = new Set(told.map(({ outcome }) => outcome.source !== undefined));
  const markServices = new Set(told.map(({ outcome }) => outcome.to?.markService));
  const [markService] = markServices.size === 1 ? markServices : [];
  const found = told.flatMap((part) => endpointOf(part, packet, replaced.size > 1));
  // Where chance decides about one and the same endpoint, neither is so.
  const replacedAt = new Map(found.map(({ address, masqueraded }) => [address, masqueraded]));
  const isMixed = found.some(({ address, masqueraded }) => replacedAt.get(address) !== masqueraded);
  const endpoints = isMixed ? found.map(({ masqueraded: _, ...endpoint }) => endpoint) : found;
  return {
    verdict,
    endpoints: joined(endpoints),
    ...(told.length === parts.length || verdict === 'unknown' ? {} : { rest: restOf(parts, verdict, side) }),
    ...(showsNat && !isMixed ? { masqueraded: replaced.has(true) } : {}),
    ...(decidedBy === undefined ? {} : { decidedBy }),
    ...(markService === undefined ? {} : { markService }),
    path,
    suppositions: [...suppositions, ...unsure],
    ...(verdict === 'unknown' ? { reason: first.outcome.text ?? '' } : {}),
  };
}

function verdictOf({ end, to }: Outcome): Flow['verdict'] {
  if (end === 'here' || end === 'sent') return to === undefined ? 'passed' : 'delivered';
  return end;
}

function endpointOf({ weight, outcome }: FoundRegion['net'][number], packet: Packet, differs: boolean): FlowEndpoint[] {
  const { to, source } = outcome;
  if (to === undefined || verdictOf(outcome) !== 'delivered') return [];
  const port = to.ports === undefined ? packet.destinationPort : to.ports[0];
  const ports = to.ports !== undefined && to.ports[0] !== to.ports[1] ? `${to.ports[0]}-${to.ports[1]}` : String(port);
  const [low, high] = to.addresses ?? [];
  const text = to.node === true || low === undefined ? undefined : addressOf(low);
  const address =
    to.server !== undefined
      ? to.keepsPort === true
        ? endpointText(to.server, port)
        : to.server
      : to.node === true
        ? `this node:${ports}`
        : text === undefined
          ? endpointText(addressText(packet.destination), port)
          : high !== undefined && high !== low
            ? `${text}-${addressOf(high)}:${ports}`
            : endpointText(text, port);
  return [{ address, share: weight, ...(differs ? { masqueraded: source !== undefined } : {}) }];
}

function joined(endpoints: readonly FlowEndpoint[]): FlowEndpoint[] {
  const byAddress = new Map<string, FlowEndpoint>();
  for (const endpoint of endpoints) {
    const known = byAddress.get(endpoint.address);
    byAddress.set(endpoint.address, known === undefined ? endpoint : { ...endpoint, share: known.share + endpoint.share });
  }
  return [...byAddress.values()].sort((one, other) => (one.address < other.address ? -1 : 1));
}

function restOf(parts: FoundRegion['net'], verdict: Flow['verdict'], side: SideView): FlowRest[] {
  return VERDICTS.filter((one) => one !== verdict).flatMap((one) => {
    const others = parts.filter(({ outcome }) => verdictOf(outcome) === one);
    const [first] = others;
    if (first === undefined) return [];
    const decidedBy = decider(first, pathOf(first.trail, side));
    return [
      { verdict: one, share: others.reduce((sum, { weight }) => sum + weight, 0), ...(decidedBy === undefined ? {} : { decidedBy }) },
    ];
  });
}

function decider({ outcome }: FoundRegion['net'][number], path: readonly Met[]): Met | 'ipvs' | undefined {
  if (outcome.end !== 'refused' && outcome.end !== 'dropped' && outcome.end !== 'unknown') return undefined;
  if (outcome.text === FROM_LOOPBACK) return undefined;
  return outcome.byIpvs === true ? 'ipvs' : path.at(-1);
}

function pathOf(trail: HopTrail | undefined, { model }: SideView): Met[] {
  const path: Met[] = [];
  for (let hop = trail; hop !== undefined; hop = hop.before) {
    const { program, rule: place } = hop;
    const source = program.chain?.rules[place]?.source;
    const number = source?.number ?? 0;
    const listed = ['ipv4', 'ipv6'].map((family) =>
      entryAt(model.tables.get(`${family} ${program.table}`), { chain: program.name, number }),
    );
    const rule = listed.find((one) => one?.origin === source?.origin && one !== undefined);
    path.push({ table: program.table, chain: program.name, number, ...(rule === undefined ? {} : { rule }) });
  }
  return path.reverse();
}
