import { instantiate, isBlank, parseCount, quoteInput, type Diagnostic, type Family } from '@netdrift/core';
import { ANY_IPV4, type AddressCondition } from '../fields/address-condition.ts';
import type { Counters, InterfaceCondition, Match, Rule, Target } from '../ast.ts';
import type { ProtocolCondition } from '../fields/protocol-condition.ts';
import { report } from '../diagnostics.ts';
import { withImplicit } from '../rule/implicit-match.ts';
import { missingOption } from '../rule/needed-options.ts';
import { noteSpelling, type RuleLine } from '../rule/rule-line.ts';
import { writtenSpan } from '../rule/scan-words.ts';
import { SAVE } from './save-grammar.ts';
import type { RulePart, SaveShape } from './save-shape.ts';

type Writable<N> = { -readonly [K in keyof N]: N[K] };

/** A rule of a save form, and what its line says beside it. */
export interface SavedRule {
  readonly rule: Writable<Rule>;
  readonly table?: string;
  readonly family?: Family;
}

const ANY_PROTOCOL: ProtocolCondition = { not: false, name: 'all', number: 0 };
const ANY_INTERFACE: InterfaceCondition = { not: false, name: '*' };

/** Puts a rule together from the parts of its line, in whatever order they stand. */
export function buildSavedRule(
  line: RuleLine,
  { parts, isTwice }: SaveShape & { readonly line: 'rule' },
  before: Counters | undefined,
  diagnostics: Diagnostic[],
  takesAny = false,
): SavedRule | undefined {
  let counters = before;
  let protocol = ANY_PROTOCOL;
  let fragment: Rule['fragment'];
  let inside = ANY_INTERFACE;
  let outside = ANY_INTERFACE;
  let source: AddressCondition = ANY_IPV4;
  let destination: AddressCondition = ANY_IPV4;
  let matches: readonly Match[] = [];
  let target: Target | undefined;
  let goto: true | undefined;
  let table: string | undefined;
  let family: Family | undefined;

  if (isTwice) return undefined;
  for (const part of parts) {
    switch (part.part) {
      case 'protocol':
        protocol = line.protocol(part.value, part.not, 0);
        if (line.settle() !== undefined && !takesAny) return undefined;
        break;
      case 'source':
        source = line.address(part.value, part.not);
        if (line.settle() !== undefined && !takesAny) return undefined;
        break;
      case 'destination':
        destination = line.address(part.value, part.not);
        if (line.settle() !== undefined && !takesAny) return undefined;
        break;
      case 'in':
        inside = readInterface(line, part.value, part.not);
        break;
      case 'out':
        outside = readInterface(line, part.value, part.not);
        break;
      case 'fragment':
        fragment = { not: part.not };
        break;
      case 'counters': {
        const packets = parseCount(line.text(part.packets));
        const bytes = parseCount(line.text(part.bytes));
        if (packets !== undefined && bytes !== undefined) counters = { packets, bytes };
        else if (!takesAny) return undefined;
        break;
      }
      case 'table':
        table = line.name(part.value);
        break;
      case 'family':
        family = part.family;
        break;
      case 'jump':
      case 'goto':
        target = line.plainTarget(part.value);
        if (part.part === 'goto') goto = true;
        break;
      case 'match': {
        matches = withMatch(matches, readMatch(line, part, diagnostics));
        break;
      }
      case 'implicit': {
        const found = onlyOne(instantiate(part.template, line));
        const unread = unreadValue(line, part, diagnostics);
        if (unread !== undefined) matches = withMatch(matches, unread);
        else if (found?.kind === 'TcpMatch') matches = withImplicit(matches, found, protocol);
        else if (found !== undefined) matches = withMatch(matches, found);
        break;
      }
      case 'target': {
        const found = onlyOne(instantiate(part.template, line));
        const unread = unreadValue(line, part, diagnostics);
        const name = line.name(part.first);
        target =
          unread === undefined ? withDefaults(found) : { kind: 'UnknownTarget', name, text: optionsOf(line, part), span: unread.span };
        break;
      }
      case 'unknown': {
        const { start, end } = spanOf(line, part);
        // Blanks behind the last words belong to them: which words they are is not known.
        const span = { start, end: part === parts.at(-1) ? line.end : end };
        const text = line.source.slice(span.start, span.end);
        const absolute = line.absolute(span);
        diagnostics.push(
          report(
            'iptables/unknown-match',
            absolute,
            `options ${quoteInput(text)} belong to no match or target that this package knows`,
            'they are kept as text; their meaning is not compared',
          ),
        );
        if (target?.kind === 'ChainTarget') target = { kind: 'UnknownTarget', name: target.name, text, span: absolute };
        else matches = withMatch(matches, { kind: 'UnknownMatch', text, span: absolute });
        break;
      }
    }
    // Whose address is not known matches other packets than any rule without one.
    if (line.settle() !== undefined) return undefined;
  }
  // The last unknown text holds the blanks behind it itself.
  const last = matches.at(-1)?.kind;
  if (target === undefined && last !== 'UnknownMatch' && hasBlankBehind(line, last)) noteSpelling(line, 'blank-after-rule-without-target');
  const span = line.lineSpan();
  // The commonest kind of line is made as one object: one that grows key by key takes twice the memory.
  if (counters === undefined && fragment === undefined && target !== undefined && goto === undefined && table === undefined) {
    const plain = { kind: 'Rule', protocol, in: inside, out: outside, source, destination, matches, target, span } as const;
    return family === undefined ? { rule: plain } : { rule: plain, family };
  }
  const rule: Writable<Rule> = {
    kind: 'Rule',
    ...(counters === undefined ? {} : { counters }),
    protocol,
    ...(fragment === undefined ? {} : { fragment }),
    in: inside,
    out: outside,
    source,
    destination,
    matches,
    ...(target === undefined ? {} : { target }),
    ...(goto === undefined ? {} : { goto }),
    span,
  };
  return { rule, ...(table === undefined ? {} : { table }), ...(family === undefined ? {} : { family }) };
}

