import { node, type Line } from '@netdrift/core';
import { wholeNumber, type Codec } from '../codec.ts';
import type { Grammar, MatchExtension } from '../extension.ts';

/** `-m icmp6 --icmpv6-type`. Without `-n` the tools print a name where they know one. */
export interface Icmp6Match {
  readonly kind: 'Icmp6Match';
  readonly not: boolean;
  readonly type: number | string;
  readonly code?: number;
}

function build(line: Line, not: boolean, type: number, code: number): Icmp6Match {
  const read = line.read(type, TYPE);
  return code < 0 ? { kind: 'Icmp6Match', not, type: read } : { kind: 'Icmp6Match', not, type: read, code: line.read(code, BYTE) };
}

const BYTE = wholeNumber(255);
const TYPE: Codec<number | string> = {
  expected: 'an ICMP type 0-255 or its name',
  decode: (text) => BYTE.decode(text) ?? (/^[a-zA-Z][A-Za-z0-9-]*$/.test(text) ? text : undefined),
  print: String,
};

/** `ipv6-icmp echo-request`: without `-n` a name, with its sign joined to it. */
function named(line: Line, value: number): Icmp6Match {
  const text = line.text(value);
  const not = text.startsWith('!');
  const type = line.read(value, { ...TYPE, decode: (word) => TYPE.decode(not ? word.slice(1) : word) });
  return { kind: 'Icmp6Match', not, type: type === 'any' ? 255 : type };
}

function saved(line: Line, not: number, value: number): Icmp6Match {
  const text = line.text(value);
  const slash = text.indexOf('/');
  const type = TYPE.decode(slash < 0 ? text : text.slice(0, slash));
  const code = slash < 0 ? undefined : BYTE.decode(text.slice(slash + 1));
  if (type === undefined || (slash >= 0 && code === undefined)) line.refuse(value, TYPE.expected);
  const named = type === 'any' ? { type: 255 } : { type: type ?? '' };
  return { kind: 'Icmp6Match', not: not >= 0, ...named, ...(code === undefined ? {} : { code }) };
}

/** `-m icmp6`. */
export const icmp6Match: MatchExtension<Icmp6Match> = {
  type: 'match',
  name: 'icmp6',
  kind: 'Icmp6Match',
  listing: {
    starts: ['ipv6-icmptype', 'ipv6-icmp !type', 'ipv6-icmp'],
    words: ['code'],
    values: ['ipv6-icmptype', 'ipv6-icmp !type', 'ipv6-icmp'],
    grammar: (g) =>
      g.choose([
        () => {
          g.word('ipv6-icmptype');
          const type = g.value();
          const code = g.maybe(() => readCode(g, 0), 0);
          return node((line: Line, first: number, second: number) => build(line, false, first, second), type, code);
        },
        () => {
          g.word('ipv6-icmp !type');
          const type = g.value(1);
          const code = g.maybe(() => readCode(g, 2), 1);
          return node((line: Line, first: number, second: number) => build(line, true, first, second), type, code);
        },
        () => {
          g.word('ipv6-icmp');
          return node(named, g.value(3));
        },
      ]),
  },
  print({ not, type, code }, { names }) {
    if (names && code === undefined && (typeof type === 'string' || type === 255)) return `ipv6-icmp ${not ? '!' : ''}${type === 255 ? 'any' : type}`;
    return `ipv6-icmp${not ? ' !type' : 'type'} ${type}${code === undefined ? '' : ` code ${code}`}`;
  },
  save: {
    starts: ['--icmpv6-type'],
    values: ['--icmpv6-type'],
    grammar(g) {
      g.word('--icmpv6-type');
      return node(saved, g.sign(), g.value());
    },
  },
  printSave: ({ not, type, code }) => `${not ? ' !' : ''} --icmpv6-type ${type === 255 && code === undefined ? 'any' : type}${code === undefined ? '' : `/${code}`}`,
  samples: ['ipv6-icmptype 134', 'ipv6-icmp !type 128'],
};

/** `code 4`: the number behind the word. */
function readCode(g: Grammar, nth: number): number {
  g.word('code', nth);
  return g.value(nth + 2);
}
