import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { decode, detectEncoding, encode, readTranscript, type Diagnostic } from '@netdrift/core';
import {
  checkSnapshot,
  diffSnapshots,
  explainSnapshot,
  readSnapshot,
  readSnapshots,
  renderCheckMarkdown,
  renderCheckText,
  renderExplanationMarkdown,
  renderExplanationText,
  renderJson,
  renderJsonLines,
  renderLines,
  renderMarkdown,
  renderText,
  splitSnapshots,
  type Snapshot,
} from '@netdrift/drift';
import { parseIpset, printIpset } from '@netdrift/ipset';
import { parseIptables, parseIptablesStream, printIptables } from '@netdrift/iptables';
import { parseIpvsadm, parseIpvsadmStream, printIpvsadm } from '@netdrift/ipvsadm';
import { parseModules, printModules } from '@netdrift/modules';
import { asJson } from '../../packages/cli/src/parse/as-json.ts';
import { asText } from '../../packages/cli/src/parse/as-text.ts';
import { parseInput } from '../../packages/cli/src/parse/parsed-input.ts';
import { unaccountedLines } from '../core/transcript/accounted-for.ts';
import { readInput } from '../support/line-fates.ts';
import { randomFrom } from './random.ts';
import { chosen, type Seed, seedOf } from './seed.ts';

/** One thing that is fuzzed. */
export interface Target {
  readonly name: string;
  /** Real texts that inputs are made from. */
  readonly seeds: readonly Seed[];
  /** Rejects with what is wrong where the input breaks a law. */
  readonly check: (input: Buffer) => Promise<void>;
}

const fixtures = fileURLToPath(new URL('../../fixtures', import.meta.url));

/** The repository's own captures that are small enough to be read a thousand times. */
function seedsOf(wanted: RegExp): Seed[] {
  return readdirSync(fixtures, { recursive: true, encoding: 'utf8' })
    .filter((path) => wanted.test(path) && path.endsWith('.txt'))
    .map((path) => readFileSync(join(fixtures, path)))
    .filter((bytes) => bytes.length > 0 && bytes.length < 6_000)
    .map(seedOf);
}

function law(holds: boolean, broken: string): asserts holds {
  if (!holds) throw new Error(broken);
}

interface Parsed {
  readonly value: unknown;
  readonly diagnostics: readonly Diagnostic[];
}

/** What holds of the result of every parser. */
function checkParser<Result extends Parsed>(
  input: Buffer,
  parse: (text: string) => Result,
  print: (value: Result['value']) => string,
): Result {
  const text = decode(input);
  law(isUtf16(input) || input.equals(encode(text)), 'decoded and encoded text is not the input');
  const result = parse(text);
  law(isDeepStrictEqual(JSON.parse(JSON.stringify(result.value)), result.value), 'the tree is not plain data');
  for (const span of spansIn(result))
    law(span.start >= 0 && span.start <= span.end && span.end <= text.length, `a span is outside the text: ${JSON.stringify(span)}`);
  // Real output is printed as it was (test/<tool>); whatever else was read reaches a form that stays as it is.
  // A carriage return before a line's end is taken off at each reading.
  if (text.includes('\r\r')) return result;
  const forms = [print(result.value)];
  for (let round = 0; round < 4; round += 1) forms.push(print(parse(forms.at(-1) ?? '').value));
  law(
    forms.at(-1) === forms.at(-2),
    `printed again and again it always differs: ${JSON.stringify(forms.slice(-2).map((form) => form.slice(0, 200)))}`,
  );
  return result;
}

function spansIn(value: unknown): { readonly start: number; readonly end: number }[] {
  const found: { readonly start: number; readonly end: number }[] = [];
  const work: unknown[] = [value];
  while (work.length > 0) {
    const held = work.pop();
    if (typeof held !== 'object' || held === null) continue;
    if ('start' in held && 'end' in held && typeof held.start === 'number' && typeof held.end === 'number')
      found.push({ start: held.start, end: held.end });
    work.push(...Object.values(held));
  }
  return found;
}

/** The input in pieces of a few bytes, so that each place is a seam once in a while. */
async function* pieces(input: Buffer): AsyncGenerator<Uint8Array> {
  const size = 1 + (input.length % 13);
  for (let at = 0; at < input.length; at += size) yield input.subarray(at, at + size);
}

async function checkIptables(input: Buffer): Promise<void> {
  const { value, diagnostics } = checkParser(input, parseIptables, printIptables);
  // Of a text that is no output at all, a stream sees less before it must say what it is.
  if (isUtf16(input) || value.kind === 'ToolError' || diagnostics.some(({ severity }) => severity === 'error')) return;
  const streamed: unknown[] = [];
  for await (const item of parseIptablesStream(pieces(input))) if (item.type === 'rule') streamed.push(item.rule);
  const whole = value.tables.flatMap(({ chains }) => chains.flatMap(({ rules: held }) => held));
  // Whether a name before unknown text is a chain, the rest of the text tells: a stream cannot wait for it.
  if (JSON.stringify([streamed, whole]).includes('"kind":"Unknown')) return;
  law(isDeepStrictEqual(placed(streamed), placed(whole)), 'the stream gives other rules than the whole text');
}

