import type { Diagnostic, Section, SectionTool } from '@netdrift/core';
import { parseSection, type ParsedSection } from './parse-section.ts';
import { kindOfName, kindOfWord, type ListingKind, tableOfChains, tableOfText } from './recognise.ts';
import type { Completeness, PartContent, SnapshotFile } from './snapshot.ts';

const NAMES: { readonly [Kind in ListingKind]: string } = {
  ipvs: 'an ipvsadm listing',
  rules: 'an iptables listing',
  sets: 'an ipset listing',
  modules: 'a list of kernel modules',
};

const TOOLS: { readonly [Kind in ListingKind]: SectionTool } = {
  ipvs: 'ipvsadm',
  rules: 'iptables',
  sets: 'ipset',
  modules: 'modules',
};

/** What reading one text gave. */
export interface ReadResult {
  readonly title: string;
  readonly content: PartContent;
  readonly completeness: Completeness;
  readonly reason?: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly trouble?: { readonly code: string; readonly message: string };
}

/**
 * Reads one output. `section` tells what a transcript knows of it; without one, what the giver says and then the file's name tell
 * what the text should be.
 */
export function readContent(file: SnapshotFile, text: string, section?: Section): ReadResult {
  const asked = file.as === undefined ? undefined : kindOfWord(file.as);
  if (section === undefined) return readBare(asked, file, text);
  const shown = LISTING_KINDS.find((kind) => TOOLS[kind] === section.tool);
  if (asked !== undefined && shown !== undefined && asked !== shown) {
    return refused('snapshot/wrong-kind', `is ${NAMES[shown]}, but was named as ${file.as}`);
  }
  const result = read(file, parseSection(section), section);
  if (result.completeness !== 'complete') return result;
  const missing = missingOfSave(result, section.text);
  if (missing !== undefined) return { ...result, completeness: 'partial', reason: missing };
  if (section.gaps > 0) return { ...result, completeness: 'partial', reason: 'has lines left out' };
  if (section.filter !== undefined) return { ...result, completeness: 'partial', reason: `went through ${section.filter}` };
  return result;
}

const LISTING_KINDS = ['ipvs', 'rules', 'sets', 'modules'] as const;

/** A text without titles: the short answers of the small readers, or a listing whose kind only its name tells. */
function readBare(asked: ListingKind | undefined, file: SnapshotFile, text: string): ReadResult {
  if (asked !== undefined) return read(file, parseSection({ tool: TOOLS[asked], text }));
  const expected = kindOfName(file.name);
  const answer = parseSection({ tool: 'kubernetes', text });
  // The answer of a shell in a file that is named for a listing is told as that listing's.
  const isShellError = answer.value?.kind === 'NoProgram' && expected !== undefined;
  if (answer.value !== undefined && !isShellError) return read(file, answer);
  if (expected !== undefined) return read(file, parseSection({ tool: TOOLS[expected], text }));
  return { title: 'unknown', content: { kind: 'unknown' }, completeness: 'unreadable', reason: 'is no output of a known tool', diagnostics: [] };
}

function read(file: SnapshotFile, parsed: ParsedSection, section: Partial<Pick<Section, 'table' | 'family'>> = {}): ReadResult {
  const { diagnostics } = parsed;
  switch (parsed.tool) {
    case 'ipvsadm':
      return ofIpvs(parsed);
    case 'ipset':
      return ofSets(parsed);
    case 'modules':
      return ofModules(parsed);
    case 'iptables':
      return ofRules(file, parsed, section);
    default: {
      const { value } = parsed;
      if (value === undefined) return { title: `unread ${parsed.tool}`, content: { kind: 'unknown' }, completeness: 'unreadable', reason: 'could not be read', diagnostics };
      return { title: titleOf(value.kind), content: { kind: 'reader', value }, ...completeness(diagnostics), diagnostics };
    }
  }
}

type Parsed<Tool> = Extract<ParsedSection, { readonly tool: Tool }>;

