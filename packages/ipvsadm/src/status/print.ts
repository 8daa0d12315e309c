import type { Count } from '@netdrift/core';
import type { IpvsadmTimeouts, IpvsStatistics, SyncDaemon, Traffic } from '../ast.ts';

/** `Timeout (tcp tcpfin udp): 900 120 300` */
export function printTimeouts({ tcp, tcpfin, udp }: IpvsadmTimeouts): string {
  return `Timeout (tcp tcpfin udp): ${tcp} ${tcpfin} ${udp}\n`;
}

/** `master sync daemon (mcast=dummy0, syncid=7, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)` */
export function printDaemon({ role, interface: mcast, syncId, maxLength, group, port, ttl }: SyncDaemon): string {
  let text = `${role} sync daemon (mcast=${mcast}, syncid=${syncId}`;
  if (maxLength !== undefined) text += `, maxlen=${maxLength}`;
  if (group !== undefined) text += `, group=${group}`;
  if (port !== undefined) text += `, port=${port}`;
  if (ttl !== undefined) text += `, ttl=${ttl}`;
  return `${text})\n`;
}

const totalsTitle = `   Total Incoming Outgoing         Incoming         Outgoing
   Conns  Packets  Packets            Bytes            Bytes
`;
const ratesTitle = ' Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s\n';

/** `/proc/net/ip_vs_stats`; the kernel's ip_vs_ctl.c, ip_vs_stats_show. */
export function printStatistics({ totals, rates }: IpvsStatistics): string {
  return `${totalsTitle}${figures(totals)}\n${ratesTitle}${figures(rates)}`;
}

function figures(traffic: Traffic | undefined): string {
  if (traffic === undefined) return '';
  const { connections, inPackets, outPackets, inBytes, outBytes } = traffic;
  const short = [connections, inPackets, outPackets].map((count) => hexadecimal(count).padStart(8));
  const long = [inBytes, outBytes].map((count) => hexadecimal(count).padStart(16));
  return `${[...short, ...long].join(' ')}\n`;
}

function hexadecimal(count: Count): string {
  const number = typeof count === 'number' ? BigInt(count) : BigInt(count.text);
  return number.toString(16).toUpperCase();
}
