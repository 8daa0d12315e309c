import { encode, renderDiagnostics, type Severity } from '@netdrift/core';
import { whyIncomplete } from '@netdrift/drift';
import { FOUND, NOTHING, TROUBLE } from '../exit-status.ts';
import { StandardInput } from '../input/standard-input.ts';
import { loadText } from '../input/snapshot-files.ts';
import { openPieces } from '../input/text-pieces.ts';
import { StandardOutput } from '../output/standard-output.ts';
import { tell } from '../output/tell.ts';
import { asJson } from '../parse/as-json.ts';
import { isDamaged, isRead, type ParsedInput, parseInput } from '../parse/parsed-input.ts';
import type { Written } from '../parse/write-records.ts';

/** Options of `netdrift parse`. */
export interface ParseOptions {
  readonly format: 'json' | 'jsonl' | 'text' | 'save';
  /** Of `jsonl`: as columns for SQL. */
  readonly flat?: boolean;
  /** Of `jsonl`: with the time at which each record was read. */
  readonly timestamps?: boolean;
}

/** `netdrift parse`: shows what was read; gives the exit status. */
export async function parse(files: readonly string[], { format, ...form }: ParseOptions): Promise<number> {
  const names = files.length === 0 ? ['-'] : files;
  if (format === 'jsonl') return parseAsItComes(names, form);
  const [option] = Object.keys(form);
  if (option === undefined) return parseWhole(names, format);
  tell(`--${option} needs --format jsonl`);
  return TROUBLE;
}

async function parseAsItComes(names: readonly string[], form: Pick<ParseOptions, 'flat' | 'timestamps'>): Promise<number> {
  const standardInput = new StandardInput();
  const output = new StandardOutput();
  const written: Written[] = [];
  const { writeRecords } = await import('../parse/write-records.ts');
  for (const name of names) {
    const one = await writeRecords(name, openPieces(name, standardInput), output, form);
    if (!one.read) tellNothing(name);
    written.push(one);
  }
  return statusOf(
    written.some(({ read }) => read),
    written.some(({ read, damaged }) => damaged || !read),
  );
}

async function parseWhole(names: readonly string[], format: WholeFormat): Promise<number> {
  const standardInput = new StandardInput();
  const inputs: ParsedInput[] = [];
  for (const name of names) inputs.push(parseInput(name, await loadText(name, standardInput)));
  const complete = await WRITERS[format](inputs, new StandardOutput());
  if (format !== 'json') {
    for (const input of inputs) {
      showDiagnostics(input);
      tellIncomplete(input);
    }
  }
  for (const input of inputs) if (!isRead(input)) tellNothing(input.name);
  return statusOf(inputs.some(isRead), !complete || inputs.some(isDamaged));
}

function tellNothing(name: string): void {
  tell(`${name}: holds no output of a known tool`);
}

function tellIncomplete({ name, outputs }: ParsedInput): void {
  for (const { section, completeness } of outputs) {
    const because = whyIncomplete(completeness);
    if (because !== undefined)
      tell(`${name}: ${section.command ?? `the ${section.form} of ${section.tool}`} is ${completeness.state}: ${because}`);
  }
}

function statusOf(read: boolean, damaged: boolean): number {
  if (!read) return TROUBLE;
  return damaged ? FOUND : NOTHING;
}

/** A document is written in pieces of about this many characters: as one text it may be longer than a text can be. */
const BATCH = 65_536;

/** The formats that are written when all of the input is read. */
type WholeFormat = Exclude<ParseOptions['format'], 'jsonl'>;

/** Writes all inputs in one format, with code that is loaded for it; tells whether nothing had to be left out. */
type Writer = (inputs: readonly ParsedInput[], output: StandardOutput) => Promise<boolean>;

const WRITERS: Readonly<Record<WholeFormat, Writer>> = {
  async json(inputs, output) {
    let batch = '';
    for (const piece of asJson(inputs)) {
      batch += piece;
      if (batch.length < BATCH) continue;
      await output.write(batch);
      batch = '';
    }
    await output.write(batch);
    return true;
  },
  async text(inputs, output) {
    let complete = true;
    const { asText } = await import('../parse/as-text.ts');
    for (const { name, outputs } of inputs) {
      for (const { parsed } of outputs) {
        const text = asText(parsed);
        if (text === undefined) tell(`${name}: output of ${parsed.tool} is read but not printed`);
        else await output.write(encode(text));
        complete &&= text !== undefined;
      }
    }
    return complete;
  },
  async save(inputs, output) {
    let complete = true;
    const { asSave } = await import('../parse/as-save.ts');
    const report = (name: string, message: string, severity: Severity = 'warning'): void => {
      tell(`${name}: ${message}`);
      complete &&= severity === 'info';
    };
    for (const { name, outputs } of inputs) {
      for (const { section, parsed } of outputs) {
        const text = asSave(parsed, section.table, (message, severity) => report(name, message, severity));
        if (text !== undefined) await output.write(encode(text));
      }
    }
    return complete;
  },
};

function showDiagnostics({ name, text, diagnostics }: ParsedInput): void {
  const worth = diagnostics.filter(({ severity }) => severity !== 'info');
  if (worth.length > 0) process.stderr.write(renderDiagnostics(worth, text, { name }));
}
