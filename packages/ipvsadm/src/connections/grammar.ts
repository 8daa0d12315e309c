import { lineGrammar, node, type Rules, type TokenCode } from '@netdrift/core';
import type { Connection } from '../ast.ts';
import type { Expectations } from '../line-reader.ts';
import { CONNECTION_SHAPES } from '../known/connections.ts';
import * as build from './build.ts';
import type { Heading } from './build.ts';
import * as t from './tokens.ts';

/** The lines of `ipvsadm -lc` and of `/proc/net/ip_vs_conn`. */
export const connectionsGrammar = lineGrammar<Heading | Connection>({
  tokens: t.tokens,
  start: 'line',
  known: CONNECTION_SHAPES,
  rules: {
    line: ($) =>
      $.choose([
        () => $.rule('heading'),
        () => $.rule('listTitle'),
        () => $.rule('procTitle'),
        () => $.rule('listRow'),
        () => $.rule('procRow'),
      ]),
    heading: ($) => {
      fixed($, t.titles.heading);
      return node(build.heading);
    },
    listTitle: ($) => {
      fixed($, t.titles.list);
      const engine = $.maybe(() => {
        const [first = t.stray, ...rest] = t.titles.engine;
        const index = $.take(first);
        fixed($, rest);
        return index;
      });
      return node(build.listTitle, engine);
    },
    procTitle: ($) => {
      fixed($, t.titles.proc);
      return node(build.procTitle);
    },
    listRow: ($) => {
      const protocol = $.take(t.listProtocol);
      const clock = $.take(t.clock);
      const state = $.take(t.state);
      const source = $.take(t.place);
      const virtual = $.take(t.place, 1);
      const destination = $.take(t.place, 2);
      const engine = $.maybe(() => $.rule<build.Engine>('engine'));
      return node(build.listRow, protocol, clock, state, source, virtual, destination, engine);
    },
    procRow: ($) => {
      const protocol = $.take(t.procProtocol);
      const source = $.rule<build.HexEnd>('end');
      const virtual = $.rule<build.HexEnd>('end', 1);
      const destination = $.rule<build.HexEnd>('end', 2);
      const state = $.take(t.state);
      const seconds = $.take(t.seconds);
      const engine = $.maybe(() => $.rule<build.Engine>('engine'));
      return node(build.procRow, protocol, source, virtual, destination, state, seconds, engine);
    },
    end: ($) => node(build.hexEnd, $.take(t.hexAddress), $.take(t.hexPort)),
    engine: ($) => node(build.engine, $.take(t.engineName), $.take(t.engineData)),
  },
});

function fixed($: Rules, words: readonly TokenCode[]): void {
  for (const word of words) $.take(word);
}

const address = 'an address and a port';

/** What the tokens of each rule should have been. */
export const connectionsExpectations: Expectations = {
  line: ['a connection'],
  heading: ['IPVS', 'connection', 'entries'],
  listTitle: ['pro', 'expire', 'state', 'source', 'virtual', 'destination', 'pe', 'name', 'pe_data'],
  procTitle: ['Pro', 'FromIP', 'FPrt', 'ToIP', 'TPrt', 'DestIP', 'DPrt', 'State', 'Expires', 'PEName', 'PEData'],
  listRow: ['a protocol', 'a time MM:SS', 'a state', address, address, address],
  procRow: ['a protocol', 'an address', 'a port', 'an address', 'a port', 'an address', 'a port', 'a state', 'a time in seconds'],
  end: ['an address', 'a port'],
  engine: ['a persistence engine', 'its data'],
};
