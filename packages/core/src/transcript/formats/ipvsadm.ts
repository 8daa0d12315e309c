import type { Format } from '../format.ts';

const TITLE = /^(?:IP Virtual Server version |P\w{2,6} LocalAddress:Port|\s*-> RemoteAddress:Port)/;
/**
 * `TCP  10.0.0.1:443 rr`, `FWM  5 IPv6 wlc`, `UDP  [fd00::1]:53 rr ops`, `TCP  localhost:http rr`, and a name that fills its column; not
 * `TCP 10.0.0.1:80 is what I use`.
 */
const SERVICE =
  /^(?:(?:TCP|UDP|SCTP) {1,4}(?:(?:\[\S+\]|[^\s:]+):\S+|[^\s:]{20,}:)(?:\s|$)(?!\s*->)(?!\s*[a-z]+ +(?!persistent|ops|pe |mask)[a-z])|FWM +-?[0-9A-F]+ +[a-zI])/;
/** `  -> 192.168.0.1:6443             Masq    1      1          0` */
const DESTINATION = /^ {0,8}-> {1,4}\S+ +(?:Masq|Local|Tunnel|Route|FullNat|SNAT|\(null\))(?:\s|$)/;
/** What a service is known by: a listing shows it once. A mark is shown once for each family, and not every form tells which. */
const KEY = /^(?:TCP|UDP|SCTP) +\S+(?=\s)/;
const ROW = /^(?:(?:TCP|UDP|SCTP|FWM|MATCH|\?) +\S|\s*->\s+\S)/;

/** Every listing of `ipvsadm -L`, and /proc/net/ip_vs, whose addresses are hexadecimal. */
export const ipvsadmListing = {
  tool: 'ipvsadm',
  form: 'listing',
  blank: 'drop',
  starts: (line) => (TITLE.test(line) ? 'title' : SERVICE.test(line) || DESTINATION.test(line) ? 'row' : undefined),
  continues: (line) => TITLE.test(line) || (ROW.test(line) && !CONNECTION.test(line)),
  once: (line) => TITLE.exec(line)?.[0].trim() ?? KEY.exec(line)?.[0],
  belongsAbove: (line) => DESTINATION.test(line),
} as const satisfies Format;

/** `TCP 00:46  FIN_WAIT    192.168.0.6:51222  172.16.0.100:443   10.0.0.17:443` */
const CONNECTION = /^(?:TCP|UDP|SCTP|ICMP|ICMPv6|IP) +\d{2,}:\d{2} +\S+ +\S+/;

export const ipvsadmConnections = {
  tool: 'ipvsadm',
  form: 'connections',
  blank: 'drop',
  starts: (line) => (/^(?:IPVS connection entries|pro expire state )/.test(line) ? 'title' : CONNECTION.test(line) ? 'row' : undefined),
  continues: (line) => CONNECTION.test(line) || /^(?:pro expire state |(?:TCP|UDP|SCTP|IP) +\d+ +[A-Z])/.test(line),
  once: (line) => (line.startsWith('IPVS connection entries') ? 'banner' : undefined),
} as const satisfies Format;

/** `TCP C0A80006 9A36 AC100064 0050 0A000011 0050 FIN_WAIT 65` */
const PROC_CONNECTION = /^(?:TCP|UDP|SCTP|IP) +(?:[0-9A-F]{8}|[0-9a-f:]{39}) [0-9A-F]{4} /;

/** /proc/net/ip_vs_conn */
export const procConnections = {
  tool: 'ipvsadm',
  form: 'proc-connections',
  blank: 'drop',
  starts: (line) => (line.startsWith('Pro FromIP ') ? 'title' : PROC_CONNECTION.test(line) ? 'row' : undefined),
  continues: (line) => PROC_CONNECTION.test(line),
} as const satisfies Format;

/** /proc/net/ip_vs_stats: two blocks of hexadecimal numbers under `Total Incoming Outgoing`. */
export const procStats = {
  tool: 'ipvsadm',
  form: 'proc-stats',
  blank: 'keep',
  starts: (line) => (/^\s*Total Incoming Outgoing/.test(line) ? 'title' : undefined),
  continues: (line) => /^\s*(?:Conns|Conns\/s|[0-9A-F]+)\s+(?:[A-Z]|[0-9])/.test(line),
} as const satisfies Format;

/** `-A -t 10.0.0.1:80 -s rr`, `-a -f 5 -r 10.0.0.2:0 -m -w 1` */
const SAVED = /^-[Aa] (?:-[tuf]|--\w+-service|--fwmark-service) ?\S/;

export const ipvsadmSave = {
  tool: 'ipvsadm',
  form: 'save',
  hashComments: true,
  blank: 'drop',
  starts: (line) => (SAVED.test(line) ? 'row' : undefined),
  continues: (line) => SAVED.test(line),
  once: (line) => /^-A (?!-f |--fwmark)-\S+ \S+/.exec(line)?.[0],
  isRestOfLine: (line) => !/^-[Aa] /.test(line),
} as const satisfies Format;

export const ipvsadmTimeouts = {
  tool: 'ipvsadm',
  form: 'timeouts',
  blank: 'end',
  starts: (line) => (line.startsWith('Timeout (tcp tcpfin udp): ') ? 'title' : undefined),
  continues: () => false,
} as const satisfies Format;

export const ipvsadmDaemons = {
  tool: 'ipvsadm',
  form: 'daemons',
  blank: 'end',
  starts: (line) => (/^(?:master|backup) sync daemon \(/.test(line) ? 'title' : undefined),
  continues: (line) => /^(?:master|backup) sync daemon \(/.test(line),
} as const satisfies Format;
