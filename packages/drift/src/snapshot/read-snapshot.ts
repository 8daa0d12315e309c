import { decode, type Diagnostic, lineIndex, positionAt } from '@netdrift/core';
import { kindOfName } from './recognise.ts';
import { readContent } from './read-content.ts';
import type { Completeness, Part, PartContent, Snapshot, SnapshotFile, SnapshotTrouble } from './snapshot.ts';
import { whyNoText } from './recognise.ts';

/**
 * Reads what was captured of one node: each file is recognised by its content, its name, a command line in it, or by what its
 * giver says it is.
 *
 * Never throws on content. What cannot be read is among `troubles` with its file and reason where it was given as a listing; a file
 * of another kind (a manifest, a log) is a part of kind `unknown` and no trouble. A snapshot in which nothing is known is a trouble.
 *
 * @example
 * readSnapshot([{ name: 'ipvsadm-ln.txt', content: 'IP Virtual Server version 1.2.1 (size=4096)\n…' }]).parts[0]?.title // => 'ipvsadm'
 */
export function readSnapshot(files: readonly SnapshotFile[]): Snapshot {
  const parts: Part[] = [];
  const troubles: SnapshotTrouble[] = [];
  for (const file of files) readFile(file, parts, troubles);
  if (!parts.some((part) => isKnown(part.content)) && troubles.length === 0) {
    const names = files.map((file) => file.name);
    const message = names.length === 0 ? 'holds no file' : `holds nothing that is known: ${names.slice(0, 5).join(', ')}${names.length > 5 ? `, ${names.length - 5} more` : ''}`;
    troubles.push({ code: 'snapshot/nothing-known', ...(names.length === 1 ? { source: names[0] as string } : {}), message });
  }
  return { parts, troubles };
}

function isKnown(content: PartContent): boolean {
  return content.kind !== 'unknown' && content.kind !== 'other';
}

function readFile(file: SnapshotFile, parts: Part[], troubles: SnapshotTrouble[]): void {
  const text = typeof file.content === 'string' ? file.content : decode(file.content);
  const expected = file.as !== undefined || kindOfName(file.name) !== undefined;
  const noText = whyNoText(text);
  if (noText !== undefined) {
    const empty = noText.code === 'snapshot/empty' && mayBeEmpty(file);
    const completeness: Completeness = empty ? 'complete' : noText.code === 'snapshot/empty' ? 'absent' : 'unreadable';
    const content = empty ? emptyContent(file) : { kind: 'unknown' as const };
    parts.push(partOf(parts.length, file, text, { title: empty ? 'empty' : 'unknown', content, completeness, reason: noText.message, diagnostics: [] }));
    if (!empty && expected) troubles.push({ code: noText.code, source: file.name, message: noText.message });
    return;
  }
  const read = readContent(file, text);
  parts.push(partOf(parts.length, file, text, read));
  if (read.trouble !== undefined) troubles.push({ ...read.trouble, source: file.name });
}

/** What reading one text gave. */
export interface ReadResult {
  readonly title: string;
  readonly content: PartContent;
  readonly completeness: Completeness;
  readonly reason?: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly trouble?: { readonly code: string; readonly message: string };
}

function partOf(index: number, file: SnapshotFile, text: string, read: ReadResult): Part {
  let lines: ReturnType<typeof lineIndex> | undefined;
  return {
    index,
    source: file.name,
    title: read.title,
    content: read.content,
    completeness: read.completeness,
    ...(read.reason === undefined ? {} : { reason: read.reason }),
    diagnostics: read.diagnostics,
    lineAt: (offset) => {
      lines ??= lineIndex(text);
      return positionAt(lines, offset).line;
    },
  };
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
