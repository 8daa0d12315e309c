import type { Diagnostic, Section, SectionTool } from '@netdrift/core';
import { sectionCompleteness } from './completeness.ts';
import type { PartCompleteness, SectionCompleteness } from './section-completeness.ts';
import { parseSection, type ParsedSection } from './parse-section.ts';
import { askedChain } from './asked.ts';
import { logName, syslogName } from './log-name.ts';
import { kindOfName, kindOfWord, type ListingKind, tableNamesOf, tableOfText, UNKNOWN_TABLE } from './recognise.ts';
import type { PartContent, SnapshotFile } from './snapshot.ts';

const NAMES: { readonly [Kind in ListingKind]: string } = {
  ipvs: 'an ipvsadm listing',
  rules: 'an iptables listing',
  sets: 'an ipset listing',
  nft: 'an nft listing',
  modules: 'a list of kernel modules',
};

const TOOLS: { readonly [Kind in ListingKind]: SectionTool } = {
  ipvs: 'ipvsadm',
  rules: 'iptables',
  sets: 'ipset',
  nft: 'nft',
  modules: 'modules',
};

/** What reading one text gave. */
export interface ReadResult {
  readonly title: string;
  readonly content: PartContent;
  readonly completeness: PartCompleteness;
  readonly diagnostics: readonly Diagnostic[];
  readonly trouble?: { readonly code: string; readonly message: string };
}

/** Reads one output that a transcript told apart. */
export function readSection(file: SnapshotFile, section: Section, parsed: ParsedSection, completeness: SectionCompleteness): ReadResult {
  const asked = file.as === undefined ? undefined : kindOfWord(file.as);
  const shown = LISTING_KINDS.find((kind) => TOOLS[kind] === section.tool);
  if (asked !== undefined && shown !== undefined && asked !== shown) {
    const message = `is ${NAMES[shown]}, but was named as ${file.as}`;
    return {
      ...NOTHING,
      completeness: { state: 'unreadable', because: message },
      diagnostics: [],
      trouble: { code: 'snapshot/wrong-kind', message },
    };
  }
  return read(file, parsed, section, completeness);
}

const LISTING_KINDS = ['ipvs', 'rules', 'sets', 'nft', 'modules'] as const;
const NOTHING = { title: 'unknown', content: { kind: 'unknown' } } as const;

/**
 * Reads a text in which no titles are found: the short answers of the small readers, or a listing whose kind only its giver or its name
 * tells.
 */
export function readBare(file: SnapshotFile, text: string): ReadResult {
  const asked = file.as === undefined ? undefined : kindOfWord(file.as);
  const readAs = (tool: SectionTool): ReadResult => {
    const parsed = parseSection({ tool, text, ...(file.command === undefined ? {} : { command: file.command }) });
    const table = toldTable(file);
    return read(file, parsed, {}, sectionCompleteness(parsed, { text, ...(table === undefined ? {} : { table }) }));
  };
  if (asked !== undefined) return readAs(TOOLS[asked]);
  const expected = kindOfName(file.name);
  const { value } = parseSection({ tool: 'kubernetes', text });
  // The answer of a shell in a file that is named for a listing is told as that listing's.
  const isShellError = value?.kind === 'NoProgram' && expected !== undefined;
  if (value !== undefined && !isShellError) return readAs('kubernetes');
  if (expected !== undefined) return readAs(TOOLS[expected]);
  const log = syslogName(text);
  if (log !== undefined) return readLog(log, []);
  return { ...NOTHING, completeness: { state: 'unreadable', because: 'is no output of a known tool' }, diagnostics: [] };
}

/** The table that the giver or the name of a file tells. */
export function toldTable(file: SnapshotFile): string | undefined {
  return tableOfText(file.as ?? '') ?? tableOfText(file.name);
}

