import {
  endOfLine,
  instantiate,
  MAX_TOKENS,
  parseCount,
  quoteInput,
  skipBlanks,
  type Count,
  type Diagnostic,
  type Family,
  type Span,
} from '@netdrift/core';
import { ANY_IPV4, ANY_IPV6 } from '../fields/address-condition.ts';
import type { Chain, Counters, IptablesSave, Notice, Rule, SaveLayout, SaveStamp, Table } from '../ast.ts';
import { readNotice } from '../notice.ts';
import { lastLineOpen, report } from '../diagnostics.ts';
import { forgedQuoteEnd } from '../rule/forged-lines.ts';
import type { RuleLine, TextContext } from '../rule/rule-line.ts';
import { AT_END, inChainOrder } from '../rule/rule-order.ts';
import { buildSavedRule } from './read-saved-rule.ts';
import { deriveSaved, learnSaved, shapesOfSaves } from './save-grammar.ts';
import type { SaveShape } from './save-shape.ts';
import { scanSaved } from './scan-save.ts';

type Writable<N> = { -readonly [K in keyof N]: N[K] };

interface OpenChain extends Omit<Writable<Chain>, 'rules' | 'kind'> {
  /** In the order of the text. */
  rules: Writable<Rule>[];
  /** Where each was put in, once one was put before others. */
  places?: number[];
}

interface OpenTable {
  name: string | undefined;
  generated: SaveStamp | undefined;
  completed: string | undefined;
  committed: boolean;
  readonly chains: Map<string, OpenChain>;
  start: number;
  end: number;
}

/** Who gets nodes as they are complete, in place of the tree that `finish` gives. */
export interface SaveSink {
  /** A chain without its rules. */
  chain(chain: Chain, table: string | undefined): void;
  rule(rule: Rule, chain: string, table: string | undefined): void;
}

/** Reads `iptables-save`, `iptables -S`, and what people write for `iptables-restore`, line by line. */
export class SaveReader {
  readonly diagnostics: Diagnostic[] = [];
  private readonly context: TextContext;
  private readonly sink: SaveSink | undefined;
  private readonly notices: Notice[] = [];
  private readonly tables: OpenTable[] = [];
  private readonly shapes = shapesOfSaves();
  private table: OpenTable | undefined;
  private stamp: SaveStamp | undefined;
  private style: SaveLayout['style'] = 'rules';
  private counters: SaveLayout['counters'];
  private family: Family | undefined;

  constructor(context: TextContext, family: Family | undefined, sink?: SaveSink) {
    this.context = context;
    this.family = family;
    this.sink = sink;
  }

  /** Reads the lines of a piece of text and gives the offset it came to; see the reader of listings. */
  read(line: RuleLine, isLast: boolean): number {
    const { source, bytes } = line;
    let start = 0;
    while (start < source.length) {
      const end = endOfLine(source, start);
      const next = this.readLine(line, start, bytes[end - 1] === 0x0d && end > start ? end - 1 : end, isLast);
      if (next < 0) return start;
      start = Math.max(next, end) + 1;
    }
    return Math.min(start, source.length);
  }

  private readLine(line: RuleLine, start: number, end: number, isLast: boolean): number {
    const first = skipBlanks(line.bytes, start, end);
    if (first === end) return end;
    if (line.bytes[first] === HASH) {
      this.readComment(line, first, end);
      return end;
    }
    let last = end;
    scanSaved(line, first, end);
    if (line.isOpen) {
      last = forgedQuoteEnd(line, end, isLast);
      if (last < 0) return -1;
      if (last > end) {
        const span = line.absolute({ start, end: last });
        this.diagnostics.push(
          report(
            'iptables/forged-lines',
            span,
            'comment holds a line end, so that its rule takes several lines',
            'the lines are read as one rule',
          ),
        );
        scanSaved(line, first, last);
      }
    }
    // A quote without its end: the line was cut, and what its last option was given is not known.
    const isCut = line.isOpen;
    let shape = isCut || !this.context.keepsShapes ? undefined : this.shapes.find(line);
    if (shape === undefined && !isCut) {
      const learned = this.context.keepsShapes ? learnSaved(line) : deriveSaved(line);
      if (learned !== undefined) shape = instantiate(learned, line);
      if (shape !== undefined && this.context.keepsShapes) this.shapes.add(line, shape);
    }
    if (shape !== undefined && this.readShape(line, shape, start, last)) {
      if (isLast && last === line.source.length && shape.line !== 'commit')
        this.diagnostics.push(lastLineOpen(line.absolute({ start, end: last })));
      return last;
    }
    const notice = readNotice(line.source, first, end, this.tables.length, line.base);
    if (notice !== undefined) this.notices.push(notice);
    else {
      const span = line.absolute({ start, end: last });
      const text = quoteInput(line.source.slice(start, last));
      const why = line.overflow ? `has more than ${MAX_TOKENS} words` : 'is no line of a save form';
      this.diagnostics.push(report('iptables/unread-line', span, `line ${text} ${why}`, 'the line is left out'));
    }
    return last;
  }

