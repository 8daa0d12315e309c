import { checkSnapshot, diffSnapshots, readSnapshot, type Rule, RULES } from '@netdrift/drift';
import { beforeAll, describe, expect, it } from 'vitest';
import { exampleOf, filesOf } from '../../packages/cli/src/rules/example.ts';
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

  it('explains one id, with an example and what netdrift reports of it', () => {
    expect(netdrift(['rules', 'ipvs.destination.draining']).stdout).toBe(`ipvs.destination.draining (change)

  what is so           a weight was set to 0
  what it means        established connections stay; new ones go to the others, or fail where sh, mh or dh still sends them to it
  severity             by effect: it depends on what happens to traffic
  the other direction  ipvs.destination.undrained

Example (- before, + after)

  ipvsadm-ln.txt
     IP Virtual Server version 1.2.1 (size=4096)
     Prot LocalAddress:Port Scheduler Flags
       -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
     TCP  10.96.78.31:80 rr
    -  -> 10.244.0.15:80               Masq    1      0          0
    +  -> 10.244.0.15:80               Masq    0      0          0
       -> 10.244.1.21:80               Masq    1      0          0

  netdrift diff reports

    Drift: 1 notice.

    NOTICE    tcp 10.96.78.31:80: 10.244.0.15:80 is being drained (weight 1 → 0).
              shares   10.244.0.15:80 50 % → 0 %, 10.244.1.21:80 50 % → 100 %
              seen at  before ipvsadm-ln.txt:5, after ipvsadm-ln.txt:5
`);
  });

  it('names the nearest id for one that nothing has, wherever it is written', () => {
    const nothing = {
      status: 2,
      stdout: '',
      stderr: 'netdrift: nothing has the id ipvs.destination.drainin; the nearest is ipvs.destination.draining\n',
    };
    expect(netdrift(['rules', 'ipvs.destination.drainin'])).toEqual(nothing);
    const demo = ['diff', 'fixtures/demo/before', 'fixtures/demo/drifted', '--severity'];
    expect(netdrift([...demo, 'ipvs.destination.drainin=none']).stderr).toBe(
      'netdrift: --severity: nothing has the id ipvs.destination.drainin; the nearest is ipvs.destination.draining (netdrift rules lists them)\n',
    );
    expect(netdrift([...demo, 'ipvs.*ing=none', '--fail-on', 'none']).status).toBe(0);
    expect(netdrift([...demo, 'ipvs.*.nothing=none']).status).toBe(2);
  });
});

/** What is wrong with the example of a rule: it is missing, or netdrift reports something else of it. */
function complaint(rule: Rule): string | undefined {
  const example = exampleOf(rule);
  if (example === undefined) return `${rule.id} has no example in packages/cli/src/rules/examples: scripts/reduce-example.js makes one`;
  const [before, after] = [readSnapshot(filesOf(example, 'before')), readSnapshot(filesOf(example, 'after'))];
  const { causes, changes } =
    rule.kind === 'finding' ? { causes: [], changes: checkSnapshot(after).findings } : diffSnapshots(before, after);
  if (![...causes, ...changes].some(({ id }) => id === rule.id)) return `${rule.id} is not reported of its example`;
  const rows = Object.values(example).flat().length;
  return rows > 100 ? `the example of ${rule.id} has ${rows} lines` : undefined;
}

it('each rule has a short example of which netdrift reports it', () => {
  expect([...RULES.values()].map(complaint).filter((one) => one !== undefined)).toEqual([]);
});
