import { counted } from '../common/listed.ts';
import type { Diagnostic, Section, Transcript } from '@netdrift/core';
import { foreignLines } from './foreign-lines.ts';
import { CUT, missingParts, openEnd } from './missing-parts.ts';
import type { ParsedSection } from './parse-section.ts';
import { tableNamesOf } from './recognise.ts';
import { thingsAround } from './things-around.ts';
import type { PartCompleteness, PartialReason, SectionCompleteness, SectionFacts } from './section-completeness.ts';

/**
 * Whether the outputs of a transcript show all there was, in their order: `parsed` is what {@link parseSection} gave for each section.
 *
 * An output is partial where lines of it were lost, cut off, filtered or left out, where a rule jumps to a chain that is not listed, where
 * a chain has more references than are listed, where a built-in chain or a line that the tool always prints is missing, where it is a
 * listing of one service or one set, and where it is one side of a diff. An output that was filtered without a trace counts as complete. A
 * kernel that answers that it has no IPVS is a complete answer; any other error of a tool is unreadable.
 *
 * @example
 * const transcript = readTranscript('# ipvsadm -Sn | grep :53\n-A -u 10.96.0.10:53 -s rr\n');
 * completenessOf(transcript, transcript.sections.map(parseSection))
 * // => [{ state: 'partial', because: [{ text: 'went through grep', rows: true }] }]
 */
export function completenessOf({ sections, setAside }: Transcript, parsed: readonly ParsedSection[]): readonly SectionCompleteness[] {
  const mixed = mixedSections(sections);
  const all = sections.map((section, index): SectionCompleteness => {
    if (mixed.has(index)) return { state: 'partial', because: [{ text: 'lines of other machines stand between its lines', rows: true }] };
    const one = parsed[index] as ParsedSection;
    const isLast =
      index === sections.length - 1 && setAside.every(({ reason, span }) => reason === 'blank' || span.end <= section.span.end);
    const completeness = isLast ? withOpenEnd(sectionCompleteness(one, section), one, section) : sectionCompleteness(one, section);
    if (completeness.state !== 'complete' || !isTable(one)) return completeness;
    if (isOfDiff(sections, index)) return { state: 'partial', because: [{ text: 'is what one side of a diff has' }] };
    const because = foreignLines({ sections, setAside }, section, one);
    return because.length > 0 ? { state: 'partial', because } : completeness;
  });
  return all.filter(isPiece).length > 1 ? all.map(asOneOfSeveral) : all;
}

/** Of pieces of a save, one chain may stand in several. */
function asOneOfSeveral(completeness: SectionCompleteness): SectionCompleteness {
  if (completeness.state !== 'partial') return completeness;
  return { ...completeness, because: completeness.because.map((reason) => (reason.piece === true ? { ...reason, rows: true } : reason)) };
}

/** A listing whose last table lacks chains that may have stood behind its last one, and behind which nothing stands, may be cut there. */
function withOpenEnd(completeness: SectionCompleteness, { value }: ParsedSection, { table, text }: SectionFacts): SectionCompleteness {
  if (completeness.state !== 'partial' || value?.kind !== 'IptablesListing') return completeness;
  // One chain that was asked for by its name is whole.
  if (!completeness.because.some((reason) => reason.table !== undefined)) return completeness;
  const name = tableNamesOf(value.tables, table).at(-1) ?? '';
  const last = value.tables.at(-1);
  const chain = last?.chains.at(-1)?.name;
  const atEnd = last === undefined ? undefined : openEnd(last, name, text);
  if (chain === undefined || atEnd === undefined) return completeness;
  const only = { chains: [`${name} ${chain}`] };
  return {
    state: 'partial',
    because: [
      ...completeness.because,
      { text: `rules of chain ${chain} may be missing, for the listing ends there`, rows: true, atEnd, only },
    ],
  };
}

/** Whether lines of a diff, which the output lacks or the other side has, stand right before or behind it. */
function isOfDiff(sections: readonly Section[], index: number): boolean {
  const isDiff = (section: Section | undefined): boolean => section?.envelopes.includes('diff') ?? false;
  const [before, one, after] = [sections[index - 1], sections[index], sections[index + 1]];
  const touches = (first: Section | undefined, second: Section | undefined): boolean =>
    first !== undefined && second !== undefined && first.span.end === second.span.start && (isDiff(first) || isDiff(second));
  return touches(before, one) || touches(one, after);
}

