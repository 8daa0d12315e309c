import {
  isMismatch,
  lineGrammar,
  node,
  type Line,
  type Rule as GrammarRule,
  type Rules,
  type Template,
  type TokenCode,
} from '@netdrift/core';
import type { Match, Target } from '../ast.ts';
import type { MatchExtension, TargetExtension } from '../extension.ts';
import { grammarOver } from '../grammar.ts';
import { knownShapes } from '../known-shapes.ts';
import { implicitForm } from '../rule/implicit-match.ts';
import { icmpMatch } from '../matches/icmp.ts';
import { icmp6Match } from '../matches/icmp6.ts';
import { MATCHES } from '../matches/table.ts';
import { TARGETS } from '../targets/table.ts';
import { vocabularyOf } from '../rule/vocabulary.ts';
import { SAVE_SHAPES } from '../known/save.ts';
import { hasTwice, type RulePart, type SaveShape } from './save-shape.ts';

const matches: readonly MatchExtension<Match>[] = MATCHES;
const targets: readonly TargetExtension<Target>[] = TARGETS;

/** Options of rules that belong to no extension; all spellings, the printed one first. */
const RULE_OPTIONS = {
  protocol: '-p|--protocol|--proto',
  source: '-s|--source|--src',
  destination: '-d|--destination|--dst',
  in: '-i|--in-interface',
  out: '-o|--out-interface',
  fragment: '-f|--fragment|--fragments',
  counters: '-c|--set-counters',
  table: '-t|--table',
} as const;

/** Options without meaning for a rule: which family a line of a mixed file is for, and waiting for the lock. */
const FAMILY = { ipv4: '-4|--ipv4', ipv6: '-6|--ipv6' } as const;

/** The words of all save forms. */
export const SAVE = vocabularyOf([
  ...matches.map((match) => match.save),
  ...targets.map((target) => target.save),
  implicitForm,
  {
    starts: [...Object.values(RULE_OPTIONS), ...Object.values(FAMILY)],
    values: Object.values(RULE_OPTIONS).filter((option) => option !== RULE_OPTIONS.fragment),
    grammar: () => node(() => undefined),
  },
]);

const { tokens } = SAVE;

/** Tokens of a save form that are told by their place. */
export const PLACE = {
  /** `*nat`; the token is the name. */
  table: tokens.add('*table'),
  /** `:INPUT`; the token is the name. */
  declaration: tokens.add(':chain'),
  commit: tokens.add('COMMIT'),
  /** `[12:3456]`; the token is what stands in the brackets. */
  counters: tokens.add('[counters]'),
  append: tokens.add('-A'),
  insert: tokens.add('-I'),
  newChain: tokens.add('-N'),
  policy: tokens.add('-P'),
  /** The name of a chain or a policy. */
  name: tokens.add('Name'),
  /** `-j NAME`; the token is the name. */
  jump: tokens.add('-j'),
  goto: tokens.add('-g'),
} as const;

/** `-m NAME` of every match of the table, one token. */
export const MATCH_CODES: ReadonlyMap<string, TokenCode> = new Map(matches.map(({ name }) => [name, tokens.add(`-m ${name}`)]));
/** `-j NAME` of every target of the table, one token. */
export const JUMP_CODES: ReadonlyMap<string, TokenCode> = new Map(targets.map(({ name }) => [name, tokens.add(`-j ${name}`)]));

