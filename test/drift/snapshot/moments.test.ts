import { readFileSync } from 'node:fs';
import {
  checkSnapshots,
  explainSnapshots,
  leftOutText,
  readSnapshot,
  readSnapshots,
  renderExplanationText,
  type Snapshot,
} from '@netdrift/drift';
import { describe, expect, it } from 'vitest';

const TITLES =
  'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n';

function table(...endpoints: readonly string[]): string {
  return `${TITLES}TCP  192.0.2.10:80 rr\n${endpoints.map((endpoint) => `  -> ${endpoint.padEnd(28)} Route   1      0          0         \n`).join('')}`;
}

const ONE = '198.51.100.1:80';
const TWO = '198.51.100.2:80';
const NAT =
  'Chain PREROUTING (policy ACCEPT)\ntarget     prot opt source               destination         \n\nChain OUTPUT (policy ACCEPT)\ntarget     prot opt source               destination         \n\nChain POSTROUTING (policy ACCEPT)\ntarget     prot opt source               destination         \n';

function read(text: string): readonly [Snapshot, ...Snapshot[]] {
  return readSnapshots([{ name: 'ticket.txt', content: text }]);
}

/** Host and lines of each snapshot. */
function outline(text: string): unknown {
  return read(text).map(({ host, time, parts }) => [
    host,
    ...(time === undefined ? [] : [time]),
    parts.map(({ title, lineAt }) => `${title}:${lineAt(0)}`),
  ]);
}

function fixture(name: string): string {
  return readFileSync(new URL(`../../../fixtures/drift/reading/${name}`, import.meta.url), 'utf8');
}

describe('what one host shows at several moments', () => {
  it('is one snapshot a moment, in the order of the text', () => {
    expect(
      outline(`root@lb1:~# ipvsadm -ln\n${table(ONE, TWO)}root@lb1:~# ipvsadm -ln\n${table(ONE)}root@lb1:~# ipvsadm -ln\n${table()}`),
    ).toEqual([
      ['lb1', ['ipvsadm:2']],
      ['lb1', ['ipvsadm:9']],
      ['lb1', ['ipvsadm:15']],
    ]);
  });

  it('takes nothing of an earlier moment into the last one, told with it or not', () => {
    expect(
      outline(`# iptables -t nat -nL\n${NAT}# ipvsadm -ln\n${table(ONE)}# systemctl restart keepalived\n# ipvsadm -ln\n${table(TWO)}`),
    ).toEqual([
      [undefined, ['iptables nat:2', 'ipvsadm:11']],
      [undefined, ['ipvsadm:18']],
    ]);
  });

  it('is of one moment where outputs show different things, or one thing in several forms that agree', () => {
    const stats = `IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n  -> RemoteAddress:Port\nTCP  192.0.2.10:80                       5       48       48     2951     6938\n  -> ${ONE}                     5       48       48     2951     6938\n`;
    expect(outline(`# ipvsadm -ln --stats\n${stats}# iptables -t nat -nL\n${NAT}# ipvsadm -ln\n${table(ONE)}`)).toEqual([
      [undefined, ['ipvsadm:2', 'iptables nat:8', 'ipvsadm:17']],
    ]);
    expect(outline(`# ipvsadm -ln --stats\n${stats}# ipvsadm -ln\n${table(TWO)}`)).toEqual([
      [undefined, ['ipvsadm:2']],
      [undefined, ['ipvsadm:8']],
    ]);
  });

  it('is of one moment where different chains of a table were picked by grep, and of two where one was picked twice', () => {
    const picked = (chain: string, rule: string): string => `# iptables-save -t nat | grep ${chain}\n-A ${chain} ${rule}\n\n`;
    const services = picked('KUBE-SERVICES', '-d 10.96.0.10/32 -p udp -m udp --dport 53 -j KUBE-SVC-TCOU7JCQXEZGVUNU');
    const endpoint = (address: string): string =>
      picked('KUBE-SEP-YIL6JZP7A3QYXJU2', `-p udp -m udp -j DNAT --to-destination ${address}:53`);
    expect(outline(`${services}${endpoint('10.244.0.2')}`)).toEqual([[undefined, ['iptables nat:2', 'iptables nat:5']]]);
    expect(outline(`${services}${endpoint('10.244.0.2')}${endpoint('10.244.0.3')}`)).toEqual([
      [undefined, ['iptables nat:2', 'iptables nat:5']],
      [undefined, ['iptables nat:8']],
    ]);
  });

  it('has of prose around each output what nothing shows again', () => {
    expect(
      outline(
        `This is nat:\n\n# iptables -t nat -nL\n${NAT}\nand the table was\n\n# ipvsadm -ln\n${table(ONE)}\nuntil it became\n\n# ipvsadm -ln\n${table(TWO)}`,
      ),
    ).toEqual([
      [undefined, ['iptables nat:4', 'ipvsadm:16']],
      [undefined, ['iptables nat:4', 'ipvsadm:25']],
    ]);
  });

  it('has its time', () => {
    expect(
      outline(
        `Every 2.0s: ipvsadm -ln    lb1: Thu Nov 17 10:03:18 2016\n\n${table(ONE)}Every 2.0s: ipvsadm -ln    lb1: Thu Nov 17 10:03:20 2016\n\n${table(TWO)}`,
      ),
    ).toEqual([
      ['lb1', '2016-11-17T10:03:18', ['ipvsadm:3']],
      ['lb1', '2016-11-17T10:03:20', ['ipvsadm:10']],
    ]);
  });

  it('is explained and checked by the last one, which says how many stand before', () => {
    const snapshots = read(fixture('two-moments.txt'));
    const { servicePorts, leftOut } = explainSnapshots(snapshots);
    expect([servicePorts, leftOut]).toEqual([[], { moments: 1, listings: [{ title: 'ipvsadm', source: 'ticket.txt', line: 2 }] }]);
    expect(checkSnapshots(snapshots).leftOut).toEqual(leftOut);
    const addresses = (name: string): unknown =>
      explainSnapshots(read(fixture(name))).servicePorts.map(({ frontends }) =>
        frontends[0]?.paths[0]?.endpoints.map(({ address }) => address),
      );
    expect([addresses('save-between.txt'), addresses('client-host.txt')]).toEqual([[[ONE]], [[ONE]]]);
  });
});

