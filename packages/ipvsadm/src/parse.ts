import { decode, endOfLine, type Diagnostic, type ParseResult } from '@netdrift/core';
import type { IpvsadmValue } from './ast.ts';
import { checkDuplicates } from './duplicates.ts';
import type { IpvsadmOutput } from './output-reader.ts';
import { outputs } from './outputs.ts';
import { SourceLine } from './source-line.ts';

/** Options of {@link parseIpvsadm}. */
export interface ParseIpvsadmOptions {
  /** What the text is, where it may have no line to tell: a save of an empty table, no daemon. Not given: unknown. */
  readonly output?: IpvsadmOutput;
}

/**
 * Reads any output of `ipvsadm` (1.24 to 1.31), a rule file for `ipvsadm -R`, `/proc/net/ip_vs`, `ip_vs_stats` or
 * `ip_vs_conn`; which it is, is told from the text. The text of a known failure gives a `ToolError`.
 *
 * Never throws on input. A line that cannot be read is left out and has a diagnostic. One text holds one output: a second
 * one inside it is reported and left out. Source of the formats: ipvsadm.c, libipvs.c, the kernel's ip_vs_ctl.c and ip_vs_conn.c.
 *
 * @example
 * const { value } = parseIpvsadm('-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.1.0.1:80 -m -w 1\n');
 * // => { kind: 'IpvsadmSave', services: [{ protocol: 'TCP', address: '10.0.0.1', port: 80, scheduler: 'rr', destinations: [ … ] }], … }
 */
export function parseIpvsadm(input: string | Uint8Array, options: ParseIpvsadmOptions = {}): ParseResult<IpvsadmValue> {
  return parseWith(decode(input), options, true);
}

/** As {@link parseIpvsadm}, without remembering the shapes of lines; for the test that this makes no difference. */
export function parseByGrammar(input: string | Uint8Array): ParseResult<IpvsadmValue> {
  return parseWith(decode(input), {}, false);
}

function parseWith(text: string, options: ParseIpvsadmOptions, remember: boolean): ParseResult<IpvsadmValue> {
  const diagnostics: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): void => {
    diagnostics.push(diagnostic);
  };
  const reader = outputs({ report, remember }, options.output);
  readLines(new SourceLine(text), (line) => {
    reader.read(line);
  });
  reader.end();
  const value = reader.value({ start: 0, end: text.length });
  checkDuplicates(value, report);
  return { value, diagnostics: diagnostics.sort((one, other) => one.span.start - other.span.start) };
}

const CARRIAGE_RETURN = 0x0d;

/** Goes through the lines of a source; line ends may be `\n` or `\r\n`. */
export function readLines(line: SourceLine, read: (line: SourceLine) => void): void {
  const { bytes } = line;
  for (let start = 0; start < bytes.length;) {
    const stop = endOfLine(line.source, start);
    const end = stop > start && bytes[stop - 1] === CARRIAGE_RETURN ? stop - 1 : stop;
    line.begin(start, end);
    line.closed = stop < bytes.length;
    read(line);
    start = stop + 1;
  }
}
