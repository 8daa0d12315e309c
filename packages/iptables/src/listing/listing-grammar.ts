import {
  ABSENT,
  isMismatch,
  lineGrammar,
  node,
  type Line,
  type Part,
  type Rule as GrammarRule,
  type Rules,
  type Template,
  type TokenCode,
} from '@netdrift/core';
import type { Match, Target } from '../ast.ts';
import type { Form, MatchExtension, TargetExtension } from '../extension.ts';
import { grammarOver } from '../grammar.ts';
import { knownShapes } from '../known-shapes.ts';
import { MATCHES } from '../matches/table.ts';
import { TARGETS } from '../targets/table.ts';
import { vocabularyOf } from '../rule/vocabulary.ts';
import { LISTING_SHAPES } from '../known/listing.ts';

/** A piece of a rule's text: the template of its node (none: text no extension knows), and the tokens it was read from. */
export interface Piece<N> {
  /** Tells the piece from those of other shapes. */
  readonly id: number;
  readonly template?: Template<N | readonly N[]>;
  readonly first: number;
  /** Index after the last token. */
  readonly end: number;
}

/** What the grammar makes of the shape of a rule's line: places of the columns, and templates of what follows. */
export interface RuleShape {
  readonly num: number;
  readonly packets: number;
  readonly bytes: number;
  readonly target: number;
  readonly protocol: number;
  readonly notProtocol: boolean;
  readonly opt: number;
  readonly in: number;
  readonly notIn: boolean;
  readonly out: number;
  readonly notOut: boolean;
  readonly source: number;
  readonly notSource: boolean;
  readonly destination: number;
  readonly notDestination: boolean;
  readonly goto: boolean;
  readonly matches: readonly Piece<Match>[];
  readonly text?: Piece<Target>;
  /** The name in the target column is one of the table's. */
  readonly known: boolean;
  /** The target where no text follows for it. */
  readonly plain?: Target;
}

const all: readonly TargetExtension<Target>[] = TARGETS;
const matches: readonly MatchExtension<Match>[] = MATCHES;
const targets = all.filter(hasText);

/** The words of all listing forms. */
export const LISTING = vocabularyOf(
  matches.map((match) => match.listing),
  {
    bound: targets.map((target) => target.listing),
    quotedToEnd: ['prefix'],
    joined: matches.filter((match) => match.joined === true).flatMap((match) => match.listing.starts),
  },
);

/** The tokens of the columns; they are told by place, never by what they spell. */
export const COLUMN = {
  number: LISTING.tokens.add('Number'),
  count: LISTING.tokens.add('Count'),
  target: LISTING.tokens.add('Target'),
  protocol: LISTING.tokens.add('Protocol'),
  opt: LISTING.tokens.add('Opt'),
  interface: LISTING.tokens.add('Interface'),
  address: LISTING.tokens.add('Address'),
  goto: LISTING.tokens.add('Goto'),
} as const;

/** Names of the target column that are a token type of their own, because text may belong to them. */
export const TARGET_CODES: ReadonlyMap<string, TokenCode> = new Map(
  [...new Set(all.map(columnOf))].map((name) => [name, LISTING.tokens.add(`Target ${name}`, COLUMN.target)]),
);

/** For a name in the target column: where its text begins when neither word nor blank stands before it, and its token there. */
export const JOINED_TEXT: ReadonlyMap<TokenCode, { readonly token: TokenCode; readonly find: NonNullable<TargetExtension['joinedText']> }> =
  new Map(
    targets.flatMap((target) => {
      const code = TARGET_CODES.get(columnOf(target));
      const { joinedText: find } = target;
      const alone = target.listing.starts.at(-1);
      return code === undefined || find === undefined || alone === undefined ? [] : [[code, { token: LISTING.code(alone), find }] as const];
    }),
  );

/** A bit of the vocabulary's flags: the name is one of {@link JOINED_TEXT}. */
export const HAS_JOINED_TEXT = 32;
for (const code of JOINED_TEXT.keys()) LISTING.flags[code] = HAS_JOINED_TEXT;

