import type { SetElement } from '../ast/expressions.ts';
import type { Rule } from '../ast/ruleset.ts';
import {
  badValue,
  commandNotApplied,
  setAside,
  unclosedBrace,
  unknownStatement,
  unreadableLine,
  unreadableText,
  variable,
} from '../diagnostics.ts';
import type { HeadLine, SetLine } from '../lines/line-nodes.ts';
import { type LineResult, readLine } from '../reading.ts';
import { scanObjectLine } from '../scan/scan-head.ts';
import { type Scanned, scanStatement } from '../scan/scan-statement.ts';
import * as token from '../tokens.ts';
import { number } from '../values.ts';
import { elementsPerRow } from '../set-rows.ts';
import { type ChainDraft, newChain, newSet, type ObjectDraft, type SetDraft, type TableDraft } from './drafts.ts';
import { isIptablesName } from './managed.ts';
import { report, type TextState } from './text-state.ts';

/** A line of a chain: one of its settings, or a rule. */
export function readChainLine(state: TextState, table: TableDraft, chain: ChainDraft, at: number): number {
  const rule = readRule(state, table, at, (found) => {
    switch (found.kind) {
      case 'HookLine':
        chain.hook = {
          type: found.type,
          hook: found.hook,
          ...(found.devices === undefined ? {} : { devices: found.devices }),
          priority: found.priority,
        };
        return true;
      case 'ChainSetting':
        if (found.policy !== undefined) chain.policy = found.policy;
        if (found.flags !== undefined) chain.flags = found.flags;
        if (found.comment !== undefined) chain.comment = found.comment;
        return true;
      default:
        return false;
    }
  });
  if (rule.found !== undefined) chain.rules.push(rule.found);
  return rule.end;
}

type Found = Extract<LineResult, { found: unknown }>['found'];

/** The rule of a statement; settings of the chain go to `setting`. What cannot be read is a rule of unknown text. */
function readRule(
  state: TextState,
  table: TableDraft,
  at: number,
  setting: (found: Found) => boolean,
): { readonly found?: Rule; readonly end: number } {
  const { line, reading } = state;
  const scanned = scanStatement(line, at, line.bytes.length, 'chain', isIptablesName(table.family, table.name));
  const { end } = scanned;
  noteRemark(state, scanned);
  const result = readLine(line, reading.shapes);
  const span = line.lineSpan();
  if ('found' in result && !scanned.unclosed) {
    const { found } = result;
    if (found.kind !== 'RuleLine') {
      if (!setting(found)) report(state, unreadableText(line.source.slice(span.start, span.end), span));
      return { end };
    }
    const { statements, comment, handle } = found;
    const rule: Rule = {
      kind: 'Rule',
      statements,
      ...(comment === undefined ? {} : { comment }),
      ...(handle === undefined ? {} : { handle }),
      span,
    };
    noteUnknown(state, rule);
    return { found: rule, end };
  }
  if (scanned.unclosed) report(state, unclosedBrace(span));
  else if ('refusal' in result)
    report(state, badValue(line.text(result.refusal.token), result.refusal.expected, line.span(result.refusal.token)));
  if (isSetting(line.type(1))) {
    if ('mismatch' in result) report(state, unreadableLine(line, result.mismatch));
    return { end };
  }
  const rule = unknownRule(state);
  if ('mismatch' in result && !scanned.unclosed) report(state, unknownStatement(line.source.slice(span.start, span.end), span));
  return { found: rule, end };
}

const SETTINGS: ReadonlySet<number> = new Set([token.chainType, token.policy, token.chainFlags, token.chainComment, token.devices]);
const isSetting = (code: number): boolean => SETTINGS.has(code);

/** A rule of which nothing is understood but its handle. */
function unknownRule({ line }: TextState): Rule {
  const lastToken = line.count - 1;
  const handle = line.type(lastToken) === token.handle ? number.decode(line.text(lastToken)) : undefined;
  const last = handle === undefined ? lastToken : lastToken - 1;
  return {
    kind: 'Rule',
    statements: [{ kind: 'UnknownStatement', text: line.text(1, Math.max(last, 1)) }],
    ...(handle === undefined ? {} : { handle }),
    span: line.lineSpan(),
  };
}

function noteRemark(state: TextState, { remark }: Scanned): void {
  if (remark === undefined) return;
  state.isInput = true;
  report(state, setAside(state.line.source.slice(remark.start, remark.end).trimEnd(), remark));
}

