import { displayJson, displayText } from '@netdrift/core';
import { addToGroup } from '../../common/add-to-group.ts';
import type { Severity } from '../../report.ts';
import type { PacketTrace, TraceOutcome, TraceStep } from '../../trace/packet-trace.ts';
import type { SnapshotTrace } from '../../trace/trace-snapshot.ts';
import { emphasis, severityPainter, type SeverityPainter } from '../severity-painter.ts';
import type { TextOptions } from '../text.ts';

/** A snapshot's traces with the name it is told by. */
export interface NamedTrace {
  readonly name: string;
  readonly trace: SnapshotTrace;
}

/** Paths shown of one packet; of more ways only the endpoints are told. */
const MAX_PATHS = 6;

/**
 * Traces as text for a terminal: each packet, what becomes of it, and every rule it matches, table by table; several snapshots one after
 * another, packet by packet. Text of the input is escaped.
 */
export function renderTraceText(named: readonly NamedTrace[], options: TextOptions = {}): string {
  const paint = severityPainter(options.color === true);
  const bold = emphasis(options.color === true);
  const lines: string[] = [];
  const most = named.reduce((count, { trace }) => Math.max(count, trace.traces.length), 0);
  for (let place = 0; place < most; place += 1) {
    for (const { name, trace } of named) {
      const found = trace.traces[place];
      if (found === undefined) continue;
      if (lines.length > 0) lines.push('');
      if (named.length > 1) lines.push(bold(`${displayText(name)}:`));
      lines.push(...packetLines(found, paint, bold));
    }
  }
  if (lines.length === 0)
    return named.some(({ trace }) => trace.troubles.length > 0)
      ? 'What becomes of the packet is not known.\n'
      : 'No packet could be made up.\n';
  return `${lines.join('\n')}\n`;
}

/** Traces as JSON with two blanks of indent and a final newline: one snapshot's alone, several as a list with their names. */
export function renderTraceJson(named: readonly NamedTrace[]): string {
  const [only] = named;
  if (named.length === 1 && only !== undefined) return `${displayJson(only.trace, 2)}\n`;
  return `${displayJson({ schemaVersion: '1.0', snapshots: named.map(({ name, trace }) => ({ name, traces: trace.traces, troubles: trace.troubles })) }, 2)}\n`;
}

function packetLines(
  { packet, outcomes, assumptions, otherwise }: PacketTrace,
  paint: SeverityPainter,
  bold: (text: string) => string,
): string[] {
  const place = (address: string, port: number | undefined): string =>
    port === undefined ? address : `${address.includes(':') ? `[${address}]` : address}:${port}`;
  const from =
    packet.from === undefined ? '' : `, from ${packet.from === 'node' ? 'this node' : packet.from === 'pod' ? 'a pod' : 'outside'}`;
  const title = `${packet.protocol} ${place(packet.source, packet.sourcePort)} → ${place(packet.destination, packet.destinationPort)} (${packet.hook}${packet.in === undefined ? '' : `, ${packet.in}`}${from})`;
  const shown = outcomes.slice(0, MAX_PATHS);
  return [
    bold(displayText(title)),
    ...summaryLines(outcomes, paint),
    ...shown.flatMap((outcome) => [
      '',
      `  ${outcomes.length === 1 ? 'path' : `path of ${displayText(outcomeText(outcome))}`}:`,
      ...pathLines(outcome.path),
    ]),
    ...(outcomes.length > shown.length ? ['', `  and ${outcomes.length - shown.length} more ways`] : []),
    ...(assumptions.length === 0 && otherwise.length === 0 ? [] : ['']),
    ...assumptions.map((assumption) => `  assuming  ${displayText(assumption)}`),
    ...otherwise.map(
      (other) =>
        `  if ${displayText(other.if.join(' and '))}: ${other.outcomes
          .map((outcome) => displayText(withShare(outcome)))
          .slice(0, MAX_PATHS)
          .join('; ')}`,
    ),
  ];
}

