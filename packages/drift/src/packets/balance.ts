import type { IpvsService } from '../state/model.ts';
import { isLoopback } from '../world/local-addresses.ts';
import { routed } from '../world/routing.ts';
import { addressOf } from '../world/values.ts';
import type { WalkKit } from './chain-walk.ts';
import type { Ending } from './outcome.ts';
import type { Scheduled } from './schedule.ts';
import { endpointText } from './translate.ts';
import type { Traveller } from './traveller.ts';

/** The virtual service that takes a packet: that of its mark before that of its address (Linux `ip_vs_service_find`). */
function serviceFor(traveller: Traveller, { world, evaluator }: WalkKit): IpvsService | undefined {
  return markServiceFor(traveller, { world, evaluator }) ?? foundIn(world.ipvs?.byAddress, traveller, { evaluator });
}

/** The firewall-mark service that takes a packet. */
export function markServiceFor(traveller: Traveller, { world, evaluator }: Pick<WalkKit, 'world' | 'evaluator'>): IpvsService | undefined {
  return traveller.mark === 0 ? undefined : foundIn(world.ipvs?.byMark, traveller, { evaluator });
}

function foundIn(
  lookup: NonNullable<WalkKit['world']['ipvs']>['byMark'] | undefined,
  traveller: Traveller,
  { evaluator }: Pick<WalkKit, 'evaluator'>,
): IpvsService | undefined {
  if (lookup === undefined) return undefined;
  const found = evaluator.lookUp(lookup, traveller);
  return found.kind === 'found' ? found.value : undefined;
}

/**
 * IPVS: gives a packet to a destination of its virtual service. Where it goes on from there differs: to a destination on this node it just
 * goes on at the hook it was taken at; to another one it is sent as if by the node, at OUTPUT, with the new address (masquerading), with
 * the old one (direct routing), or inside another packet (tunnel). Linux ip_vs_xmit.c.
 *
 * Undefined: the traveller goes on.
 */
export function balance(traveller: Traveller, kit: WalkKit): Ending | undefined {
  const { fields } = traveller;
  if (traveller.balanced !== undefined || kit.world.ipvs === undefined) return undefined;
  const service = serviceFor(traveller, kit);
  if (service === undefined) return undefined;
  traveller.hops = { entry: { hook: traveller.hook, service }, rest: traveller.hops };
  const { by, parts } = kit.schedules(service);
  const balanced = { service, virtual: fields, method: 'Masq' };
  if (parts.length === 0) {
    traveller.balanced = balanced;
    return REFUSED;
  }
  if (parts.length > 1) traveller.chosenBy = by;
  const { share } = traveller;
  // The last first: what is walked later is taken from the end.
  for (let index = parts.length - 1; index >= 0; index -= 1) {
    const part = parts[index] as Scheduled;
    const sent = index === 0 ? traveller : { ...traveller };
    sent.share = share * part.share;
    sent.balanced = { ...balanced, method: part.destination?.forward ?? 'Masq' };
    const ending = send(part, service, sent, kit);
    if (sent === traveller) return ending;
    kit.later(sent, ending);
  }
  return undefined;
}

/** Without a server the sender is told that the port is closed (Linux ip_vs_core.c `ip_vs_leave`). */
const REFUSED: Ending = { verdict: 'refused', decidedBy: 'ipvs', with: 'icmp-port-unreachable' };

function send(
  { destination, address }: Scheduled,
  service: IpvsService,
  sent: Traveller,
  { world, evaluator }: WalkKit,
): Ending | undefined {
  if (destination === undefined) return REFUSED;
  if (address === undefined) return { verdict: 'unknown', reason: `${destination.key} is no address`, decidedBy: 'ipvs' };
  const { fields } = sent;
  const method = sent.balanced?.method ?? 'Masq';
  // A destination of a mark with port 0 takes a packet at the port that it asks for (Linux `ip_vs_schedule`).
  const keepsPort = destination.port === 0 && (service.fwmark !== undefined || service.port === 0);
  const port = keepsPort ? Number(fields.destinationPort) : destination.port;
  sent.endpoint = {
    address,
    port,
    text: keepsPort || service.fwmark !== undefined ? endpointText(undefined, address, port) : destination.key,
  };
  const isHere = evaluator.local(address, sent, undefined);
  if (method === 'Masq' || method === 'Local') {
    sent.fields = { ...fields, destination: address, destinationPort: port };
    sent.translated = { ...sent.translated, destination: true };
  }
  if (world.ipvs?.conntrack !== true) {
    sent.tracked = false;
    sent.fields = { ...sent.fields, state: 4 };
  }
  if (isHere) {
    sent.stage += 1;
    return undefined;
  }
  if (isLoopback(fields.source))
    return { verdict: 'dropped', decidedBy: 'routing', reason: `IPVS sends nothing from ${addressOf(fields.source)} to another machine` };
  if (method === 'Tunnel') sent.fields = { ...sent.fields, destination: address, protocol: 4, sourcePort: 0, destinationPort: 0 };
  // The connection was given its destination before: nat does not look at that again.
  sent.natDone = { ...sent.natDone, destination: true };
  sent.hook = 'output';
  sent.stage = 0;
  sent.in = 'none';
  const route = world.routing && routed(world.routing, address, sent.mark);
  // IPVS says so of every route that leads nowhere, a black hole too (Linux `__ip_vs_get_out_rt`, `dst_link_failure`).
  if (route?.kind === 'lost')
    return { verdict: 'refused', decidedBy: 'routing', with: 'icmp-host-unreachable', reason: `there is no way to ${destination.key}` };
  sent.out = route?.kind === 'out' ? { name: route.device } : 'not loopback';
  return undefined;
}
