import { type Decoder, type Line, node, type Rules, type Template } from '@netdrift/core';
import type { SetOptions } from './ast.ts';
import * as token from './tokens.ts';
import * as values from './values.ts';

type OptionName = Exclude<keyof SetOptions, 'unknown'>;

/** One option of a set, with the token of its keyword; words that no option begins with are `unknown`. */
export interface SetOption {
  readonly name: keyof SetOptions | 'ignored';
  readonly value: SetOptions[keyof SetOptions];
  readonly token: number;
}

/** How the value of each option is read. */
const DECODERS: Readonly<Record<string, Decoder<SetOptions[OptionName]>>> = {
  family: values.family,
  range: values.range,
  size: values.number,
  markmask: values.unsigned32,
  hashsize: values.number,
  maxelem: values.number,
  netmask: values.number,
  bitmask: values.mask,
  timeout: values.number,
  bucketsize: values.number,
  initval: values.unsigned32,
};

const OPTION_NAMES = new Map<string, OptionName>(
  (
    [
      'family',
      'range',
      'size',
      'markmask',
      'hashsize',
      'maxelem',
      'netmask',
      'bitmask',
      'timeout',
      'bucketsize',
      'initval',
      'counters',
      'comment',
      'forceadd',
      'skbinfo',
    ] as const
  ).map((name) => [name, name]),
);

function optionName(keyword: token.Keyword): OptionName {
  const name = OPTION_NAMES.get(keyword.text);
  if (name === undefined) throw new Error(`keyword ${keyword.text} is not an option of a set`);
  return name;
}

function builderOf(keyword: token.Keyword): (line: Line, index: number, value: number) => SetOption {
  const name = optionName(keyword);
  const decoder = DECODERS[keyword.text];
  if (decoder === undefined) return (_line, index) => ({ name, value: true, token: index });
  return (line, index, value) => ({ name, value: line.read(value, decoder), token: index });
}

const builders = token.createKeywords.map((keyword) => ({ keyword, build: builderOf(keyword) }));

const unknownWord = (line: Line, index: number): SetOption => ({ name: 'unknown', value: line.text(index), token: index });
const ignored = (_line: Line, index: number): SetOption => ({ name: 'ignored', value: true, token: index });

/** `hashsize 1024`, `counters`, or a word that this version does not know. */
export function createOptions($: Rules): Template<SetOption> {
  const known = builders.map(({ keyword, build }) => () => {
    const index = $.take(keyword.code);
    return node(
      build,
      index,
      keyword.takesValue
        ? $.take(
            token.value,
            builders.findIndex((entry) => entry.keyword === keyword),
          )
        : index,
    );
  });
  return $.choose<Template<SetOption>>([
    ...known,
    () => node(ignored, $.take(token.exist)),
    () => node(unknownWord, $.take(token.plainWord)),
  ]);
}

/** The options of a line as one value; an option may stand once. */
export function joinOptions(line: Line, options: readonly SetOption[]): SetOptions {
  const joined = new Map<string, SetOption['value']>();
  for (const { name, value, token: index } of options) {
    if (name === 'ignored') continue;
    const before = joined.get(name);
    if (before !== undefined && name !== 'unknown') line.refuse(index, 'each option once');
    joined.set(name, before === undefined ? value : `${String(before)} ${String(value)}`);
  }
  // Names and values come from the table above, pair by pair.
  return Object.fromEntries(joined) as SetOptions;
}
