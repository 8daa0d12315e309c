import { decode, lineIndex, type LineIndex, positionAt, readTranscript, toOriginal, toOriginalDiagnostics, type Section, type Transcript } from '@netdrift/core';
import { firstNames } from '../first-names.ts';
import { completenessOf, whyIncomplete } from './completeness.ts';
import type { PartCompleteness, SectionCompleteness } from './section-completeness.ts';
import { emptyAnswer } from './empty-answer.ts';
import { hostsOf } from './hosts.ts';
import { isDiff } from './is-diff.ts';
import { withLinesOfInput } from './lines-of-input.ts';
import { firstState, lastState, momentsOf } from './moments.ts';
import { parseSection, type ParsedSection } from './parse-section.ts';
import { readBare, readSection, type ReadResult, toldTable } from './read-content.ts';
import { kindOfName, whyNoText } from './recognise.ts';
import { seenFiles, type Reading, type SeenFiles } from './seen-files.ts';
import type { Part, PartContent, Snapshot, SnapshotFile, SnapshotTrouble } from './snapshot.ts';

/**
 * Reads what was captured: each file, and each output in a pasted transcript, is recognised by its content, by the command before it, by the
 * file's name, or by what its giver says it is. One snapshot is one host at one moment: they come host by host, each host's moments in their order,
 * and at least one comes, however little was given.
 *
 * The last snapshot of a host is what it showed last, with `earlier` telling what was left out of it; the first one is what it showed first.
 * Nothing is ever the union of two moments.
 *
 * Never throws on content. What cannot be read is among `troubles` with its file and reason where it was given as a listing; a file
 * of another kind (a manifest, a note) is a part of kind `unknown` and no trouble. Where nothing is known, that is a trouble.
 * A file that is among those already `seen` gives what it gave there.
 *
 * @example
 * readSnapshots([{ name: 'ticket.txt', content: 'root@a:~# ipvsadm -ln\n…root@b:~# ipvsadm -ln\n…' }]).map(({ host }) => host) // => ['a', 'b']
 */
export function readSnapshots(files: readonly SnapshotFile[], seen: SeenFiles = seenFiles()): readonly [Snapshot, ...Snapshot[]] {
  const readings = files.flatMap((file) => seen.read(file, () => readFile(file))).map((reading, index): Reading => ({ ...reading, part: { ...reading.part, index } }));
  const parts = readings.map(({ part }) => part);
  const troubles = new Map(readings.map(({ part, trouble }) => [part.index, trouble]));
  const [first, ...others] = hostsOf(parts).flatMap(({ host, parts: own }) => snapshotsOf(host, own, troubles));
  const only = first ?? { parts: [], troubles: [] };
  if (parts.some((part) => isKnown(part.content)) || [...troubles.values()].some((trouble) => trouble !== undefined)) return [only, ...others];
  return [{ ...only, troubles: [nothingKnown(files, parts)] }, ...others];
}

/**
 * Reads what was captured of one node: its last moment. Of several hosts it is the first one, and that there are others is a trouble:
 * {@link readSnapshots} gives them all.
 *
 * @example
 * readSnapshot([{ name: 'ipvsadm-ln.txt', content: 'IP Virtual Server version 1.2.1 (size=4096)\n…' }]).parts[0]?.title // => 'ipvsadm'
 */
export function readSnapshot(files: readonly SnapshotFile[], seen: SeenFiles = seenFiles()): Snapshot {
  const [first, ...others] = lastOfEachHost(readSnapshots(files, seen));
  if (others.length === 0) return first;
  const names = [first, ...others].map(({ host }) => hostName(host));
  return { ...first, troubles: [...first.troubles, { code: 'snapshot/several-hosts', message: `holds outputs of ${names.length} hosts, ${firstNames(names, 5)}: a snapshot is of one` }] };
}

/** What a host is called whom no text names. */
export function hostName(host: string | undefined): string {
  return host ?? 'host not named';
}

