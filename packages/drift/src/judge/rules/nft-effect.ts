import { endpointText } from '../../state/ipvs-table.ts';
import { addressText } from '../../state/address-range.ts';
import type { Frontend } from '../../services/frontends.ts';
import type { ServedPlace } from '../../services/survival/served.ts';
import { type Detail, type Effect, oneStepLower, type Severity } from '../../report.ts';
import type { NftTableDifference } from '../../differences/nft.ts';
import { nameOfChain } from '../../proxy/nftables/names.ts';
import type { Comparison } from '../comparison.ts';
import { type FlowDifference, refusesMore } from '../packets/flow-differences.ts';
import { refusalStory } from '../services/refusal.ts';
import { endpointsText, listed, newConnections, sendersText } from '../words.ts';
import { masqueradedServices, servicesOfSender } from './masquerade-text.ts';
import { manyServices, servicesText } from './story-subjects.ts';

/** What a table of nft that differs does to packets, as severe as the same done by iptables, and the packet that shows it. */
export interface NftEffect {
  readonly severity: Severity;
  readonly effect: Effect;
  /** To be read behind the name of the table: what happens, and to whom. */
  readonly text: string;
  readonly details: readonly Detail[];
  readonly proof: FlowDifference;
}

/**
 * What packets that are treated differently, or those to no service, come to: what is lost is told before what goes elsewhere, and that
 * before what is let through.
 */
export function nftEffect(differing: readonly FlowDifference[], comparison: Comparison, ofOthers: boolean): NftEffect | undefined {
  const sure = differing.filter(({ onlyIf }) => onlyIf.length === 0);
  const flows = withServices(sure.length > 0 ? sure : differing, comparison);
  const services = ofOthers ? [] : flows.filter(({ frontend }) => frontend !== undefined);
  const others = flows.filter(({ frontend }) => frontend === undefined);
  // Services are told before other packets, and what is lost or led elsewhere before what is let in; a source is replaced for all that
  // meet it.
  const [closed, opened] = [KINDS.filter(({ isOpening }) => isOpening !== true), KINDS.filter(({ isOpening }) => isOpening === true)];
  const sources = closed.filter(({ effect }) => effect === 'source-changed');
  const order: readonly (readonly [readonly Kind[], readonly FlowDifference[]])[] = [
    [closed.filter((kind) => !sources.includes(kind)), services],
    [closed, others],
    [[...opened, ...sources], services],
    [opened, others],
  ];
  const kinds = order.flatMap(([some, of]) => some.map((kind) => ({ kind, of })));
  for (const { kind, of } of kinds) {
    const found = of.filter(kind.fits);
    const [proof] = found;
    if (proof === undefined) continue;
    return {
      severity: proof.onlyIf.length === 0 ? kind.severity : oneStepLower(kind.severity),
      effect: kind.effect,
      text: kind.says(found, comparison),
      details: of === others ? [] : kind.effect === 'source-changed' ? servicesOfSender(found, proof) : manyServices(found),
      proof,
    };
  }
  return undefined;
}

interface Kind {
  readonly fits: (flow: FlowDifference) => boolean;
  readonly severity: Severity;
  readonly effect: Effect;
  /** It lets more through than before. */
  readonly isOpening?: true;
  readonly says: (flows: readonly FlowDifference[], comparison: Comparison) => string;
}

const isRefused = ({ before, after }: FlowDifference): boolean => refusesMore(before, after);
const isEnded = ({ before, after }: FlowDifference): boolean => before.endpoints.length > 0 && after.endpoints.length === 0;

const KINDS: readonly Kind[] = [
  { fits: isRefused, severity: 'critical', effect: 'lost', says: turnedAway },
  { fits: isEnded, severity: 'critical', effect: 'lost', says: goElsewhere },
  {
    fits: ({ before, after, endpoints }) => endpoints && before.endpoints.length > 0 && after.endpoints.length > 0,
    severity: 'warning',
    effect: 'redirected',
    says: goElsewhere,
  },
  { fits: ({ masquerade, endpoints }) => masquerade && !endpoints, severity: 'warning', effect: 'source-changed', says: masqueraded },
  {
    fits: ({ before, after }) => refusesMore(after, before),
    severity: 'warning',
    effect: 'gained',
    isOpening: true,
    says: turnedAway,
  },
  { fits: ({ endpoints }) => endpoints, severity: 'warning', effect: 'gained', isOpening: true, says: goElsewhere },
];

function turnedAway(flows: readonly FlowDifference[], comparison: Comparison): string {
  return `${whose(flows)}: ${refusalStory(flows, comparison).text}`;
}

function goElsewhere(flows: readonly FlowDifference[]): string {
  const [{ packet, before, after }] = flows as readonly [FlowDifference, ...FlowDifference[]];
  const place = (endpoints: FlowDifference['before']['endpoints']): string =>
    endpoints.length === 0 ? 'their original destination' : endpointsText(endpoints);
  return `${whose(flows)}: ${newConnections(packet.protocol)} from ${sendersText(flows)} go to ${place(after.endpoints)}; they went to ${place(before.endpoints)}`;
}

function masqueraded(flows: readonly FlowDifference[]): string {
  if (isToServices(flows)) return masqueradedServices(flows);
  const on = flows.some(({ after }) => after.masqueraded === true);
  return `${packetsOf(flows)} are ${on ? 'now masqueraded: they leave with the address of the node, and the receiver no longer sees who sent them' : 'no longer masqueraded: they leave with their own source address'}`;
}

function isToServices([first]: readonly FlowDifference[]): boolean {
  return first?.frontend !== undefined;
}

function whose(flows: readonly FlowDifference[]): string {
  return isToServices(flows) ? servicesText(flows) : packetsOf(flows);
}

/** What packets to no service have in common. */
function packetsOf(flows: readonly FlowDifference[]): string {
  const texts = [...new Set(flows.map(({ narrowed = [] }) => narrowed.map(({ text }) => text).join(' ')))];
  return texts.includes('') || texts.length > 3 ? 'some packets' : `packets ${listed(texts)}`;
}

/** Tables of nft name no frontends of their own: services are known by what becomes of connections. */
function withServices(flows: readonly FlowDifference[], comparison: Comparison): readonly FlowDifference[] {
  const places = new Map(comparison.survival().places.map((place) => [place.place, place]));
  return flows.map((flow) => {
    const { protocol, destination, destinationPort } = flow.packet;
    const place = places.get(`${protocol} ${endpointText(addressText(destination), destinationPort)}`);
    return flow.frontend !== undefined || place === undefined ? flow : { ...flow, frontend: frontendOf(place) };
  });
}

function frontendOf({ place, protocol, address, port, named, service, purpose }: ServedPlace): Frontend {
  return {
    key: place,
    protocol,
    address,
    port,
    ...(named ? { servicePort: service } : {}),
    ...(purpose === 'unknown' ? {} : { purpose }),
  };
}

/** Whether a chain differs that is not one of a service or endpoint. */
export function changesSharedChains({ parts }: NftTableDifference): boolean {
  return parts.some(isSharedChain);
}

/** Whether such chains are all that differs. */
export function changesSharedChainsAlone({ parts }: NftTableDifference): boolean {
  return parts.every(isSharedChain);
}

function isSharedChain(part: string): boolean {
  return part.startsWith('chain ') && nameOfChain(part.slice('chain '.length)) === undefined;
}
