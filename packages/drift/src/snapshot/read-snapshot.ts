import { decode, lineIndex, positionAt, readTranscript, toOriginal, toOriginalDiagnostics, type Section } from '@netdrift/core';
import { withLinesOfInput } from './lines-of-input.ts';
import { type ReadResult, readContent } from './read-content.ts';
import { kindOfName, whyNoText } from './recognise.ts';
import type { Completeness, Part, PartContent, Snapshot, SnapshotFile, SnapshotTrouble } from './snapshot.ts';

/**
 * Reads what was captured of one node: each file, and each output in a pasted transcript, is recognised by its content, by the command
 * before it, by the file's name, or by what its giver says it is.
 *
 * Never throws on content. What cannot be read is among `troubles` with its file and reason where it was given as a listing; a file
 * of another kind (a manifest, a note) is a part of kind `unknown` and no trouble. A snapshot in which nothing is known is a trouble.
 *
 * @example
 * readSnapshot([{ name: 'ipvsadm-ln.txt', content: 'IP Virtual Server version 1.2.1 (size=4096)\n…' }]).parts[0]?.title // => 'ipvsadm'
 */
export function readSnapshot(files: readonly SnapshotFile[]): Snapshot {
  const parts: Part[] = [];
  const troubles: SnapshotTrouble[] = [];
  for (const file of files) readFile(file, parts, troubles);
  if (!parts.some((part) => isKnown(part.content)) && troubles.length === 0) troubles.push(nothingKnown(files, parts));
  return { parts, troubles };
}

function isKnown(content: PartContent): boolean {
  return content.kind !== 'unknown' && content.kind !== 'other';
}

/** What is read line by line: a log or a table of objects may have any text around it. */
function isListing({ kind }: PartContent): boolean {
  return kind === 'ipvs' || kind === 'rules' || kind === 'sets';
}

function nothingKnown(files: readonly SnapshotFile[], [first]: readonly Part[]): SnapshotTrouble {
  const names = files.map((file) => file.name);
  const shown = `${names.slice(0, 5).join(', ')}${names.length > 5 ? `, ${names.length - 5} more` : ''}`;
  const [only] = names;
  if (only === undefined) return { code: 'snapshot/nothing-known', message: 'holds no file' };
  if (names.length === 1) return { code: 'snapshot/nothing-known', source: only, message: first?.reason ?? 'is no output of a known tool' };
  return { code: 'snapshot/nothing-known', message: `holds no output of a known tool: ${shown}` };
}

function readFile(file: SnapshotFile, parts: Part[], troubles: SnapshotTrouble[]): void {
  const text = typeof file.content === 'string' ? file.content : decode(file.content);
  const expected = file.as !== undefined || kindOfName(file.name) !== undefined;
  const noText = whyNoText(text);
  if (noText !== undefined) {
    const empty = noText.code === 'snapshot/empty' && mayBeEmpty(file);
    const completeness: Completeness = empty ? 'complete' : noText.code === 'snapshot/empty' ? 'absent' : 'unreadable';
    const content = empty ? emptyContent(file) : { kind: 'unknown' as const };
    addPart(parts, file, text, undefined, { title: empty ? 'empty' : 'unknown', content, completeness, reason: noText.message, diagnostics: [] });
    if (!empty && expected) troubles.push({ code: noText.code, source: file.name, message: noText.message });
    return;
  }
  for (const { section, read } of readSections(file, text)) {
    addPart(parts, file, text, section, read);
    if (read.trouble !== undefined) troubles.push({ ...read.trouble, source: file.name });
  }
}

interface SectionRead {
  readonly section: Section | undefined;
  readonly read: ReadResult;
}

/** The outputs in a text; a text in which none is found is read as a whole. */
function readSections(file: SnapshotFile, text: string): SectionRead[] {
  const { sections, setAside } = readTranscript(text);
  const found = sections
    .map((section): SectionRead => ({ section, read: readContent(file, section.text, section) }))
    .filter(({ section, read }) => isKnown(read.content) || read.trouble !== undefined || section?.form !== 'error');
  if (!found.some(({ read }) => isKnown(read.content) || read.trouble !== undefined)) return [{ section: undefined, read: readContent(file, text) }];
  const foreign = setAside.filter((aside) => aside.reason === 'other' || aside.reason === 'long-line').length;
  const last = found.at(-1);
  // Lines that belong to no output may have been lines of one before they were damaged.
  if (foreign > 0 && last !== undefined && !sections.some((section) => section.command !== undefined)) {
    const reason = `${foreign === 1 ? 'some lines are' : `lines in ${foreign} places are`} no part of an output`;
    return found.map(({ section, read }) => ({ section, read: read.completeness === 'complete' && isListing(read.content) ? { ...read, completeness: 'partial', reason } : read }));
  }
  return found;
}

function addPart(parts: Part[], file: SnapshotFile, text: string, section: Section | undefined, read: ReadResult): void {
  let lines: ReturnType<typeof lineIndex> | undefined;
  const lineOfInput = (offset: number): number => positionAt((lines ??= lineIndex(text)), offset).line;
  const { content } = read;
  parts.push({
    index: parts.length,
    source: file.name,
    title: read.title,
    content: section !== undefined && content.kind === 'reader' ? { ...content, value: withLinesOfInput(content.value, section, lineOfInput) } : content,
    ...(section?.command === undefined ? {} : { command: section.command }),
    ...(section?.host === undefined ? {} : { host: section.host }),
    completeness: read.completeness,
    ...(read.reason === undefined ? {} : { reason: read.reason }),
    diagnostics: section === undefined ? read.diagnostics : toOriginalDiagnostics(section, read.diagnostics),
    lineAt: (offset) => lineOfInput(section === undefined ? offset : toOriginal(section, offset)),
  });
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
