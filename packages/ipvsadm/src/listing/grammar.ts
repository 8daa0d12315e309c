import { lineGrammar, node, type Rules } from '@netdrift/core';
import type { Destination, Persistence, VirtualService } from '../ast.ts';
import { LISTING_SHAPES } from '../known/listing.ts';
import * as build from './build.ts';
import type { Banner, Settings, Title } from './build.ts';
import * as t from './tokens.ts';

/** What one line of a listing is. */
export type ListingLine = Banner | Title | VirtualService | Destination;

/** The lines of every form of listing; the scanner's token types tell the forms apart. */
export const listingGrammar = lineGrammar<ListingLine>({
  tokens: t.tokens,
  start: 'line',
  known: LISTING_SHAPES,
  rules: {
    line: ($) =>
      $.choose([
        () => $.rule('banner'),
        () => $.rule('firstTitle'),
        () => $.rule('secondTitle'),
        () => $.rule('service'),
        () => $.rule('destination'),
      ]),

    banner: ($) => {
      $.take(t.bannerStart);
      $.take(t.virtual);
      $.take(t.server);
      $.take(t.version);
      return node(build.banner, $.take(t.versionNumber), $.take(t.size));
    },

    firstTitle: ($) => {
      $.take(t.titleStart);
      $.take(t.titleColumn('LocalAddress:Port'));
      return $.choose([
        () => $.rule('plainTitle'),
        () => $.rule('thresholdsTitle'),
        () => $.rule('persistentTitle'),
        () => $.rule('statsTitle'),
        () => $.rule('rateTitle'),
      ]);
    },
    plainTitle: ($) => {
      columns($, 'Scheduler');
      $.maybe(() => $.take(t.titleColumn('Flags')));
      return node(build.plainTitle);
    },
    thresholdsTitle: ($) => {
      columns($, 'Uthreshold', 'Lthreshold', 'ActiveConn', 'InActConn');
      return node(build.thresholdsTitle);
    },
    persistentTitle: ($) => {
      columns($, 'Weight', 'PersistConn', 'ActiveConn', 'InActConn');
      return node(build.persistentTitle);
    },
    statsTitle: ($) => {
      columns($, 'Conns', 'InPkts', 'OutPkts', 'InBytes', 'OutBytes');
      return node(build.statsTitle);
    },
    rateTitle: ($) => {
      columns($, 'CPS', 'InPPS', 'OutPPS', 'InBPS', 'OutBPS');
      return node(build.rateTitle);
    },

    secondTitle: ($) => {
      const arrow = $.take(t.titleArrow);
      const remote = $.take(t.titleColumn('RemoteAddress:Port'));
      const forward = $.maybe(() => $.rule<number>('configuredColumns'));
      return node(build.secondTitle, arrow, remote, forward);
    },
    configuredColumns: ($) => {
      columns($, 'Forward');
      const tunnelInfo = $.maybe(() => $.take(t.titleColumn('TunnelInfo')));
      columns($, 'Weight', 'ActiveConn', 'InActConn');
      return node(build.configuredColumns, tunnelInfo);
    },

    service: ($) =>
      $.choose([() => $.rule('addressService'), () => $.rule('markService'), () => $.rule('matchService'), () => $.rule('hexMarkService')]),
    addressService: ($) => {
      const protocol = $.take(t.protocol);
      return $.choose([
        () => node(build.addressService, protocol, $.take(t.location), $.rule<Settings>('settings')),
        () => node(build.procService, protocol, $.take(t.hexLocation), $.rule<Settings>('settings', 1)),
      ]);
    },
    markService: ($) => {
      $.take(t.markStart);
      const mark = $.take(t.mark);
      const family = $.maybe(() => $.take(t.ipv6));
      return node(build.markService, mark, family, $.rule<Settings>('settings'));
    },
    hexMarkService: ($) => {
      $.take(t.hexMarkStart);
      return node(build.procMarkService, $.take(t.mark), $.rule<Settings>('settings'));
    },
    matchService: ($) => {
      $.take(t.matchStart);
      return node(build.matchService, $.take(t.location), $.rule<Settings>('settings'));
    },

    settings: ($) => $.choose([() => $.rule('configuration'), () => $.rule('statsFigures'), () => $.rule('rateFigures')]),
    configuration: ($) => {
      const scheduler = $.take(t.scheduler);
      const flags = $.maybe(() => $.take(t.flags));
      // /proc/net/ip_vs prints ops first, ipvsadm prints it last.
      const early = $.maybe(() => $.take(t.ops), 1);
      const persistence = $.maybe(() => $.rule<Persistence>('persistence'), 2);
      const late = $.maybe(() => $.take(t.ops, 1), 3);
      const extra = $.repeat(() => $.take(t.extra));
      return node(build.configuration, scheduler, flags, early, persistence, late, extra);
    },
    persistence: ($) => {
      $.take(t.persistent);
      return $.choose([() => $.rule('listedPersistence'), () => $.rule('procPersistence')]);
    },
    listedPersistence: ($) => {
      const seconds = $.take(t.seconds);
      const mask = $.maybe(() => {
        $.take(t.mask);
        return $.take(t.maskValue);
      });
      const engine = $.maybe(() => {
        $.take(t.pe);
        return $.take(t.engine);
      }, 1);
      return node(build.listedPersistence, seconds, mask, engine);
    },
    procPersistence: ($) => node(build.procPersistence, $.take(t.ticks), $.take(t.maskWord)),
    statsFigures: ($) => node(build.counters, ...five($, t.statsFigure)),
    rateFigures: ($) => node(build.rate, ...five($, t.rateFigure)),

    destination: ($) =>
      $.choose([
        () => $.rule('plainDestination'),
        () => $.rule('tunnelDestination'),
        () => $.rule('thresholdDestination'),
        () => $.rule('persistentDestination'),
        () => $.rule('statsDestination'),
        () => $.rule('rateDestination'),
        () => $.rule('procDestination'),
      ]),
    plainDestination: ($) => {
      $.take(t.plainRow);
      const place = $.take(t.location);
      const figures = four($);
      return node(
        build.plainDestination,
        place,
        ...figures,
        $.maybe(() => $.take(t.states)),
      );
    },
    tunnelDestination: ($) => {
      $.take(t.tunnelRow);
      return node(build.tunnelDestination, $.take(t.location), ...four($), $.take(t.column, 4));
    },
    thresholdDestination: ($) => {
      $.take(t.thresholdRow);
      return node(build.thresholdDestination, $.take(t.location), ...four($));
    },
    persistentDestination: ($) => {
      $.take(t.persistentRow);
      return node(build.persistentDestination, $.take(t.location), ...four($));
    },
    statsDestination: ($) => {
      $.take(t.statsRow);
      return node(build.countedDestination, $.take(t.location), $.rule<Settings>('statsFigures'));
    },
    rateDestination: ($) => {
      $.take(t.rateRow);
      return node(build.countedDestination, $.take(t.location), $.rule<Settings>('rateFigures'));
    },
    procDestination: ($) => {
      $.take(t.procRow);
      return node(build.procDestination, $.take(t.hexLocation), ...four($));
    },
  },
});

function columns($: Rules, ...names: readonly t.ColumnName[]): void {
  for (const name of names) $.take(t.titleColumn(name));
}

function four($: Rules): [number, number, number, number] {
  return [$.take(t.column), $.take(t.column, 1), $.take(t.column, 2), $.take(t.column, 3)];
}

function five($: Rules, figure: number): [number, number, number, number, number] {
  return [$.take(figure), $.take(figure, 1), $.take(figure, 2), $.take(figure, 3), $.take(figure, 4)];
}