/** For each name in the target column: which ordinary words begin its text, and their types there. */
const startsBehind = new Map<TokenCode, Map<TokenCode, TokenCode>>();
for (const target of targets) {
  const code = TARGET_CODES.get(columnOf(target)) ?? -1;
  const starts = startsBehind.get(code) ?? new Map<TokenCode, TokenCode>();
  for (const start of target.listing.starts) {
    const word = LISTING.code(start);
    starts.set(word, LISTING.tokens.add(`${start} behind ${columnOf(target)}`, word));
  }
  startsBehind.set(code, starts);
}

const EXTENSIONS = new Map<TokenCode, readonly TargetExtension<Target>[]>(
  [...TARGET_CODES].map(([name, code]) => [code, all.filter((target) => columnOf(target) === name)]),
);

const ranges = new WeakMap<Template<unknown>, readonly [first: number, end: number]>();
const UNKNOWN = (): undefined => undefined;

const grammar = lineGrammar<unknown>({
  tokens: LISTING.tokens,
  start: 'rule',
  known: LISTING_SHAPES,
  rules: {
    rule: readRule,
    unknown: ($) =>
      within($, () =>
        node(
          UNKNOWN,
          $.take(LISTING.loose),
          $.repeat(() => $.take(LISTING.loose, 1)),
        ),
      ),
    ...Object.fromEntries(matches.map((match) => [`match-${match.name}`, matchFragment(match)])),
    ...Object.fromEntries(targets.map((target) => [`target-${target.name}`, targetFragment(target)])),
  },
});

/** The grammar itself, for the test that validates it. */
export const LISTING_GRAMMAR = grammar;

/** Columns, matches and unknown text in any order, the text of the target, and perhaps unknown text behind it. */
function readRule($: Rules): Part {
  const columns = [
    $.maybe(() => $.take(COLUMN.number), 0),
    $.maybe(() => $.take(COLUMN.count), 1),
    $.maybe(() => $.take(COLUMN.count, 1), 2),
    $.maybe(() => $.take(COLUMN.target), 3),
    $.take(COLUMN.protocol),
    $.maybe(() => $.take(LISTING.bang), 4),
    $.maybe(() => $.take(COLUMN.opt), 5),
    $.maybe(() => $.take(COLUMN.interface), 6),
    $.maybe(() => $.take(LISTING.bang, 1), 7),
    $.maybe(() => $.take(COLUMN.interface, 1), 8),
    $.maybe(() => $.take(LISTING.bang, 2), 9),
    $.take(COLUMN.address),
    $.maybe(() => $.take(LISTING.bang, 3), 10),
    $.take(COLUMN.address, 1),
    $.maybe(() => $.take(LISTING.bang, 4), 11),
    $.maybe(() => $.take(COLUMN.goto), 12),
  ];
  const found = $.repeat(() => $.choose([...matches.map((match) => () => $.rule(`match-${match.name}`)), () => $.rule('unknown')]));
  const text = $.maybe(
    () =>
      $.choose(
        targets.map((target) => () => $.rule(`target-${target.name}`)),
        { nth: 1 },
      ),
    13,
  );
  const rest = $.maybe(() => $.rule('unknown', 1), 14);
  return node(UNKNOWN, columns, found, text, rest);
}

function matchFragment(match: MatchExtension): GrammarRule {
  return ($) => within($, () => match.listing.grammar(grammarOver($, LISTING)));
}

/** A target's fragment reads its starts as the types they have behind its name. */
function targetFragment(target: TargetExtension): GrammarRule {
  const starts = startsBehind.get(TARGET_CODES.get(columnOf(target)) ?? -1);
  return ($) => within($, () => target.listing.grammar(grammarOver($, LISTING, (code) => starts?.get(code) ?? code)));
}

function within($: Rules, read: () => Template<unknown>): Template<unknown> {
  const first = $.next();
  const template = read();
  const end = $.next();
  // While the grammar is recorded rules may give placeholders that are no objects of ours.
  if (typeof template === 'object') ranges.set(template, [first, end]);
  return template;
}

function hasText(extension: { readonly listing: Form<unknown> }): boolean {
  return extension.listing.starts.length > 0;
}

/** The word in the target column; `NOTRACK` is listed under `CT`. */
function columnOf(target: TargetExtension): string {
  return target.column ?? target.name;
}

/** Shapes of rules met so far. */
export const shapesOfRules = knownShapes<RuleShape>();

/** How often a line is read again with one word fewer taken for the start of something. */
const MAX_ATTEMPTS = 9;

