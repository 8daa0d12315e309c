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

/** `netdrift parse --format json`: everything that was read, as one document, in pieces. */
export function* asJson(inputs: readonly ParsedInput[]): Generator<string, void, void> {
  const document: ParseDocument = {
    schemaVersion: '1.0',
    sections: inputs.flatMap(({ name, outputs }) => outputs.map((output) => sectionOf(name, output))),
    diagnostics: inputs.flatMap(({ name, diagnostics }) => diagnostics.map((diagnostic) => ({ source: name, ...diagnostic }))),
  };
  yield* jsonPieces(document, LEVELS, '');
  yield '\n';
}

/** Down to a rule, which is in a chain, its table, the value, and the section of it: what is below is written in one piece. */
const LEVELS = 9;

/** The text of `displayJson(value, 2)`, `levels` of it piece by piece. */
function* jsonPieces(value: unknown, levels: number, pad: string): Generator<string, void, void> {
  const entries =
    typeof value === 'object' && value !== null && levels > 0 ? Object.entries(value).filter(([, held]) => held !== undefined) : [];
  if (entries.length === 0) {
    yield displayJson(value, 2).replaceAll('\n', `\n${pad}`);
    return;
  }
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  let sign = open;
  for (const [key, held] of entries) {
    yield `${sign}\n${pad}  ${Array.isArray(value) ? '' : `${displayJson(key)}: `}`;
    yield* jsonPieces(held, levels - 1, `${pad}  `);
    sign = ',';
  }
  yield `\n${pad}${close}`;
}

function sectionOf(source: string, { section, parsed, completeness }: ParsedInput['outputs'][number]): DocumentSection {
  const { tool, form, command, table, family, host, span } = section;
  // JSON drops what is undefined; the keys stand in this order in every section.
  return { source, tool, form, command, table, family, host, span, completeness, value: parsed.value } as DocumentSection;
}
