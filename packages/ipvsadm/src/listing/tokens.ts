import { tokenSet, wordTable, type TokenCode } from '@netdrift/core';

/**
 * The token types of listings. Most are told by place, not by spelling: a scheduler may be called anything, so the word
 * after an address is a `Scheduler` whatever it spells.
 */
export const tokens = tokenSet();

/** A word that stands where no word is expected. */
export const stray = tokens.add('Stray');

/** `IP Virtual Server version 1.2.1 (size=4096)` */
export const bannerStart = tokens.add('BannerStart');
export const virtual = tokens.add('Virtual');
export const server = tokens.add('Server');
export const version = tokens.add('Version');
export const versionNumber = tokens.add('VersionNumber');
export const size = tokens.add('Size');

/** `Prot LocalAddress:Port Scheduler Flags` and its five variants. */
export const titleStart = tokens.add('TitleStart');
/** `-> RemoteAddress:Port Forward Weight ActiveConn InActConn` */
export const titleArrow = tokens.add('TitleArrow');

/** The columns that the titles name. */
const columnNames = [
  'LocalAddress:Port',
  'RemoteAddress:Port',
  'Scheduler',
  'Flags',
  'Forward',
  'TunnelInfo',
  'Weight',
  'ActiveConn',
  'InActConn',
  'Uthreshold',
  'Lthreshold',
  'PersistConn',
  'Conns',
  'InPkts',
  'OutPkts',
  'InBytes',
  'OutBytes',
  'CPS',
  'InPPS',
  'OutPPS',
  'InBPS',
  'OutBPS',
] as const;

export type ColumnName = (typeof columnNames)[number];

const columnCodes = new Map<ColumnName, TokenCode>(columnNames.map((name) => [name, tokens.add(`title ${name}`)]));

/** The token type of a column's name in a title. */
export function titleColumn(name: ColumnName): TokenCode {
  return columnCodes.get(name) ?? stray;
}

/** `TCP`, `UDP`, `SCTP`, `?`: the first word of a service line. */
export const protocol = tokens.add('Protocol');
/** `FWM` */
export const markStart = tokens.add('MarkStart');
/** `FWM` of `/proc/net/ip_vs`, whose mark is hexadecimal. */
export const hexMarkStart = tokens.add('HexMarkStart');
/** `MATCH icmp,from=172.16.0.0-172.16.255.254:0-0,oif=dpdk1` (dpvs) */
export const matchStart = tokens.add('MatchStart');
/** `10.0.0.1:443`, `[2001:db8::1]:80`, `web.example.com:http`; what follows `MATCH` */
export const location = tokens.add('Location');
/** `0A000001:01BB`, `[2001:0db8:…]:0050` of `/proc/net/ip_vs` */
export const hexLocation = tokens.add('HexLocation');
/** `-1` after `FWM` */
export const mark = tokens.add('Mark');
/** `IPv6` after a mark */
export const ipv6 = tokens.add('IPv6');
export const scheduler = tokens.add('Scheduler');
/** `(sh-fallback,sh-port)`, `()` */
export const flags = tokens.add('Flags');
export const persistent = tokens.add('Persistent');
export const seconds = tokens.add('Seconds');
/** What follows `persistent` in `/proc/net/ip_vs` */
export const ticks = tokens.add('Ticks');
export const maskWord = tokens.add('MaskWord');
export const mask = tokens.add('Mask');
export const maskValue = tokens.add('MaskValue');
export const pe = tokens.add('Pe');
export const engine = tokens.add('Engine');
export const ops = tokens.add('Ops');
/** A further word on a service line, as patched tools print: `synproxy` */
export const extra = tokens.add('Extra');

/** `->` at the start of a destination line; the title above says which columns it has. */
export const plainRow = tokens.add('PlainRow');
export const tunnelRow = tokens.add('TunnelRow');
export const thresholdRow = tokens.add('ThresholdRow');
export const persistentRow = tokens.add('PersistentRow');
export const statsRow = tokens.add('StatsRow');
export const rateRow = tokens.add('RateRow');
export const procRow = tokens.add('ProcRow');
/** A word in a column of its own: `Masq`, `gue:6080:-c`, `1` */
export const column = tokens.add('Column');
/** `inhibited`, `overload`, `inhibited,overload` behind the figures (dpvs) */
export const states = tokens.add('States');
/** A figure of `--stats` or `--rate`: `0`, `100000K` */
export const statsFigure = tokens.add('StatsFigure');
export const rateFigure = tokens.add('RateFigure');

/** Words of the banner and the titles. */
export const titleWords = wordTable([['Virtual', virtual], ['Server', server], ['version', version], ...columnCodes]);

/** Words of a service line behind the scheduler. */
export const serviceWords = wordTable([
  // Two lines that became one: the second is not words of the first.
  ['->', stray],
  ['persistent', persistent],
  ['mask', mask],
  ['pe', pe],
  ['ops', ops],
]);

/** The same in `/proc/net/ip_vs`. */
export const procServiceWords = wordTable([
  ['->', stray],
  ['persistent', persistent],
  ['ops', ops],
]);

/** Words behind the figures of a destination. */
export const stateWords = wordTable([
  ['inhibited', states],
  ['overload', states],
  ['inhibited,overload', states],
]);

/** The word between a mark and its scheduler. */
export const familyWord = wordTable([['IPv6', ipv6]]);

/** First words of a service line that are no protocol. */
export const firstWords = wordTable([
  ['FWM', markStart],
  ['MATCH', matchStart],
]);
