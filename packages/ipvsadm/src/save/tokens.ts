import { tokenSet, wordTable, type TokenCode } from '@netdrift/core';

/** The token types of `ipvsadm -S` and of rule files for `ipvsadm -R`. */
export const tokens = tokenSet();

/** A word that is no option and belongs to none. */
export const stray = tokens.add('Stray');
/** What an option is about: the word behind it, whatever it spells, or the text glued to it. */
export const value = tokens.add('Value');

export const addService = tokens.add('AddService');
export const addServer = tokens.add('AddServer');
export const otherCommand = tokens.add('OtherCommand');
export const unknownOption = tokens.add('UnknownOption');

export const tcp = tokens.add('Tcp');
export const udp = tokens.add('Udp');
export const sctp = tokens.add('Sctp');
/** `--xxx-service`, which ipvsadm 1.28 and later writes for a protocol it does not know */
export const otherProtocol = tokens.add('OtherProtocol');
export const fwmark = tokens.add('Fwmark');
export const ipv6 = tokens.add('IPv6');
export const scheduler = tokens.add('Scheduler');
export const persistent = tokens.add('Persistent');
export const netmask = tokens.add('Netmask');
export const pe = tokens.add('Pe');
export const ops = tokens.add('Ops');
export const schedFlags = tokens.add('SchedFlags');
export const realServer = tokens.add('RealServer');
export const masquerading = tokens.add('Masquerading');
export const gatewaying = tokens.add('Gatewaying');
export const ipip = tokens.add('Ipip');
/** `(null)`, where the method should stand (dpvs) */
export const nullMethod = tokens.add('NullMethod');
export const weight = tokens.add('Weight');
export const upper = tokens.add('UThreshold');
export const lower = tokens.add('LThreshold');
export const tunType = tokens.add('TunType');
export const tunPort = tokens.add('TunPort');
export const tunNocsum = tokens.add('TunNocsum');
export const tunCsum = tokens.add('TunCsum');
export const tunRemcsum = tokens.add('TunRemcsum');
/** `pe` and `ops` without dashes (ipvsadm 1.26) */
export const barePe = tokens.add('BarePe');
export const bareOps = tokens.add('BareOps');

/** Options by letter. */
export const letters: ReadonlyMap<number, TokenCode> = new Map(
  (
    [
      ['A', addService],
      ['a', addServer],
      ['t', tcp],
      ['u', udp],
      ['f', fwmark],
      ['6', ipv6],
      ['s', scheduler],
      ['p', persistent],
      ['M', netmask],
      ['o', ops],
      ['b', schedFlags],
      ['r', realServer],
      ['m', masquerading],
      ['g', gatewaying],
      ['i', ipip],
      ['w', weight],
      ['x', upper],
      ['y', lower],
      ...[...'EDCRSedlLZ'].map((letter) => [letter, otherCommand] as const),
    ] as const
  ).map(([letter, code]) => [letter.charCodeAt(0), code] as const),
);

/** Options by long name, without the two dashes, and the bare words. */
export const longNames = wordTable([
  ['add-service', addService],
  ['add-server', addServer],
  ...[
    'edit-service',
    'delete-service',
    'clear',
    'restore',
    'save',
    'edit-server',
    'delete-server',
    'list',
    'zero',
    'set',
    'start-daemon',
    'stop-daemon',
  ].map((name) => [name, otherCommand] as const),
  ['tcp-service', tcp],
  ['udp-service', udp],
  ['sctp-service', sctp],
  ['xxx-service', otherProtocol],
  ['fwmark-service', fwmark],
  ['ipv6', ipv6],
  ['scheduler', scheduler],
  ['persistent', persistent],
  ['netmask', netmask],
  ['pe', pe],
  ['ops', ops],
  ['sched-flags', schedFlags],
  ['real-server', realServer],
  ['masquerading', masquerading],
  ['gatewaying', gatewaying],
  ['ipip', ipip],
  ['weight', weight],
  ['u-threshold', upper],
  ['l-threshold', lower],
  ['tun-type', tunType],
  ['tun-port', tunPort],
  ['tun-nocsum', tunNocsum],
  ['tun-csum', tunCsum],
  ['tun-remcsum', tunRemcsum],
]);

/** Words without dashes that stand where an option may. */
export const bareWords = wordTable([
  ['pe', barePe],
  ['ops', bareOps],
  ['(null)', nullMethod],
]);

/** Options that take the next word, whatever it spells. */
export const valued: ReadonlySet<TokenCode> = new Set([
  tcp,
  udp,
  sctp,
  otherProtocol,
  fwmark,
  scheduler,
  netmask,
  pe,
  schedFlags,
  realServer,
  weight,
  upper,
  lower,
  tunType,
  tunPort,
  barePe,
]);
