import { node, type Line } from '@netdrift/core';
import { wholeNumber } from '../codec.ts';
import type { Grammar, MatchExtension } from '../extension.ts';
import { icmpv6Names } from '../icmp-names.ts';
import { noteSpelling } from '../rule-line.ts';

/** `-m icmp6 --icmpv6-type`. Without `-n` the tools print a name where they know one. */
export interface Icmp6Match {
  readonly kind: 'Icmp6Match';
  readonly not: boolean;
  readonly type: number | string;
  readonly code?: number;
}

const EXPECTED = 'an ICMP type 0-255 or its name';
const CODE = wholeNumber(255);

/** `ipv6-icmptype 3 code 4`, `ipv6-icmp !type 3`: by number. */
const listed =
  (not: boolean) =>
  (line: Line, type: number, code: number): Icmp6Match => ({
    kind: 'Icmp6Match',
    not,
    type: line.read(type, CODE),
    ...(code < 0 ? {} : { code: line.read(code, CODE) }),
  });

/** `ipv6-icmp type 3 code 4`, before 1.4. */
function listedApart(line: Line, type: number, code: number): Icmp6Match {
  noteSpelling(line, 'ipv6-icmp-type-apart');
  return listed(false)(line, type, code);
}

/** `ipv6-icmp echo-request`: without `-n` a name, with its sign joined to it. */
function named(line: Line, value: number): Icmp6Match {
  const text = line.text(value);
  const not = text.startsWith('!');
  const read = icmpv6Names.read(not ? text.slice(1) : text);
  if (read === undefined) line.refuse(value, EXPECTED);
  return { kind: 'Icmp6Match', not, ...(read ?? { type: 0 }) };
}

/** `--icmpv6-type 3/4`, `--icmpv6-type echo-request`. */
function saved(line: Line, not: number, value: number): Icmp6Match {
  const [name = '', digits] = line.text(value).split('/');
  const read = icmpv6Names.read(name);
  const code = digits === undefined ? undefined : CODE.decode(digits);
  if (read === undefined || (digits !== undefined && code === undefined)) line.refuse(value, EXPECTED);
  return { kind: 'Icmp6Match', not: not >= 0, ...(read ?? { type: 0 }), ...(code === undefined ? {} : { code }) };
}

/** `-m icmp6`. */
export const icmp6Match: MatchExtension<Icmp6Match> = {
  type: 'match',
  name: 'icmp6',
  kind: 'Icmp6Match',
  listing: {
    starts: ['ipv6-icmptype', 'ipv6-icmp type', 'ipv6-icmp !type', 'ipv6-icmp'],
    words: ['code'],
    values: ['ipv6-icmptype', 'ipv6-icmp type', 'ipv6-icmp !type', 'ipv6-icmp'],
    grammar: (g) =>
      g.choose([
        () => {
          g.word('ipv6-icmptype');
          const type = g.value();
          return node(
            listed(false),
            type,
            g.maybe(() => readCode(g, 0), 0),
          );
        },
        () => {
          g.word('ipv6-icmp type');
          const type = g.value(2);
          return node(
            listedApart,
            type,
            g.maybe(() => readCode(g, 1), 2),
          );
        },
        () => {
          g.word('ipv6-icmp !type');
          const type = g.value(1);
          return node(
            listed(true),
            type,
            g.maybe(() => readCode(g, 2), 1),
          );
        },
        () => {
          g.word('ipv6-icmp');
          return node(named, g.value(3));
        },
      ]),
  },
  print({ not, type, code }, { names, spells }) {
    const name = typeof type === 'string' ? type : names ? icmpv6Names.nameOf(code === undefined ? { type } : { type, code }) : undefined;
    if (name !== undefined) return `ipv6-icmp ${not ? '!' : ''}${name}`;
    return `ipv6-icmp${not ? ' !type' : spells('ipv6-icmp-type-apart') ? ' type' : 'type'} ${type}${code === undefined ? '' : ` code ${code}`}`;
  },
  save: {
    starts: ['--icmpv6-type'],
    values: ['--icmpv6-type'],
    grammar(g) {
      g.word('--icmpv6-type');
      return node(saved, g.sign(), g.value());
    },
  },
  printSave: ({ not, type, code }) =>
    `${not ? ' !' : ''} --icmpv6-type ${type === 255 && code === undefined ? 'any' : type}${code === undefined ? '' : `/${code}`}`,
  samples: ['ipv6-icmptype 134', 'ipv6-icmp !type 128', 'ipv6-icmp port-unreachable'],
};

/** `code 4`: the number behind the word. */
function readCode(g: Grammar, nth: number): number {
  g.word('code', nth);
  return g.value(nth + 4);
}