/** The last snapshot of each host, in the order of the hosts. */
export function lastOfEachHost(snapshots: readonly [Snapshot, ...Snapshot[]]): readonly [Snapshot, ...Snapshot[]] {
  const last = new Map(snapshots.map((snapshot) => [snapshot.host, snapshot]));
  const [first = snapshots[0], ...others] = last.values();
  return [first, ...others];
}

/** The snapshots of one host: as many as it has moments, of which the first and the last take in what nothing shows again. */
function snapshotsOf(host: string | undefined, parts: readonly Part[], troubles: ReadonlyMap<number, SnapshotTrouble | undefined>): Snapshot[] {
  const moments = momentsOf(parts);
  const last = lastState(moments);
  const named = host === undefined ? {} : { host };
  const snapshot = (own: readonly Part[]): Snapshot => ({
    ...named,
    ...timeOf(own),
    parts: own.map((part, index) => ({ ...part, index })),
    troubles: own.flatMap(({ index }) => troubles.get(index) ?? []),
  });
  if (last.moments === 0) return [snapshot(last.parts)];
  const first = firstState(moments).parts;
  const told = new Set([...first, ...last.parts]);
  const between = moments.filter((moment) => !moment.parts.some((part) => told.has(part))).map((moment) => snapshot(moment.parts));
  return [snapshot(first), ...between, { ...snapshot(last.parts), earlier: { moments: last.moments, parts: last.leftOut } }];
}

/** The latest time that outputs show. */
function timeOf(parts: readonly Part[]): Pick<Snapshot, 'time'> {
  const time = parts.flatMap((part) => part.time ?? []).sort().at(-1);
  return time === undefined ? {} : { time };
}

function isKnown(content: PartContent): boolean {
  return content.kind !== 'unknown' && content.kind !== 'other';
}

/** What is needed where nothing could be read. */
const help = 'needed is what ipvsadm -ln, iptables-save, ipset list, nft list ruleset or lsmod printed';

function nothingKnown(files: readonly SnapshotFile[], [first]: readonly Part[]): SnapshotTrouble {
  const names = files.map((file) => file.name);
  const shown = `${names.slice(0, 5).join(', ')}${names.length > 5 ? `, ${names.length - 5} more` : ''}`;
  const [only] = names;
  if (only === undefined) return { code: 'snapshot/nothing-known', message: 'holds no file', help };
  const because = (first === undefined ? undefined : whyIncomplete(first.completeness)) ?? 'is no output of a known tool';
  if (names.length === 1) return { code: 'snapshot/nothing-known', source: only, message: because, help };
  return { code: 'snapshot/nothing-known', message: `holds no output of a known tool: ${shown}`, help };
}

function readFile(file: SnapshotFile): Reading[] {
  const text = typeof file.content === 'string' ? file.content : decode(file.content);
  let lines: LineIndex | undefined;
  // Made once for all outputs of a file, and for none where nobody asks.
  const lineOfInput = (offset: number): number => positionAt((lines ??= lineIndex(text)), offset).line;
  const answer = text.trim() === '' ? emptyAnswer(file) : undefined;
  if (answer !== undefined) {
    const read: ReadResult = { title: 'empty', content: answer, completeness: { state: 'complete' }, diagnostics: [] };
    return [{ part: partOf(file, lineOfInput, { section: undefined, read, block: 0 }) }];
  }
  if (isDiff(text)) {
    const message = 'is a diff: it holds both sides, each near what differs alone';
    const read: ReadResult = { title: 'diff', content: { kind: 'unknown' }, completeness: { state: 'unreadable', because: message }, diagnostics: [] };
    const trouble = { code: 'snapshot/diff', source: file.name, message, help: 'needed are the two outputs that were compared' };
    return [{ part: partOf(file, lineOfInput, { section: undefined, read, block: 0 }), trouble }];
  }
  const noText = whyNoText(text);
  if (noText === undefined) {
    return readSections(file, text).map((one) => ({ part: partOf(file, lineOfInput, one), ...(one.read.trouble === undefined ? {} : { trouble: { ...one.read.trouble, source: file.name } }) }));
  }
  const expected = file.as !== undefined || kindOfName(file.name) !== undefined;
  const isEmpty = noText.code === 'snapshot/empty';
  const meaning = isEmpty ? whatEmptyMayMean(file) : undefined;
  const completeness: PartCompleteness = { state: isEmpty ? 'absent' : 'unreadable', because: meaning ?? noText.message };
  const read: ReadResult = { title: isEmpty ? 'empty' : 'unknown', content: { kind: 'unknown' }, completeness, diagnostics: [] };
  const part = partOf(file, lineOfInput, { section: undefined, read, block: 0 });
  return [{ part, ...(expected && meaning === undefined ? { trouble: { code: noText.code, source: file.name, message: noText.message } } : {}) }];
}

