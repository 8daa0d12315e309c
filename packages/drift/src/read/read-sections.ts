import { commandFacts, readTranscript, type Section, toOriginal, toOriginalDiagnostics, type Transcript } from '@netdrift/core';
import { completenessOf } from './completeness.ts';
import { cutJump } from './cut-jump.ts';
import type { SectionCompleteness } from './section-completeness.ts';
import { withLinesOfInput } from './lines-of-input.ts';
import { sourceKindOf } from './kinds/source-kinds.ts';
import { syslogName } from './log-name.ts';
import { parseSection, type ParsedSection } from './parse-section.ts';
import { readBare, readSection, type ReadResult, toldTable } from './read-content.ts';
import type { Reading } from './seen-files.ts';
import type { Part, PartContent, SnapshotFile } from './snapshot.ts';

/** One output of a text, read. */
export interface SectionRead {
  readonly section: Section | undefined;
  readonly read: ReadResult;
  /** How many lines of prose stand before it, in runs: outputs of one number stand together. */
  readonly block: number;
}

/** The outputs in a text; a text in which none is found is read as a whole. */
export function readSections(file: SnapshotFile, text: string): SectionRead[] {
  const told = toldTable(file);
  const transcript = readTranscript(text);
  const sections = transcript.sections.map((section) =>
    withTold(file, section.table === undefined && told !== undefined ? { ...section, table: told } : section),
  );
  const parsed = sections.map(parseSection);
  const completeness = completenessOf({ ...transcript, sections }, parsed);
  const blocks = blocksOf(transcript);
  const found = sections
    .map((section, index): SectionRead => ({
      section,
      read: readSection(file, section, parsed[index] as ParsedSection, completeness[index] as SectionCompleteness),
      block: blocks[index] ?? 0,
    }))
    .filter(({ section, read }) => isKnown(read.content) || read.trouble !== undefined || section?.form !== 'error');
  const tells = ({ section, read }: SectionRead): boolean =>
    isKnown(read.content) || read.trouble !== undefined || (section?.tool === 'log' && syslogName(text) === undefined);
  return found.some(tells) ? found : [{ section: undefined, read: readBare(file, text), block: 0 }];
}

/** An output with what the command of its file tells, where no command stands in the text. */
function withTold({ command }: SnapshotFile, section: Section): Section {
  if (command === undefined || section.command !== undefined) return section;
  return { ...commandFacts(command, section.tool), ...section };
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

/** The part that an output is. */
export function partOf(file: SnapshotFile, lineOfInput: (offset: number) => number, { section, read, block }: SectionRead): Part {
  const { content } = read;
  return {
    index: 0,
    source: file.name,
    title: read.title,
    content:
      section !== undefined && content.kind === 'reader'
        ? { ...content, value: withLinesOfInput(content.value, section, lineOfInput) }
        : content,
    ...(section === undefined ? {} : { tool: section.tool }),
    ...commandOf(file, section),
    ...placeOf(file, section),
    block,
    completeness: read.completeness,
    ...lastRowOf(section, read),
    diagnostics: section === undefined ? read.diagnostics : toOriginalDiagnostics(section, read.diagnostics),
    lineAt: section === undefined ? lineOfInput : lineInInput(section.pieces, lineOfInput),
  };
}

/** Holds no text. */
function lineInInput(pieces: Section['pieces'], lineOfInput: Part['lineAt']): Part['lineAt'] {
  return (offset) => lineOfInput(toOriginal({ pieces }, offset));
}

/** Where a row ends that may be cut: the last one, where the text is partial. */
function lastRowOf(section: Section | undefined, { content, completeness }: ReadResult): Pick<Part, 'lastRow'> {
  if (section === undefined || completeness.state !== 'partial') return {};
  if (!section.text.endsWith('\n')) return { lastRow: section.text.length };
  const isSave = content.kind === 'rules' && content.value.kind === 'IptablesSave';
  const lastRow = isSave ? cutJump(content.value, section.text) : undefined;
  return lastRow === undefined ? {} : { lastRow };
}

/** What the text of an output names, else what the place of its file tells. */
function placeOf(file: SnapshotFile, section: Section | undefined): Pick<Part, 'host' | 'time' | 'moment'> {
  const host = section?.host ?? file.host;
  const time = section?.time ?? file.time;
  return {
    ...(host === undefined ? {} : { host }),
    ...(time === undefined ? {} : { time }),
    ...(file.moment === undefined ? {} : { moment: file.moment }),
  };
}

function commandOf(file: SnapshotFile, section: Section | undefined): Pick<Part, 'command'> {
  const command = section?.command ?? file.command;
  return command === undefined ? {} : { command };
}

/** The trouble with an output, of its file; where it does not stand at the beginning, with its line. */
export function troubleIn(
  file: SnapshotFile,
  lineOfInput: (offset: number) => number,
  { section, read: { trouble } }: SectionRead,
): Pick<Reading, 'trouble'> {
  if (trouble === undefined) return {};
  const line = section === undefined ? 1 : lineOfInput(toOriginal(section, 0));
  const message = line === 1 ? trouble.message : `${trouble.message} (line ${line})`;
  return { trouble: { ...trouble, message, source: file.name } };
}

/** Whether an output says something of the node; names of pods alone only tell who may have written it. */
export function isKnown(content: PartContent): boolean {
  return (
    content.kind !== 'unknown' && content.kind !== 'other' && !(content.kind === 'reader' && sourceKindOf(content.value).isHint === true)
  );
}