const grammar = lineGrammar<SaveShape>({
  tokens,
  start: 'line',
  known: SAVE_SHAPES,
  rules: {
    line: ($) =>
      $.choose([
        () => node((_line: Line, name: number): SaveShape => ({ line: 'table', name }), $.take(PLACE.table)),
        () => $.rule('declaration'),
        () => {
          $.take(PLACE.commit);
          return node((): SaveShape => ({ line: 'commit' }));
        },
        () => $.rule('policy'),
        () => $.rule('newChain'),
        () => $.rule('rule'),
      ]),
    declaration: ($) => {
      const name = $.take(PLACE.declaration);
      const policy = $.take(PLACE.name);
      const counters = $.maybe(() => $.take(PLACE.counters));
      return node(
        (_line: Line, called: number, verdict: number, counted: number): SaveShape => ({
          line: 'declaration',
          name: called,
          policy: verdict,
          counters: counted,
        }),
        name,
        policy,
        counters,
      );
    },
    policy: ($) => {
      $.take(PLACE.policy);
      const name = $.take(PLACE.name);
      const policy = $.take(PLACE.name, 1);
      const counted = $.maybe(() => $.rule<RulePart>('counters'));
      return node(
        (_line: Line, called: number, verdict: number, counters: RulePart | number): SaveShape => ({
          line: 'policy',
          name: called,
          policy: verdict,
          packets: typeof counters === 'object' && counters.part === 'counters' ? counters.packets : -1,
          bytes: typeof counters === 'object' && counters.part === 'counters' ? counters.bytes : -1,
        }),
        name,
        policy,
        counted,
      );
    },
    newChain: ($) => {
      $.take(PLACE.newChain);
      return node((_line: Line, name: number): SaveShape => ({ line: 'newChain', name }), $.take(PLACE.name));
    },
    rule: readRule,
    counters: ($) => {
      $.take(SAVE.code(RULE_OPTIONS.counters));
      const packets = $.take(SAVE.word);
      const bytes = $.take(SAVE.word, 1);
      return node(
        (_line: Line, first: number, second: number): RulePart => ({ part: 'counters', packets: first, bytes: second }),
        packets,
        bytes,
      );
    },
    unknown: ($) => {
      const first = $.next();
      $.take(SAVE.loose);
      $.repeat(() => $.take(SAVE.loose, 1));
      const end = $.next();
      return node((): RulePart => ({ part: 'unknown', first, end }));
    },
    implicit: ($) => fragment($, 'implicit', () => implicitForm.grammar(grammarOver($, SAVE))),
    'implicit icmp': ($) => fragment($, 'implicit', () => icmpMatch.save.grammar(grammarOver($, SAVE))),
    'implicit icmp6': ($) => fragment($, 'implicit', () => icmp6Match.save.grammar(grammarOver($, SAVE))),
    ...Object.fromEntries(
      matches.map((match): [string, GrammarRule] => [
        `match-${match.name}`,
        ($) => {
          const code = MATCH_CODES.get(match.name) ?? -1;
          return fragment($, 'match', () => behind($, code, () => match.save.grammar(grammarOver($, SAVE))));
        },
      ]),
    ),
    ...Object.fromEntries(
      targets.map((target): [string, GrammarRule] => [
        `target-${target.name}`,
        ($) => {
          const code = JUMP_CODES.get(target.name) ?? -1;
          return fragment($, 'target', () => behind($, code, () => target.save.grammar(grammarOver($, SAVE))));
        },
      ]),
    ),
  },
});

/** The grammar itself, for the test that validates it. */
export const SAVE_GRAMMAR = grammar;

function behind<N>($: Rules, code: TokenCode, read: () => N): N {
  $.take(code);
  return read();
}

/** Wraps a fragment's template in a part: the shape keeps the template, and the rule instantiates it. */
function fragment($: Rules, part: 'match' | 'implicit' | 'target', read: () => Template<unknown>): Template<RulePart> {
  const first = $.next();
  const template = read();
  const end = $.next();
  // A target's fragment is under a target's name, a match's under a match's: the table gives the node type.
  return node((): RulePart => {
    parts += 1;
    return { part, template, first, end, id: parts } as RulePart;
  });
}

let parts = 0;

