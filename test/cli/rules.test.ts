import { CATALOGUE } from '@netdrift/drift';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildCli, netdrift } from '../support/cli.ts';

beforeAll(buildCli, 120_000);

describe('netdrift rules', () => {
  it('tells every id of the catalogue once, with its severity and meaning', () => {
    const { status, stdout, stderr } = netdrift(['rules']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const entries = stdout.split(/\n(?=\S)/).map((entry) => entry.trim().split(/\s{2,}|\n\s+/));
    expect(entries).toEqual([...CATALOGUE.values()].map(({ severity, id, title, why }) => [severity, id, `${title}: ${why}`]));
  });

  it('gives the same as JSON', () => {
    expect(JSON.parse(netdrift(['rules', '--format', 'json']).stdout)).toEqual({ schemaVersion: '1.0', rules: [...CATALOGUE.values()] });
  });
});
