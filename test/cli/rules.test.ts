import { RULES } from '@netdrift/drift';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildCli, netdrift } from '../support/cli.ts';

beforeAll(buildCli, 120_000);

describe('netdrift rules', () => {
  it('lists every change, finding and cause once, with its severity and meaning', () => {
    const { status, stdout, stderr } = netdrift(['rules']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const entries = [...stdout.matchAll(/^(none|notice|warning|critical|by effect) +(\S+)\n +(.*)$/gm)].map(([, ...parts]) => parts);
    expect(entries).toEqual([...RULES.values()].map(({ severity, id, title, why }) => [severity, id, `${title}: ${why}`]));
  });

  it('gives the same as JSON', () => {
    expect(JSON.parse(netdrift(['rules', '--format', 'json']).stdout)).toEqual({ schemaVersion: '1.1', rules: [...RULES.values()] });
  });

  it('explains one id', () => {
    expect(netdrift(['rules', 'ipvs.destination.draining']).stdout).toBe(`ipvs.destination.draining (change)

  what is so           a weight was set to 0
  what it means        established connections stay; new ones go to the others, or fail where sh, mh or dh still sends them to it
  severity             by effect: it depends on what happens to traffic
  the other direction  ipvs.destination.undrained
`);
  });

  it('names the nearest id for one that nothing has, wherever it is written', () => {
    const nothing = { status: 2, stdout: '', stderr: 'netdrift: nothing has the id ipvs.destination.drainin; the nearest is ipvs.destination.draining\n' };
    expect(netdrift(['rules', 'ipvs.destination.drainin'])).toEqual(nothing);
    const demo = ['diff', 'fixtures/demo/before', 'fixtures/demo/drifted', '--severity'];
    expect(netdrift([...demo, 'ipvs.destination.drainin=none']).stderr).toBe(
      'netdrift: --severity: nothing has the id ipvs.destination.drainin; the nearest is ipvs.destination.draining (netdrift rules lists them)\n',
    );
    expect(netdrift([...demo, 'ipvs.*ing=none', '--fail-on', 'none']).status).toBe(0);
    expect(netdrift([...demo, 'ipvs.*.nothing=none']).status).toBe(2);
  });
});
