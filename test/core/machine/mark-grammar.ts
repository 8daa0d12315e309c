import {
  endOfWord,
  isMismatch,
  Line,
  lineGrammar,
  node,
  skipBlanks,
  tokenSet,
  wordTable,
  type KnownShapes,
  type LineGrammarOptions,
} from '@netdrift/core';

/** A small format for the tests of the machine: `name [!] mark 0xN [set|save] { flag }`. */
const tokens = tokenSet();
export const word = tokens.add('Word');
const bang = tokens.add('Bang');
const mark = tokens.add('mark', word);
const set = tokens.add('set', word);
const save = tokens.add('save', word);
const flag = tokens.add('flag', word);
const words = wordTable([
  ['!', bang],
  ['mark', mark],
  ['set', set],
  ['save', save],
  ['flag', flag],
]);

const hex = {
  expected: 'a number 0x…',
  decode: (text: string): number | undefined => (text.startsWith('0x') ? Number(text) : undefined),
};

export interface MarkEntry {
  readonly kind: 'MarkEntry';
  readonly name: string;
  readonly not: boolean;
  readonly value: number;
  readonly action?: { readonly kind: 'Action'; readonly word: string };
  readonly flags: number;
}

function action(line: Line, index: number) {
  return { kind: 'Action', word: line.text(index) } as const;
}

type Action = ReturnType<typeof action>;

function entry(line: Line, name: number, not: number, value: number, found: Action | number, flags: number[]): MarkEntry {
  return {
    kind: 'MarkEntry',
    name: line.name(name),
    not: line.flag(not),
    value: line.read(value, hex),
    ...(typeof found === 'number' ? {} : { action: found }),
    flags: flags.length,
  };
}

const rules: LineGrammarOptions['rules'] = {
  entry: ($) => {
    const name = $.take(word);
    const not = $.maybe(() => $.take(bang));
    $.take(mark);
    const value = $.take(word, 1);
    const found = $.maybe(() => $.rule<Action>('action'), 1);
    const flags = $.repeat(() => $.take(flag));
    return node(entry, name, not, value, found, flags);
  },
  action: ($) => node(action, $.choose([() => $.take(set), () => $.take(save)])),
};

export const grammar = lineGrammar<MarkEntry>({ tokens, start: 'entry', rules });

/** The same grammar with shapes that are known. */
export const grammarWith = (known: KnownShapes) => lineGrammar<MarkEntry>({ tokens, start: 'entry', rules, known });

/** Cuts a line at blanks; the first word is a name whatever it spells. */
export function scan(text: string): Line {
  const line = new Line(text);
  const { bytes } = line;
  line.begin(0, text.length);
  for (let start = skipBlanks(bytes, 0, text.length); start < text.length;) {
    const end = endOfWord(bytes, start, text.length);
    const code = line.count === 0 ? -1 : words.find(bytes, start, end);
    line.push(code < 0 ? word : code, start, end);
    start = skipBlanks(bytes, end, text.length);
  }
  return line;
}

export { isMismatch };
