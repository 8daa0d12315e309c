import type { Diagnostic, Section, Transcript } from '@netdrift/core';
import type { IpsetList, IpsetSave } from '@netdrift/ipset';
import type { IptablesListing, IptablesSave, Table } from '@netdrift/iptables';
import type { ParsedSection } from './parse-section.ts';
import { tableNamesOf } from './recognise.ts';
import type { PartCompleteness } from './snapshot.ts';

/** Why an output does not show all there was. */
export interface PartialReason {
  /** What is wrong with it, as `went through grep`. */
  readonly text: string;
  /** The table of rules that it is about; missing = the output as a whole. */
  readonly table?: string;
}

/** Whether an output shows all there was when its tool was asked, as far as the output itself tells. */
export type SectionCompleteness =
  | { readonly state: 'complete' }
  | { readonly state: 'partial'; readonly because: readonly PartialReason[] }
  /** Nothing of it can be used: it is an error of its tool, or no output of it. */
  | { readonly state: 'unreadable'; readonly because: string };

/** What is looked at beside the parsed output. */
export type SectionFacts = Pick<Section, 'text'> & Partial<Pick<Section, 'gaps' | 'filter' | 'table'>>;

/**
 * Whether the outputs of a transcript show all there was, in their order: `parsed` is what {@link parseSection} gave for each section.
 *
 * An output is partial where lines of it were lost, cut off, filtered or left out, where a rule jumps to a chain that is not listed, where a chain
 * has more references than are listed, where a built-in chain or a line that a save always has is missing, and where it is a listing of
 * one service. An output that was filtered without a trace counts as complete. A kernel that answers that it has no IPVS is a complete
 * answer; any other error of a tool is unreadable.
 *
 * @example
 * const transcript = readTranscript('# ipvsadm -Sn | grep :53\n-A -u 10.96.0.10:53 -s rr\n');
 * completenessOf(transcript, transcript.sections.map(parseSection))
 * // => [{ state: 'partial', because: [{ text: 'went through grep' }] }]
 */
export function completenessOf({ sections, setAside }: Transcript, parsed: readonly ParsedSection[]): readonly SectionCompleteness[] {
  const foreign = setAside.filter(({ reason }) => reason === 'other' || reason === 'long-line').length;
  // Lines that belong to no output may have been lines of one before they were damaged; where a command tells what was asked, they are not.
  const isForeign = foreign > 0 && sections.every(({ command }) => command === undefined);
  const text = `${foreign === 1 ? 'some lines are' : `lines in ${foreign} places are`} no part of an output`;
  return sections.map((section, index): SectionCompleteness => {
    const one = parsed[index] as ParsedSection;
    const completeness = sectionCompleteness(one, section);
    return isForeign && completeness.state === 'complete' && isTable(one) ? { state: 'partial', because: [{ text }] } : completeness;
  });
}

/** What is read line by line: a log or a table of objects may have any text around it. */
function isTable({ tool }: ParsedSection): boolean {
  return tool === 'ipvsadm' || tool === 'iptables' || tool === 'ipset';
}

/** Whether one output shows all there was, whatever stands around it. */
export function sectionCompleteness(parsed: ParsedSection, section: SectionFacts): SectionCompleteness {
  const unreadable = whyUnreadable(parsed);
  if (unreadable !== undefined) return { state: 'unreadable', because: unreadable };
  const because = [
    ...lostLines(parsed.diagnostics, section.text),
    ...((section.gaps ?? 0) > 0 ? [{ text: 'has lines left out' }] : []),
    ...(section.filter === undefined ? [] : [{ text: `went through ${section.filter}` }]),
    ...missingParts(parsed, section),
  ];
  return because.length === 0 ? { state: 'complete' } : { state: 'partial', because };
}

/**
 * Why an output is not complete, as the end of a sentence that begins with its name; `undefined` where it is. With a `table`, the reasons
 * that are about another table are left out.
 *
 * @example
 * whyIncomplete({ state: 'partial', because: [{ text: 'went through grep' }, { text: 'has lines left out' }] })
 * // => 'went through grep; has lines left out'
 */
export function whyIncomplete(completeness: PartCompleteness, table?: string): string | undefined {
  if (completeness.state === 'complete') return undefined;
  if (completeness.state !== 'partial') return completeness.because;
  const texts = completeness.because.filter((reason) => table === undefined || reason.table === undefined || reason.table === table).map(({ text }) => text);
  return texts.length === 0 ? undefined : texts.join('; ');
}

function whyUnreadable(parsed: ParsedSection): string | undefined {
  const { value } = parsed;
  if (value === undefined) return 'could not be read';
  // A kernel without IPVS is an answer about the node.
  if (value.kind === 'ToolError') return value.error === 'ipvs-not-available' ? undefined : `holds an error of ${value.tool ?? 'a tool'} instead of a listing: ${value.error}`;
  switch (parsed.tool) {
    case 'ipvsadm':
      return value.kind === 'IpvsadmUnknown' || value.kind === 'IpvsadmEmpty' ? 'is not an ipvsadm listing' : undefined;
    case 'ipset':
      return 'sets' in value && value.sets.length === 0 && parsed.diagnostics.length > 0 ? 'is not an ipset listing' : undefined;
    case 'modules':
      return 'modules' in value && value.modules.length === 0 ? 'is not a list of kernel modules' : undefined;
    case 'iptables':
      return 'tables' in value && value.tables.length === 0 ? 'is not an iptables listing' : undefined;
    default:
      return undefined;
  }
}

