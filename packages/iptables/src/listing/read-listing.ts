import { endOfLine, MAX_TOKENS, NameSet, parseCount, quoteInput, skipBlanks, type Diagnostic } from '@netdrift/core';
import type { Chain, IptablesListing, Notice, Rule, Table } from '../ast.ts';
import { readingsOfComment } from '../rule/comment-ends.ts';
import { lastLineOpen, report } from '../diagnostics.ts';
import { forgedEnd } from '../rule/forged-lines.ts';
import { readHeader, type ChainHeader } from '../header-grammar.ts';
import { readNotice } from '../notice.ts';
import { buildRule } from '../rule/read-rule.ts';
import { RuleLine, type TextContext } from '../rule/rule-line.ts';
import { scanRule, type Columns } from '../rule/scan-rule.ts';
import { withUnknownTargets } from '../rule/unknown-target.ts';
import type { ListingLayout } from './listing-layout.ts';
import { deriveRule, learnRule, shapesOfRules } from './listing-grammar.ts';
import { isAnywhere, isExact, isSameText, isWholeAndLarge, mayBeTitles, readCounters } from './listing-lines.ts';

type Writable<N> = { -readonly [K in keyof N]: N[K] };

/** A chain that lines are added to. */
interface OpenChain extends Omit<Writable<Chain>, 'rules' | 'span'> {
  /** Those of the open chain are in the reader until it is closed. */
  rules: readonly Rule[];
  readonly span: { start: number; end: number };
}

/** A table that chains are added to. */
interface OpenTable {
  /** None where a sink takes them. */
  readonly chains: OpenChain[];
  /** A chain of it has a name. */
  isNamed: boolean;
  readonly first: OpenChain;
  last: OpenChain;
}

/** Who gets nodes as they are complete, in place of the tree that `finish` gives. */
export interface ListingSink {
  /** A chain without its rules. */
  chain(chain: Chain, table: number): void;
  rule(rule: Rule, chain: string, table: number): void;
}

const ALL_COLUMNS: readonly Columns[] = [
  { numbers: false, verbose: false },
  { numbers: false, verbose: true },
  { numbers: true, verbose: true },
  { numbers: true, verbose: false },
];

/** Reads what `iptables -L` prints, line by line. The driver tells kinds of lines apart; grammars say what is valid. */
export class ListingReader {
  readonly diagnostics: Diagnostic[] = [];
  private readonly context: TextContext;
  private readonly sink: ListingSink | undefined;
  private readonly notices: Notice[] = [];
  private readonly tables: OpenTable[] = [];
  /** Of the chains of the last table. */
  private readonly names = new NameSet();
  private readonly shapes = shapesOfRules();
  private hasUnknown = false;
  private columns: Columns | undefined;
  private exact: boolean | undefined;
  private chain: OpenChain | undefined;
  /** Rules of the open chain; a list for each chain would be made longer than it needs to be. */
  private readonly rules: Rule[] = [];
  private ruleCount = 0;
  /** The titles read last: most chains have the same. */
  private titles = new Uint8Array(0);
  private hasTitles = false;
  private dump: { start: number; end: number } | undefined;

  constructor(context: TextContext, sink?: ListingSink) {
    this.context = context;
    this.sink = sink;
  }

  /**
   * Reads the lines of a piece of text and gives the offset it came to: its end, or, where `isLast` is false and a line needs
   * what follows the piece, the start of that line.
   */
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

  /** Gives the end of what was read: of the line, or of those its comment reaches into; -1 where more text is needed. */
  private readLine(line: RuleLine, start: number, end: number, isLast: boolean): number {
    const { bytes, source } = line;
    const first = skipBlanks(bytes, start, end);
    if (first === end) return end;
    if (this.dump !== undefined || (bytes[first] === SMALL_L && source.startsWith('libiptc v', first))) {
      this.dump = { start: this.dump?.start ?? start + line.base, end: end + line.base };
      return end;
    }
    if (bytes[first] === CAPITAL_C && source.startsWith('Chain ', first)) {
      const header = readHeader(line, first, end);
      if (header?.kind === 'chain') {
        this.openChain(line, header, start, end);
        return end;
      }
    }
    if (mayBeTitles(bytes, first) && this.readTitles(line, first, end)) return end;
    const ruleEnd = this.readRule(line, start, end, isLast);
    if (ruleEnd !== UNREAD) {
      if (isLast && ruleEnd === source.length) this.diagnostics.push(lastLineOpen(line.absolute({ start, end: ruleEnd })));
      return ruleEnd;
    }
    const notice = readNotice(source, first, end, this.tables.length, line.base);
    if (notice !== undefined) this.notices.push(notice);
    else {
      const text = quoteInput(source.slice(start, end));
      const span = line.absolute({ start, end });
      const why = line.overflow ? `has more than ${MAX_TOKENS} words` : "is neither a chain's header nor a rule";
      this.diagnostics.push(report('iptables/unread-line', span, `line ${text} ${why}`, 'the line is left out'));
      // It stands for lines that somebody left out, or for the header of another chain: the next rule may be of any chain.
      if (source.startsWith('Chain ', first) || LEFT_OUT.test(source.slice(first, end))) this.leaveChain();
    }
    return end;
  }

