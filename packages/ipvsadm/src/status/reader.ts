import { quoteInput } from '@netdrift/core';
import type { IpvsadmDaemons, IpvsadmTimeouts, IpvsadmUnknown, IpvsStatistics, SyncDaemon, Traffic } from '../ast.ts';
import { lastLineOpen, report } from '../diagnostics.ts';
import type { Draft } from '../draft.ts';
import { isDiagnostic, lineReader, type LineReader } from '../line-reader.ts';
import type { OutputReader, ReaderContext } from '../output-reader.ts';
import type { SourceLine } from '../source-line.ts';
import { statusExpectations, statusGrammar, type StatusLine, type Timeouts } from './grammar.ts';
import { scanDaemon, scanWords } from './scan.ts';

const fromShapes = lineReader<StatusLine>(statusGrammar, statusExpectations);
const fromGrammar = lineReader<StatusLine>(statusGrammar, statusExpectations, false);

function linesOf({ remember }: ReaderContext): LineReader<StatusLine> {
  return remember ? fromShapes : fromGrammar;
}

function tellForeign({ report: tell }: ReaderContext, line: SourceLine): void {
  const text = quoteInput(line.source.slice(line.start, line.end));
  tell(report('ipvsadm/foreign-line', line.lineSpan(), `line does not belong to this output: ${text}`));
}

function tellOpen({ report: tell }: ReaderContext, line: SourceLine): void {
  if (!line.closed) tell(lastLineOpen(line.span(line.count - 1)));
}

/** Reads `ipvsadm -l --timeout`: one line. */
export function timeoutsReader(context: ReaderContext): OutputReader {
  const lines = linesOf(context);
  let timeouts: Timeouts | undefined;
  return {
    read(line) {
      scanWords(line);
      const node = timeouts === undefined ? lines.read(line) : undefined;
      if (node === undefined) return tellForeign(context, line);
      if (isDiagnostic(node)) return context.report(node);
      if (node.kind !== 'Timeouts') return tellForeign(context, line);
      timeouts = node;
      tellOpen(context, line);
    },
    end: () => undefined,
    value(span): IpvsadmTimeouts | IpvsadmUnknown {
      if (timeouts === undefined) return { kind: 'IpvsadmUnknown', span };
      return { kind: 'IpvsadmTimeouts', tcp: timeouts.tcp, tcpfin: timeouts.tcpfin, udp: timeouts.udp, span };
    },
    take: () => [],
  };
}

/** Reads `ipvsadm -l --daemon`: a line for each daemon. */
export function daemonsReader(context: ReaderContext): OutputReader {
  const lines = linesOf(context);
  let daemons: SyncDaemon[] = [];
  let masters = 0;

  function add(daemon: SyncDaemon): void {
    daemons.push(daemon);
    if (daemon.role === 'master') masters += 1;
    if (daemon.role !== 'master' || masters < 2) return;
    context.report(
      report(
        'ipvsadm/daemon-printed-twice',
        daemon.span,
        'the master daemon is printed twice, so a backup daemon may run that is not shown',
        {
          help: 'list again with ipvsadm 1.28 or later',
        },
      ),
    );
  }

  return {
    read(line) {
      scanDaemon(line);
      const node = lines.read(line);
      if (isDiagnostic(node)) return context.report(node);
      if (node.kind !== 'SyncDaemon') return tellForeign(context, line);
      add(node);
    },
    end: () => undefined,
    value: (span): IpvsadmDaemons => ({ kind: 'IpvsadmDaemons', daemons, span }),
    take() {
      const finished = daemons;
      daemons = [];
      return finished;
    },
  };
}

/** Reads `/proc/net/ip_vs_stats`: two blocks of titles and one row of figures. */
export function statisticsReader(context: ReaderContext): OutputReader {
  const lines = linesOf(context);
  const found: { totals?: Traffic; rates?: Traffic } = {};
  let figures: 'totals' | 'rates' | undefined;
  let last = 0;
  return {
    read(line) {
      last = line.lineSpan().end;
      scanWords(line);
      const node = lines.read(line);
      if (isDiagnostic(node)) return context.report(node);
      if (node.kind === 'Heading') {
        figures = node.figures;
        return;
      }
      if (node.kind !== 'Figures' || figures === undefined) return tellForeign(context, line);
      found[figures] = node.traffic;
      figures = undefined;
      tellOpen(context, line);
    },
    end() {
      const missing = found.totals === undefined ? 'totals' : 'rates';
      if (found.totals !== undefined && found.rates !== undefined) return;
      context.report(report('ipvsadm/bad-line', { start: last, end: last }, `the text ends without the row of ${missing}`));
    },
    value(span): IpvsStatistics {
      const statistics: Draft<Omit<IpvsStatistics, 'span'>> = { kind: 'IpvsStatistics' };
      if (found.totals !== undefined) statistics.totals = found.totals;
      if (found.rates !== undefined) statistics.rates = found.rates;
      return { ...statistics, span };
    },
    take: () => [],
  };
}
