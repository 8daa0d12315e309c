import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildCli, folderOf, netdrift } from '../support/cli.ts';

beforeAll(buildCli, 120_000);

const BEFORE = 'fixtures/demo/before';
const DRIFTED = 'fixtures/demo/drifted';
const REPAIRED = 'fixtures/demo/repaired';

interface ShownReport {
  readonly verdict: string;
  readonly changes: readonly { readonly id: string; readonly severity: string; readonly ignored: boolean; readonly known: boolean }[];
}

function report(...args: readonly string[]): { readonly status: number | null; readonly report: ShownReport } {
  const { status, stdout } = netdrift(['diff', ...args, '--format', 'json']);
  return { status, report: JSON.parse(stdout) };
}

describe('netdrift diff', () => {
  it('exits with 1 on drift, 0 on none, and says the latter in one line', () => {
    expect(netdrift(['diff', BEFORE, DRIFTED])).toMatchObject({ status: 1, stderr: '' });
    const same = netdrift(['diff', BEFORE, BEFORE]);
    expect(same).toMatchObject({ status: 0, stderr: '' });
    expect(same.stdout.trimEnd().split('\n')).toHaveLength(1);
  });

  it('fails only at the severity that --fail-on names', () => {
    const statuses = ['none', 'notice', 'warning', 'critical'].map(
      (failOn) => netdrift(['diff', BEFORE, REPAIRED, '--fail-on', failOn]).status,
    );
    expect(statuses).toEqual([0, 1, 1, 0]);
  });

  it('fails for trouble whatever --fail-on names', () => {
    expect(netdrift(['diff', BEFORE, 'fixtures/absent', '--fail-on', 'none']).status).toBe(2);
  });

  it('writes no colour to a pipe unless told to', () => {
    const plain = netdrift(['diff', BEFORE, DRIFTED]).stdout;
    expect(plain).not.toContain('\u001b');
    for (const run of [
      netdrift(['diff', BEFORE, DRIFTED, '--color', 'always']),
      netdrift(['diff', BEFORE, DRIFTED], { env: { FORCE_COLOR: '1' } }),
    ]) {
      expect(run.stdout).toContain('\u001b[');
      // The colours are all that differs.
      expect(run.stdout.replaceAll(/\u001b\[[0-9;]*m/g, '')).toBe(plain);
    }
    expect(netdrift(['diff', BEFORE, DRIFTED, '--color', 'never'], { env: { FORCE_COLOR: '1' } }).stdout).toBe(plain);
    expect(netdrift(['diff', BEFORE, DRIFTED], { env: { NO_COLOR: '1', FORCE_COLOR: '1' } }).stdout).toBe(plain);
  });

  it('gives the same bytes in every run', () => {
    for (const format of ['text', 'json']) {
      expect(netdrift(['diff', BEFORE, DRIFTED, '--format', format])).toEqual(netdrift(['diff', BEFORE, DRIFTED, '--format', format]));
    }
  });

  it('is told in every format with one exit status', () => {
    const starts = {
      json: '{\n  "schemaVersion": "2.0",',
      jsonl: '{"schemaVersion":"2.0","type":"report",',
      lines: 'critical ',
      markdown: '**Drift',
    };
    for (const [format, start] of Object.entries(starts)) {
      const { status, stdout, stderr } = netdrift(['diff', BEFORE, DRIFTED, '--format', format]);
      expect({ status, stderr, start: stdout.slice(0, start.length) }).toEqual({ status: 1, stderr: '', start });
    }
  });

  it('does not fail on what a stored report knows', () => {
    const stored = netdrift(['diff', BEFORE, REPAIRED, '--format', 'json']).stdout;
    const known = join(folderOf({ 'known.json': stored }), 'known.json');
    expect(netdrift(['diff', BEFORE, REPAIRED, '--known', known]).status).toBe(0);
    expect(netdrift(['diff', BEFORE, DRIFTED, '--known', known]).status).toBe(1);
  });

  it('counts what an ignore file covers and does not fail on it', () => {
    const { changes } = report(BEFORE, REPAIRED).report;
    const ids = [...new Set(changes.filter(({ severity }) => severity !== 'none').map(({ id }) => id))];
    const rules = ids.map((id) => ({ id, reason: 'added on purpose' }));
    const folder = folderOf({
      'ignore.json': JSON.stringify(rules),
      'over.json': JSON.stringify(rules.map((rule) => ({ ...rule, until: '2001-01-01' }))),
      'wrong.json': '[{ "id": "a", "reason": "b", "subjct": "c" }]',
    });
    const ignored = report(BEFORE, REPAIRED, '--ignore', join(folder, 'ignore.json'));
    expect(ignored.status).toBe(0);
    expect(ignored.report.changes.filter((change) => change.ignored).map(({ id }) => id)).toEqual(ids);
    expect(netdrift(['diff', BEFORE, REPAIRED, '--ignore', join(folder, 'over.json')])).toMatchObject({
      status: 1,
      stderr: ids
        .map(
          (id, index) => `netdrift: ${join(folder, 'over.json')}: rule ${index + 1} (${id}) counted until 2001-01-01 and no longer does\n`,
        )
        .join(''),
    });
    expect(netdrift(['diff', BEFORE, REPAIRED, '--ignore', join(folder, 'wrong.json')])).toEqual({
      status: 2,
      stdout: '',
      stderr: `netdrift: ${join(folder, 'wrong.json')}: rule 1 has an unknown key: subjct\n`,
    });
  });

  it('takes other severities by id', () => {
    expect(netdrift(['diff', BEFORE, REPAIRED, '--severity', '*=off']).status).toBe(0);
    expect(netdrift(['diff', BEFORE, REPAIRED, '--fail-on', 'critical', '--severity', '*=critical']).status).toBe(1);
    expect(netdrift(['diff', BEFORE, REPAIRED, '--severity', '*=loud'])).toEqual({
      status: 2,
      stdout: '',
      stderr: 'netdrift: --severity: * has the level loud, which is none of off, none, notice, warning, critical\n',
    });
  });
});