/** Outputs of several machines at once, each line with its machine before it, whose lines stand between one another. */
function mixedSections(sections: readonly Section[]): ReadonlySet<number> {
  const mixed = new Set<number>();
  let run: number[] = [];
  let seen = new Set<string>();
  let isMixed = false;
  const end = (): void => {
    if (isMixed) for (const index of run) mixed.add(index);
    [run, seen, isMixed] = [[], new Set(), false];
  };
  for (const [index, { envelopes, host = '', tool, span }] of sections.entries()) {
    if (!envelopes.includes('host-prefix') || sections[index - 1]?.span.end !== span.start) end();
    if (!envelopes.includes('host-prefix')) continue;
    const key = `${host} ${tool}`;
    isMixed ||= seen.has(key) && sections[index - 1]?.host !== host;
    seen.add(key);
    run.push(index);
  }
  end();
  return mixed;
}

/** What is read line by line: a log or a table of objects may have any text around it. */
function isTable({ tool }: ParsedSection): boolean {
  return tool === 'ipvsadm' || tool === 'iptables' || tool === 'ipset' || tool === 'nft';
}

/** Whether one output shows all there was, whatever stands around it. */
export function sectionCompleteness(parsed: ParsedSection, section: SectionFacts): SectionCompleteness {
  const unreadable = whyUnreadable(parsed);
  if (unreadable !== undefined) return { state: 'unreadable', because: unreadable };
  const because = [
    ...lostLines(parsed, section),
    ...((section.gaps ?? 0) > 0 ? [{ text: 'has lines left out', rows: true as const }] : []),
    ...(section.filter === undefined ? [] : [{ text: `went through ${section.filter}`, rows: true as const }]),
    ...missingParts(parsed, section),
    ...unreadObjects(parsed),
  ];
  return because.length === 0 ? { state: 'complete' } : { state: 'partial', because };
}

const BAD_OBJECT = 'snapshot/bad-object';

/** Objects of a cluster, or ports of them, that are left out. */
function unreadObjects({ diagnostics }: ParsedSection): PartialReason[] {
  const { length } = diagnostics.filter(({ code }) => code === BAD_OBJECT);
  if (length === 0) return [];
  return [{ text: `${counted(length, 'object or port', 'objects or ports')} could not be read`, rows: true }];
}

/** A thing of an output, by its place in it or its name. */
export interface PartialThing {
  readonly services?: number;
  readonly sets?: number;
  readonly chain?: string;
  readonly table?: string;
}

/**
 * Whether rows may be missing between those that an output shows, so that one that it lacks is not gone.
 *
 * @example
 * lacksRows({ state: 'partial', because: [{ text: 'went through grep', rows: true }] }) // => true
 */
export function lacksRows(completeness: PartCompleteness): boolean {
  return (
    completeness.state === 'partial' &&
    completeness.because.some(({ rows, only, alike }) => rows === true && only === undefined && alike !== true)
  );
}

/** Whether rows may be missing anywhere, as behind grep, and not behind the last one alone. */
export function lacksRowsAnywhere(completeness: PartCompleteness): boolean {
  return (
    lacksRows(completeness) &&
    completeness.state === 'partial' &&
    completeness.because.some(({ rows, atEnd }) => rows === true && atEnd === undefined)
  );
}

/** Whether an output is a piece of a save, of which the rest may stand elsewhere. */
export function isPiece(completeness: PartCompleteness): boolean {
  return completeness.state === 'partial' && completeness.because.some(({ piece }) => piece === true);
}

/** Whether all that an output does not show is what the other side of its diff does not show either. */
export function lacksAlike(completeness: PartCompleteness): boolean {
  return completeness.state === 'partial' && completeness.because.every(({ alike }) => alike === true);
}

/**
 * Why a thing that an output shows may lack rows; `undefined` where it lacks none.
 *
 * @example
 * whyLacksRows({ state: 'partial', because: [{ text: '1 line could not be read', rows: true, only: { services: [2] } }] }, { services: 1 })
 * // => undefined
 */
export function whyLacksRows(completeness: PartCompleteness, thing: PartialThing): string | undefined {
  const texts = reasonsFor(completeness, thing).map(({ text }) => text);
  return texts.length === 0 ? undefined : texts.join('; ');
}

/** What a chain that may lack rules may have behind its last one; `undefined` where it may lack others, or none. */
export function lacksAtEnd(completeness: PartCompleteness, thing: PartialThing): PartialReason['atEnd'] {
  const ends = reasonsFor(completeness, thing).map(({ atEnd }) => atEnd);
  if (ends.length === 0 || ends.includes(undefined)) return undefined;
  return ends.includes(true) ? true : ends.flatMap((names) => (names === true || names === undefined ? [] : names));
}