const CUT = 'its last line is cut off';

/** A lost line makes an output partial; what is only kept as unknown text does not, unless it stands in a last line without an end. */
function lostLines(diagnostics: readonly Diagnostic[], text: string): PartialReason[] {
  const openLine = text.endsWith('\n') ? text.length : text.lastIndexOf('\n') + 1;
  const isCut = diagnostics.some(({ severity, span }) => severity !== 'info' && span.start >= openLine);
  const lost = diagnostics.filter(({ severity, span }) => severity === 'error' && span.start < openLine).length;
  return [
    ...(lost > 0 ? [{ text: `${lost} ${lost === 1 ? 'line' : 'lines'} could not be read` }] : []),
    ...(isCut ? [{ text: CUT }] : []),
  ];
}

function missingParts({ value, diagnostics }: ParsedSection, { text, table }: SectionFacts): PartialReason[] {
  switch (value?.kind) {
    case 'IpvsadmListing':
      return value.version === undefined ? [{ text: 'the first line of a whole listing is missing, as in a listing of one service' }] : [];
    case 'IpvsadmSave': {
      const last = value.services.at(-1)?.destinations.at(-1);
      // `-a -t 10.0.0.1:443 -r 192.168.0.1:6443 -m`: ipvsadm -S ends each destination with its weight.
      return last?.weight === undefined && last?.span.end === text.length ? [{ text: CUT }] : [];
    }
    case 'IpsetList':
    case 'IpsetSave':
      return missingMembers(value);
    case 'IptablesSave':
      return [...missingOfSave(value, text, diagnostics), ...missingChains(value, table)];
    case 'IptablesListing':
      return missingChains(value, table);
    default:
      return [];
  }
}

function missingMembers({ sets }: IpsetList | IpsetSave): PartialReason[] {
  const cut = sets.find((set) => set.entries !== undefined && set.members !== undefined && set.entries !== set.members.length);
  if (cut !== undefined) return [{ text: `set ${cut.name} has ${cut.entries} members, ${cut.members?.length} are listed` }];
  // `ipset list -terse` shows the members of no set.
  const last = sets.at(-1);
  return last?.members === undefined && sets.some(({ members }) => members !== undefined) ? [{ text: `the members of set ${last?.name} are not listed` }] : [];
}

/**
 * What `iptables-save` and `iptables -S` always print and this text lacks: the name of a table, the declaration of a chain, COMMIT. Where
 * such a line is missing, others may be.
 */
function missingOfSave({ layout, tables }: IptablesSave, text: string, diagnostics: readonly Diagnostic[]): PartialReason[] {
  if (diagnostics.some(({ code }) => code === 'iptables/uncommitted-table')) return [{ text: 'a table has no COMMIT' }];
  const whole = layout.style === 'save';
  for (const table of tables) {
    if (whole && table.name === undefined) return [{ text: 'the line with the name of a table is missing' }];
    const undeclared = table.chains.find(({ span }) => (whole ? text[span.start] !== ':' : text.startsWith('-A', span.start)));
    if (undeclared !== undefined) return [{ text: `the declaration of chain ${undeclared.name} is missing` }];
  }
  return [];
}

function missingChains(value: IptablesListing | IptablesSave, told: string | undefined): PartialReason[] {
  const names = tableNamesOf(value.tables, told);
  return value.tables.flatMap((table, index) => {
    const name = names[index] as string;
    const text = missingChain(table, name);
    return text === undefined ? [] : [{ text, table: name }];
  });
}

/** Chains that jumps name must be listed, reference counts must be the jumps seen, and the built-in chains must be there. */
function missingChain({ chains }: Table, name: string): string | undefined {
  const listed = new Set(chains.map((chain) => chain.name));
  const jumps = new Map<string, number>();
  for (const chain of chains) {
    for (const { target } of chain.rules) if (target?.kind === 'ChainTarget') jumps.set(target.name, (jumps.get(target.name) ?? 0) + 1);
  }
  for (const target of jumps.keys()) if (!listed.has(target)) return `chain ${target} is jumped to but not listed`;
  for (const chain of chains) {
    const seen = jumps.get(chain.name) ?? 0;
    if (chain.references !== undefined && chain.references > seen) {
      return `chain ${chain.name} has ${chain.references} references, ${seen} ${seen === 1 ? 'is' : 'are'} listed`;
    }
  }
  const missing = (BUILT_IN.get(name) ?? []).find((chain) => !listed.has(chain));
  return missing === undefined ? undefined : `the built-in chain ${missing} is not listed`;
}

/** Chains that every listing of a table has; `INPUT` of nat is younger (Linux 2.6.36) and not asked for. */
const BUILT_IN: ReadonlyMap<string, readonly string[]> = new Map([
  ['filter', ['INPUT', 'FORWARD', 'OUTPUT']],
  ['nat', ['PREROUTING', 'OUTPUT', 'POSTROUTING']],
  ['mangle', ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING']],
  ['raw', ['PREROUTING', 'OUTPUT']],
]);
