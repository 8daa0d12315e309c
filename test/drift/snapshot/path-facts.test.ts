import { isOfInterest, pathFacts, timeOfCapture } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';

const facts = (...paths: readonly string[]): unknown[] => [...pathFacts(paths).values()];

describe('the paths of a capture tell', () => {
  it('the machine, the day and the command of a sosreport', () => {
    const base = 'sosreport-node1-01234567-2021-03-02-abcdefg';
    expect(
      facts(`${base}/sos_commands/networking/iptables_-t_nat_-nvL`, 'sosreport-db.example.com-2021-03-02-xyzabcd/proc/net/ip_vs'),
    ).toEqual([
      { host: 'node1', time: '2021-03-02T00:00:00', command: 'iptables -t nat -nvL' },
      { host: 'db.example.com', time: '2021-03-02T00:00:00' },
    ]);
    expect(timeOfCapture(`${base}/date`, 'Tue Mar  2 10:03:18 UTC 2021\n')).toBe('2021-03-02T10:03:18');
  });

  it('the machines of must-gather, where a pod stands for its node', () => {
    const base = 'must-gather.local.1/quay-io-x';
    expect(
      facts(
        `${base}/nodes/worker-0/ipvsadm.txt`,
        `${base}/namespaces/kube-system/pods/kube-proxy-7k2xp/kube-proxy/kube-proxy/logs/current.log`,
        `${base}/namespaces/default/core/services.yaml`,
      ),
    ).toEqual([{ host: 'worker-0' }, { host: 'kube-proxy-7k2xp' }, {}]);
  });

  it('machines by folders beside one another that hold files of one name, and no machine by others', () => {
    expect(
      facts('dump/node-1/ipvsadm-ln.txt', 'dump/node-2/ipvsadm-ln.txt', 'dump/node-2/extra/ipset.txt', 'dump/notes/readme.txt'),
    ).toEqual([{ host: 'node-1' }, { host: 'node-2' }, { host: 'node-2' }, {}]);
    expect(facts('nat/rules.txt', 'filter.txt', 'sys/ip_vs.txt', 'proc/ip_vs.txt')).toEqual([{}, {}, {}, {}]);
  });

  it('moments by folders that are called after them, and by a folder beside a file of the same name', () => {
    expect(facts('after/a.txt', 'before/a.txt')).toEqual([{ moment: { of: '', place: 1 } }, { moment: { of: '', place: 0 } }]);
    expect(facts('x/2024-01-02/a.txt', 'x/2024-01-01/a.txt')).toEqual([
      { moment: { of: 'x', place: 1 } },
      { moment: { of: 'x', place: 0 } },
    ]);
    expect(facts('a.txt', 'backup/a.txt')).toEqual([{ moment: { of: '', place: 1 } }, { moment: { of: '', place: 0 } }]);
    expect(facts('before/a.txt', 'drifted/a.txt')).toEqual([{ host: 'before' }, { host: 'drifted' }]);
  });

  it('which of thousands of files are worth reading', () => {
    const paths = [
      'sos_commands/ipvs/ipvsadm_-Ln',
      'proc/net/ip_vs',
      'namespaces/a/core/services.yaml',
      'sos_commands/networking/ip_-d_address',
      'sos_commands/rpm/package-data',
      'etc/passwd',
      'sos_reports/sos.html',
    ];
    expect(paths.filter(isOfInterest)).toEqual(paths.slice(0, 4));
  });
});
