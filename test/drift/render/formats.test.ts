import { type Change, renderJson, renderJsonLines, renderLines, renderMarkdown, renderText, REPORT_SCHEMA, type Report } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { expectGolden } from '../../support/golden.ts';
import { diffPaths } from '../support.ts';

const drifted = diffPaths('fixtures/demo/before', 'fixtures/demo/drifted');
const same = diffPaths('fixtures/demo/before', 'fixtures/demo/before');

interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Where a value does not fit a schema: the part of JSON Schema that the report's uses. */
function misfits(schema: Schema, value: unknown, path = '$'): string[] {
  const found: string[] = [];
  const types = { string: typeof value === 'string', boolean: typeof value === 'boolean', number: typeof value === 'number', integer: Number.isInteger(value), array: Array.isArray(value), object: typeof value === 'object' && value !== null && !Array.isArray(value) };
  if (schema.type !== undefined && !types[schema.type as keyof typeof types]) return [`${path} is no ${schema.type}`];
  if ('const' in schema && value !== schema.const) found.push(`${path} is not ${String(schema.const)}`);
  if (schema.enum !== undefined && !schema.enum.includes(value)) found.push(`${path} is ${String(value)}`);
  if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(String(value))) found.push(`${path} does not match`);
  if (typeof value === 'number' && (value < (schema.minimum ?? -Infinity) || value > (schema.maximum ?? Infinity))) found.push(`${path} is out of range`);
  if (Array.isArray(value)) {
    if (value.length < (schema.minItems ?? 0) || value.length > (schema.maxItems ?? Infinity)) found.push(`${path} has ${value.length} items`);
    value.forEach((item, index) => found.push(...misfits(schema.items ?? {}, item, `${path}[${index}]`)));
  } else if (types.object) {
    const fields = value as Record<string, unknown>;
    for (const name of schema.required ?? []) if (!(name in fields)) found.push(`${path}.${name} is missing`);
    for (const [name, field] of Object.entries(fields)) {
      const known = schema.properties?.[name];
      if (known !== undefined) found.push(...misfits(known, field, `${path}.${name}`));
      else if (schema.additionalProperties === false) found.push(`${path}.${name} is not in the schema`);
    }
  }
  return found;
}

describe('forms of a report', () => {
  it.each([['drifted', drifted], ['same', same]] as const)('the JSON of %s fits the published schema', (_, report) => {
    expect(misfits(REPORT_SCHEMA as Schema, JSON.parse(renderJson(report)))).toEqual([]);
  });

  it('the check of the schema does find what does not fit', () => {
    const broken = { ...(JSON.parse(renderJson(drifted)) as Report), verdict: 'fine', extra: 1 };
    expect(misfits(REPORT_SCHEMA as Schema, broken)).toEqual(['$.verdict is fine', '$.extra is not in the schema']);
  });

  it('Markdown reads as its golden', () => {
    expectGolden('fixtures/drift/demo/before--drifted/report.md', renderMarkdown(drifted));
  });

  it('Markdown is cut at a row, with a count, and stays within its length', () => {
    const text = renderMarkdown(drifted, { maxLength: 1500 });
    expect(text.length).toBeLessThanOrEqual(1500);
    expect(text).toMatch(/\d+ more changes/);
    expect(text).toMatch(/left out for want of space/);
  });

  it('text of the inputs acts neither as Markdown nor on a terminal', () => {
    const change = drifted.changes[0] as Change;
    const report: Report = { ...drifted, changes: [{ ...change, text: 'a | b <script> \u001b[31m', subject: { ...change.subject, name: '@all `x`' } }] };
    expect(renderMarkdown(report)).not.toMatch(/<script>|\u001b|@all| \| b/);
    expect(renderText(report)).not.toContain('\u001b');
    expect(renderLines(report)).not.toContain('\u001b');
    expect(renderJson(report)).not.toContain('\u001b');
  });

  it('one line for each change, the worst first', () => {
    expectGolden('fixtures/drift/demo/before--drifted/report.lines', renderLines(drifted));
    expect(renderLines(same)).toBe('none verdict=no-change\n');
  });

  it('JSON lines stand for themselves, the first with the verdict', () => {
    const records = renderJsonLines(drifted).trimEnd().split('\n').map((line) => JSON.parse(line) as { type: string; schemaVersion: string });
    expect(records.map((record) => record.type)).toEqual(['report', ...drifted.changes.map(() => 'change')]);
    expect(new Set(records.map((record) => record.schemaVersion))).toEqual(new Set(['1.0']));
  });
});
