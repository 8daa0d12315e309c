import type { Connection, ConnectionEnd, SyncDaemon } from '@netdrift/ipvsadm';
import type { Part } from '../read/snapshot.ts';
import { endpointText, originOf } from './ipvs-table.ts';
import type { IpvsConnection, IpvsDaemon, IpvsState } from './model.ts';

/** What IPVS holds beside its table: how long idle connections live, daemons, and the connections of the moment; a later text counts. */
export function ipvsState(parts: readonly Part[]): IpvsState | undefined {
  let state: IpvsState | undefined;
  for (const part of parts) {
    if (part.content.kind !== 'ipvs-state') continue;
    const { value } = part.content;
    switch (value.kind) {
      case 'IpvsadmTimeouts':
        state = { ...state, timeouts: { tcp: value.tcp, tcpfin: value.tcpfin, udp: value.udp, origin: originOf(part, value.span) } };
        break;
      case 'IpvsadmDaemons':
        state = { ...state, daemons: new Map(value.daemons.map((daemon) => [daemon.role, daemonEntry(daemon, part)])) };
        break;
      case 'IpvsadmConnections':
        state = {
          ...state,
          connections: [...(state?.connections ?? []), ...value.connections.flatMap((connection) => connectionEntry(connection, part))],
        };
        break;
      default:
        state ??= {};
    }
  }
  return state;
}

function daemonEntry({ role, interface: device, syncId, maxLength, group, port, ttl, span }: SyncDaemon, part: Part): IpvsDaemon {
  const settings = {
    interface: device,
    syncId,
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(group === undefined ? {} : { group }),
    ...(port === undefined ? {} : { port }),
    ...(ttl === undefined ? {} : { ttl }),
  };
  return { role, settings, origin: originOf(part, span) };
}

/** A connection in figures; one in names, and a template of persistence, is no connection to a place. */
function connectionEntry({ protocol, state, source, virtual, destination, span }: Connection, part: Part): IpvsConnection[] {
  const [from, to, at] = [source, virtual, destination].map(placeOf);
  if (protocol === 'IP' || from === undefined || to === undefined || at === undefined || source.port === 0) return [];
  return [
    {
      protocol: protocol.toLowerCase(),
      state,
      virtual: to,
      destination: at,
      family: to.startsWith('[') ? 'ipv6' : 'ipv4',
      origin: originOf(part, span),
    },
  ];
}

function placeOf({ address, port }: ConnectionEnd): string | undefined {
  return address === undefined || port === undefined ? undefined : endpointText(address, port);
}