  private readTitles(line: RuleLine, start: number, end: number): boolean {
    if (!isSameText(line.bytes, start, end, this.titles) && !this.readNewTitles(line, start, end)) return false;
    // A second time in one chain: the header of the next one was lost.
    if (this.hasTitles && this.ruleCount > 0) this.leaveChain();
    this.hasTitles = true;
    if (this.chain !== undefined) this.chain.span.end = end + line.base;
    return true;
  }

  private readNewTitles(line: RuleLine, start: number, end: number): boolean {
    const header = readHeader(line, start, end);
    if (header?.kind !== 'columns') return false;
    this.titles = line.bytes.slice(start, end);
    if (header.counters) this.exact ??= line.source.slice(line.start, end).includes('pkts      bytes ');
    this.columns = { numbers: header.numbers, verbose: header.counters };
    return true;
  }

  private openChain(line: RuleLine, header: ChainHeader, start: number, end: number): void {
    const counters = readCounters(header);
    if (isWholeAndLarge(counters)) this.exact = true;
    const references = header.references === undefined ? undefined : parseCount(header.references);
    const span = line.absolute({ start, end });
    if (typeof references === 'number' && counters === undefined && header.policy === undefined) {
      this.addChain({ kind: 'Chain', name: header.name, references, rules: NO_RULES, span }, line);
      return;
    }
    const chain: OpenChain = {
      kind: 'Chain',
      name: header.name,
      ...(header.policy === undefined ? {} : { policy: header.policy }),
      ...(counters === undefined ? {} : { counters }),
      ...(typeof references === 'number' ? { references } : {}),
      rules: NO_RULES,
      span,
    };
    this.addChain(chain, line);
  }

  private leaveChain(): void {
    this.closeChain();
    this.chain = undefined;
  }

  private closeChain(): void {
    if (this.sink === undefined && this.chain !== undefined && this.ruleCount > 0) this.chain.rules = this.rules.slice(0, this.ruleCount);
    this.ruleCount = 0;
  }

  /** A name that the table has already begins the next table. `header` is the line that has the name; rules before any have none. */
  private addChain(chain: OpenChain, header?: RuleLine): void {
    this.closeChain();
    let table = this.tables.at(-1);
    const isNamed = header !== undefined && chain.name !== '';
    if (table === undefined || (isNamed && !isNew(this.names, header))) {
      this.names.clear();
      table = { chains: [], isNamed: false, first: chain, last: chain };
      if (isNamed) isNew(this.names, header);
      this.tables.push(table);
    }
    table.last = chain;
    table.isNamed ||= isNamed;
    if (this.sink === undefined) table.chains.push(chain);
    this.chain = chain;
    this.hasTitles = false;
    this.sink?.chain(chain, this.tables.length - 1);
  }

  private readRule(line: RuleLine, start: number, end: number, isLast: boolean): number {
    const columns = this.columns ?? this.guessColumns(line, start, end);
    if (columns === undefined) return UNREAD;
    const said = this.diagnostics.length;
    let last = end;
    let rule = this.parseRule(line, start, end, columns);
    if (line.isOpen) {
      const forged = forgedEnd(line, end, isLast);
      if (forged < 0) {
        this.forgetFrom(start + line.base);
        return -1;
      }
      if (forged > end) {
        last = forged;
        rule = this.parseForged(line, start, forged, columns);
      }
    }
    if (rule === undefined) return UNREAD;
    // Unknown text is always reported.
    if (this.diagnostics.length > said && rule.matches.at(-1)?.kind === 'UnknownMatch') this.hasUnknown = true;
    if (line.hasMoreEnds) rule = readingsOfComment(line, columns, rule, this.diagnostics);
    this.chainOfRule(line, start, end).span.end = last + line.base;
    if (this.sink === undefined) this.rules[this.ruleCount] = rule;
    else this.sink.rule(rule, this.chain?.name ?? '', this.tables.length - 1);
    this.ruleCount += 1;
    return last;
  }

  private parseRule(line: RuleLine, start: number, end: number, columns: Columns): Rule | undefined {
    scanRule(line, start, end, columns);
    let shape = this.context.keepsShapes ? this.shapes.find(line) : undefined;
    if (shape === undefined) {
      shape = this.context.keepsShapes ? learnRule(line) : deriveRule(line);
      if (shape === undefined) return undefined;
      if (this.context.keepsShapes) this.shapes.add(line, shape);
    }
    const rule = buildRule(line, shape, this.diagnostics);
    if (isWholeAndLarge(rule?.counters)) this.exact = true;
    return rule;
  }

