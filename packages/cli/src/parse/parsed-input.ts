import { decode, type Diagnostic, readTranscript, type Section, toOriginalDiagnostics, type Transcript } from '@netdrift/core';
import { completenessOf, parseSection, type ParsedSection, type SectionCompleteness } from '@netdrift/drift';
import { inOriginal } from './in-original.ts';

/** One output found in an input, and what it holds. Spans are offsets into the input. */
export interface ParsedOutput {
  readonly section: Section;
  readonly parsed: ParsedSection;
  readonly completeness: SectionCompleteness;
}

/** One input read as far as it can be. */
export interface ParsedInput {
  readonly name: string;
  /** What spans point into. */
  readonly text: string;
  readonly outputs: readonly ParsedOutput[];
  readonly setAside: Transcript['setAside'];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads whatever an input holds: one clean output, or a transcript of many. Spans count from `base`, where the content stands in its input.
 */
export function parseInput(name: string, content: Uint8Array, base = 0): ParsedInput {
  const text = decode(content);
  const transcript = readTranscript(text);
  const diagnostics: Diagnostic[] = [...transcript.diagnostics];
  const all = transcript.sections.map(parseSection);
  const completeness = completenessOf(transcript, all);
  const outputs = transcript.sections.map((found, index): ParsedOutput => {
    const section =
      base === 0 ? found : { ...found, pieces: found.pieces.map(({ at, start, end }) => ({ at, start: start + base, end: end + base })) };
    // Both lists are as long as that of the sections.
    const parsed = all[index] as ParsedSection;
    for (const diagnostic of toOriginalDiagnostics(section, parsed.diagnostics)) diagnostics.push(diagnostic);
    return { section, parsed: inOriginal(section, parsed), completeness: completeness[index] as SectionCompleteness };
  });
  return { name, text, outputs, setAside: transcript.setAside, diagnostics };
}

/** Whether anything was read: an output of which no line is understood is not, what a tool says instead of its output is. */
export function isRead({ outputs }: ParsedInput): boolean {
  return outputs.some(({ parsed, completeness }) => parsed.value?.kind === 'ToolError' || completeness.state !== 'unreadable');
}

/** Whether some of the input is kept as text or set aside as damage: what a shell or a page put around it is neither. */
export function isDamaged({ diagnostics, setAside, outputs }: ParsedInput): boolean {
  return (
    diagnostics.some(({ severity }) => severity !== 'info') ||
    outputs.some(({ parsed }) => parsed.value === undefined) ||
    setAside.some(({ reason }) => DAMAGE.has(reason))
  );
}

const DAMAGE: ReadonlySet<string> = new Set(['left-out', 'other', 'long-line', 'too-many-sections']);
