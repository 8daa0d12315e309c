import { printCount, type Count } from '@netdrift/core';
import type { Destination, IpvsadmListing, ListingForm, ListingLayout, Persistence, Traffic, Tunnel, VirtualService } from '../ast.ts';
import { printHexAddress, printHexPort } from '../connections/print.ts';
import { printLocation } from '../location.ts';
import { checksumWord } from '../values.ts';
import { maskWordOf } from './proc-mask.ts';

const remote = '  -> RemoteAddress:Port';
const columns = 'Prot LocalAddress:Port'.padEnd(33);

/** Title lines by form; ipvsadm.c, print_title and the kernel's ip_vs_ctl.c, ip_vs_info_seq_show. */
const titles: Readonly<Record<ListingForm, string>> = {
  plain: `Prot LocalAddress:Port Scheduler Flags\n${remote}           Forward Weight ActiveConn InActConn\n`,
  'tun-info': `Prot LocalAddress:Port Scheduler Flags\n${remote}           Forward TunnelInfo    Weight ActiveConn InActConn\n`,
  thresholds: `${columns} Uthreshold Lthreshold ActiveConn InActConn \n${remote}\n`,
  'persistent-conn': `${columns} Weight    PersistConn ActiveConn InActConn \n${remote}\n`,
  stats: `${columns}    Conns   InPkts  OutPkts  InBytes OutBytes\n${remote}\n`,
  rate: `${columns}      CPS    InPPS   OutPPS    InBPS   OutBPS\n${remote}\n`,
  proc: `Prot LocalAddress:Port Scheduler Flags\n${remote} Forward Weight ActiveConn InActConn\n`,
};

/** A listing as ipvsadm or the kernel prints it. */
export function printListing({ layout, version, size, services }: IpvsadmListing): string {
  let text = version === undefined ? '' : `IP Virtual Server version ${version} (size=${size ?? 0})\n`;
  text += titles[layout.form];
  for (const service of services) {
    text += serviceLine(service, layout);
    for (const destination of service.destinations) text += destinationLine(destination, layout);
  }
  return text;
}

function serviceLine(service: VirtualService, layout: ListingLayout): string {
  switch (layout.form) {
    case 'stats':
      return `${identity(service).padEnd(33)}${figures(service.counters, layout, 0)}\n`;
    case 'rate':
      return `${identity(service).padEnd(33)}${figures(service.rate, layout, 0)}\n`;
    case 'proc':
      return `${procIdentity(service)}${procSettings(service)}\n`;
    default:
      return `${identity(service)}${settings(service)}\n`;
  }
}

function identity(service: VirtualService): string {
  if (service.fwmark !== undefined) return `FWM  ${service.fwmark | 0}${service.family === 'ipv6' ? ' IPv6' : ''}`;
  if (service.match !== undefined) return `MATCH ${service.match}`;
  return `${service.protocol.padEnd(4)} ${printLocation(service)}`;
}

function settings({ scheduler, flags, persistence, ops, otherWords }: VirtualService): string {
  let text = scheduler === undefined ? '' : ` ${scheduler}`;
  if (flags !== undefined) text += ` (${flags.join(',')})`;
  if (persistence?.timeout !== undefined) text += persistenceWords(persistence, persistence.timeout);
  if (ops === true) text += ' ops';
  return otherWords === undefined ? text : `${text} ${otherWords.join(' ')}`;
}

function persistenceWords({ mask, prefixLength, engine }: Persistence, timeout: number): string {
  let text = ` persistent ${timeout}`;
  if (mask !== undefined) text += ` mask ${mask}`;
  if (prefixLength !== undefined) text += ` mask ${prefixLength}`;
  return engine === undefined ? text : `${text} pe ${engine}`;
}

