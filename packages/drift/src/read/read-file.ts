import { decode, lineIndex, type LineIndex, positionAt } from '@netdrift/core';
import { findDiffs } from './diffs/find-diff.ts';
import { readDiffs } from './diffs/read-diffs.ts';
import { emptyAnswer } from './empty-answer.ts';
import type { ReadResult } from './read-content.ts';
import { partOf, readSections, troubleIn } from './read-sections.ts';
import { kindOfName, whyNoText } from './recognise.ts';
import type { Reading } from './seen-files.ts';
import type { SnapshotFile } from './snapshot.ts';
import type { PartCompleteness } from './section-completeness.ts';

/** Reads one file: its outputs, both sides of the diffs in it, or what it says by having no text. */
export function readFile(file: SnapshotFile): Reading[] {
  const text = typeof file.content === 'string' ? file.content : decode(file.content);
  const lineOfInput = linesOf(text);
  const answer = text.trim() === '' ? emptyAnswer(file) : undefined;
  if (answer !== undefined) {
    const read: ReadResult = { title: 'empty', content: answer, completeness: { state: 'complete' }, diagnostics: [] };
    return [{ part: partOf(file, lineOfInput, { section: undefined, read, block: 0 }) }];
  }
  const diffs = findDiffs(text);
  if (diffs.length > 0) return readDiffs(file, text, diffs, lineOfInput);
  const noText = whyNoText(text);
  if (noText === undefined) {
    return readSections(file, text).map((one) => ({ part: partOf(file, lineOfInput, one), ...troubleIn(file, lineOfInput, one) }));
  }
  const expected = file.as !== undefined || kindOfName(file.name) !== undefined;
  const isEmpty = noText.code === 'snapshot/empty';
  const meaning = isEmpty ? whatEmptyMayMean(file) : undefined;
  const completeness: PartCompleteness = { state: isEmpty ? 'absent' : 'unreadable', because: meaning ?? noText.message };
  const read: ReadResult = { title: isEmpty ? 'empty' : 'unknown', content: { kind: 'unknown' }, completeness, diagnostics: [] };
  const part = partOf(file, lineOfInput, { section: undefined, read, block: 0 });
  return [
    { part, ...(expected && meaning === undefined ? { trouble: { code: noText.code, source: file.name, message: noText.message } } : {}) },
  ];
}

/** Tells the line of an offset. Lines are counted for all outputs of a file once somebody asks; from then on no text is held. */
function linesOf(text: string): (offset: number) => number {
  let source: string | LineIndex = text;
  return (offset) => {
    if (typeof source === 'string') source = lineIndex(source);
    return positionAt(source, offset).line;
  };
}

/**
 * What no text at all may mean where a tool prints nothing for nothing, as `ipvsadm -S` and `ipset` do: nothing to list, or a command that
 * failed. Nobody can tell, so it is neither an empty table nor a trouble; `undefined` where the tool always prints something.
 */
function whatEmptyMayMean(file: SnapshotFile): string | undefined {
  const base = file.name.slice(file.name.lastIndexOf('/') + 1);
  if (file.as !== undefined) return undefined;
  if (/ipvsadm.*-S/i.test(base))
    return 'is empty, which ipvsadm -S prints for no virtual service and where it fails: ipvsadm -ln tells them apart';
  return /ipset/i.test(base) ? 'is empty, which ipset prints for no set and where it fails: its exit status tells them apart' : undefined;
}