describe('what several hosts show', () => {
  it('is a snapshot of each, and outputs that name no host are of the only one that is named', () => {
    const prompt = (host: string): string => `root@${host}:~# ipvsadm -ln\n`;
    expect(outline(`${prompt('lb1')}${table(ONE)}${prompt('lb2.example.com')}${table(TWO)}`)).toEqual([
      ['lb1', ['ipvsadm:2']],
      ['lb2.example.com', ['ipvsadm:8']],
    ]);
    expect(outline(`# iptables -t nat -nL\n${NAT}${prompt('lb1')}${table(ONE)}`)).toEqual([['lb1', ['iptables nat:2', 'ipvsadm:11']]]);
    expect(outline(`# iptables -t nat -nL\n${NAT}${prompt('lb1')}${table(ONE)}${prompt('lb2')}${table(TWO)}`)).toEqual([
      [undefined, ['iptables nat:2']],
      ['lb1', ['ipvsadm:11']],
      ['lb2', ['ipvsadm:17']],
    ]);
  });

  it('is told in one section a host, each of its last moment', () => {
    expect(renderExplanationText(explainSnapshots(read(fixture('ordinary-prompt-host.txt'))))).toBe(
      fixture('ordinary-prompt-host.explained.txt'),
    );
  });

  it('holds what kubectl shows, which is of the cluster and not of the one who asks', () => {
    const services =
      'NAME   TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE\nweb    ClusterIP   192.0.2.10   <none>        80/TCP    16h\n';
    expect(
      outline(`me@laptop:~$ kubectl get svc\n${services}root@lb1:~# ipvsadm -ln\n${table(ONE)}root@lb2:~# ipvsadm -ln\n${table(TWO)}`),
    ).toEqual([
      ['lb1', ['services:2', 'ipvsadm:5']],
      ['lb2', ['services:2', 'ipvsadm:11']],
    ]);
  });

  it('cannot be read as one snapshot', () => {
    const { host, troubles } = readSnapshot([{ name: 'x', content: fixture('ordinary-prompt-host.txt') }]);
    expect([host, troubles.map(({ message }) => message)]).toEqual(['lb1', ['holds outputs of 2 hosts, lb1, lb2: a snapshot is of one']]);
  });
});

it('what is left out is named by its lines', () => {
  const listings = [34, 67, 99].map((line) => ({ title: 'iptables nat', source: 'x', line }));
  expect(leftOutText({ moments: 4, listings: [...listings, { title: 'ipvsadm', source: 'x', line: 239 }] })).toBe(
    '4 earlier moments are left out: 3 of iptables nat (lines 34, 67 and 99), 1 of ipvsadm (line 239)',
  );
});

describe('scheduler and weights', () => {
  it('are told by the listing that shows them, whichever comes first', () => {
    const { facts } = explainSnapshots(read(fixture('shares-stats-then-ln.txt')));
    expect(facts.map(({ name, text, evidence }) => [name, text, evidence.map(({ lines }) => lines[0])])).toEqual([
      ['scheduler', 'wlc', [11]],
    ]);
  });
});
