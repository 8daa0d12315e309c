import { node, type Line } from '@netdrift/core';
import { wholeNumber } from '../codec.ts';
import type { Grammar, MatchExtension } from '../extension.ts';
import { icmpNames } from '../icmp-names.ts';
import { noteSpelling } from '../rule-line.ts';

/** `-m icmp --icmp-type`; type 255 is any type. Without `-n` the tools print a name where they know one. */
export interface IcmpMatch {
  readonly kind: 'IcmpMatch';
  readonly not: boolean;
  readonly type: number | string;
  readonly code?: number;
}

const EXPECTED = 'an ICMP type 0-255 or its name';
const CODE = wholeNumber(255);

/** `icmptype 3 code 4`, `icmp !type 3`: by number. */
const listed =
  (not: boolean) =>
  (line: Line, type: number, code: number): IcmpMatch => ({
    kind: 'IcmpMatch',
    not,
    type: line.read(type, CODE),
    ...(code < 0 ? {} : { code: line.read(code, CODE) }),
  });

/** `icmp type 3 code 4`, before 1.4. */
function listedApart(line: Line, type: number, code: number): IcmpMatch {
  noteSpelling(line, 'icmp-type-apart');
  return listed(false)(line, type, code);
}

/** `icmp echo-request`: without `-n` a name, with its sign joined to it. */
function named(line: Line, value: number): IcmpMatch {
  const text = line.text(value);
  const not = text.startsWith('!');
  const read = icmpNames.read(not ? text.slice(1) : text);
  if (read === undefined) line.refuse(value, EXPECTED);
  return { kind: 'IcmpMatch', not, ...(read ?? { type: 0 }) };
}

/** `--icmp-type 3/4`, `--icmp-type echo-request`. */
function saved(line: Line, not: number, value: number): IcmpMatch {
  const [name = '', digits] = line.text(value).split('/');
  const read = icmpNames.read(name);
  const code = digits === undefined ? undefined : CODE.decode(digits);
  if (read === undefined || (digits !== undefined && code === undefined)) line.refuse(value, EXPECTED);
  return { kind: 'IcmpMatch', not: not >= 0, ...(read ?? { type: 0 }), ...(code === undefined ? {} : { code }) };
}

/** `-m icmp`. */
export const icmpMatch: MatchExtension<IcmpMatch> = {
  type: 'match',
  name: 'icmp',
  kind: 'IcmpMatch',
  listing: {
    starts: ['icmptype', 'icmp type', 'icmp !type', 'icmp'],
    words: ['code'],
    values: ['icmptype', 'icmp type', 'icmp !type', 'icmp'],
    grammar: (g) =>
      g.choose([
        () => {
          g.word('icmptype');
          const type = g.value();
          return node(
            listed(false),
            type,
            g.maybe(() => readCode(g, 0), 0),
          );
        },
        () => {
          g.word('icmp type');
          const type = g.value(2);
          return node(
            listedApart,
            type,
            g.maybe(() => readCode(g, 1), 2),
          );
        },
        () => {
          g.word('icmp !type');
          const type = g.value(1);
          return node(
            listed(true),
            type,
            g.maybe(() => readCode(g, 2), 1),
          );
        },
        () => {
          g.word('icmp');
          return node(named, g.value(3));
        },
      ]),
  },
  print({ not, type, code }, { names, spells }) {
    const name = typeof type === 'string' ? type : names ? icmpNames.nameOf(code === undefined ? { type } : { type, code }) : undefined;
    if (name !== undefined) return `icmp ${not ? '!' : ''}${name}`;
    return `icmp${not ? ' !type' : spells('icmp-type-apart') ? ' type' : 'type'} ${type}${code === undefined ? '' : ` code ${code}`}`;
  },
  save: {
    starts: ['--icmp-type'],
    values: ['--icmp-type'],
    grammar(g) {
      g.word('--icmp-type');
      return node(saved, g.sign(), g.value());
    },
  },
  printSave: ({ not, type, code }) =>
    `${not ? ' !' : ''} --icmp-type ${type === 255 && code === undefined ? 'any' : type}${code === undefined ? '' : `/${code}`}`,
  samples: ['icmptype 8', 'icmp !type 3 code 1', 'icmptype 255 code 255', 'icmp echo-request'],
};

/** `code 4`: the number behind the word. */
function readCode(g: Grammar, nth: number): number {
  g.word('code', nth);
  return g.value(nth + 4);
}