  private readComment(line: RuleLine, start: number, end: number): void {
    const text = line.source.slice(start, end);
    const generated = /^# Generated by (\S+)(?: (.*?))? on (.*)$/.exec(text);
    if (generated !== null) {
      const [, tool = '', version, date = ''] = generated;
      this.stamp = { tool, ...(version === undefined ? {} : { version }), date };
      if (tool.startsWith('ip6')) this.family ??= 'ipv6';
      return;
    }
    const completed = /^# Completed on (.*)$/.exec(text);
    const last = this.tables.at(-1);
    if (completed !== null && last !== undefined) {
      last.completed = completed[1];
      last.end = end + line.base;
      return;
    }
    const notice = readNotice(line.source, start, end, this.tables.length, line.base);
    if (notice !== undefined) this.notices.push(notice);
    else this.diagnostics.push(report('iptables/comment-line', line.absolute({ start, end }), `comment ${quoteInput(text)} is set aside`));
  }

  private readShape(line: RuleLine, shape: SaveShape, from: number, to: number): boolean {
    const span = line.absolute({ start: from, end: to });
    switch (shape.line) {
      case 'table':
        this.openTable(line.text(shape.name), span);
        this.style = 'save';
        return true;
      case 'commit':
        if (this.table === undefined) return false;
        this.table.end = span.end;
        this.table.committed = true;
        this.table = undefined;
        return true;
      case 'declaration': {
        this.style = 'save';
        const counters = shape.counters < 0 ? undefined : readCounters(line.text(shape.counters));
        if (shape.counters >= 0 && counters === undefined) return false;
        this.declare(line.text(shape.name), line.text(shape.policy), counters, span);
        return true;
      }
      case 'policy': {
        const packets = shape.packets < 0 ? undefined : parseCount(line.text(shape.packets));
        const bytes = shape.bytes < 0 ? undefined : parseCount(line.text(shape.bytes));
        if (packets !== undefined) this.counters = 'after';
        const counters = packets === undefined || bytes === undefined ? undefined : { packets, bytes };
        this.declare(line.text(shape.name), line.text(shape.policy), counters, span);
        return true;
      }
      case 'newChain':
        this.declare(line.text(shape.name), '-', undefined, span);
        return true;
      case 'rule':
        return this.readRule(line, shape, span);
    }
  }

  private openTable(name: string | undefined, { start, end }: Span): OpenTable {
    this.table = { name, generated: this.stamp, completed: undefined, committed: false, chains: new Map(), start, end };
    this.stamp = undefined;
    this.tables.push(this.table);
    return this.table;
  }

  private declare(name: string, policy: string, counters: Counters | undefined, span: Span): void {
    const chain = this.chainNamed(name, span);
    delete chain.undeclared;
    if (policy !== '-') chain.policy = policy;
    if (counters !== undefined) chain.counters = counters;
    this.sink?.chain(closeChain({ ...chain, rules: [] }), this.table?.name);
  }

  private chainNamed(name: string, span: Span): OpenChain {
    const table = this.table ?? this.openTable(undefined, span);
    table.end = span.end;
    const known = table.chains.get(name);
    if (known !== undefined) return known;
    const chain: OpenChain = { name, undeclared: true, rules: [], span };
    // A stream gives its chains and keeps none.
    if (this.sink === undefined) table.chains.set(name, chain);
    return chain;
  }