/** Says of which parts of a rule the meaning is not known. */
function noteUnknown(state: TextState, { statements, span }: Rule): void {
  const { line } = state;
  for (const statement of statements) if (statement.kind === 'UnknownStatement') report(state, unknownStatement(statement.text, span));
  for (let index = 1; index < line.count; index += 1) {
    if (line.type(index) === token.braced && holdsUnknown(statements)) report(state, unknownStatement(line.text(index), line.span(index)));
    if (line.type(index) === token.plain && line.source.charCodeAt(line.span(index).start) === DOLLAR)
      report(state, variable(line.text(index), line.span(index)));
  }
}

const DOLLAR = 0x24;

function holdsUnknown(statements: Rule['statements']): boolean {
  return JSON.stringify(statements).includes('"kind":"UnknownExpression"');
}

/** A line of a set or map. */
export function readSetLine(state: TextState, set: SetDraft, at: number): number {
  const { line, reading } = state;
  const scanned = scanStatement(line, at, line.bytes.length, 'set');
  noteRemark(state, scanned);
  const result = readLine(line, reading.shapes);
  if (scanned.unclosed) report(state, unclosedBrace(line.lineSpan()));
  if ('mismatch' in result) report(state, unreadableLine(line, result.mismatch));
  else if ('refusal' in result)
    report(state, badValue(line.text(result.refusal.token), result.refusal.expected, line.span(result.refusal.token)));
  else if (result.found.kind === 'SetLine') takeSetLine(state, set, result.found, scanned.unclosed);
  return scanned.end;
}

function takeSetLine(state: TextState, set: SetDraft, { kind: _kind, elements, ...head }: SetLine, isCut: boolean): void {
  set.head = { ...set.head, ...head };
  if (elements === undefined || (isCut && elements.length === 0)) return;
  const [first, second] = elements;
  for (const { key, span } of elements) {
    if (key.kind === 'UnknownExpression' && span !== undefined) report(state, unknownStatement(key.text, span));
  }
  set.elements = set.elements === undefined ? [...elements] : [...set.elements, ...elements];
  if (elementsPerRow(set.head) > 1 && isBelow(state, first, second)) set.elementsPerLine = 1;
}

/** Whether the second element stands on a line of its own. */
function isBelow({ line }: TextState, first: SetElement | undefined, second: SetElement | undefined): boolean {
  return first?.span !== undefined && second?.span !== undefined && line.source.slice(first.span.end, second.span.start).includes('\n');
}

/** A line of a counter, helper, flowtable or other object. */
export function readObjectLine(state: TextState, object: ObjectDraft, isFlowtable: boolean, at: number): number {
  const { line, reading } = state;
  const { end } = scanObjectLine(line, at, line.bytes.length, isFlowtable);
  const result = readLine(line, reading.shapes);
  if ('found' in result && result.found.kind === 'ObjectLine') {
    const { setting } = result.found;
    if (setting.name === 'comment' && setting.value !== undefined) object.comment = setting.value.replace(/^"|"$/g, '');
    else object.settings.push(setting);
  }
  return end;
}

const PLACES: ReadonlySet<string> = new Set(['handle', 'position', 'index']);

/** `add rule ip t c …`, whose names were read. */
export function readRuleCommand(
  state: TextState,
  table: TableDraft,
  { verb }: HeadLine,
  chainName: string,
  start: number,
  at: number,
): number {
  const { line } = state;
  const place = /^\w+/.exec(line.source.slice(at, at + 16))?.[0] ?? '';
  const { found, end } = readRule(state, table, at, () => false);
  if (found === undefined) return end;
  if (verb === 'replace' || PLACES.has(place)) {
    report(state, commandNotApplied(line.source.slice(start, end), { start, end }));
    return end;
  }
  const chain = table.chains.get(chainName) ?? newChain(chainName, { start, end });
  table.chains.set(chainName, chain);
  if (verb === 'insert') chain.rules.unshift(found);
  else chain.rules.push(found);
  return end;
}

/** `add element ip t s { … }`, whose names were read. */
export function readElementCommand(state: TextState, table: TableDraft, setName: string, start: number, at: number): number {
  const set = table.sets.get(setName) ?? newSet('Set', setName, { start, end: at });
  table.sets.set(setName, set);
  return readSetLine(state, set, at);
}
