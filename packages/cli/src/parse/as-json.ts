import { displayJson, type Diagnostic, type Section } from '@netdrift/core';
import type { ParsedSection, SectionCompleteness } from '@netdrift/drift';
import type { ParsedInput } from './parsed-input.ts';

/** What `netdrift parse --format json` prints. Spans are offsets into the text of the input that `source` names. */
export interface ParseDocument {
  readonly schemaVersion: '1.0';
  /** The outputs found, in their order in the inputs. */
  readonly sections: readonly DocumentSection[];
  readonly diagnostics: readonly DocumentDiagnostic[];
}

/** One output: what the text or its surroundings tell of it, and its tree. */
interface DocumentSection extends Partial<Pick<Section, 'command' | 'table' | 'family' | 'host'>>, Pick<Section, 'tool' | 'form' | 'span'> {
  /** Name of the input. */
  readonly source: string;
  /** Whether it shows all there was. */
  readonly completeness: SectionCompleteness;
  /** Missing where no reader could make anything of the text. */
  readonly value?: NonNullable<ParsedSection['value']>;
}

/** Something in an input that is kept as text, or worth knowing. */
interface DocumentDiagnostic extends Diagnostic {
  /** Name of the input. */
  readonly source: string;
}

/** `netdrift parse --format json`: everything that was read, as one document. */
export function asJson(inputs: readonly ParsedInput[]): string {
  const document: ParseDocument = {
    schemaVersion: '1.0',
    sections: inputs.flatMap(({ name, outputs }) => outputs.map((output) => sectionOf(name, output))),
    diagnostics: inputs.flatMap(({ name, diagnostics }) => diagnostics.map((diagnostic) => ({ source: name, ...diagnostic }))),
  };
  return `${displayJson(document, 2)}\n`;
}

function sectionOf(source: string, { section, parsed, completeness }: ParsedInput['outputs'][number]): DocumentSection {
  const { tool, form, command, table, family, host, span } = section;
  // JSON drops what is undefined; the keys stand in this order in every section.
  return { source, tool, form, command, table, family, host, span, completeness, value: parsed.value } as DocumentSection;
}