/** What a part says; matches that are spelled alike are one object. A part whose value is impossible or missing is kept as text. */
function readMatch(
  line: RuleLine,
  part: RulePart & { readonly part: 'match' | 'implicit' },
  diagnostics: Diagnostic[],
): Match | readonly Match[] {
  const { matches } = line.context;
  const { remembers } = line;
  const start = line.starts[part.first] ?? 0;
  const stop = remembers ? endOfPart(line, part) : 0;
  // What is kept for a part is what its template gave.
  const known = remembers ? (matches.find(line.bytes, start, stop, part.id) as Match | readonly Match[] | undefined) : undefined;
  if (known !== undefined) return known;
  const found = instantiate(part.template, line);
  const unread = unreadValue(line, part, diagnostics);
  if (unread === undefined && remembers) matches.keep(found, line.bytes, start, stop, part.id);
  return unread ?? found;
}

/** The end of its last word, or the quote behind it; a sign may stand behind its option in the order of tokens. */
function endOfPart(line: RuleLine, { first, end }: { readonly first: number; readonly end: number }): number {
  let stop = 0;
  for (let index = first; index < end; index += 1) stop = Math.max(stop, line.ends[index] ?? 0);
  return Math.min(line.end, stop + 1);
}

/** Lists of their exact size: one that is grown by push keeps room for 17. */
function withMatch(matches: readonly Match[], found: Match | readonly Match[]): readonly Match[] {
  if (isList(found)) return [...matches, ...found];
  const [first] = matches;
  if (first === undefined) return [found];
  return matches.length === 1 ? [first, found] : [...matches, found];
}

function isList<N>(found: N | readonly N[]): found is readonly N[] {
  return Array.isArray(found);
}

function onlyOne<N>(found: N | readonly N[]): N | undefined {
  return isList(found) ? found[0] : found;
}

/** Whether a blank ends the line beyond what its last match prints: `dst` has one of its own in older versions. */
function hasBlankBehind(line: RuleLine, last: string | undefined): boolean {
  const own = last === 'DstMatch' ? 1 : 0;
  return isBlank(line.bytes[line.end - 1]) && isBlank(line.bytes[line.end - 1 - own]);
}

/** `-j REJECT` alone rejects as the tools print it for IPv4; a save form of IPv6 is changed when its family is known. */
function withDefaults(target: Target | undefined): Target | undefined {
  return target?.kind === 'RejectTarget' && !('with' in target)
    ? { kind: 'RejectTarget', name: 'REJECT', with: 'icmp-port-unreachable' }
    : target;
}

/** An interface whose name is really `*` must not be taken for any. */
function readInterface(line: RuleLine, index: number, not: boolean): InterfaceCondition {
  const name = line.name(index);
  return name === '*' ? { not, name, literal: true } : { not, name };
}

/** Unknown text in place of a piece whose value is impossible or missing, with a diagnostic; undefined where all was read. */
function unreadValue(line: RuleLine, part: RulePart & { readonly first: number; readonly end: number }, diagnostics: Diagnostic[]) {
  const refusal = line.settle();
  const missing = refusal === undefined ? missingOption(line, part) : undefined;
  if (refusal === undefined && missing === undefined) return undefined;
  const span = spanOf(line, part);
  diagnostics.push(
    refusal === undefined
      ? report(
          'iptables/missing-option',
          line.absolute(span),
          `${quoteInput(line.source.slice(span.start, span.end))} has no option ${missing}`,
          'the options are kept as text',
        )
      : report(
          'iptables/bad-value',
          line.span(refusal.token),
          `expected ${refusal.expected}, found ${quoteInput(line.text(refusal.token))}`,
          'the options are kept as text',
        ),
  );
  return { kind: 'UnknownMatch', text: line.source.slice(span.start, span.end), span: line.absolute(span) } as const;
}

function optionsOf(line: RuleLine, { first, end }: { readonly first: number; readonly end: number }): string {
  if (end - first < 2) return '';
  const span = spanOf(line, { first: first + 1, end });
  return line.source.slice(span.start, span.end);
}

function spanOf(line: RuleLine, { first, end }: { readonly first: number; readonly end: number }): { start: number; end: number } {
  let from = line.end;
  let to = line.start;
  for (let index = first; index < end; index += 1) {
    const span = writtenSpan(line, SAVE, index);
    from = Math.min(from, span.start);
    to = Math.max(to, span.end);
  }
  return { start: from, end: to };
}