function destinationLine(destination: Destination, layout: ListingLayout): string {
  const { forward = '', weight = 0, tunnel, states } = destination;
  const start = `  -> ${layout.form === 'proc' ? `${hexLocation(destination)}     ` : printLocation(destination).padEnd(28)}`;
  const connections = `${column(destination.activeConnections, 10)} ${column(destination.inactiveConnections, 10)}`;
  switch (layout.form) {
    case 'plain':
    case 'proc':
      return `${start} ${forward.padEnd(7)} ${column(weight, 6)} ${connections}${states === undefined ? '' : ` ${states.join(',')}`}\n`;
    case 'tun-info':
      return `${start} ${forward.padEnd(7)} ${tunnelWord(tunnel).padEnd(13)} ${column(weight, 6)} ${connections}\n`;
    case 'thresholds':
      return `${start} ${column(destination.upperThreshold, 10)} ${column(destination.lowerThreshold, 10)} ${connections}\n`;
    case 'persistent-conn':
      return `${start} ${column(weight, 9)} ${column(destination.persistentConnections, 11)} ${connections}\n`;
    case 'stats':
      return `${start}${figures(destination.counters, layout, 0)}\n`;
    case 'rate':
      return `${start}${figures(destination.rate, layout, 3)}\n`;
  }
}

function column(number: number | undefined, width: number): string {
  return String(number ?? 0).padEnd(width);
}

function tunnelWord(tunnel: Tunnel | undefined): string {
  if (tunnel === undefined) return 'n/a';
  const port = tunnel.port === undefined ? '' : `:${tunnel.port}`;
  return `${tunnel.type}${port}${tunnel.checksum === undefined ? '' : `:${checksumWord(tunnel.checksum)}`}`;
}

/** Five figures; the first `plain` ones are set apart by a blank of their own and never shortened. */
function figures(traffic: Traffic | undefined, { exact }: ListingLayout, plain: number): string {
  if (traffic === undefined) return '';
  const { connections, inPackets, outPackets, inBytes, outBytes } = traffic;
  return [connections, inPackets, outPackets, inBytes, outBytes]
    .map((count, index) => (index < plain ? ` ${printCount(count).padStart(8)}` : figure(count, exact === true)))
    .join('');
}

/** ipvsadm.c, print_largenum: nine places, the blank before the figure counted; with `--exact` as many as it takes. */
function figure(count: Count, exact: boolean): string {
  const text = exact ? printCount(count) : shortened(count);
  return exact && text.length > 8 ? ` ${text}` : text.padStart(9);
}

const units = [
  ['', 1, 100_000_000],
  ['K', 1_000, 1_000_000_000],
  ['M', 1_000_000, 100_000_000_000],
  ['G', 1_000_000_000, 100_000_000_000_000],
] as const;

function shortened(count: Count): string {
  if (typeof count !== 'number') return /[KMGT]$/.test(count.text) ? count.text : `${BigInt(count.text) / 1_000_000_000_000n}T`;
  for (const [suffix, factor, below] of units) if (count < below) return `${Math.floor(count / factor)}${suffix}`;
  return `${Math.floor(count / 1_000_000_000_000)}T`;
}

function hexLocation({ address = '', port = 0 }: Destination | VirtualService): string {
  const host = printHexAddress(address);
  return `${address.includes(':') ? `[${host}]` : host}:${printHexPort(port)}`;
}

/** The kernel's formats: `%s  %08X:%04X %s %s ` (IPv4, ops in the last slot), `%s  [%pI6]:%04X %s `, `FWM  %08X %s %s`. */
function procIdentity(service: VirtualService): string {
  const scheduler = service.scheduler ?? '';
  const ops = service.ops === true ? 'ops ' : '';
  if (service.fwmark !== undefined) return `FWM  ${hexWord(service.fwmark)} ${scheduler} ${ops}`;
  const start = `${service.protocol ?? ''}  ${hexLocation(service)} ${scheduler} `;
  return service.address?.includes(':') === true ? start : `${start}${ops} `;
}

function procSettings({ persistence, address, family, otherWords }: VirtualService): string {
  const more = otherWords === undefined ? '' : ` ${otherWords.join(' ')}`;
  if (persistence === undefined) return more;
  const ipv6 = address === undefined ? family === 'ipv6' : address.includes(':');
  return `persistent ${persistence.timeoutTicks ?? 0} ${hexWord(maskWordOf(persistence, ipv6 ? 'ipv6' : 'ipv4'))}${more}`;
}

function hexWord(word: number): string {
  return word.toString(16).toUpperCase().padStart(8, '0');
}