function ofIpvs({ value, diagnostics }: Parsed<'ipvsadm'>): ReadResult {
  if (value.kind === 'ToolError') return toolError(value.error, value.tool, diagnostics);
  if (value.kind === 'IpvsadmListing' || value.kind === 'IpvsadmSave') {
    return { title: 'ipvsadm', content: { kind: 'ipvs', value }, ...completeness(diagnostics), diagnostics };
  }
  if (value.kind === 'IpvsadmUnknown' || value.kind === 'IpvsadmEmpty') return refused('snapshot/not-a-listing', `is not ${NAMES.ipvs}`, diagnostics);
  return { title: `ipvsadm ${value.kind}`, content: { kind: 'other', what: value.kind }, completeness: 'complete', diagnostics };
}

function ofSets({ value, diagnostics }: Parsed<'ipset'>): ReadResult {
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

function ofModules({ value, diagnostics }: Parsed<'modules'>): ReadResult {
  if (value.kind === 'ToolError') return toolError(value.error, value.tool, diagnostics);
  if (value.kind === 'ModuleErrors') return { title: 'modprobe', content: { kind: 'other', what: value.kind }, completeness: 'complete', diagnostics };
  if (value.modules.length === 0) return refused('snapshot/not-a-listing', `is not ${NAMES.modules}`, diagnostics);
  return { title: `modules (${value.kind})`, content: { kind: 'modules', value }, ...completeness(diagnostics), diagnostics };
}

function ofRules(file: SnapshotFile, { value, diagnostics }: Parsed<'iptables'>, section: Partial<Pick<Section, 'table' | 'family'>>): ReadResult {
  if (value.kind === 'ToolError') return toolError(value.error, value.tool, diagnostics);
  if (value.tables.length === 0) return refused('snapshot/not-a-listing', `is not ${NAMES.rules}`, diagnostics);
  const told = section.table ?? tableOfText(file.as ?? '') ?? tableOfText(file.name);
  const tableNames = value.tables.map((table) => table.name ?? (value.tables.length === 1 ? told : undefined) ?? tableOfChains(table.chains) ?? told ?? 'filter');
  const family = value.family ?? section.family ?? (/ip6tables|v6|6$/.test(file.name) ? 'ipv6' : 'ipv4');
  return {
    title: `${family === 'ipv6' ? 'ip6tables' : 'iptables'} ${tableNames.join(', ')}`,
    content: { kind: 'rules', value, family, tableNames },
    ...completeness(diagnostics),
    diagnostics,
  };
}

/**
 * What `iptables-save` and `iptables -S` always print and this text lacks: the name of a table, the declaration of a chain, COMMIT. Where
 * such a line is missing, others may be.
 */
function missingOfSave({ content, diagnostics }: ReadResult, text: string): string | undefined {
  if (content.kind !== 'rules' || content.value.kind !== 'IptablesSave') return undefined;
  const whole = content.value.layout.style === 'save';
  if (diagnostics.some((diagnostic) => diagnostic.code === 'iptables/uncommitted-table')) return 'a table has no COMMIT';
  for (const table of content.value.tables) {
    if (whole && table.name === undefined) return 'the line with the name of a table is missing';
    for (const chain of table.chains) if (whole ? text[chain.span.start] !== ':' : text.startsWith('-A', chain.span.start)) return `the declaration of chain ${chain.name} is missing`;
  }
  return undefined;
}

/** `KubeProxyLog` as a person would call it: `kube proxy log`. */
function titleOf(kind: string): string {
  return kind.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
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
function completeness(diagnostics: readonly Diagnostic[]): { readonly completeness: Completeness; readonly reason?: string } {
  const lost = diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
  if (lost.length === 0) return { completeness: 'complete' };
  return { completeness: 'partial', reason: `${lost.length} ${lost.length === 1 ? 'line' : 'lines'} could not be read` };
}
