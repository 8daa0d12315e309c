import { ABSENT, type Line, node, type Rule, type Rules, type Template } from '@netdrift/core';
import type { Expression } from '../ast/expressions.ts';
import * as token from '../tokens.ts';
import { number, setName, value, words } from '../values.ts';

type Build = Template<Expression>;

/** `ip` or `ip6` where a family may stand. */
export function familyPart($: Rules, nth = 0): number {
  return $.maybe(() => $.choose([() => $.take(token.ip, nth), () => $.take(token.ip6, nth)], { nth }), nth);
}

export const familyOf = (line: Line, index: number): 'ip' | 'ip6' => (line.text(index) === 'ip' ? 'ip' : 'ip6');

const metaOf = (line: Line, key: number): Expression => ({ kind: 'Meta', key: line.name(key) });

const ctOf = (line: Line, direction: number, family: number, key: number): Expression => ({
  kind: 'Ct',
  key: line.name(key),
  ...(line.flag(direction) ? { direction: line.text(direction) === 'reply' ? ('reply' as const) : ('original' as const) } : {}),
  ...(line.flag(family) ? { family: familyOf(line, family) } : {}),
});

const payloadOf = (line: Line, protocol: number, field: number): Expression => ({
  kind: 'Payload',
  protocol: line.name(protocol),
  field: line.name(field),
});

/** `arp saddr ip`: a field of two words. */
const arpOf = (line: Line, field: number, last: number): Expression => ({
  kind: 'Payload',
  protocol: 'arp',
  field: line.flag(last) ? `${line.text(field)} ${line.text(last)}` : line.name(field),
});

const optionOf = (line: Line, protocol: number, name: number, field: number): Expression => ({
  kind: 'Option',
  protocol: line.text(protocol) === 'ip' ? 'ip' : 'tcp',
  name: line.name(name),
  ...(line.flag(field) ? { field: line.name(field) } : {}),
});

const extensionOf = (line: Line, name: number, field: number): Expression => ({
  kind: 'ExtensionHeader',
  name: line.name(name),
  ...(line.flag(field) ? { field: line.name(field) } : {}),
});

const fibOf = (line: Line, flags: number[], result: number): Expression => ({
  kind: 'Fib',
  flags: flags.map((flag) => line.name(flag)),
  result: line.name(result),
});

const MODES = {
  expected: 'random or inc',
  decode: (text: string): 'random' | 'inc' | undefined => (text === 'random' || text === 'inc' ? text : undefined),
};

const numgenOf = (line: Line, mode: number, modulus: number, offset: number): Expression => ({
  kind: 'Numgen',
  mode: line.read(mode, MODES),
  modulus: line.read(modulus, number),
  ...(line.flag(offset) ? { offset: line.read(offset, number) } : {}),
});

const hashOf = (line: Line, hash: number, key: Expression | number, modulus: number, seed: number, offset: number): Expression => {
  const seedValue = line.flag(seed) ? line.read(seed, value) : undefined;
  return {
    kind: 'Hash',
    hash: line.text(hash) === 'jhash' ? 'jhash' : 'symhash',
    ...(typeof key === 'number' ? {} : { key }),
    modulus: line.read(modulus, number),
    ...(seedValue?.kind === 'Number' ? { seed: seedValue } : {}),
    ...(line.flag(offset) ? { offset: line.read(offset, number) } : {}),
  };
};

/** Fields of the routing header of IPv6, which begins with the same word as the routing decision of a packet. */
const ROUTING_HEADER: ReadonlySet<string> = new Set(['type', 'nexthdr', 'hdrlength', 'seg-left']);

const routeOf = (line: Line, family: number, key: number): Expression => {
  const name = line.name(key);
  if (!line.flag(family) && ROUTING_HEADER.has(name)) return { kind: 'ExtensionHeader', name: 'rt', field: name };
  return { kind: 'Route', key: name, ...(line.flag(family) ? { family: familyOf(line, family) } : {}) };
};

const socketOf = (line: Line, key: number, level: number): Expression => ({
  kind: 'Socket',
  key: line.name(key),
  ...(line.flag(level) ? { level: line.read(level, number) } : {}),
});

const osfOf = (line: Line, ttl: number, key: number): Expression => ({
  kind: 'Osf',
  key: line.name(key),
  ...(line.flag(ttl) ? { ttl: line.name(ttl) } : {}),
});

const ipsecOf = (line: Line, direction: number, spnum: number, family: number, key: number): Expression => ({
  kind: 'Ipsec',
  direction: line.text(direction) === 'in' ? 'in' : 'out',
  key: line.name(key),
  ...(line.flag(family) ? { family: familyOf(line, family) } : {}),
  ...(line.flag(spnum) ? { spnum: line.read(spnum, number) } : {}),
});

const rawOf = (line: Line, index: number): Expression => {
  const [base = '', offset = '', length = ''] = line.read(index, words);
  return { kind: 'RawPayload', base: base.slice(1), offset: Number(offset), length: Number(length) };
};