async function checkIpvsadm(input: Buffer): Promise<void> {
  const { value } = checkParser(input, parseIpvsadm, printIpvsadm);
  if (isUtf16(input) || !('services' in value)) return;
  const streamed: unknown[] = [];
  for await (const item of parseIpvsadmStream(pieces(input))) if (item.type === 'service') streamed.push(item.service);
  law(isDeepStrictEqual(placed(streamed), placed(value.services)), 'the stream gives other services than the whole text');
}

/** A stream is read as UTF-8, whatever mark it begins with. */
function isUtf16(input: Buffer): boolean {
  return detectEncoding(input) !== 'utf-8';
}

/** Nodes in the order of the text. */
function placed(nodes: readonly unknown[]): unknown[] {
  const startOf = (node: unknown): number => (node as { readonly span: { readonly start: number } }).span.start;
  return [...nodes].sort((one, other) => startOf(one) - startOf(other));
}

async function checkTranscript(input: Buffer): Promise<void> {
  const result = readTranscript(decode(input));
  law(
    unaccountedLines(input, result).length === 0,
    `lines are under no section, diagnostic or set-aside: ${JSON.stringify(unaccountedLines(input, result).slice(0, 3))}`,
  );
  const lost = readInput(input).fates.filter(({ fate }) => fate === 'lost');
  law(lost.length === 0, `lines are lost: ${JSON.stringify(lost.slice(0, 3))}`);
  const parsed = parseInput('input', input);
  const { sections }: { readonly sections: readonly unknown[] } = JSON.parse([...asJson([parsed])].join(''));
  law(sections.length === parsed.outputs.length, 'the JSON of parse holds other sections');
  for (const output of parsed.outputs) asText(output.parsed);
}

/** What must not reach a terminal, but for the line feeds and escapes of colours that the renderers write themselves. */
const RAW = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

function checkShown(what: string, text: string): void {
  law(!RAW.test(text), `${what} holds a control character: ${JSON.stringify(RAW.exec(text)?.[0])}`);
  law(!/^(?:::[a-z-]+|##\[)/m.test(text), `${what} has a line that a CI server takes for a command`);
}

/** The command line's path from bytes to text: two snapshots, of which the second is the input. */
async function checkReports(input: Buffer, seeds: readonly Seed[]): Promise<void> {
  const read = (content: Buffer): Snapshot => readSnapshot([{ name: 'input', content }]);
  const before = read(chosen(seeds, randomFrom(input.length)));
  const after = read(input);
  const forth = diffSnapshots(before, after);
  const back = diffSnapshots(after, before);
  law((forth.verdict === 'no-change') === (back.verdict === 'no-change'), `verdicts do not mirror: ${forth.verdict} and ${back.verdict}`);
  const same = diffSnapshots(after, read(input));
  law(
    same.changes.length === 0 && same.verdict !== 'drift' && same.verdict !== 'no-effect',
    `an input differs from itself: ${same.verdict} ${same.changes.map(({ id }) => id).join()}`,
  );
  for (const report of [forth, back]) {
    checkShown('text', renderText(report));
    checkShown('markdown', renderMarkdown(report));
    checkShown('lines', renderLines(report));
    law(isDeepStrictEqual(JSON.parse(renderJson(report)), JSON.parse(JSON.stringify(report))), 'JSON does not hold the report');
    for (const line of renderJsonLines(report).split('\n').filter(Boolean)) JSON.parse(line);
  }
  const found = checkSnapshot(after);
  checkShown('check', renderCheckText(found));
  checkShown('check in Markdown', renderCheckMarkdown(found));
  const explanation = explainSnapshot(after);
  checkShown('explain', renderExplanationText(explanation));
  checkShown('explain in Markdown', renderExplanationMarkdown(explanation));
  const split = splitSnapshots(readSnapshots([{ name: 'input', content: input }]));
  if (split.kind === 'moments') diffSnapshots(split.before, split.after);
}

const rules = seedsOf(/^iptables-|^(?:demo|drift\/(?:seeds|host-names)).*(?:iptables|nat|names|numbers|save)[^/]*$/);
const tables = seedsOf(/^ipvsadm-|ipvsadm[^/]*$/);
const sets = seedsOf(/ipset/);
const modules = seedsOf(/modules/);
const all = [...rules, ...tables, ...sets, ...modules, ...seedsOf(/^(?:demo|kubernetes|incidents)/)];

/** Every parser, and the whole path of the command line. */
export const TARGETS: readonly Target[] = [
  { name: 'iptables', seeds: rules, check: checkIptables },
  { name: 'ipvsadm', seeds: tables, check: checkIpvsadm },
  { name: 'ipset', seeds: sets, check: async (input) => void checkParser(input, parseIpset, printIpset) },
  { name: 'modules', seeds: modules, check: async (input) => void checkParser(input, parseModules, printModules) },
  { name: 'transcript', seeds: all, check: checkTranscript },
  { name: 'reports', seeds: all, check: (input) => checkReports(input, all) },
];
