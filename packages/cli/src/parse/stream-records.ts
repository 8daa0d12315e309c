import { type Diagnostic, readTranscript } from '@netdrift/core';
import { parseIpsetStream } from '@netdrift/ipset';
import { parseIptablesStream } from '@netdrift/iptables';
import { parseIpvsadmStream } from '@netdrift/ipvsadm';
import { parseNftablesStream } from '@netdrift/nftables';
import { LineCounter } from './line-counter.ts';
import {
  chainRecord,
  diagnosticRecord,
  nftTableRecords,
  nodeRecord,
  type NodeRecord,
  type RecordPlace,
  ruleRecord,
  serviceRecord,
} from './records.ts';

/** The tools whose output can be read as it comes. */
export type StreamedTool = 'ipset' | 'iptables' | 'ipvsadm' | 'nft';

/**
 * The tool of a text that begins with one clean output of it and so can be read as it comes; undefined for what has to be
 * seen whole, as a pasted transcript.
 */
export function streamedTool(head: string): StreamedTool | undefined {
  const { sections, setAside } = readTranscript(head);
  const [first] = sections;
  if (first === undefined || sections.length > 1 || setAside.length > 0) return undefined;
  if (first.envelopes.length > 0 || first.pieces.length !== 1 || first.pieces[0]?.start !== 0) return undefined;
  if (first.tool === 'iptables' && first.form !== 'error') return 'iptables';
  if (first.tool === 'ipset' && (first.form === 'list' || first.form === 'save')) return 'ipset';
  if (first.tool === 'nft' && first.form === 'listing' && head.startsWith('table ')) return 'nft';
  return first.tool === 'ipvsadm' && (first.form === 'listing' || first.form === 'save' || first.form === 'connections')
    ? 'ipvsadm'
    : undefined;
}

/** The records of one long output, behind so many lines, each as soon as its line is complete. */
export async function* streamRecords(
  tool: StreamedTool,
  source: string,
  text: AsyncIterable<string>,
  before = 0,
): AsyncGenerator<NodeRecord, void, void> {
  const lines = new LineCounter();
  const place: RecordPlace = { source, section: { tool }, lineOf: (offset) => before + lines.lineOf(offset) };
  const counted = countLines(text, lines);
  if (tool === 'iptables') yield* ruleRecords(counted, place);
  else if (tool === 'nft') yield* tableRecords(counted, place);
  else if (tool === 'ipset') yield* setRecords(counted, place);
  else yield* serviceRecords(counted, place);
}

async function* countLines(text: AsyncIterable<string>, lines: LineCounter): AsyncGenerator<string, void, void> {
  for await (const piece of text) {
    lines.add(piece);
    yield piece;
  }
}

async function* ruleRecords(text: AsyncIterable<string>, place: RecordPlace): AsyncGenerator<NodeRecord, void, void> {
  for await (const item of parseIptablesStream(text)) {
    if (item.type === 'chain') yield chainRecord(item.chain, place, item.table, undefined);
    else if (item.type === 'rule') yield ruleRecord(item.rule, place, item.chain, item.table, undefined);
    else if (item.type === 'diagnostic') yield ofDiagnostic(item.diagnostic, place);
  }
}

async function* serviceRecords(text: AsyncIterable<string>, place: RecordPlace): AsyncGenerator<NodeRecord, void, void> {
  for await (const item of parseIpvsadmStream(text)) {
    if (item.type === 'diagnostic') yield ofDiagnostic(item.diagnostic, place);
    else if (item.type === 'service') yield* serviceRecord(item.service, place);
    else if (item.type === 'connection') yield nodeRecord(item.connection, place);
  }
}

async function* setRecords(text: AsyncIterable<string>, place: RecordPlace): AsyncGenerator<NodeRecord, void, void> {
  for await (const item of parseIpsetStream(text)) {
    if (item.type === 'diagnostic') yield ofDiagnostic(item.diagnostic, place);
    else if (item.type === 'set') yield nodeRecord(item.set, place);
    else if (item.type === 'member') yield nodeRecord(item.member, place, { set: item.set });
  }
}

async function* tableRecords(text: AsyncIterable<string>, place: RecordPlace): AsyncGenerator<NodeRecord, void, void> {
  for await (const item of parseNftablesStream(text)) {
    if (item.type === 'diagnostic') yield ofDiagnostic(item.diagnostic, place);
    else if (item.type === 'table') yield* nftTableRecords(item.table, place);
  }
}

function ofDiagnostic(diagnostic: Diagnostic, { source, section, lineOf }: RecordPlace): NodeRecord {
  return diagnosticRecord(diagnostic, section.tool, source, lineOf);
}