function readRule($: Rules) {
  const counters = $.maybe(() => $.take(PLACE.counters));
  const insert = $.choose([() => $.take(PLACE.append), () => $.take(PLACE.insert)]);
  const chain = $.take(PLACE.name);
  const at = $.maybe(() => $.take(PLACE.name, 1), 1);
  const parts = $.repeat(() =>
    $.choose(
      [
        ...(['protocol', 'source', 'destination', 'in', 'out'] as const).map((part, nth) => () => {
          $.take(SAVE.code(RULE_OPTIONS[part]));
          const not = $.maybe(() => $.take(SAVE.bang, nth), 10 + nth);
          return node(
            (_line: Line, sign: number, value: number): RulePart => ({ part, not: sign >= 0, value }),
            not,
            $.take(SAVE.word, nth),
          );
        }),
        () => {
          $.take(SAVE.code(RULE_OPTIONS.fragment));
          const not = $.maybe(() => $.take(SAVE.bang, 9), 19);
          return node((_line: Line, sign: number): RulePart => ({ part: 'fragment', not: sign >= 0 }), not);
        },
        () => $.rule<RulePart>('counters'),
        () => {
          $.take(SAVE.code(RULE_OPTIONS.table));
          return node((_line: Line, value: number): RulePart => ({ part: 'table', value }), $.take(SAVE.word, 8));
        },
        ...(['ipv4', 'ipv6'] as const).map((family) => () => {
          $.take(SAVE.code(FAMILY[family]));
          return node((): RulePart => ({ part: 'family', family }));
        }),
        () => node((_line: Line, value: number): RulePart => ({ part: 'jump', value }), $.take(PLACE.jump)),
        () => node((_line: Line, value: number): RulePart => ({ part: 'goto', value }), $.take(PLACE.goto)),
        ...matches.map((match) => () => $.rule<RulePart>(`match-${match.name}`)),
        ...targets.map((target) => () => $.rule<RulePart>(`target-${target.name}`)),
        () => $.rule<RulePart>('implicit'),
        () => $.rule<RulePart>('implicit icmp'),
        () => $.rule<RulePart>('implicit icmp6'),
        () => $.rule<RulePart>('unknown'),
      ],
      { nth: 1 },
    ),
  );
  return node(
    (line: Line, counted: number, verb: number, called: number, place: number, found: readonly RulePart[]): SaveShape => ({
      line: 'rule',
      chain: called,
      insert: line.type(verb) === PLACE.insert ? verb : -1,
      at: place,
      counters: counted,
      parts: found,
      isTwice: hasTwice(found),
    }),
    counters,
    insert,
    chain,
    at,
    parts,
  );
}

/** Shapes of lines met so far. */
export const shapesOfSaves = knownShapes<SaveShape>();

const MAX_ATTEMPTS = 9;

/** The template of a scanned line, or undefined where it is not a line of a save form. Words that lead nowhere become unknown text. */
export function learnSaved(line: Line): Template<SaveShape> | undefined {
  return line.keepingTypes(() => learnByDemoting(line, grammar.learn));
}

/** The same by the grammar alone. */
export function deriveSaved(line: Line): Template<SaveShape> | undefined {
  return line.keepingTypes(() => learnByDemoting(line, grammar.derive));
}

function learnByDemoting(line: Line, read: typeof grammar.learn): Template<SaveShape> | undefined {
  for (let attempt = 0; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const learned = read(line);
    if (!isMismatch(learned)) return learned;
    const { rule, ruleStart, at } = learned;
    if (!demote(line, isFragment(rule) ? ruleStart : at) && !demote(line, at)) return undefined;
  }
  return undefined;
}

function isFragment(rule: string): boolean {
  return rule !== 'rule' && rule !== 'line' && rule !== '';
}

const FIXED: ReadonlySet<TokenCode> = new Set(Object.values(PLACE));

function demote(line: Line, index: number): boolean {
  if (index >= line.count || FIXED.has(line.type(index)) || line.type(index) === SAVE.plain) return false;
  line.retype(index, SAVE.plain);
  return true;
}
