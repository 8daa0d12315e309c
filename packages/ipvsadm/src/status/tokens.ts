import { tokenSet, wordTable, type TokenCode } from '@netdrift/core';

/** The token types of timeouts, daemons and statistics. */
export const tokens = tokenSet();

/** A word that stands where no word is expected. */
export const stray = tokens.add('Stray');
/** A figure or a setting, whatever it spells. */
export const value = tokens.add('Value');

const fixedWords = [
  'Timeout',
  '(tcp',
  'tcpfin',
  'udp):',
  'sync',
  'daemon',
  'Total',
  'Incoming',
  'Outgoing',
  'Conns',
  'Packets',
  'Bytes',
  'Conns/s',
  'Pkts/s',
  'Bytes/s',
] as const;

export type FixedWord = (typeof fixedWords)[number];

const codes = new Map<FixedWord, TokenCode>(fixedWords.map((word) => [word, tokens.add(`word ${word}`)]));

/** The token type of a fixed word. */
export function word(spelling: FixedWord): TokenCode {
  return codes.get(spelling) ?? stray;
}

export const master = tokens.add('Master');
export const backup = tokens.add('Backup');
export const words = wordTable([...codes, ['master', master], ['backup', backup]]);

/** The settings of a daemon: `mcast=dummy0`. */
export const interfaceKey = tokens.add('mcast');
export const syncIdKey = tokens.add('syncid');
export const maxLengthKey = tokens.add('maxlen');
export const groupKey = tokens.add('group');
export const portKey = tokens.add('port');
export const ttlKey = tokens.add('ttl');
/** `)` behind the last setting */
export const close = tokens.add('Close');

export const settingKeys = wordTable([
  ['mcast', interfaceKey],
  ['syncid', syncIdKey],
  ['maxlen', maxLengthKey],
  ['group', groupKey],
  ['port', portKey],
  ['ttl', ttlKey],
]);
