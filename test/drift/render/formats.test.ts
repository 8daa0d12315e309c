import {
  type Change,
  renderJson,
  renderJsonLines,
  renderLines,
  renderMarkdown,
  rendererOf,
  renderText,
  type Report,
} from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { expectGolden } from '../../support/golden.ts';
import { diffPaths } from '../support.ts';

const drifted = diffPaths('fixtures/demo/before', 'fixtures/demo/drifted');
const same = diffPaths('fixtures/demo/before', 'fixtures/demo/before');

describe('forms of a report', () => {
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
    const report: Report = {
      ...drifted,
      changes: [{ ...change, text: 'a | b <script> \u001b[31m', subject: { ...change.subject, name: '@all `x`' } }],
    };
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
    const records = renderJsonLines(drifted)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; schemaVersion: string });
    expect(records.map((record) => record.type)).toEqual(['report', ...drifted.changes.map(() => 'change')]);
    expect(new Set(records.map((record) => record.schemaVersion))).toEqual(new Set(['2.0']));
  });

  it('HTML draws a service that is gone with the endpoints that it had', () => {
    const root = 'fixtures/drift/kube-proxy/ipvs-v1.30-pair-service-deleted';
    const page = rendererOf('html')?.render(diffPaths(`${root}/before`, `${root}/after`));
    expect(page).toContain('Connections to tcp 10.101.7.80:80. Before: to 10.244.0.31:8080, 10.244.1.32:8080. After: not there.');
    expect(page).not.toContain('refused');
  });
});