  /** A rule whose comment holds line ends: what was said of its first line alone does not count. */
  private parseForged(line: RuleLine, start: number, end: number, columns: Columns): Rule | undefined {
    this.forgetFrom(start + line.base);
    const rule = this.parseRule(line, start, end, columns);
    const span = line.absolute({ start, end });
    this.diagnostics.push(
      report(
        'iptables/forged-lines',
        span,
        'comment holds a line end, so that its rule takes several lines',
        'the lines are read as one rule',
      ),
    );
    return rule;
  }

  /** Takes back what was said of a line that is read again. */
  private forgetFrom(start: number): void {
    while ((this.diagnostics.at(-1)?.span.start ?? -1) >= start) this.diagnostics.pop();
  }

  /** Where no titles were seen the columns are those with which the line is a rule. */
  private guessColumns(line: RuleLine, start: number, end: number): Columns | undefined {
    const text = line.source.slice(start, end);
    if (!MAY_BE_RULE.test(text)) return undefined;
    for (const columns of ALL_COLUMNS) {
      // A line of its own: what a wrong guess would note must not count.
      const trial = new RuleLine(text);
      scanRule(trial, 0, text.length, columns);
      const shape = learnRule(trial);
      const rule = shape === undefined ? undefined : buildRule(trial, shape, []);
      if (rule === undefined || !('address' in rule.source || 'address' in rule.destination || isAnywhere(rule))) continue;
      this.columns = columns;
      if (columns.verbose) this.exact = isExact(trial, columns);
      return columns;
    }
    return undefined;
  }

  /** The chain a rule belongs to; rules before any header, and behind lines that were left out, get a chain without a name. */
  private chainOfRule(line: RuleLine, start: number, end: number): OpenChain {
    const { chain } = this;
    if (chain === undefined) {
      const unnamed: OpenChain = { kind: 'Chain', name: '', rules: NO_RULES, span: line.absolute({ start, end }) };
      this.addChain(unnamed);
      this.hasTitles = true;
      return unnamed;
    }
    if (!this.hasTitles) {
      this.hasTitles = true;
      const message = `chain ${chain.name} has no column titles`;
      this.diagnostics.push(
        report('iptables/columns-missing', line.absolute({ start, end }), message, 'its columns are taken from its rules'),
      );
    }
    return chain;
  }

  /** The listing; without the chains where a sink took them. */
  finish(length: number): IptablesListing {
    this.closeChain();
    const { notes, spellings } = this.context;
    const [firstTable] = this.tables;
    // Rules before any header belong to a chain without a name, the first of all.
    const isUnnamed = firstTable?.first.name === '';
    const isHeaderless = isUnnamed && !firstTable.isNamed && this.tables.length === 1;
    if (isUnnamed && !isHeaderless) {
      this.diagnostics.push(report('iptables/header-missing', firstTable.first.span, 'rules come before the first chain header'));
    }
    if (this.dump !== undefined) this.diagnostics.push(report('iptables/debug-dump', this.dump, 'the dump of -vv is set aside'));
    const columns = this.columns ?? { numbers: false, verbose: false };
    const layout: ListingLayout = {
      verbose: columns.verbose,
      ...(this.exact === undefined ? {} : { exact: this.exact }),
      lineNumbers: columns.numbers,
      ...(isHeaderless ? { headerless: true } : {}),
      ...notes.layout(),
      ...(spellings.size === 0 ? {} : { spellings: [...spellings].sort() }),
    };
    const span = { start: 0, end: length };
    if (layout.names === true) {
      const message = 'the listing shows names instead of addresses';
      this.diagnostics.push(report('iptables/names-shown', { start: 0, end: 0 }, message, 'list with -n to compare addresses'));
    }
    if (this.tables.length === 0 && this.diagnostics.length === 0) {
      this.diagnostics.push(
        report('iptables/empty-text', span, 'the text holds no chain', 'iptables prints the chains of an empty table too'),
      );
    }
    return {
      kind: 'IptablesListing',
      ...(notes.family === undefined ? {} : { family: notes.family }),
      layout,
      notices: this.notices,
      tables: this.tables.map(({ chains, first, last }): Table => ({
        kind: 'Table',
        chains: this.hasUnknown ? withUnknownTargets(chains) : chains,
        span: { start: first.span.start, end: last.span.end },
      })),
      span,
    };
  }
}

const NO_RULES: readonly Rule[] = [];
const CAPITAL_C = 0x43;
const SMALL_L = 0x6c;
/** An opt column, or an address of ip6tables: prose has neither, and trying it in four ways would be slow. */
const MAY_BE_RULE = /(?:--|[-!]f) |::|anywhere/;
/** `...`, which stands for lines. */
const LEFT_OUT = /^(?:\.{3,6}|…)\s*$/u;
/** No end of a line: the line is no rule. */
const UNREAD = -2;

/** Whether a table has no chain of this name yet; it stands in the second token of the header. */
function isNew(names: NameSet, { source, starts, ends }: RuleLine): boolean {
  return names.add(source, starts[1] ?? 0, ends[1] ?? 0);
}
