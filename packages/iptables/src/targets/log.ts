import { node, type Line } from '@netdrift/core';
import { decodeWhole, wholeNumber, type Codec } from '../codec.ts';
import type { Grammar, TargetExtension } from '../extension.ts';
import { printQuoted, readQuoted } from '../rule/quoted.ts';

/** `-j LOG`; `flags` as bits: 1 tcp-sequence, 2 tcp-options, 4 ip-options, 8 uid, 32 macdecode. */
export interface LogTarget {
  readonly kind: 'LogTarget';
  readonly name: 'LOG';
  readonly flags: number;
  readonly level: number;
  readonly prefix?: string;
}

const FLAG_OPTIONS: readonly (readonly [bit: number, word: string, option: string])[] = [
  [1, 'tcp-sequence', '--log-tcp-sequence'],
  [2, 'tcp-options', '--log-tcp-options'],
  [4, 'ip-options', '--log-ip-options'],
  [8, 'uid', '--log-uid'],
  [32, 'macdecode', '--log-macdecode'],
];

const LEVEL_NAMES = ['emerg', 'alert', 'crit', 'error', 'warn', 'notice', 'info', 'debug'];

const LEVEL: Codec<number> = {
  expected: 'a log level 0-7 or its name',
  decode(text) {
    const alias = text === 'panic' ? 'emerg' : text === 'err' ? 'error' : text === 'warning' ? 'warn' : text;
    const named = LEVEL_NAMES.indexOf(alias);
    return named >= 0 ? named : decodeWhole(text, 7);
  },
  print: String,
};

const BITS = wholeNumber(255);

interface Setting {
  readonly bit?: number;
  readonly level?: number;
  readonly prefix?: string;
}

function gather(settings: readonly Setting[]): LogTarget {
  let flags = 0;
  let level = 4;
  let prefix: string | undefined;
  for (const setting of settings) {
    flags |= setting.bit ?? 0;
    level = setting.level ?? level;
    prefix = setting.prefix ?? prefix;
  }
  return { kind: 'LogTarget', name: 'LOG', flags, level, ...(prefix === undefined ? {} : { prefix }) };
}

const numeric = (line: Line, flags: number, level: number, prefix: number): LogTarget => ({
  kind: 'LogTarget',
  name: 'LOG',
  flags: line.read(flags, BITS),
  level: line.read(level, LEVEL),
  ...(prefix < 0 ? {} : { prefix: line.text(prefix) }),
});

const settings = (_line: Line, found: readonly Setting[]): LogTarget => gather(found);
const named = (line: Line, level: number, found: readonly Setting[], prefix: number): LogTarget =>
  gather([{ level: line.read(level, LEVEL) }, ...found, prefix < 0 ? {} : { prefix: line.text(prefix) }]);
const bit = (value: number) => (): Setting => ({ bit: value });
const savedLevel = (line: Line, level: number): Setting => ({ level: line.read(level, LEVEL) });
const savedPrefix = (line: Line, prefix: number): Setting => ({ prefix: readQuoted(line, prefix) });

/** `prefix "TEXT"`: the text is not escaped, and ends where the line ends. */
function readPrefix(g: Grammar, nth: number): number {
  return g.maybe(() => {
    g.word('prefix', nth);
    return g.quoted(nth);
  }, nth);
}

/** `-j LOG`. */
export const logTarget: TargetExtension<LogTarget> = {
  type: 'target',
  name: 'LOG',
  kind: 'LogTarget',
  listing: {
    starts: ['LOG flags', 'LOG level'],
    words: ['level', 'prefix', ...FLAG_OPTIONS.map(([, word]) => word)],
    values: ['LOG flags', 'LOG level', 'level'],
    grammar: (g) =>
      g.choose([
        () => {
          g.word('LOG flags');
          const flags = g.value();
          g.word('level');
          return node(numeric, flags, g.value(1), readPrefix(g, 0));
        },
        () => {
          g.word('LOG level');
          const level = g.value(2);
          const found = g.repeat(() =>
            g.choose(
              FLAG_OPTIONS.map(([value, word]) => () => {
                g.word(word);
                return node(bit(value));
              }),
              1,
            ),
          );
          return node(named, level, found, readPrefix(g, 1));
        },
      ]),
  },
  print({ flags, level, prefix }, { names }) {
    const tail = prefix === undefined ? '' : ` prefix "${prefix}"`;
    if (!names) return `LOG flags ${flags} level ${level}${tail}`;
    const words = FLAG_OPTIONS.filter(([value]) => (flags & value) !== 0).map(([, word]) => ` ${word}`);
    return `LOG level ${LEVEL_NAMES[level] ?? level}${words.join('')}${tail}`;
  },
  save: {
    starts: ['--log-prefix', '--log-level', ...FLAG_OPTIONS.map(([, , option]) => option)],
    values: ['--log-prefix', '--log-level'],
    grammar(g) {
      const found = g.repeat(() =>
        g.choose([
          () => {
            g.word('--log-prefix');
            return node(savedPrefix, g.value());
          },
          () => {
            g.word('--log-level');
            return node(savedLevel, g.value(1));
          },
          ...FLAG_OPTIONS.map(([value, , option]) => () => {
            g.word(option);
            return node(bit(value));
          }),
        ]),
      );
      return node(settings, found);
    },
  },
  printSave({ flags, level, prefix }) {
    const options = FLAG_OPTIONS.filter(([value]) => (flags & value) !== 0).map(([, , option]) => ` ${option}`);
    const text = prefix === undefined ? '' : ` --log-prefix ${printQuoted(prefix)}`;
    return `${text}${level === 4 ? '' : ` --log-level ${level}`}${options.join('')}`;
  },
  samples: ['LOG flags 0 level 4', 'LOG flags 47 level 4 prefix "a b "c""', 'LOG level warn uid prefix "x "'],
};