/** `ipvsadm` of `bash: ipvsadm: command not found`: the shell that says so is there. */
function whatIsMissing(value: { readonly error: string; readonly name?: string }): string | undefined {
  return value.error === 'command-not-found' ? value.name?.replace(/^.*\//, '') : undefined;
}

function read(
  file: SnapshotFile,
  parsed: ParsedSection,
  section: Partial<Pick<Section, 'table' | 'family' | 'args' | 'program'>>,
  completeness: SectionCompleteness,
): ReadResult {
  const { diagnostics } = parsed;
  if (parsed.value?.kind === 'ToolError') {
    const { error } = parsed.value;
    const tool = whatIsMissing(parsed.value) ?? parsed.value.tool;
    const content = { kind: 'tool-error', error, ...(tool === undefined ? {} : { tool }) } as const;
    return {
      title: `${tool ?? 'a tool'}: ${error}`,
      content,
      completeness,
      diagnostics,
      ...troubleOf(error === 'command-not-found' ? 'snapshot/no-program' : 'snapshot/tool-error', completeness),
    };
  }
  if (parsed.tool === 'log') return readLog(logName(section.program), diagnostics);
  if (parsed.value === undefined) return { ...NOTHING, title: `unread ${parsed.tool}`, completeness, diagnostics };
  if (completeness.state === 'unreadable')
    return { ...NOTHING, completeness, diagnostics, ...troubleOf('snapshot/not-a-listing', completeness) };
  return { ...contentOf(file, parsed.value, section), completeness, diagnostics };
}

/** A log tells what its program did, which is not what there is. */
function readLog(title: string, diagnostics: readonly Diagnostic[]): ReadResult {
  const because = `is a ${title}: it tells what that program did, and lists neither rules nor services`;
  return { title, content: { kind: 'other', what: title }, completeness: { state: 'unreadable', because }, diagnostics };
}

function troubleOf(code: string, completeness: SectionCompleteness): Pick<ReadResult, 'trouble'> {
  return completeness.state === 'unreadable' ? { trouble: { code, message: completeness.because } } : {};
}

type Value = NonNullable<ParsedSection['value']>;

function contentOf(
  file: SnapshotFile,
  value: Value,
  section: Partial<Pick<Section, 'table' | 'family' | 'args'>>,
): Pick<ReadResult, 'title' | 'content'> {
  switch (value.kind) {
    case 'ToolError':
    case 'IpvsadmUnknown':
    case 'IpvsadmEmpty':
      return NOTHING;
    case 'IpvsadmListing':
    case 'IpvsadmSave':
      return { title: 'ipvsadm', content: { kind: 'ipvs', value } };
    case 'IpsetList':
    case 'IpsetSave':
      return { title: 'ipset', content: { kind: 'sets', value } };
    case 'IptablesListing':
    case 'IptablesSave': {
      const chain = askedChain(section.args);
      const tableNames = tableNamesOf(value.tables, section.table ?? toldTable(file));
      const family = value.family ?? section.family ?? (/ip6tables|v6|6$/.test(file.name) ? 'ipv6' : 'ipv4');
      const names = tableNames.map((name) => (name === UNKNOWN_TABLE ? 'of a table not known' : name));
      return {
        title: `${family === 'ipv6' ? 'ip6tables' : 'iptables'} ${names.join(', ')}`,
        content: { kind: 'rules', value, family, tableNames, ...(chain === undefined ? {} : { chain }) },
      };
    }
    case 'NftablesRuleset':
      // Warnings of nft alone, as its standard error has them, say nothing of tables.
      return value.tables.length === 0 && value.span.end > 0
        ? { title: 'nft', content: { kind: 'other', what: 'messages of nft' } }
        : { title: 'nft', content: { kind: 'nft', value } };
    case 'ModuleErrors':
      return { title: 'modprobe', content: { kind: 'other', what: value.kind } };
    case 'Lsmod':
    case 'ModuleNames':
    case 'ModulesBuiltin':
    case 'ProcModules':
      return { title: `modules (${value.kind})`, content: { kind: 'modules', value } };
    case 'IpvsadmConnections':
    case 'IpvsadmDaemons':
    case 'IpvsadmTimeouts':
    case 'IpvsStatistics':
      return { title: IPVS_STATE[value.kind], content: { kind: 'ipvs-state', value } };
    default:
      return { title: titleOf(value.kind), content: { kind: 'reader', value } };
  }
}

const IPVS_STATE = {
  IpvsadmConnections: 'ipvsadm connections',
  IpvsadmDaemons: 'ipvsadm daemons',
  IpvsadmTimeouts: 'ipvsadm timeouts',
  IpvsStatistics: 'ip_vs_stats',
} as const;

/** `KubeProxyLog` as a person would call it: `kube proxy log`. */
function titleOf(kind: string): string {
  return kind.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}
