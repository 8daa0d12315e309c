import { node, type Line } from '@netdrift/core';
import { wholeNumber, type Codec } from '../codec.ts';
import type { Grammar, MatchExtension } from '../extension.ts';

/** `-m icmp --icmp-type`; type 255 is any type. Without `-n` the tools print a name where they know one. */
export interface IcmpMatch {
  readonly kind: 'IcmpMatch';
  readonly not: boolean;
  readonly type: number | string;
  readonly code?: number;
}

function build(line: Line, not: boolean, type: number, code: number): IcmpMatch {
  const read = line.read(type, TYPE);
  return code < 0 ? { kind: 'IcmpMatch', not, type: read } : { kind: 'IcmpMatch', not, type: read, code: line.read(code, BYTE) };
}

const BYTE = wholeNumber(255);
const TYPE: Codec<number | string> = {
  expected: 'an ICMP type 0-255 or its name',
  decode: (text) => BYTE.decode(text) ?? (/^[a-zA-Z][A-Za-z0-9-]*$/.test(text) ? text : undefined),
  print: String,
};

/** `icmp echo-request`: without `-n` a name, with its sign joined to it. */
function named(line: Line, value: number): IcmpMatch {
  const text = line.text(value);
  const not = text.startsWith('!');
  const type = line.read(value, { ...TYPE, decode: (word) => TYPE.decode(not ? word.slice(1) : word) });
  return { kind: 'IcmpMatch', not, type: type === 'any' ? 255 : type };
}

function saved(line: Line, not: number, value: number): IcmpMatch {
  const text = line.text(value);
  const slash = text.indexOf('/');
  const type = TYPE.decode(slash < 0 ? text : text.slice(0, slash));
  const code = slash < 0 ? undefined : BYTE.decode(text.slice(slash + 1));
  if (type === undefined || (slash >= 0 && code === undefined)) line.refuse(value, TYPE.expected);
  const named = type === 'any' ? { type: 255 } : { type: type ?? '' };
  return { kind: 'IcmpMatch', not: not >= 0, ...named, ...(code === undefined ? {} : { code }) };
}

/** `-m icmp`. */
export const icmpMatch: MatchExtension<IcmpMatch> = {
  type: 'match',
  name: 'icmp',
  kind: 'IcmpMatch',
  listing: {
    starts: ['icmptype', 'icmp !type', 'icmp'],
    words: ['code'],
    values: ['icmptype', 'icmp !type', 'icmp'],
    grammar: (g) =>
      g.choose([
        () => {
          g.word('icmptype');
          const type = g.value();
          const code = g.maybe(() => readCode(g, 0), 0);
          return node((line: Line, first: number, second: number) => build(line, false, first, second), type, code);
        },
        () => {
          g.word('icmp !type');
          const type = g.value(1);
          const code = g.maybe(() => readCode(g, 2), 1);
          return node((line: Line, first: number, second: number) => build(line, true, first, second), type, code);
        },
        () => {
          g.word('icmp');
          return node(named, g.value(3));
        },
      ]),
  },
  print({ not, type, code }, { names }) {
    if (names && code === undefined && (typeof type === 'string' || type === 255)) return `icmp ${not ? '!' : ''}${type === 255 ? 'any' : type}`;
    return `icmp${not ? ' !type' : 'type'} ${type}${code === undefined ? '' : ` code ${code}`}`;
  },
  save: {
    starts: ['--icmp-type'],
    values: ['--icmp-type'],
    grammar(g) {
      g.word('--icmp-type');
      return node(saved, g.sign(), g.value());
    },
  },
  printSave: ({ not, type, code }) => `${not ? ' !' : ''} --icmp-type ${type === 255 && code === undefined ? 'any' : type}${code === undefined ? '' : `/${code}`}`,
  samples: ['icmptype 8', 'icmp !type 3 code 1', 'icmptype 255 code 255'],
};

/** `code 4`: the number behind the word. */
function readCode(g: Grammar, nth: number): number {
  g.word('code', nth);
  return g.value(nth + 2);
}
