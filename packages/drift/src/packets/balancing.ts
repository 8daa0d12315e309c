import { addressNumber, addressText } from '../model/address-range.ts';
import { endpointText, markIdentity } from '../model/ipvs-table.ts';
import type { IpvsDestination, IpvsService, IpvsTable } from '../model/model.ts';
import type { Packet } from './packet.ts';
import { ipvsShares, type Share } from './shares.ts';
import { familyOf, sentTo } from './translation.ts';

/** The virtual service that takes a packet: that of its mark before that of its address (Linux `ip_vs_service_find`). */
export function serviceFor(ipvs: IpvsTable | undefined, packet: Packet, mark: number): IpvsService | undefined {
  const { protocol, destination, destinationPort } = packet;
  return markServiceFor(ipvs, packet, mark) ?? ipvs?.services.get(`${protocol} ${endpointText(addressText(destination), destinationPort)}`);
}

/** The firewall-mark service that takes a packet, which is of the packet's family. */
export function markServiceFor(ipvs: IpvsTable | undefined, packet: Packet, mark: number): IpvsService | undefined {
  return mark === 0 ? undefined : ipvs?.services.get(markIdentity(mark, familyOf(packet)).key);
}

/** A packet as a virtual service sends it to one of its destinations. */
export interface Balanced extends Share {
  readonly packet: Packet;
}

/** A packet as a virtual service sends it on: once for each destination that gets a part of the new connections. */
export function balancedBy(service: IpvsService, packet: Packet): Balanced[] {
  return ipvsShares(service).filter(({ share }) => share > 0).map(({ address, share }) => {
    const destination = service.destinations.get(address);
    const sent = sentTo(packet, addressNumber(destination?.address ?? ''), destination === undefined || keepsPort(service, destination) ? undefined : destination.port);
    return { packet: sent, address: destination !== undefined && keepsPort(service, destination) ? endpointText(destination.address, sent.destinationPort) : address, share };
  });
}

/** A destination of a mark with port 0 takes a packet at the port that it asks for (Linux `ip_vs_schedule`). */
function keepsPort({ fwmark }: IpvsService, { key, address, port }: IpvsDestination): boolean {
  return fwmark !== undefined && port === 0 && key === endpointText(address, 0);
}
