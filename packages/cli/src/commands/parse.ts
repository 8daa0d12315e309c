import { type Diagnostic, displayJson, encode, lineIndex, positionAt, renderDiagnostics, type Severity } from '@netdrift/core';
import { printIptablesSave } from '@netdrift/iptables';
import { printIpvsadmSave } from '@netdrift/ipvsadm';
import { StandardInput } from '../input/standard-input.ts';
import { loadText } from '../input/snapshot-files.ts';
import { StandardOutput } from '../output/standard-output.ts';
import { tell } from '../output/tell.ts';
import { asJson } from '../parse/as-json.ts';
import { asText } from '../parse/as-text.ts';
import { isDamaged, type ParsedInput, parseInput } from '../parse/parsed-input.ts';
import { diagnosticRecord, recordsOf } from '../parse/records.ts';
import { FOUND, NOTHING, type ParseOptions, TROUBLE } from '../program.ts';

/** `netdrift parse`: shows what was read; gives the exit status. */
export async function parse(names: readonly string[], { format }: ParseOptions): Promise<number> {
  const standardInput = new StandardInput();
  const output = new StandardOutput();
  const inputs: ParsedInput[] = [];
  for (const name of names.length === 0 ? ['-'] : names) inputs.push(parseInput(name, await loadText(name, standardInput)));
  const complete = await WRITERS[format](inputs, output);
  if (format === 'text' || format === 'save') for (const input of inputs) showDiagnostics(input);
  for (const input of inputs) if (input.outputs.length === 0) tell(`${input.name}: holds no output of a known tool`);
  if (inputs.every(({ outputs }) => outputs.length === 0)) return TROUBLE;
  return complete && !inputs.some(isDamaged) ? NOTHING : FOUND;
}

/** Writes all inputs in one format; tells whether nothing had to be left out. */
type Writer = (inputs: readonly ParsedInput[], output: StandardOutput) => Promise<boolean>;

const WRITERS: Readonly<Record<ParseOptions['format'], Writer>> = {
  async json(inputs, output) {
    await output.write(asJson(inputs));
    return true;
  },
  async jsonl(inputs, output) {
    for (const input of inputs) await writeRecords(input, output);
    return true;
  },
  async text(inputs, output) {
    let complete = true;
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
    const report = (name: string, message: string, severity: Severity = 'warning'): void => {
      tell(`${name}: ${message}`);
      complete &&= severity === 'info';
    };
    for (const { name, outputs } of inputs) {
      for (const { parsed } of outputs) {
        const options = { report: ({ message, severity }: Diagnostic) => report(name, message, severity) };
        if (parsed.tool === 'iptables') await output.write(encode(printIptablesSave(parsed.value, options)));
        else if (parsed.tool === 'ipvsadm') await output.write(encode(printIpvsadmSave(parsed.value, options)));
        else report(name, `output of ${parsed.tool} has no save form`);
      }
    }
    return complete;
  },
};

async function writeRecords(input: ParsedInput, output: StandardOutput): Promise<void> {
  const index = lineIndex(input.text);
  const lineOf = (offset: number): number => positionAt(index, offset).line;
  for (const { section, parsed } of input.outputs) {
    for (const record of recordsOf(parsed, { source: input.name, lineOf, section })) await output.write(`${displayJson(record)}\n`);
  }
  for (const diagnostic of input.diagnostics) {
    const tool = input.outputs.find(({ section }) => section.span.start <= diagnostic.span.start && diagnostic.span.start < section.span.end);
    await output.write(`${displayJson(diagnosticRecord(diagnostic, tool?.section.tool ?? 'netdrift', input.name, lineOf))}\n`);
  }
}

function showDiagnostics({ name, text, diagnostics }: ParsedInput): void {
  const worth = diagnostics.filter(({ severity }) => severity !== 'info');
  if (worth.length > 0) process.stderr.write(renderDiagnostics(worth, text, { name }));
}