  private readRule(line: RuleLine, shape: SaveShape & { readonly line: 'rule' }, span: Span): boolean {
    const before = shape.counters < 0 ? undefined : readCounters(line.text(shape.counters));
    if (shape.counters >= 0 && before === undefined) return false;
    const read = buildSavedRule(line, shape, before, this.diagnostics);
    if (read === undefined) return false;
    if (before !== undefined) this.counters ??= 'before';
    else if (read.rule.counters !== undefined) this.counters ??= 'after';
    if (read.family !== undefined) this.family ??= read.family;
    if (read.table !== undefined && this.table?.name !== read.table) this.openTable(read.table, span);
    const chain = this.chainNamed(line.text(shape.chain), span);
    if (this.sink !== undefined) {
      if ((this.family ?? this.context.notes.family) === 'ipv6') toIpv6(read.rule);
      this.sink.rule(read.rule, chain.name, this.table?.name);
      return true;
    }
    if (shape.insert >= 0) {
      chain.places ??= chain.rules.map(() => AT_END);
      chain.places.push(shape.at < 0 ? 0 : Math.max(Number(line.text(shape.at)) - 1, 0));
    } else chain.places?.push(AT_END);
    chain.rules = appended(chain.rules, read.rule);
    return true;
  }

  /** Only the whole text tells the family; what a rule does not ask for is any address of that family. */
  finish(length: number): IptablesSave {
    const { notes, spellings } = this.context;
    const family = this.family ?? notes.family;
    for (const { name, committed, start, end } of this.style === 'save' ? this.tables : []) {
      if (committed) continue;
      this.diagnostics.push(
        report('iptables/uncommitted-table', { start, end }, `table ${name ?? ''} has no COMMIT`, 'iptables-restore would not load it'),
      );
    }
    if (family === 'ipv6') for (const { chains } of this.tables) for (const { rules } of chains.values()) rules.forEach(toIpv6);
    const layout: SaveLayout = {
      style: this.style,
      ...(this.counters === undefined ? {} : { counters: this.counters }),
      ...(spellings.size === 0 ? {} : { spellings: [...spellings].sort() }),
    };
    return {
      kind: 'IptablesSave',
      ...(family === undefined ? {} : { family }),
      layout,
      notices: this.notices,
      tables: this.tables.map(closeTable),
      span: { start: 0, end: length },
    };
  }
}

const HASH = 0x23;

function closeTable({ name, generated, completed, chains, start, end }: OpenTable): Table {
  return {
    kind: 'Table',
    ...(name === undefined ? {} : { name }),
    ...(generated === undefined ? {} : { generated }),
    ...(completed === undefined ? {} : { completed }),
    chains: [...chains.values()].map(closeChain),
    span: { start, end },
  };
}

/** Most chains have few rules: their lists are made at their size, where push keeps room for 17. */
function appended<R>(rules: R[], rule: R): R[] {
  const [first, second, third] = rules;
  if (first === undefined) return [rule];
  if (second === undefined) return [first, rule];
  if (third === undefined) return [first, second, rule];
  rules.push(rule);
  return rules;
}

function closeChain({ name, policy, counters, undeclared, rules, places, span }: OpenChain): Chain {
  // What kube-proxy declares.
  if (policy === undefined && undeclared === undefined && counters !== undefined && places === undefined)
    return { kind: 'Chain', name, counters, rules, span };
  return {
    kind: 'Chain',
    name,
    ...(policy === undefined ? {} : { policy }),
    ...(counters === undefined ? {} : { counters }),
    ...(undeclared === undefined ? {} : { undeclared }),
    rules: places === undefined ? rules : inChainOrder(rules, places),
    span,
  };
}

function toIpv6(rule: Writable<Rule>): void {
  if (rule.source === ANY_IPV4) rule.source = ANY_IPV6;
  if (rule.destination === ANY_IPV4) rule.destination = ANY_IPV6;
  if (rule.target?.kind === 'RejectTarget' && rule.target.with === 'icmp-port-unreachable') {
    rule.target = { ...rule.target, with: 'icmp6-port-unreachable' };
  }
}

/** `12:3456` of `[12:3456]`. */
function readCounters(text: string): Counters | undefined {
  const colon = text.indexOf(':');
  const packets: Count | undefined = parseCount(text.slice(0, Math.max(colon, 0)));
  const bytes = parseCount(text.slice(colon + 1));
  return packets === undefined || bytes === undefined ? undefined : { packets, bytes };
}
