import { endOfWord, skipBlanks } from '@netdrift/core';
import type { Connection, ConnectionsLayout, IpvsadmConnections } from '../ast.ts';
import { lastLineOpen, report } from '../diagnostics.ts';
import { isDiagnostic, lineReader } from '../line-reader.ts';
import type { OutputReader, ReaderContext } from '../output-reader.ts';
import type { SourceLine } from '../source-line.ts';
import type { Heading } from './build.ts';
import { connectionsExpectations, connectionsGrammar } from './grammar.ts';
import { scanListRow, scanProcRow, scanTitle } from './scan.ts';
import { titles, titleWords } from './tokens.ts';

const fromShapes = lineReader<Heading | Connection>(connectionsGrammar, connectionsExpectations);
const fromGrammar = lineReader<Heading | Connection>(connectionsGrammar, connectionsExpectations, false);

const titleStarts: ReadonlySet<number | undefined> = new Set([titles.heading[0], titles.list[0], titles.proc[0]]);

/** Reads `ipvsadm -lc` and `/proc/net/ip_vs_conn`. */
export function connectionsReader({ report: tell, remember }: ReaderContext): OutputReader {
  const lines = remember ? fromShapes : fromGrammar;
  let connections: Connection[] = [];
  let form: ConnectionsLayout['form'] | undefined;
  let unknownTitle = false;
  let seen = 0;

  function readTitle(line: SourceLine): void {
    scanTitle(line);
    const heading = lines.read(line);
    if (isDiagnostic(heading)) {
      unknownTitle = true;
      tell(report('ipvsadm/unknown-columns', heading.span, `title is not one that ipvsadm prints: ${heading.message}`));
    } else if (heading.kind === 'Heading') {
      form = heading.form ?? form;
    }
  }

  function readRow(line: SourceLine): void {
    if (unknownTitle) {
      tell(report('ipvsadm/unknown-columns', line.lineSpan(), 'columns of this connection cannot be told: the title above is not known'));
      return;
    }
    if (form === undefined) {
      form = hasClock(line) ? 'connections' : 'proc';
      tell(report('ipvsadm/title-missing', line.lineSpan(), 'the title line is missing'));
    }
    if (form === 'proc') scanProcRow(line);
    else scanListRow(line);
    const node = lines.read(line);
    if (isDiagnostic(node)) return tell(node);
    if (node.kind !== 'Connection') return;
    seen += 1;
    connections.push(node);
    if (!line.closed) tell(lastLineOpen(line.span(line.count - 1)));
  }

  return {
    read(line) {
      if (!startsTitle(line)) readRow(line);
      else if (seen === 0) readTitle(line);
      else tell(report('ipvsadm/second-output', line.lineSpan(), 'another list of connections begins here'));
    },
    end() {
      form ??= 'connections';
    },
    value: (span): IpvsadmConnections => ({ kind: 'IpvsadmConnections', layout: { form: form ?? 'connections' }, connections, span }),
    take() {
      const finished = connections;
      connections = [];
      return finished;
    },
  };
}

function startsTitle({ bytes, start, end }: SourceLine): boolean {
  const first = skipBlanks(bytes, start, end);
  return titleStarts.has(titleWords.find(bytes, first, endOfWord(bytes, first, end)));
}

/** Whether the second word has a colon as `14:45` has, and the kernel's hexadecimal IPv4 address has not. */
function hasClock({ source, bytes, start, end }: SourceLine): boolean {
  const first = endOfWord(bytes, skipBlanks(bytes, start, end), end);
  const second = skipBlanks(bytes, first, end);
  return /^[0-9]+:[0-9]{2}$/.test(source.slice(second, endOfWord(bytes, second, end)));
}
