import type { Diagnostic } from '@netdrift/core';
import { parseIpset } from '@netdrift/ipset';
import { parseIptables } from '@netdrift/iptables';
import { parseIpvsadm } from '@netdrift/ipvsadm';
import { parseModules } from '@netdrift/modules';
import type { ReadResult } from './read-snapshot.ts';
import { READERS } from './readers/readers.ts';
import { kindOfContent, kindOfName, kindOfWord, type ListingKind, tableOfChains, tableOfText } from './recognise.ts';
import type { SnapshotFile } from './snapshot.ts';

const NAMES: { readonly [Kind in ListingKind]: string } = {
  ipvs: 'an ipvsadm listing',
  rules: 'an iptables listing',
  sets: 'an ipset listing',
  modules: 'a list of kernel modules',
};

/** Reads a text that is not empty and not binary. */
export function readContent(file: SnapshotFile, text: string): ReadResult {
  const asked = file.as === undefined ? undefined : kindOfWord(file.as);
  const shown = kindOfContent(text);
  if (asked !== undefined && shown !== undefined && asked !== shown) {
    return refused('snapshot/wrong-kind', `is ${NAMES[shown]}, but was named as ${file.as}`);
  }
  const kind = shown ?? asked;
  if (kind !== undefined) return readListing(kind, file, text);
  for (const reader of READERS) {
    const value = reader.read(text);
    if (value === undefined) continue;
    // The answer of a shell in a file that is named for a listing is told as that listing's.
    if (value.kind === 'NoProgram' && kindOfName(file.name) !== undefined) break;
    return { title: reader.title, content: { kind: 'reader', value }, completeness: 'complete', diagnostics: value.diagnostics ?? [] };
  }
  const expected = kindOfName(file.name);
  return expected === undefined ? { title: 'unknown', content: { kind: 'unknown' }, completeness: 'unreadable', reason: 'is of no known kind', diagnostics: [] } : readListing(expected, file, text);
}

function readListing(kind: ListingKind, file: SnapshotFile, text: string): ReadResult {
  if (kind === 'ipvs') return readIpvs(text);
  if (kind === 'sets') return readSets(text);
  if (kind === 'modules') return readModules(text);
  return readRules(file, text);
}

function readIpvs(text: string): ReadResult {
  const { value, diagnostics } = parseIpvsadm(text);
  if (value.kind === 'ToolError') return toolError(value.error, value.tool, diagnostics);
  if (value.kind === 'IpvsadmListing' || value.kind === 'IpvsadmSave') {
    return { title: 'ipvsadm', content: { kind: 'ipvs', value }, ...completeness(diagnostics), diagnostics };
  }
  if (value.kind === 'IpvsadmUnknown' || value.kind === 'IpvsadmEmpty') return refused('snapshot/not-a-listing', `is not ${NAMES.ipvs}`, diagnostics);
  return { title: `ipvsadm ${value.kind}`, content: { kind: 'other', what: value.kind }, completeness: 'complete', diagnostics };
}

function readSets(text: string): ReadResult {
  const { value, diagnostics } = parseIpset(text);
  if (value.kind === 'ToolError') return toolError(value.error, value.tool, diagnostics);
  if (value.sets.length === 0 && diagnostics.length > 0) return refused('snapshot/not-a-listing', `is not ${NAMES.sets}`, diagnostics);
  const cut = value.sets.find((set) => set.entries !== undefined && set.members !== undefined && set.entries !== set.members.length);
  const reason = cut === undefined ? undefined : `set ${cut.name} has ${cut.entries} members, ${cut.members?.length} are listed`;
  const complete = completeness(diagnostics);
  return {
    title: 'ipset',
    content: { kind: 'sets', value },
    ...(complete.completeness === 'complete' && reason !== undefined ? { completeness: 'partial', reason } : complete),
    diagnostics,
  };
}

function readModules(text: string): ReadResult {
  const { value, diagnostics } = parseModules(text);
  if (value.kind === 'ToolError') return toolError(value.error, value.tool, diagnostics);
  if (value.kind === 'ModuleErrors') return { title: 'modprobe', content: { kind: 'other', what: value.kind }, completeness: 'complete', diagnostics };
  if (value.modules.length === 0) return refused('snapshot/not-a-listing', `is not ${NAMES.modules}`, diagnostics);
  return { title: `modules (${value.kind})`, content: { kind: 'modules', value }, ...completeness(diagnostics), diagnostics };
}

function readRules(file: SnapshotFile, text: string): ReadResult {
  const { value, diagnostics } = parseIptables(text);
  if (value.kind === 'ToolError') return toolError(value.error, value.tool, diagnostics);
  if (value.tables.length === 0) return refused('snapshot/not-a-listing', `is not ${NAMES.rules}`, diagnostics);
  const told = file.as === undefined ? tableOfText(file.name) : tableOfText(file.as);
  const tableNames = value.tables.map((table) => table.name ?? (value.tables.length === 1 ? told : undefined) ?? tableOfChains(table.chains) ?? told ?? 'filter');
  const family = value.family ?? (/ip6tables|v6|6$/.test(file.name) ? 'ipv6' : 'ipv4');
  return {
    title: `${family === 'ipv6' ? 'ip6tables' : 'iptables'} ${tableNames.join(', ')}`,
    content: { kind: 'rules', value, family, tableNames },
    ...completeness(diagnostics),
    diagnostics,
  };
}

/** A tool that could not answer: only a kernel without IPVS is an answer about the node. */
function toolError(error: string, tool: string | undefined, diagnostics: readonly Diagnostic[]): ReadResult {
  const answer = error === 'ipvs-not-available';
  return {
    title: `${tool ?? 'a tool'}: ${error}`,
    content: { kind: 'tool-error', error, ...(tool === undefined ? {} : { tool }) },
    completeness: answer ? 'complete' : 'unreadable',
    ...(answer ? {} : { reason: `holds an error instead of a listing: ${error}` }),
    diagnostics,
    ...(answer ? {} : { trouble: { code: 'snapshot/tool-error', message: `holds an error of ${tool ?? 'a tool'} instead of a listing: ${error}` } }),
  };
}

function refused(code: string, message: string, diagnostics: readonly Diagnostic[] = []): ReadResult {
  return { title: 'unknown', content: { kind: 'unknown' }, completeness: 'unreadable', reason: message, diagnostics, trouble: { code, message } };
}

/** A lost line makes a part partial; what is only kept as unknown text does not. */
function completeness(diagnostics: readonly Diagnostic[]): Pick<ReadResult, 'completeness' | 'reason'> {
  const lost = diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
  if (lost.length === 0) return { completeness: 'complete' };
  return { completeness: 'partial', reason: `${lost.length} ${lost.length === 1 ? 'line' : 'lines'} could not be read` };
}
