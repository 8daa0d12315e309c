import { endOfWord, quoteInput, skipBlanks, wordTable, type Diagnostic, type Line } from '@netdrift/core';
import type { ToolError } from './ast.ts';
import { connectionsReader } from './connections/reader.ts';
import { report } from './diagnostics.ts';
import { listingReader } from './listing/reader.ts';
import type { IpvsadmOutput, OutputReader, ReaderContext } from './output-reader.ts';
import { saveReader } from './save/reader.ts';
import type { SourceLine } from './source-line.ts';
import { daemonsReader, statisticsReader, timeoutsReader } from './status/reader.ts';
import { parseToolMessage, toolErrorOf } from './tool-message.ts';

type OutputName = IpvsadmOutput | 'timeouts' | 'statistics';

const readers: Readonly<Record<OutputName, (context: ReaderContext) => OutputReader>> = {
  listing: listingReader,
  save: saveReader,
  connections: connectionsReader,
  daemons: daemonsReader,
  timeouts: timeoutsReader,
  statistics: statisticsReader,
};

/** Tells from the first line which output a text is, and reads it with that output's reader. */
export function outputs({ report: tell, remember }: ReaderContext, expected?: IpvsadmOutput): OutputReader {
  let reader: OutputReader | undefined;
  let lines = 0;
  let current: SourceLine | undefined;
  const messages: ToolError[] = [];

  /** A line that a reader could not read may be a tool's message: that is then the cause to tell. */
  function tellCause(diagnostic: Diagnostic): void {
    const message = diagnostic.severity === 'error' && current !== undefined ? parseToolMessage(current) : undefined;
    tell(message === undefined ? diagnostic : toolMessageInside(message));
  }

  function start(name: OutputName): OutputReader {
    for (const message of messages.splice(0)) tell(toolMessageInside(message));
    return readers[name]({ report: tellCause, remember });
  }

  function readBefore(line: SourceLine): void {
    const message = parseToolMessage(line);
    if (message !== undefined) {
      messages.push(message);
      return;
    }
    if (isComment(line)) return tell(report('ipvsadm/comment', line.lineSpan(), 'line begins with # and is left out'));
    const text = quoteInput(line.source.slice(line.start, line.end));
    tell(report('ipvsadm/foreign-line', line.lineSpan(), `expected a line of ipvsadm, found ${text}`));
  }

  return {
    read(line) {
      if (skipBlanks(line.bytes, line.start, line.end) === line.end) return;
      lines += 1;
      current = line;
      const name = reader === undefined ? outputOf(line) : undefined;
      // `--tun-info: unknown option` begins as a rule does.
      if (name !== undefined && parseToolMessage(line) === undefined) reader = start(name);
      if (reader === undefined) readBefore(line);
      else reader.read(line);
    },
    end() {
      current = undefined;
      if (reader === undefined && lines === 0 && expected !== undefined) reader = start(expected);
      reader?.end();
      if (lines === 0 && expected === undefined) {
        tell(report('ipvsadm/empty-text', { start: 0, end: 0 }, 'the text has no line'));
      }
    },
    value(span) {
      if (reader !== undefined) return reader.value(span);
      if (lines === 0) return { kind: 'IpvsadmEmpty', span };
      const error = messages.length > 0 ? toolErrorOf(messages, span) : undefined;
      return error ?? { kind: 'IpvsadmUnknown', span };
    },
    take: () => reader?.take() ?? [],
  };
}

function toolMessageInside(message: ToolError): Diagnostic {
  return report(
    'ipvsadm/tool-message',
    message.span,
    `${message.tool} reports a failure here (${message.error}); the output may be incomplete`,
  );
}

function isComment(line: Line): boolean {
  return line.bytes[skipBlanks(line.bytes, line.start, line.end)] === 0x23;
}

const listing = 1;
const serviceLine = 2;
const connections = 3;
const timeouts = 4;
const daemons = 5;
const statistics = 6;
const save = 7;

const firstWords = wordTable([
  ['IP', listing],
  ['Prot', listing],
  ['->', listing],
  ['FWM', serviceLine],
  ['MATCH', serviceLine],
  ['TCP', serviceLine],
  ['UDP', serviceLine],
  ['SCTP', serviceLine],
  ['IPVS', connections],
  ['pro', connections],
  ['Pro', connections],
  ['Timeout', timeouts],
  ['master', daemons],
  ['backup', daemons],
  ['Total', statistics],
]);

const commands = wordTable(
  ['-A', '-a', '-E', '-e', '-D', '-d', '-C', '-Z', '--add-service', '--add-server', '--clear', '--edit-service', '--edit-server'].map(
    (command) => [command, save] as const,
  ),
);

const MINUS = 0x2d;

/** Which output a line begins. */
function outputOf(line: Line): OutputName | undefined {
  const { bytes, end } = line;
  const start = skipBlanks(bytes, line.start, end);
  const stop = endOfWord(bytes, start, end);
  switch (firstWords.find(bytes, start, stop)) {
    case listing:
      return 'listing';
    case serviceLine:
      return looksLikeConnection(line, stop) ? 'connections' : 'listing';
    case connections:
      return 'connections';
    case timeouts:
      return 'timeouts';
    case daemons:
      return 'daemons';
    case statistics:
      return 'statistics';
    default:
      return beginsRule(line, start, stop) ? 'save' : undefined;
  }
}

/** A command in letters may have options glued to it: `-At`. */
function beginsRule({ bytes }: Line, start: number, end: number): boolean {
  if (bytes[start] !== MINUS) return false;
  return commands.find(bytes, start, bytes[start + 1] === MINUS ? end : Math.min(end, start + 2)) === save;
}

/** A connection has the time `14:45`, or an address without a port, where a service has address and port. */
function looksLikeConnection({ source, bytes, end }: Line, from: number): boolean {
  const start = skipBlanks(bytes, from, end);
  const word = source.slice(start, endOfWord(bytes, start, end));
  return /^(?:[0-9]{2,}:[0-9]{2}|[0-9A-F]{8}|[0-9a-f:]{39})$/.test(word) && !isMarkLine(source, from);
}

function isMarkLine(source: string, endOfFirstWord: number): boolean {
  return source.slice(endOfFirstWord - 3, endOfFirstWord) === 'FWM';
}