/**
 * The shape of a scanned rule, or undefined where its columns are not those of a rule. A word that starts something but
 * does not go on like it becomes an ordinary word, and the line is read again; after {@link MAX_ATTEMPTS} all of its
 * text becomes ordinary words.
 */
export function learnRule(line: Line): RuleShape | undefined {
  return line.keepingTypes(() => learnByDemoting(line, grammar.learn));
}

/** The same by the grammar alone. */
export function deriveRule(line: Line): RuleShape | undefined {
  return line.keepingTypes(() => learnByDemoting(line, grammar.derive));
}

function learnByDemoting(line: Line, read: typeof grammar.learn): RuleShape | undefined {
  bindTargetStarts(line);
  for (let attempt = 0; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const learned = read(line);
    if (!isMismatch(learned)) return shapeOf(learned, line);
    const { rule, ruleStart, at } = learned;
    if (attempt === MAX_ATTEMPTS) loosen(line);
    else if (!demote(line, rule === 'rule' || rule === '' ? at : ruleStart) && !demote(line, at)) return undefined;
  }
  const last = read(line);
  return isMismatch(last) ? undefined : shapeOf(last, line);
}

function bindTargetStarts(line: Line): void {
  for (let index = 0; index < Math.min(line.count, 4); index += 1) {
    const starts = startsBehind.get(line.type(index));
    if (starts === undefined) continue;
    for (let word = index + 1; word < line.count; word += 1) {
      const bound = starts.get(line.type(word));
      if (bound !== undefined) line.retype(word, bound);
    }
    return;
  }
}

/** Makes a word of the text an ordinary word; columns and ordinary words stay as they are. */
function demote(line: Line, index: number): boolean {
  if (index >= line.count || index <= lastColumn(line) || line.type(index) === LISTING.plain) return false;
  line.retype(index, LISTING.plain);
  return true;
}

function loosen(line: Line): void {
  for (let index = lastColumn(line) + 1; index < line.count; index += 1) {
    if (line.type(index) !== LISTING.comment) line.retype(index, LISTING.plain);
  }
}

function lastColumn(line: Line): number {
  for (let index = line.count - 1; index >= 0; index -= 1) {
    const type = line.type(index);
    if (type === COLUMN.address || type === COLUMN.goto)
      return line.type(index + 1) === LISTING.bang && type === COLUMN.address ? index + 1 : index;
  }
  return line.count;
}

function shapeOf({ parts }: Template<unknown>, line: Line): RuleShape {
  const [columns, found, text, rest] = parts;
  const at = (index: number): number => {
    const place = Array.isArray(columns) ? columns[index] : ABSENT;
    return typeof place === 'number' ? place : ABSENT;
  };
  const run: readonly Part[] = Array.isArray(found) ? found : [];
  const target = at(3);
  const extensions = target < 0 ? [] : (EXTENSIONS.get(line.type(target)) ?? []);
  const pieces = [...run, rest ?? ABSENT].filter(isTemplate).map((part) => pieceOf<Match>(part));
  return {
    num: at(0),
    packets: at(1),
    bytes: at(2),
    target,
    known: extensions.length > 0,
    protocol: at(4),
    notProtocol: at(5) >= 0,
    opt: at(6),
    in: at(7),
    notIn: at(8) >= 0,
    out: at(9),
    notOut: at(10) >= 0,
    source: at(11),
    notSource: at(12) >= 0,
    destination: at(13),
    notDestination: at(14) >= 0,
    goto: at(15) >= 0,
    matches: pieces,
    ...plainOf(extensions),
    ...(text !== undefined && isTemplate(text) ? { text: pieceOf<Target>(text) } : {}),
  };
}

function plainOf(extensions: readonly TargetExtension<Target>[]): { readonly plain?: Target } {
  const plain = extensions.find((extension) => extension.plain !== undefined)?.plain;
  return plain === undefined ? {} : { plain };
}

function isTemplate(part: Part): part is Template<unknown> {
  return typeof part === 'object' && 'build' in part;
}

let pieces = 0;

function pieceOf<N>(template: Template<unknown>): Piece<N> {
  const [first, end] = ranges.get(template) ?? [0, 0];
  pieces += 1;
  // A fragment's template was checked against its extension's node type where it was written.
  return template.build === UNKNOWN
    ? { id: pieces, first, end }
    : { id: pieces, template: template as Template<N | readonly N[]>, first, end };
}
