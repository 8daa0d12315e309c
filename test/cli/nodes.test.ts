import { beforeAll, describe, expect, it } from 'vitest';
import { buildCli, netdrift } from '../support/cli.ts';

beforeAll(buildCli, 120_000);

const BEFORE = 'fixtures/demo/before';
const DRIFTED = 'fixtures/demo/drifted';
const REPAIRED = 'fixtures/demo/repaired';

describe('netdrift diff --nodes', () => {
  it('exits with 0 where all nodes do the same', () => {
    expect(netdrift(['diff', '--nodes', BEFORE, BEFORE, BEFORE])).toMatchObject({ status: 0, stderr: '' });
  });

  it('names the node that differs from the majority', () => {
    const { status, stdout } = netdrift(['diff', '--nodes', BEFORE, DRIFTED, BEFORE, '--format', 'json']);
    const report: {
      readonly differences: readonly { readonly id: string; readonly groups: readonly { readonly nodes: readonly string[] }[] }[];
    } = JSON.parse(stdout);
    const outliers = report.differences
      .filter(({ id }) => id === 'node.outlier')
      .map(({ groups }) => groups.slice(1).flatMap(({ nodes }) => nodes));
    expect(status).toBe(1);
    expect(outliers.length).toBeGreaterThan(0);
    expect(new Set(outliers.flat())).toEqual(new Set([DRIFTED]));
  });

  it('wants two snapshots or more, all behind it', () => {
    expect(netdrift(['diff', '--nodes', BEFORE])).toEqual({
      status: 2,
      stdout: '',
      stderr: 'netdrift: --nodes compares two snapshots or more, and one is named\n',
    });
    expect(netdrift(['diff', BEFORE, '--nodes', DRIFTED, REPAIRED])).toEqual({
      status: 2,
      stdout: '',
      stderr: 'netdrift: --nodes takes all the snapshots; none may stand before it\n',
    });
  });

  it('refuses what has no meaning with it instead of passing over it', () => {
    expect(netdrift(['diff', '--nodes', BEFORE, BEFORE, '--severity', '*=off'])).toEqual({
      status: 2,
      stdout: '',
      stderr: 'netdrift: --severity has no meaning with --nodes\n',
    });
    expect(netdrift(['diff', '--nodes', BEFORE, BEFORE, '--format', 'lines'])).toEqual({
      status: 0,
      stdout: 'none verdict=no-change\n',
      stderr: '',
    });
  });
});
