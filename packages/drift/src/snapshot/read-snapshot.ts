import { decode, lineIndex, type LineIndex, positionAt, readTranscript, toOriginal, toOriginalDiagnostics, type Section } from '@netdrift/core';
import { completenessOf, type SectionCompleteness, whyIncomplete } from './completeness.ts';
import { emptyAnswer } from './empty-answer.ts';
import { withLinesOfInput } from './lines-of-input.ts';
import { parseSection, type ParsedSection } from './parse-section.ts';
import { readBare, readSection, type ReadResult, toldTable } from './read-content.ts';
import { kindOfName, whyNoText } from './recognise.ts';
import { seenFiles, type FileRead, type SeenFiles } from './seen-files.ts';
import type { Part, PartCompleteness, PartContent, Snapshot, SnapshotFile, SnapshotTrouble } from './snapshot.ts';

/**
 * Reads what was captured of one node: each file, and each output in a pasted transcript, is recognised by its content, by the command
 * before it, by the file's name, or by what its giver says it is.
 *
 * Never throws on content. What cannot be read is among `troubles` with its file and reason where it was given as a listing; a file
 * of another kind (a manifest, a note) is a part of kind `unknown` and no trouble. A snapshot in which nothing is known is a trouble.
 * A file that is among those already `seen` gives what it gave there.
 *
 * @example
 * readSnapshot([{ name: 'ipvsadm-ln.txt', content: 'IP Virtual Server version 1.2.1 (size=4096)\n…' }]).parts[0]?.title // => 'ipvsadm'
 */
export function readSnapshot(files: readonly SnapshotFile[], seen: SeenFiles = seenFiles()): Snapshot {
  const parts: Part[] = [];
  const troubles: SnapshotTrouble[] = [];
  for (const file of files) {
    const found = seen.read(file, () => readFile(file));
    for (const part of found.parts) parts.push({ ...part, index: parts.length });
    troubles.push(...found.troubles);
  }
  if (!parts.some((part) => isKnown(part.content)) && troubles.length === 0) troubles.push(nothingKnown(files, parts));
  return { parts, troubles };
}

function isKnown(content: PartContent): boolean {
  return content.kind !== 'unknown' && content.kind !== 'other';
}

function nothingKnown(files: readonly SnapshotFile[], [first]: readonly Part[]): SnapshotTrouble {
  const names = files.map((file) => file.name);
  const shown = `${names.slice(0, 5).join(', ')}${names.length > 5 ? `, ${names.length - 5} more` : ''}`;
  const [only] = names;
  if (only === undefined) return { code: 'snapshot/nothing-known', message: 'holds no file' };
  if (names.length === 1) return { code: 'snapshot/nothing-known', source: only, message: (first === undefined ? undefined : whyIncomplete(first.completeness)) ?? 'is no output of a known tool' };
  return { code: 'snapshot/nothing-known', message: `holds no output of a known tool: ${shown}` };
}

function readFile(file: SnapshotFile): FileRead {
  const parts: Part[] = [];
  const troubles: SnapshotTrouble[] = [];
  readInto(file, parts, troubles);
  return { parts, troubles };
}

function readInto(file: SnapshotFile, parts: Part[], troubles: SnapshotTrouble[]): void {
  const text = typeof file.content === 'string' ? file.content : decode(file.content);
  let lines: LineIndex | undefined;
  // Made once for all outputs of a file, and for none where nobody asks.
  const lineOfInput = (offset: number): number => positionAt((lines ??= lineIndex(text)), offset).line;
  const expected = file.as !== undefined || kindOfName(file.name) !== undefined;
  const answer = text.trim() === '' ? emptyAnswer(file) : undefined;
  if (answer !== undefined) {
    addPart(parts, file, lineOfInput, undefined, { title: 'empty', content: answer, completeness: { state: 'complete' }, diagnostics: [] });
    return;
  }
  const noText = whyNoText(text);
  if (noText !== undefined) {
    const empty = noText.code === 'snapshot/empty' && mayBeEmpty(file);
    const completeness: PartCompleteness = empty ? { state: 'complete' } : { state: noText.code === 'snapshot/empty' ? 'absent' : 'unreadable', because: noText.message };
    const content = empty ? emptyContent(file) : { kind: 'unknown' as const };
    addPart(parts, file, lineOfInput, undefined, { title: empty ? 'empty' : 'unknown', content, completeness, diagnostics: [] });
    if (!empty && expected) troubles.push({ code: noText.code, source: file.name, message: noText.message });
    return;
  }
  for (const { section, read } of readSections(file, text)) {
    addPart(parts, file, lineOfInput, section, read);
    if (read.trouble !== undefined) troubles.push({ ...read.trouble, source: file.name });
  }
}

interface SectionRead {
  readonly section: Section | undefined;
  readonly read: ReadResult;
}

/** The outputs in a text; a text in which none is found is read as a whole. */
function readSections(file: SnapshotFile, text: string): SectionRead[] {
  const told = toldTable(file);
  const transcript = readTranscript(text);
  const sections = transcript.sections.map((section) => (section.table === undefined && told !== undefined ? { ...section, table: told } : section));
  const parsed = sections.map(parseSection);
  const completeness = completenessOf({ ...transcript, sections }, parsed);
  const found = sections
    .map((section, index): SectionRead => ({ section, read: readSection(file, section, parsed[index] as ParsedSection, completeness[index] as SectionCompleteness) }))
    .filter(({ section, read }) => isKnown(read.content) || read.trouble !== undefined || section?.form !== 'error');
  return found.some(({ read }) => isKnown(read.content) || read.trouble !== undefined) ? found : [{ section: undefined, read: readBare(file, text) }];
}

function addPart(parts: Part[], file: SnapshotFile, lineOfInput: (offset: number) => number, section: Section | undefined, read: ReadResult): void {
  const { content } = read;
  parts.push({
    index: parts.length,
    source: file.name,
    title: read.title,
    content: section !== undefined && content.kind === 'reader' ? { ...content, value: withLinesOfInput(content.value, section, lineOfInput) } : content,
    ...commandOf(file, section),
    ...(section?.host === undefined ? {} : { host: section.host }),
    completeness: read.completeness,
    diagnostics: section === undefined ? read.diagnostics : toOriginalDiagnostics(section, read.diagnostics),
    lineAt: (offset) => lineOfInput(section === undefined ? offset : toOriginal(section, offset)),
  });
}

function commandOf(file: SnapshotFile, section: Section | undefined): Pick<Part, 'command'> {
  const command = section?.command ?? file.command;
  return command === undefined ? {} : { command };
}

/** `ipvsadm -S` and `ipset` print nothing where there is nothing. */
function mayBeEmpty(file: SnapshotFile): boolean {
  const base = file.name.slice(file.name.lastIndexOf('/') + 1);
  return /ipvsadm.*-S|ipset/i.test(base) && file.as === undefined;
}

function emptyContent(file: SnapshotFile): PartContent {
  const span = { start: 0, end: 0 };
  return /ipset/i.test(file.name)
    ? { kind: 'sets', value: { kind: 'IpsetSave', layout: { form: 'save' }, sets: [], span } }
    : { kind: 'ipvs', value: { kind: 'IpvsadmSave', layout: { form: 'save' }, services: [], span } };
}
