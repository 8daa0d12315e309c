import { diffSnapshots, readSnapshot, renderText, splitSnapshot, type Part, type SplitSnapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';

const TITLES = 'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n';

/** What `ipvsadm -ln` prints of cluster DNS with these endpoints. */
function table(...endpoints: readonly string[]): string {
  return `${TITLES}TCP  10.96.0.10:53 rr\n${endpoints.map((endpoint) => `  -> ${endpoint.padEnd(28)} Masq    1      0          0         \n`).join('')}`;
}

const ONE = '10.244.0.2:53';
const TWO = '10.244.0.3:53';
const SETS = 'Name: KUBE-CLUSTER-IP\nType: hash:ip,port\nRevision: 5\nHeader: family inet hashsize 1024 maxelem 65536\nSize in memory: 344\nReferences: 2\nNumber of entries: 1\nMembers:\n10.96.0.10,tcp:53\n';

function split(paste: string): SplitSnapshot {
  return splitSnapshot(readSnapshot([{ name: 'ticket.txt', content: paste }]));
}

/** Title and first line of each output. */
function shown(parts: readonly Part[]): string[] {
  return parts.map(({ title, lineAt }) => `${title}:${lineAt(0)}`);
}

describe('a paste that holds before and after', () => {
  it('is compared by the first and the last output of each command, with the lines of the paste', () => {
    const paste = `first:\n\n# ipvsadm -ln\n${table(ONE, TWO)}# uname -r\n6.1.0-50-cloud-amd64\n\nnow:\n\n# ipvsadm -ln\n${table(TWO)}`;
    const { before, after, between } = split(paste);
    expect([shown(before.parts), shown(after.parts), between]).toEqual([['ipvsadm:4', 'kernel release:11'], ['ipvsadm:16'], []]);
    expect(renderText(diffSnapshots(before, after))).toBe(
      [
        'Drift: 1 warning.',
        '',
        'WARNING   tcp 10.96.0.10:53 lost the endpoint 10.244.0.2:53.',
        '          shares   10.244.0.2:53 50 % → gone, 10.244.0.3:53 50 % → 100 %',
        '          seen at  before ticket.txt:8, after ticket.txt:19',
        '',
      ].join('\n'),
    );
  });

  it('leaves out what stands between the first and the last', () => {
    const { before, after, between } = split([table(ONE), table(ONE, TWO), table(TWO)].map((text) => `# ipvsadm -ln\n${text}`).join(''));
    expect([shown(before.parts), shown(between), shown(after.parts)]).toEqual([['ipvsadm:2'], ['ipvsadm:8'], ['ipvsadm:15']]);
  });

  it('is compared by host where each of two hosts shows each output once', () => {
    const { before, after } = split(`root@node-a:~# ipvsadm -ln\n${table(ONE)}root@node-b:~# ipvsadm -ln\n${table(TWO)}`);
    expect([before.parts.map(({ host }) => host), after.parts.map(({ host }) => host)]).toEqual([['node-a'], ['node-b']]);
    expect(diffSnapshots(before, after).changes.map(({ id }) => id)).toEqual(['ipvs.endpoints.replaced']);
  });

  it('pairs two forms of one table where none is there twice', () => {
    const { before, after } = split(`# ipvsadm -ln\n${table(ONE)}# ipvsadm -Sn\n-A -t 10.96.0.10:53 -s rr\n-a -t 10.96.0.10:53 -r 10.244.0.2:53 -m -w 1\n`);
    expect(diffSnapshots(before, after).verdict).toBe('no-change');
  });

  it('of several hosts at several moments is trouble, never one side made of both hosts', () => {
    const paste = ['node-a', 'node-b', 'node-a', 'node-b'].map((host) => `root@${host}:~# ipvsadm -ln\n${table(ONE)}`).join('');
    const { before, after } = split(paste);
    expect(before.troubles).toEqual([{ code: 'snapshot/several-hosts', message: 'shows outputs of node-a, node-b more than once: a comparison is of one host; leave the others out' }]);
    expect(diffSnapshots(before, after).verdict).toBe('undecided');
  });

  it('an output that is there once is trouble, never "no change"', () => {
    const { before, after } = split(`# ipvsadm -ln\n${table(ONE)}# ipset list\n${SETS}# ipvsadm -ln\n${table(ONE)}`);
    const { verdict, troubles } = diffSnapshots(before, after);
    expect([verdict, troubles.map(({ side, message }) => `${side} ${message}`)]).toEqual(['undecided', ['after has no listing of ip sets; before has one (ticket.txt)']]);
  });

  it('with nothing twice is trouble alone', () => {
    const { before, after } = split(`# ipvsadm -ln\n${table(ONE)}`);
    const { verdict, troubles } = diffSnapshots(before, after);
    expect([verdict, troubles]).toEqual(['undecided', [{ code: 'snapshot/nothing-twice', side: 'before', message: 'shows no output twice, and none of two hosts: there is nothing to compare' }]]);
  });

  it('that holds no output is trouble', () => {
    const { before, after } = split('nothing works since Monday\n');
    expect(diffSnapshots(before, after).troubles.map(({ code }) => code)).toEqual(['snapshot/nothing-known', 'snapshot/nothing-twice']);
  });
});
