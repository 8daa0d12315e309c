import { type Decoder, type Line, node, parseCount, type Rules, type Template } from '@netdrift/core';
import type { Member } from './ast.ts';
import * as token from './tokens.ts';
import * as values from './values.ts';

type OptionName = Exclude<keyof Member, 'kind' | 'elements' | 'span'>;

/** One option of a member, with the token of its keyword. */
export interface MemberOption {
  readonly name: OptionName | 'ignored';
  readonly value: Member[OptionName];
  readonly token: number;
}

interface Reading {
  readonly name: OptionName;
  readonly decoder?: Decoder<Member[OptionName]>;
}

const READINGS = new Map<string, Reading>([
  ['timeout', { name: 'timeout', decoder: values.number }],
  ['nomatch', { name: 'nomatch' }],
  ['wildcard', { name: 'wildcard' }],
  ['packets', { name: 'packets', decoder: { expected: 'a whole number', decode: parseCount } }],
  ['bytes', { name: 'bytes', decoder: { expected: 'a whole number', decode: parseCount } }],
  ['comment', { name: 'comment', decoder: values.comment }],
  ['skbmark', { name: 'skbmark', decoder: values.skbmark }],
  ['skbprio', { name: 'skbprio', decoder: values.skbprio }],
  ['skbqueue', { name: 'skbqueue', decoder: values.number }],
]);

const builders = token.memberKeywords.map((keyword) => {
  const reading = READINGS.get(keyword.text);
  if (reading === undefined) throw new Error(`keyword ${keyword.text} is not an option of a member`);
  const { name, decoder } = reading;
  const flag = (_line: Line, index: number, _value: number): MemberOption => ({ name, value: true, token: index });
  if (decoder === undefined) return { keyword, build: flag };
  const valued = (line: Line, index: number, value: number): MemberOption => ({ name, value: line.read(value, decoder), token: index });
  return { keyword, build: valued };
});

const ignored = (_line: Line, index: number): MemberOption => ({ name: 'ignored', value: true, token: index });

/** `timeout 600`, `comment "web servers"`, `nomatch` */
export function memberOptions($: Rules): Template<MemberOption> {
  const known = builders.map(({ keyword, build }, nth) => () => {
    const index = $.take(keyword.code);
    if (!keyword.takesValue) return node(build, index, index);
    if (keyword.text !== 'comment') return node(build, index, $.take(token.value, nth));
    return node(build, index, $.choose([() => $.take(token.quoted), () => $.take(token.value, nth)], { nth: 1 }));
  });
  return $.choose<Template<MemberOption>>([...known, () => node(ignored, $.take(token.exist))]);
}

/** The member with its options, in the order in which ipset prints them; an option may stand once. */
export function addOption(line: Line, member: Pick<Member, 'kind' | 'elements'>, options: readonly MemberOption[]): Member {
  const joined = new Map<string, MemberOption['value']>();
  for (const { name, value, token: index } of options) {
    if (name === 'ignored') continue;
    if (joined.has(name)) line.refuse(index, 'each option once');
    joined.set(name, value);
  }
  const sorted = [...READINGS.values()].filter(({ name }) => joined.has(name)).map(({ name }) => [name, joined.get(name)]);
  // Names and values come from the table above, pair by pair.
  return { ...member, ...(Object.fromEntries(sorted) as Partial<Member>), span: line.lineSpan() };
}