/** Why a thing may lack rows. */
function reasonsFor(completeness: PartCompleteness, { services, sets, chain, table }: PartialThing): PartialReason[] {
  if (completeness.state !== 'partial') return [];
  return completeness.because
    .filter((reason) => reason.rows === true && (table === undefined || reason.table === undefined || reason.table === table))
    .filter(
      ({ only }) =>
        only === undefined ||
        (services !== undefined && only.services?.includes(services) === true) ||
        (sets !== undefined && only.sets?.includes(sets) === true) ||
        (chain !== undefined && only.chains?.includes(`${table ?? ''} ${chain}`) === true),
    );
}

/**
 * Why an output is not complete, as the end of a sentence that begins with its name; `undefined` where it is. With a `table`, the reasons
 * that are about another table are left out.
 *
 * @example
 * whyIncomplete({ state: 'partial', because: [{ text: 'went through grep', rows: true }, { text: 'has lines left out', rows: true }] })
 * // => 'went through grep; has lines left out'
 */
export function whyIncomplete(completeness: PartCompleteness, table?: string): string | undefined {
  if (completeness.state === 'complete') return undefined;
  if (completeness.state !== 'partial') return completeness.because;
  const texts = completeness.because
    .filter((reason) => table === undefined || reason.table === undefined || reason.table === table)
    .map(({ text }) => text);
  return texts.length === 0 ? undefined : texts.join('; ');
}

function whyUnreadable(parsed: ParsedSection): string | undefined {
  const { value } = parsed;
  if (value === undefined) return 'could not be read';
  // A kernel without IPVS, or without the table of nft that was asked for, is an answer about the node.
  if (value.kind === 'ToolError' && value.error === 'command-not-found')
    // `-bash: ipvsadm: command not found` of ipvsadm: what is told of is its name, and its tool is the shell. Others name the tool alone.
    return `shows that ${('name' in value ? value.name : undefined) ?? value.tool ?? parsed.tool} is not installed`;
  if (value.kind === 'ToolError')
    return value.error === 'ipvs-not-available' || (value.error === 'no-such-table' && parsed.tool === 'nft')
      ? undefined
      : `holds an error of ${value.tool ?? 'a tool'} instead of a listing: ${value.error}`;
  switch (parsed.tool) {
    case 'ipvsadm':
      if (value.kind === 'IpvsadmUnknown' || value.kind === 'IpvsadmEmpty') return 'is not an ipvsadm listing';
      return 'services' in value && value.services.length === 0 ? noRowRead(parsed) : undefined;
    case 'ipset':
      return 'sets' in value && value.sets.length === 0 && parsed.diagnostics.length > 0 ? 'is not an ipset listing' : undefined;
    case 'nft':
      return 'tables' in value && value.tables.length === 0 && parsed.diagnostics.some(({ severity }) => severity === 'error')
        ? 'is not an nft listing'
        : undefined;
    case 'modules':
      return 'modules' in value && value.modules.length === 0 ? 'is not a list of kernel modules' : undefined;
    case 'iptables':
      // A warning alone is a notice, and no damage.
      if (value.kind === 'NftablesRuleset') return undefined;
      if ('tables' in value && value.tables.length === 0) return value.notices.length > 0 ? undefined : 'is not an iptables listing';
      return 'tables' in value && value.tables.every(({ chains }) => chains.every(({ rules }) => rules.length === 0))
        ? noRowRead(parsed)
        : undefined;
    default:
      return undefined;
  }
}

/** Titles alone say nothing of rows that are there and could not be read. */
function noRowRead({ diagnostics }: ParsedSection): string | undefined {
  const lost = diagnostics.filter(({ severity }) => severity === 'error').length;
  return lost === 0 ? undefined : `none of its rows could be read (${lost} ${lost === 1 ? 'line' : 'lines'})`;
}

/** A lost line makes an output partial; what is only kept as unknown text does not, unless it stands in a last line without an end. */
function lostLines(parsed: ParsedSection, { text, table }: SectionFacts): PartialReason[] {
  const { diagnostics } = parsed;
  const openLine = text.endsWith('\n') ? text.length : text.lastIndexOf('\n') + 1;
  // An object is as long as its text, which tells by itself where it ends.
  const cut = diagnostics.filter(({ severity, span, code }) => severity !== 'info' && span.start >= openLine && code !== BAD_OBJECT);
  const lost = diagnostics.filter(({ severity, span }) => severity === 'error' && span.start < openLine);
  const within = (found: readonly Diagnostic[]): Pick<PartialReason, 'only'> => {
    const only = thingsAround(parsed, found, text, table);
    return only === undefined ? {} : { only };
  };
  return [
    ...(lost.length > 0 ? [{ text: `${counted(lost.length, 'line')} could not be read`, rows: true as const, ...within(lost) }] : []),
    ...(cut.length > 0 ? [{ text: CUT, rows: true as const, ...within(cut) }] : []),
  ];
}