export const referenceOf = (line: Line, index: number): { readonly kind: 'SetReference'; readonly name: string } => ({
  kind: 'SetReference',
  name: line.read(index, setName),
});

const after = ($: Rules, code: number, nth = 0): number =>
  $.maybe(() => {
    $.take(code);
    return $.take(token.word, nth);
  }, nth);

/** `ip saddr`, `ip option ra value`: a header of which options can be asked for too. */
const withOptions =
  (code: number): Rule =>
  ($): Build => {
    const protocol = $.take(code);
    return $.choose<Build>([
      () => {
        $.take(token.optionWord);
        const name = $.take(token.word);
        return node(
          optionOf,
          protocol,
          name,
          $.maybe(() => $.choose([() => $.take(token.optionField), () => $.take(token.addr), () => $.take(token.typeWord)], { nth: 1 })),
        );
      },
      () => node(payloadOf, protocol, $.take(token.word, 1)),
    ]);
  };

/** What begins with a word of an expression; one rule each. */
export const expressionRules: Readonly<Record<string, Rule>> = {
  // meta mark
  metaExpression: ($): Build => {
    $.take(token.meta);
    return node(metaOf, $.take(token.word));
  },
  // iifname
  metaKeyExpression: ($): Build => node(metaOf, $.take(token.metaKey)),
  // ct original ip saddr
  ctExpression: ($): Build => {
    $.take(token.ct);
    const direction = $.maybe(() => $.take(token.direction));
    const family = familyPart($, 1);
    return node(ctOf, direction, family, $.take(token.word));
  },
  ipExpression: withOptions(token.ip),
  tcpExpression: withOptions(token.tcp),
  ip6Expression: ($): Build => node(payloadOf, $.take(token.ip6), $.take(token.word)),
  headerExpression: ($): Build => node(payloadOf, $.take(token.header), $.take(token.word)),
  arpExpression: ($): Build => {
    $.take(token.arp);
    const field = $.take(token.word);
    return node(
      arpOf,
      field,
      $.maybe(() => $.choose([() => $.take(token.ip), () => $.take(token.header)])),
    );
  },
  // frag frag-off
  extensionExpression: ($): Build => node(extensionOf, $.take(token.extension), $.take(token.word)),
  // exthdr frag
  exthdrExpression: ($): Build => {
    $.take(token.exthdr);
    return node(extensionOf, $.take(token.word), ABSENT);
  },
  // fib saddr . iif oif
  fibExpression: ($): Build => {
    $.take(token.fib);
    const first = $.take(token.word);
    const more = $.repeat(() => {
      $.take(token.signs['.']);
      return $.take(token.word, 1);
    });
    return node(
      (line, one: number, others: number[], result: number) => fibOf(line, [one, ...others], result),
      first,
      more,
      $.take(token.word, 2),
    );
  },
  // numgen random mod 2 offset 5
  numgenExpression: ($): Build => {
    $.take(token.numgen);
    const mode = $.take(token.word);
    $.take(token.mod);
    const modulus = $.take(token.plain);
    return node(numgenOf, mode, modulus, after($, token.offset, 1));
  },
  // jhash ip saddr . tcp dport mod 4 seed 0xdeadbeef offset 1
  jhashExpression: ($): Build => {
    const hash = $.take(token.jhash);
    const key = $.rule<Expression>('concatenation');
    $.take(token.mod);
    const modulus = $.take(token.plain);
    const seed = after($, token.seed, 0);
    return node(hashOf, hash, key, modulus, seed, after($, token.offset, 1));
  },
  // symhash mod 2 offset 1
  symhashExpression: ($): Build => {
    const hash = $.take(token.symhash);
    $.take(token.mod);
    const modulus = $.take(token.plain);
    return node(hashOf, hash, ABSENT, modulus, ABSENT, after($, token.offset, 1));
  },
  // rt ip nexthop
  routeExpression: ($): Build => {
    $.take(token.rt);
    const family = familyPart($, 1);
    return node(routeOf, family, $.take(token.word));
  },
  // socket cgroupv2 level 2
  socketExpression: ($): Build => {
    $.take(token.socket);
    const key = $.take(token.word);
    return node(socketOf, key, after($, token.level, 1));
  },
  // osf ttl loose name
  osfExpression: ($): Build => {
    $.take(token.osf);
    const ttl = $.maybe(() => {
      $.take(token.plain);
      return $.take(token.plain, 1);
    });
    return node(osfOf, ttl, $.choose([() => $.take(token.nameWord), () => $.take(token.hidden)]));
  },
  // ipsec in spnum 1 ip saddr
  ipsecExpression: ($): Build => {
    $.take(token.ipsec);
    const direction = $.take(token.plain);
    const spnum = after($, token.spnum, 0);
    const family = familyPart($, 1);
    return node(ipsecOf, direction, spnum, family, $.take(token.word, 1));
  },
  // @th,16,16
  rawExpression: ($): Build => node(rawOf, $.take(token.rawPayload)),
};
