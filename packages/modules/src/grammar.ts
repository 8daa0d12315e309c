import { type Decoder, type Line, lineGrammar, node, type Template } from '@netdrift/core';
import type { Module } from './ast.ts';
import { kernelSpelling } from './module-name.ts';
import * as token from './tokens.ts';
import { bracketedUsers, memoryAddress, moduleName, modulePath, taintLetters, userList, type Users, wholeNumber } from './values.ts';
import { LINE_SHAPES } from './known/lines.ts';

type Span = Module['span'];

/** The name as the kernel spells it, and as written where that is another spelling; a refused name is never seen. */
function named(written: string | undefined = ''): { readonly kind: 'Module'; readonly name: string; readonly written?: string } {
  const name = kernelSpelling(written);
  return name === written ? { kind: 'Module', name } : { kind: 'Module', name, written };
}

function nameOnly(line: Line, name: number): Module {
  return { ...named(line.read(name, moduleName)), span: line.lineSpan() };
}

function filed(line: Line, index: number): Module {
  const path = line.read(index, modulePath);
  const span: Span = line.lineSpan();
  // A refused path has no parts; the driver throws this node away.
  if (line.refusal !== undefined) return { kind: 'Module', name: '', span };
  const { directory, name, extension } = path;
  return { ...named(name), file: { ...(directory === undefined ? {} : { directory }), extension }, span };
}

const listed = (line: Line, index: number): Users => line.read(index, userList);
const inBrackets = (line: Line, index: number): Users => line.read(index, bracketedUsers);

function loaded(line: Line, name: number, size: number, count: number, autoclean: number, unused: number, users: Users | number): Module {
  return {
    ...named(line.read(name, moduleName)),
    size: line.read(size, wholeNumber),
    useCount: line.read(count, wholeNumber),
    ...usedBy(typeof users === 'number' ? NO_USERS : users),
    ...(line.flag(autoclean) ? { autoclean: true } : {}),
    ...(line.flag(unused) ? { unused: true } : {}),
    span: line.lineSpan(),
  };
}

const NO_USERS: Users = { names: [], permanent: false };

/** A refused list is never seen: the driver throws its node away. */
function usedBy(users: Users | undefined): Pick<Module, 'usedBy' | 'permanent'> {
  const { names, permanent } = users ?? NO_USERS;
  return permanent ? { usedBy: names, permanent } : { usedBy: names };
}

/** A column of /proc/modules that may be `-`. */
const none = (_line: Line, _dash: number): undefined => undefined;
const counted = (line: Line, index: number): number => line.read(index, wholeNumber);

function inMemory(
  line: Line,
  name: number,
  size: number,
  count: number | undefined,
  users: Users | undefined,
  state: number,
  address: number,
  taint: number,
): Module {
  return {
    ...named(line.read(name, moduleName)),
    size: line.read(size, wholeNumber),
    // A kernel that cannot unload modules counts nothing: it prints "- -".
    ...(count === undefined ? {} : { useCount: count, ...usedBy(users) }),
    state: line.read(state, moduleState),
    address: line.read(address, memoryAddress),
    ...(line.flag(taint) ? { taint: line.read(taint, taintLetters) } : {}),
    span: line.lineSpan(),
  };
}

const moduleState: Decoder<'Live' | 'Loading' | 'Unloading'> = {
  expected: 'Live, Loading or Unloading',
  decode: (text) => (text === 'Live' || text === 'Loading' || text === 'Unloading' ? text : undefined),
};

/** One line of any form; the first token says which. */
export const grammar = lineGrammar<Module>({
  tokens: token.tokens,
  start: 'line',
  known: LINE_SHAPES,
  rules: {
    line: ($) =>
      $.choose([
        () => $.rule<Module>('names'),
        () => $.rule<Module>('builtin'),
        () => $.rule<Module>('lsmod'),
        () => $.rule<Module>('proc'),
      ]),
    names: ($) => {
      $.take(token.namesLine);
      return $.choose([() => node(nameOnly, $.take(token.name)), () => node(filed, $.take(token.path))]);
    },
    builtin: ($) => {
      $.take(token.builtinLine);
      return node(filed, $.take(token.path));
    },
    // ip_vs                 188416  25 ip_vs_wlc,ip_vs_rr
    // parport                36832   2  (autoclean) [lp parport_pc]
    lsmod: ($) => {
      $.take(token.lsmodLine);
      const name = $.take(token.name);
      const size = $.take(token.digits);
      const count = $.take(token.digits, 1);
      const autoclean = $.maybe(() => $.take(token.autoclean));
      const unused = $.maybe(() => $.take(token.unused), 1);
      const users = $.maybe(() => $.choose([() => node(listed, $.take(token.users)), () => node(inBrackets, $.take(token.bracketed))]), 2);
      return node(loaded, name, size, count, autoclean, unused, users);
    },
    // nf_nat 57344 2 iptable_nat,xt_nat, Live 0xffffffffc0651000 (OE)
    proc: ($) => {
      $.take(token.procLine);
      const name = $.take(token.name);
      const size = $.take(token.digits);
      const count = $.choose<Template<number | undefined>>([
        () => node(counted, $.take(token.digits, 1)),
        () => node(none, $.take(token.dash)),
      ]);
      const users = $.choose<Template<Users | undefined>>(
        [() => node(listed, $.take(token.users)), () => node(none, $.take(token.dash, 1))],
        { nth: 1 },
      );
      const state = $.take(token.state);
      const address = $.take(token.address);
      const taint = $.maybe(() => $.take(token.taint));
      return node(inMemory, name, size, count, users, state, address, taint);
    },
  },
});