/** What stops a packet stands out; one that gets somewhere needs no colour. */
const LEVELS: { readonly [Verdict in TraceOutcome['verdict']]?: Severity } = {
  refused: 'critical',
  dropped: 'critical',
  unknown: 'warning',
};

function summaryLines(outcomes: readonly TraceOutcome[], paint: SeverityPainter): string[] {
  const groups = new Map<string, TraceOutcome[]>();
  for (const outcome of outcomes) {
    const key = `${outcome.verdict} ${outcome.sourceAddress} ${outcome.share.toPrecision(6)} ${outcome.reason ?? ''} ${outcome.rejectedWith ?? ''} ${outcome.method ?? ''}`;
    addToGroup(groups, key, outcome);
  }
  return [...groups.values()].map((group) => {
    const [first] = group as [TraceOutcome];
    const level = LEVELS[first.verdict];
    const painted = (text: string): string => (level === undefined ? text : paint(level, text));
    if (group.length === 1) return `  ${painted(displayText(withShare(first)))}`;
    const endpoints = group
      .map(({ endpoint }) => endpoint ?? '')
      .slice(0, 8)
      .join(', ');
    const more = group.length > 8 ? ` and ${group.length - 8} more` : '';
    return `  ${painted(displayText(`${verdictText(first, `${endpoints}${more}`)} (${percent(first.share)} each${chosenText(first)})`))}`;
  });
}

function withShare(outcome: TraceOutcome): string {
  return outcome.share > 0.9999 ? outcomeText(outcome) : `${outcomeText(outcome)} (${percent(outcome.share)}${chosenText(outcome)})`;
}

function outcomeText(outcome: TraceOutcome): string {
  return verdictText(outcome, outcome.endpoint ?? '');
}

const CHOSEN = { turn: '', client: ', by the client’s address', destination: ', one of them gets all' } as const;

function chosenText({ chosenBy }: TraceOutcome): string {
  return chosenBy === undefined ? '' : CHOSEN[chosenBy];
}

function verdictText({ verdict, sourceAddress, rejectedWith, reason, method }: TraceOutcome, endpoints: string): string {
  const source = sourceAddress === 'unknown' ? '' : sourceAddress === 'replaced' ? ', masqueraded' : ', source address kept';
  const by = method === undefined || method === 'Masq' ? '' : method === 'Route' ? ' by direct routing' : ` by ${method.toLowerCase()}`;
  switch (verdict) {
    case 'delivered':
      return `delivered to ${endpoints}${by}${source}`;
    case 'node':
      return `delivered to this node${source}`;
    case 'leaves':
      return `leaves for its own destination${source}`;
    case 'refused':
      return `refused${rejectedWith === undefined ? '' : ` (${rejectedWith})`}${reason === undefined ? '' : `: ${reason}`}`;
    case 'dropped':
      return `dropped${reason === undefined ? '' : `: ${reason}`}`;
    case 'unknown':
      return `cannot be told: ${reason ?? 'a rule is not modelled'}`;
  }
}

/** `33 %`, `0.5 %`. */
function percent(share: number): string {
  const value = share * 100;
  return value >= 1 ? `${Number(value.toFixed(1))} %` : `${value.toPrecision(1)} %`;
}

/** One line for each table at each hook: `nat PREROUTING#1 → KUBE-SERVICES#3`. */
function pathLines(path: readonly TraceStep[]): string[] {
  const lines: { readonly key: string; readonly table: string; readonly steps: string[] }[] = [];
  for (const step of path) {
    const table = 'table' in step ? step.table : 'ipvs';
    const key = `${step.hook} ${table}`;
    const text = 'table' in step ? `${step.chain}${step.rule === 0 ? ' policy' : `#${step.rule}`}` : step.virtualService;
    const last = lines.at(-1);
    if (last?.key === key) last.steps.push(text);
    else lines.push({ key, table, steps: [text] });
  }
  const width = Math.max(0, ...lines.map(({ table }) => table.length));
  return lines.length === 0
    ? ['    no rule']
    : lines.map(({ table, steps }) => `    ${displayText(table.padEnd(width))}  ${displayText(steps.join(' → '))}`);
}
