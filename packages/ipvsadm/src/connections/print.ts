import { parseIpv4, parseIpv6 } from '@netdrift/core';
import type { Connection, ConnectionEnd, IpvsadmConnections } from '../ast.ts';
import { printLocation } from '../location.ts';

const heading = 'IPVS connection entries\n';
const listTitle = 'pro expire state       source             virtual            destination';
const procTitle = 'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n';

/** A list of connections as ipvsadm or the kernel prints it. */
export function printConnections({ layout, connections }: IpvsadmConnections): string {
  if (layout.form === 'proc') return procTitle + connections.map(procRow).join('');
  const title = layout.form === 'connections' ? listTitle : `${listTitle}        pe name          pe_data`;
  return `${heading}${title}\n${connections.map(listRow).join('')}`;
}

/** ipvsadm.c, print_conn: `%-3s %-6s %-11s %-18s %-18s %-16s %-18s %s` */
function listRow({ protocol, expires, state, source, virtual, destination, engine }: Connection): string {
  const minutes = String(Math.floor(expires / 60)).padStart(2, '0');
  const clock = `${minutes}:${String(expires % 60).padStart(2, '0')}`;
  const start = `${protocol.padEnd(3)} ${clock.padEnd(6)} ${state.padEnd(11)} ${printLocation(source).padEnd(18)} ${printLocation(virtual).padEnd(18)} `;
  const end = printLocation(destination);
  return engine === undefined ? `${start}${end}\n` : `${start}${end.padEnd(16)} ${engine.name.padEnd(18)} ${engine.data}\n`;
}

/** The kernel's ip_vs_conn.c, ip_vs_conn_seq_show. */
function procRow({ protocol, expires, state, source, virtual, destination, engine }: Connection): string {
  const behind = engine === undefined ? '' : ` ${engine.name} ${engine.data}`;
  const ends = `${procEnd(source)} ${procEnd(virtual)} ${procEnd(destination)}`;
  return `${protocol.padEnd(3)} ${ends} ${state.padEnd(11)} ${String(expires).padStart(7)}${behind}\n`;
}

function procEnd({ address = '', port = 0 }: ConnectionEnd): string {
  return `${printHexAddress(address)} ${printHexPort(port)}`;
}

/** `0A000001`, `2001:0db8:0000:0000:0000:0000:0000:0001` */
export function printHexAddress(address: string): string {
  const ipv4 = parseIpv4(address);
  if (ipv4 !== undefined) return ipv4.toString(16).toUpperCase().padStart(8, '0');
  return (parseIpv6(address) ?? []).map((group) => group.toString(16).padStart(4, '0')).join(':');
}

/** `01BB` */
export function printHexPort(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}
