import { endOfLine, parseCount, parseIptablesCount, quoteInput, shapeCache, skipBlanks, type Diagnostic, type ParseResult } from '@netdrift/core';
import type { Chain, Counters, IptablesListing, ListingLayout, Notice, Rule, Table } from './ast.ts';
import { readHeader, type ChainHeader } from './header-grammar.ts';
import { learnRule, type RuleShape } from './listing-grammar.ts';
import { readNotice } from './notice.ts';
import { buildRule } from './read-rule.ts';
import { RuleLine } from './rule-line.ts';
import { scanRule, type Columns } from './scan-rule.ts';

type Writable<N> = { -readonly [K in keyof N]: N[K] };

interface OpenChain extends Writable<Chain> {
  rules: Rule[];
  span: { start: number; end: number };
}

/** Reads what `iptables -L` prints. The driver tells kinds of lines apart; grammars say what is valid. */
export class ListingReader {
  private readonly line: RuleLine;
  private readonly diagnostics: Diagnostic[] = [];
  private readonly notices: Notice[] = [];
  private readonly tables: { chains: OpenChain[]; names: Set<string> }[] = [];
  private shapes = shapeCache<RuleShape>();
  private columns: Columns = { numbers: false, verbose: false };
  private columnHeader: { start: number; end: number } | undefined;
  private chain: OpenChain | undefined;

  constructor(text: string) {
    this.line = new RuleLine(text);
  }

  read(): ParseResult<IptablesListing> {
    const { source, bytes } = this.line;
    for (let start = 0; start < source.length; ) {
      const end = endOfLine(bytes, start);
      this.readLine(start, bytes[end - 1] === 0x0d && end > start ? end - 1 : end);
      start = end + 1;
    }
    return { value: this.finish(), diagnostics: this.diagnostics };
  }

  private readLine(start: number, end: number): void {
    const { bytes, source } = this.line;
    const first = skipBlanks(bytes, start, end);
    if (first === end) return;
    if (bytes[start] === 0x43 && source.startsWith('Chain ', start)) {
      const header = readHeader(this.line, start, end);
      if (header?.kind === 'chain') return this.openChain(header, start, end);
    }
    if (mayBeTitles(bytes, first)) {
      const header = readHeader(this.line, first, end);
      if (header?.kind === 'columns') {
        this.columnHeader ??= { start, end };
        this.setColumns({ numbers: header.numbers, verbose: header.counters });
        if (this.chain !== undefined) this.chain.span.end = end;
        return;
      }
    }
    if (this.readRule(start, end)) return;
    const notice = readNotice(source, first, end, this.tables.length);
    if (notice !== undefined) {
      this.notices.push(notice);
      return;
    }
    this.diagnostics.push({
      code: 'iptables/unread-line',
      severity: 'error',
      message: `line ${quoteInput(source.slice(start, end))} is neither a chain's header nor a rule`,
      span: { start, end },
      help: 'the line is left out',
    });
  }

  private setColumns(columns: Columns): void {
    if (columns.numbers === this.columns.numbers && columns.verbose === this.columns.verbose) return;
    this.columns = columns;
    this.shapes = shapeCache<RuleShape>();
  }

  private openChain(header: ChainHeader, start: number, end: number): void {
    const counters = readCounters(header);
    const references = header.references === undefined ? undefined : parseCount(header.references);
    const chain: OpenChain = {
      kind: 'Chain',
      name: header.name,
      ...(header.policy === undefined ? {} : { policy: header.policy }),
      ...(counters === undefined ? {} : { counters }),
      ...(typeof references === 'number' ? { references } : {}),
      rules: [],
      span: { start, end },
    };
    let table = this.tables.at(-1);
    if (table === undefined || table.names.has(header.name)) {
      table = { chains: [], names: new Set() };
      this.tables.push(table);
    }
    table.names.add(header.name);
    table.chains.push(chain);
    this.chain = chain;
  }

  private readRule(start: number, end: number): boolean {
    const { line } = this;
    if (this.chain === undefined) return false;
    scanRule(line, start, end, this.columns);
    let shape = this.shapes.find(line);
    if (shape === undefined) {
      const codes = line.types.slice(0, line.count);
      shape = learnRule(line);
      if (shape === undefined) return false;
      this.shapes.add(line, shape, codes);
    }
    const rule = buildRule(line, shape, this.diagnostics);
    if (rule === undefined) return false;
    this.chain.rules.push(rule);
    this.chain.span.end = end;
    return true;
  }

  private finish(): IptablesListing {
    const { source, spellings } = this.line;
    const tables = this.tables.map(({ chains }): Table => ({
      kind: 'Table',
      chains,
      span: { start: chains[0]?.span.start ?? 0, end: chains.at(-1)?.span.end ?? 0 },
    }));
    const { family } = this.line.notes;
    const header = this.columnHeader;
    const layout: ListingLayout = {
      verbose: this.columns.verbose,
      ...(this.columns.verbose && header !== undefined
        ? { exact: source.slice(header.start, header.end).includes(' pkts      bytes ') }
        : {}),
      lineNumbers: this.columns.numbers,
      ...this.line.notes.layout(),
      ...(spellings.size === 0 ? {} : { spellings: [...spellings].sort() }),
    };
    return {
      kind: 'IptablesListing',
      ...(family === undefined ? {} : { family }),
      layout,
      notices: this.notices,
      tables,
      span: { start: 0, end: source.length },
    };
  }
}

/** The first letters of `num`, `pkts` and `target`: nothing else begins a line of titles. */
function mayBeTitles(bytes: Uint8Array, at: number): boolean {
  const first = bytes[at];
  const second = bytes[at + 1];
  return (first === 0x74 && second === 0x61) || (first === 0x70 && second === 0x6b) || (first === 0x6e && second === 0x75);
}

function readCounters({ packets, bytes }: ChainHeader): Counters | undefined {
  const packetCount = packets === undefined ? undefined : parseIptablesCount(packets);
  const byteCount = bytes === undefined ? undefined : parseIptablesCount(bytes);
  return packetCount === undefined || byteCount === undefined ? undefined : { packets: packetCount, bytes: byteCount };
}

