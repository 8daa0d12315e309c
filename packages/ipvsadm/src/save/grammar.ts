import { lineGrammar, node, type Line, type Rule as GrammarRule, type TokenCode } from '@netdrift/core';
import type { Expectations } from '../line-reader.ts';
import { SAVE_SHAPES } from '../known/save.ts';
import * as build from './build.ts';
import type { Facts, Rule } from './build.ts';
import * as t from './tokens.ts';

/** One option of a rule line: whether a value follows it, and what it says. */
interface Option {
  readonly code: TokenCode;
  readonly takes: 'value' | 'value or nothing' | 'nothing';
  readonly build: (line: Line, value: number) => Facts;
}

/** Of both commands: which service. */
const identityOptions: Readonly<Record<string, Option>> = {
  tcp: { code: t.tcp, takes: 'value', build: build.tcp },
  udp: { code: t.udp, takes: 'value', build: build.udp },
  sctp: { code: t.sctp, takes: 'value', build: build.sctp },
  otherProtocol: { code: t.otherProtocol, takes: 'value', build: build.otherProtocol },
  fwmark: { code: t.fwmark, takes: 'value', build: build.fwmark },
  ipv6: { code: t.ipv6, takes: 'nothing', build: build.ipv6 },
};

/** Of `-A`. */
const serviceOptions: Readonly<Record<string, Option>> = {
  scheduler: { code: t.scheduler, takes: 'value', build: build.scheduler },
  persistent: { code: t.persistent, takes: 'value or nothing', build: build.persistent },
  netmask: { code: t.netmask, takes: 'value', build: build.netmask },
  pe: { code: t.pe, takes: 'value', build: build.engine },
  barePe: { code: t.barePe, takes: 'value', build: build.bareEngine },
  ops: { code: t.ops, takes: 'nothing', build: build.ops },
  bareOps: { code: t.bareOps, takes: 'nothing', build: build.bareOps },
  schedFlags: { code: t.schedFlags, takes: 'value or nothing', build: build.schedFlags },
};

/** Of `-a`. */
const serverOptions: Readonly<Record<string, Option>> = {
  realServer: { code: t.realServer, takes: 'value', build: build.realServer },
  masquerading: { code: t.masquerading, takes: 'nothing', build: build.masquerading },
  gatewaying: { code: t.gatewaying, takes: 'nothing', build: build.gatewaying },
  ipip: { code: t.ipip, takes: 'nothing', build: build.ipip },
  nullMethod: { code: t.nullMethod, takes: 'nothing', build: build.nullMethod },
  weight: { code: t.weight, takes: 'value', build: build.weight },
  upper: { code: t.upper, takes: 'value', build: build.upper },
  lower: { code: t.lower, takes: 'value', build: build.lower },
  tunType: { code: t.tunType, takes: 'value', build: build.tunType },
  tunPort: { code: t.tunPort, takes: 'value', build: build.tunPort },
  tunNocsum: { code: t.tunNocsum, takes: 'nothing', build: build.tunNocsum },
  tunCsum: { code: t.tunCsum, takes: 'nothing', build: build.tunCsum },
  tunRemcsum: { code: t.tunRemcsum, takes: 'nothing', build: build.tunRemcsum },
};

const allOptions = { ...identityOptions, ...serviceOptions, ...serverOptions };

/** A rule of its own for each option, so that a missing value can be told by the option's name. */
const optionRules: Readonly<Record<string, GrammarRule>> = Object.fromEntries(
  Object.entries(allOptions).map(([name, option]): [string, GrammarRule] => [
    name,
    ($) => {
      const own = $.take(option.code);
      if (option.takes === 'nothing') return node(option.build, own);
      return node(option.build, option.takes === 'value' ? $.take(t.value) : $.maybe(() => $.take(t.value)));
    },
  ]),
);

/** The lines of `ipvsadm -S` and of rule files: a command, then its options in any order. */
export const saveGrammar = lineGrammar<Rule>({
  tokens: t.tokens,
  start: 'line',
  known: SAVE_SHAPES,
  rules: {
    ...optionRules,
    line: ($) => $.choose([() => $.rule('addService'), () => $.rule('addServer')]),
    addService: ($) => {
      const command = $.take(t.addService);
      const names = Object.keys({ ...identityOptions, ...serviceOptions });
      const options = $.repeat(() => $.choose(names.map((name) => () => $.rule<Facts>(name))));
      return node(build.addService, command, options);
    },
    addServer: ($) => {
      const command = $.take(t.addServer);
      const names = Object.keys({ ...identityOptions, ...serverOptions });
      const options = $.repeat(() => $.choose(names.map((name) => () => $.rule<Facts>(name))));
      return node(build.addServer, command, options);
    },
  },
});

/** What the tokens of each rule should have been. */
export const saveExpectations: Expectations = {
  line: ['-A or -a'],
  ...Object.fromEntries(Object.keys(allOptions).map((name) => [name, ['an option', 'a value of this option']])),
};
