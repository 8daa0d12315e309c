import { ABSENT, type Decoder, type Line, lineGrammar, node, type Part, type Rule, type Rules, type Template } from '@netdrift/core';
import type { Element, Member, SetOptions } from './ast.ts';
import { addOption, type MemberOption, memberOptions } from './member-options.ts';
import { elementDecoders } from './elements.ts';
import { createOptions, joinOptions, type SetOption } from './set-options.ts';
import { anyType, findSetType, type SetType, setTypes } from './set-types.ts';
import * as token from './tokens.ts';
import * as values from './values.ts';
import { LINE_SHAPES } from './known/lines.ts';

/** What one line says of a set, or one member of it. */
export type IpsetLine =
  | { readonly kind: 'Name'; readonly name: string }
  | { readonly kind: 'Type'; readonly type: string }
  | { readonly kind: 'Number'; readonly field: 'revision' | 'memory' | 'references' | 'entries'; readonly number: number }
  | { readonly kind: 'Header'; readonly options: SetOptions }
  | { readonly kind: 'Members' }
  | { readonly kind: 'Create'; readonly name: string; readonly type: string; readonly options: SetOptions }
  | { readonly kind: 'Add'; readonly name: string; readonly member: Member }
  | Member;

/** The name of a type as ipset prints it today, whatever alias stands in the text. */
function canonicalType(line: Line, index: number): string {
  return findSetType(line.text(index))?.name ?? line.name(index);
}

const nameLine = (line: Line, name: number): IpsetLine => ({ kind: 'Name', name: line.read(name, setName) });
const typeLine = (line: Line, type: number): IpsetLine => ({ kind: 'Type', type: canonicalType(line, type) });
const headerLine = (line: Line, options: SetOption[]): IpsetLine => ({ kind: 'Header', options: joinOptions(line, options) });
const membersLine = (): IpsetLine => ({ kind: 'Members' });
const createLine = (line: Line, name: number, type: number, options: SetOption[]): IpsetLine => ({
  kind: 'Create',
  name: line.read(name, setName),
  type: canonicalType(line, type),
  options: joinOptions(line, options),
});
const addLine = (line: Line, name: number, member: Member): IpsetLine => ({ kind: 'Add', name: line.read(name, setName), member });

/** IPSET_MAXNAMELEN is 32, with the final zero. */
const setName: Decoder<string> = {
  expected: 'the name of a set, at most 31 characters',
  decode: (text) => (text.length <= 31 ? text : undefined),
};

function numberLine(field: 'revision' | 'memory' | 'references' | 'entries'): (line: Line, index: number) => IpsetLine {
  return (line, index) => ({ kind: 'Number', field, number: line.read(index, values.number) });
}

function memberLine(line: Line, elements: (Element | number)[], options: MemberOption[]): Member {
  const present =
    elements.length === 1 || elements[elements.length - 1] !== ABSENT ? elements : elements.filter((element) => element !== ABSENT);
  // Only a missing last element is a number, and that one is gone.
  const all = present as Element[];
  // One object, not one that grows: most members have no options.
  if (options.length === 0) return { kind: 'Member', elements: all, span: line.lineSpan() };
  return addOption(line, { kind: 'Member', elements: all }, options);
}

const elementBuilders = new Map(
  Object.entries(elementDecoders).map(([dimension, decoder]) => [
    dimension,
    (line: Line, index: number): Element => line.read(index, decoder),
  ]),
);

function element($: Rules, dimension: token.Dimension, nth: number): Template<Element> {
  const build = elementBuilders.get(dimension);
  if (build === undefined) throw new Error(`no element of dimension ${dimension}`);
  return node(build, $.take(token.elements[dimension], nth));
}

/** A member of one type: an element for each of its dimensions, then options. */
function memberRule({ token: head, dimensions, optional }: SetType): Rule {
  return ($) => {
    $.take(head);
    const parts: Part[] = dimensions.map((dimension, index) => {
      const nth = dimensions.slice(0, index).filter((earlier) => earlier === dimension).length;
      return index < dimensions.length - optional ? element($, dimension, nth) : $.maybe(() => element($, dimension, nth));
    });
    // Each part is the template of an element, or ABSENT for a missing last one.
    return node(
      memberLine,
      parts as Template<Element>[],
      $.repeat(() => $.rule<MemberOption>('memberOption')),
    );
  };
}

/** Names of rules are words: `hash:ip,port` is read by `hash_ip_port`. */
const ruleName = ({ name }: SetType): string => name.replaceAll(/[:,]/g, '_');

const memberRules = Object.fromEntries(setTypes.map((type) => [ruleName(type), memberRule(type)]));

const labelled = ($: Rules, label: number, field: 'revision' | 'memory' | 'references' | 'entries', nth: number): Template<IpsetLine> => {
  $.take(label);
  return node(numberLine(field), $.take(token.word, nth));
};

/** Every line of a listing or a save; the first token says what the line is. */
export const grammar = lineGrammar<IpsetLine>({
  tokens: token.tokens,
  start: 'line',
  known: LINE_SHAPES,
  rules: {
    line: ($) =>
      $.choose<Template<IpsetLine>>([
        () => {
          $.take(token.nameLabel);
          return node(nameLine, $.take(token.setName));
        },
        () => {
          $.take(token.typeLabel);
          return node(typeLine, $.take(token.typeName));
        },
        () => labelled($, token.revisionLabel, 'revision', 0),
        () => {
          $.take(token.headerLabel);
          return node(
            headerLine,
            $.repeat(() => $.rule<SetOption>('setOption')),
          );
        },
        () => labelled($, token.memoryLabel, 'memory', 1),
        () => labelled($, token.referencesLabel, 'references', 2),
        () => labelled($, token.entriesLabel, 'entries', 3),
        () => {
          $.take(token.membersLabel);
          return node(membersLine);
        },
        () => $.rule<IpsetLine>('create'),
        () => $.rule<IpsetLine>('add'),
        () => $.rule<Member>('member'),
      ]),
    // create KUBE-CLUSTER-IP hash:ip,port family inet hashsize 1024 maxelem 65536
    create: ($) => {
      $.take(token.create);
      $.maybe(() => $.take(token.exist));
      const name = $.take(token.setName);
      const type = $.take(token.typeName);
      return node(
        createLine,
        name,
        type,
        $.repeat(() => $.rule<SetOption>('setOption')),
      );
    },
    // add KUBE-CLUSTER-IP 10.96.0.1,tcp:443
    add: ($) => {
      $.take(token.add);
      $.maybe(() => $.take(token.exist));
      return node(addLine, $.take(token.setName), $.rule<Member>('member'));
    },
    member: ($) => $.choose([...setTypes.map((type) => () => $.rule<Member>(ruleName(type))), () => $.rule<Member>('memberOfAnyType')]),
    ...memberRules,
    memberOfAnyType: ($) => {
      $.take(anyType);
      const elements = $.repeat(() => element($, 'any', 0));
      return node(
        memberLine,
        elements,
        $.repeat(() => $.rule<MemberOption>('memberOption'), 1),
      );
    },
    setOption: createOptions,
    memberOption: memberOptions,
  },
});