interface SectionRead {
  readonly section: Section | undefined;
  readonly read: ReadResult;
  /** How many lines of prose stand before it, in runs: outputs of one number stand together. */
  readonly block: number;
}

/** The outputs in a text; a text in which none is found is read as a whole. */
function readSections(file: SnapshotFile, text: string): SectionRead[] {
  const told = toldTable(file);
  const transcript = readTranscript(text);
  const sections = transcript.sections.map((section) => (section.table === undefined && told !== undefined ? { ...section, table: told } : section));
  const parsed = sections.map(parseSection);
  const completeness = completenessOf({ ...transcript, sections }, parsed);
  const blocks = blocksOf(transcript);
  const found = sections
    .map((section, index): SectionRead => ({ section, read: readSection(file, section, parsed[index] as ParsedSection, completeness[index] as SectionCompleteness), block: blocks[index] ?? 0 }))
    .filter(({ section, read }) => isKnown(read.content) || read.trouble !== undefined || section?.form !== 'error');
  return found.some(({ read }) => isKnown(read.content) || read.trouble !== undefined) ? found : [{ section: undefined, read: readBare(file, text), block: 0 }];
}

/** For each output, how many runs of lines that belong to no output stand before it. */
function blocksOf({ sections, setAside }: Transcript): number[] {
  const prose = setAside.filter(({ reason }) => reason === 'other' || reason === 'long-line');
  let passed = 0;
  return sections.map(({ span }) => {
    while ((prose[passed]?.span.start ?? Infinity) < span.start) passed += 1;
    return passed;
  });
}

function partOf(file: SnapshotFile, lineOfInput: (offset: number) => number, { section, read, block }: SectionRead): Part {
  const { content } = read;
  return {
    index: 0,
    source: file.name,
    title: read.title,
    content: section !== undefined && content.kind === 'reader' ? { ...content, value: withLinesOfInput(content.value, section, lineOfInput) } : content,
    ...(section === undefined ? {} : { tool: section.tool }),
    ...commandOf(file, section),
    ...(section?.host === undefined ? {} : { host: section.host }),
    ...(section?.time === undefined ? {} : { time: section.time }),
    block,
    completeness: read.completeness,
    ...(section !== undefined && read.completeness.state === 'partial' && !section.text.endsWith('\n') ? { lastRow: section.text.length } : {}),
    diagnostics: section === undefined ? read.diagnostics : toOriginalDiagnostics(section, read.diagnostics),
    lineAt: (offset) => lineOfInput(section === undefined ? offset : toOriginal(section, offset)),
  };
}

function commandOf(file: SnapshotFile, section: Section | undefined): Pick<Part, 'command'> {
  const command = section?.command ?? file.command;
  return command === undefined ? {} : { command };
}

/**
 * What no text at all may mean where a tool prints nothing for nothing, as `ipvsadm -S` and `ipset` do: nothing to list, or a command that
 * failed. Nobody can tell, so it is neither an empty table nor a trouble; `undefined` where the tool always prints something.
 */
function whatEmptyMayMean(file: SnapshotFile): string | undefined {
  const base = file.name.slice(file.name.lastIndexOf('/') + 1);
  if (file.as !== undefined) return undefined;
  if (/ipvsadm.*-S/i.test(base)) return 'is empty, which ipvsadm -S prints for no virtual service and where it fails: ipvsadm -ln tells them apart';
  return /ipset/i.test(base) ? 'is empty, which ipset prints for no set and where it fails: its exit status tells them apart' : undefined;
}
