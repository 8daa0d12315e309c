import {
  canonicalAddress,
  lineGrammar,
  node,
  parseCount,
  portDecoder,
  type Count,
  type Decoder,
  type Line,
  type Rules,
} from '@netdrift/core';
import type { SyncDaemon, Traffic } from '../ast.ts';
import type { Draft } from '../draft.ts';
import type { Expectations } from '../line-reader.ts';
import { natural } from '../values.ts';
import { STATUS_SHAPES } from '../known/status.ts';
import * as t from './tokens.ts';

export interface Timeouts {
  readonly kind: 'Timeouts';
  readonly tcp: number;
  readonly tcpfin: number;
  readonly udp: number;
}

/** A title of `/proc/net/ip_vs_stats`; the second one of a block tells which figures follow. */
export interface Heading {
  readonly kind: 'Heading';
  readonly figures?: 'totals' | 'rates';
}

/** A row of `/proc/net/ip_vs_stats`. */
export interface Figures {
  readonly kind: 'Figures';
  readonly traffic: Traffic;
}

export type StatusLine = Timeouts | SyncDaemon | Heading | Figures;

/** The lines of `ipvsadm -l --timeout`, `ipvsadm -l --daemon` and `/proc/net/ip_vs_stats`. */
export const statusGrammar = lineGrammar<StatusLine>({
  tokens: t.tokens,
  start: 'line',
  known: STATUS_SHAPES,
  rules: {
    line: ($) =>
      $.choose([
        () => $.rule('timeouts'),
        () => $.rule('daemon'),
        () => $.rule('blockTitle'),
        () => $.rule('totalsTitle'),
        () => $.rule('ratesTitle'),
        () => $.rule('figures'),
      ]),
    timeouts: ($) => {
      fixed($, 'Timeout', '(tcp', 'tcpfin', 'udp):');
      return node(timeouts, $.take(t.value), $.take(t.value, 1), $.take(t.value, 2));
    },
    daemon: ($) => {
      const role = $.choose([() => $.take(t.master), () => $.take(t.backup)]);
      fixed($, 'sync', 'daemon');
      const mcast = setting($, t.interfaceKey, 0);
      const syncId = setting($, t.syncIdKey, 1);
      const maxLength = $.maybe(() => setting($, t.maxLengthKey, 2));
      const group = $.maybe(() => setting($, t.groupKey, 3), 1);
      const port = $.maybe(() => setting($, t.portKey, 4), 2);
      const ttl = $.maybe(() => setting($, t.ttlKey, 5), 3);
      $.take(t.close);
      return node(daemon, role, mcast, syncId, maxLength, group, port, ttl);
    },
    blockTitle: ($) => {
      fixed($, 'Total', 'Incoming', 'Outgoing');
      $.take(t.word('Incoming'), 1);
      $.take(t.word('Outgoing'), 1);
      return node(blockTitle);
    },
    totalsTitle: ($) => {
      fixed($, 'Conns', 'Packets');
      $.take(t.word('Packets'), 1);
      fixed($, 'Bytes');
      $.take(t.word('Bytes'), 1);
      return node(totalsTitle);
    },
    ratesTitle: ($) => {
      fixed($, 'Conns/s', 'Pkts/s');
      $.take(t.word('Pkts/s'), 1);
      fixed($, 'Bytes/s');
      $.take(t.word('Bytes/s'), 1);
      return node(ratesTitle);
    },
    figures: ($) => node(figures, $.take(t.value), $.take(t.value, 1), $.take(t.value, 2), $.take(t.value, 3), $.take(t.value, 4)),
  },
});

function fixed($: Rules, ...words: readonly t.FixedWord[]): void {
  for (const word of words) $.take(t.word(word));
}

function setting($: Rules, key: number, nth: number): number {
  $.take(key);
  return $.take(t.value, nth);
}

function timeouts(line: Line, tcp: number, tcpfin: number, udp: number): Timeouts {
  return { kind: 'Timeouts', tcp: line.read(tcp, natural), tcpfin: line.read(tcpfin, natural), udp: line.read(udp, natural) };
}

const groupAddress: Decoder<string> = { expected: 'a multicast address', decode: canonicalAddress };

const daemonRole: Decoder<'master' | 'backup'> = {
  expected: 'master or backup',
  decode: (text) => (text === 'master' || text === 'backup' ? text : undefined),
};

function daemon(
  line: Line,
  role: number,
  mcast: number,
  syncId: number,
  maxLength: number,
  group: number,
  port: number,
  ttl: number,
): SyncDaemon {
  const found: Draft<Omit<SyncDaemon, 'span'>> = {
    kind: 'SyncDaemon',
    role: line.read(role, daemonRole),
    interface: line.text(mcast),
    syncId: line.read(syncId, natural),
  };
  if (line.flag(maxLength)) found.maxLength = line.read(maxLength, natural);
  if (line.flag(group)) found.group = line.read(group, groupAddress);
  if (line.flag(port)) found.port = line.read(port, portDecoder);
  if (line.flag(ttl)) found.ttl = line.read(ttl, natural);
  return { ...found, span: line.lineSpan() };
}

const blockTitle = (): Heading => ({ kind: 'Heading' });
const totalsTitle = (): Heading => ({ kind: 'Heading', figures: 'totals' });
const ratesTitle = (): Heading => ({ kind: 'Heading', figures: 'rates' });

/** `A05A920`: the kernel prints these in hexadecimal without a sign of it. */
const hexCount: Decoder<Count> = {
  expected: 'a number in hexadecimal',
  decode: (text) => (/^(?:0|[1-9A-F][0-9A-F]{0,15})$/.test(text) ? parseCount(String(BigInt(`0x${text}`))) : undefined),
};

function figures(line: Line, connections: number, inPackets: number, outPackets: number, inBytes: number, outBytes: number): Figures {
  const traffic: Traffic = {
    connections: line.read(connections, hexCount),
    inPackets: line.read(inPackets, hexCount),
    outPackets: line.read(outPackets, hexCount),
    inBytes: line.read(inBytes, hexCount),
    outBytes: line.read(outBytes, hexCount),
  };
  return { kind: 'Figures', traffic };
}

const row = ['connections', 'incoming packets', 'outgoing packets', 'incoming bytes', 'outgoing bytes'];

/** What the tokens of each rule should have been. */
export const statusExpectations: Expectations = {
  line: ['a line of this output'],
  timeouts: ['Timeout', '(tcp', 'tcpfin', 'udp):', 'a timeout for tcp', 'a timeout for tcpfin', 'a timeout for udp'],
  daemon: ['master or backup', 'sync', 'daemon', 'mcast=', 'an interface', 'syncid=', 'a number', 'a setting or )'],
  blockTitle: ['Total', 'Incoming', 'Outgoing', 'Incoming', 'Outgoing'],
  totalsTitle: ['Conns', 'Packets', 'Packets', 'Bytes', 'Bytes'],
  ratesTitle: ['Conns/s', 'Pkts/s', 'Pkts/s', 'Bytes/s', 'Bytes/s'],
  figures: row,
};
