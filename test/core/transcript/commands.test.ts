import { readTranscript } from '@netdrift/core';
import { describe, expect, it } from 'vitest';

const IPVS =
  'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\nTCP  10.0.0.1:443 rr\n';
const COLUMNS = 'target     prot opt source               destination         \n';
const listing = (...chains: string[]): string => chains.map((chain) => `Chain ${chain}\n${COLUMNS}`).join('\n');
const NAT = listing(
  'PREROUTING (policy ACCEPT)',
  'INPUT (policy ACCEPT)',
  'OUTPUT (policy ACCEPT)',
  'POSTROUTING (policy ACCEPT)',
  'KUBE-SERVICES (0 references)',
);
const FILTER = listing('INPUT (policy ACCEPT)', 'FORWARD (policy ACCEPT)', 'OUTPUT (policy ACCEPT)', 'KUBE-FIREWALL (0 references)');

/** What the commands of a text tell of its outputs. */
function told(text: string): unknown[] {
  return readTranscript(text).sections.map(({ tool, table, family, filter, command }) => [
    tool,
    table,
    family,
    filter,
    command === undefined ? 'no command' : '',
  ]);
}

/** What `ipvsadm -lnc` of DPVS prints. */
const DPVS = '[1]tcp  90s  TCP_EST    10.140.16.48:1063  10.140.31.48:80    192.168.18.243:80\n';

describe('a command of DPVS', () => {
  it('tells through what its connections were piped', () => {
    expect(told(`# ./ipvsadm -lnc | head -1\n${DPVS}`)).toEqual([['dpvs', undefined, undefined, 'head', '']]);
    expect(told(`# ipvsadm -ln; ipvsadm -lnc | head -1\n${IPVS}${DPVS}`)).toEqual([
      ['ipvsadm', undefined, undefined, undefined, ''],
      ['dpvs', undefined, undefined, 'head', ''],
    ]);
  });
});

describe('a command that runs a tool several times', () => {
  it('tells of each output what its own run says', () => {
    const both = [
      ['iptables', 'nat', 'ipv4', undefined, ''],
      ['iptables', 'filter', 'ipv4', undefined, ''],
    ];
    expect(told(`# iptables -t nat -nL; iptables -nL\n${NAT}\n${FILTER}`)).toEqual(both);
    expect(told(`# iptables -F && iptables -t nat -nL && iptables -nL\n${NAT}${FILTER}`)).toEqual(both);
    expect(told(`# iptables -nL; iptables -t nat -nL\n${FILTER}${NAT}`)).toEqual([...both].reverse());
    const save = '*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n';
    expect(told(`# iptables-save; ip6tables-save\n${save}${save}`)).toEqual([
      ['iptables', undefined, 'ipv4', undefined, ''],
      ['iptables', undefined, 'ipv6', undefined, ''],
    ]);
  });

  it('tells nothing of an output that none of its runs made', () => {
    expect(told(`# iptables -t nat -nL\n${NAT}\nAnd the filter table:\n\n${FILTER}`)).toEqual([
      ['iptables', 'nat', 'ipv4', undefined, ''],
      ['iptables', undefined, undefined, undefined, 'no command'],
    ]);
  });

  it('tells of every output what it says in a loop, and no table that it does not spell out', () => {
    expect(told(`$ for node in a b; do ssh $node ipvsadm -ln; done\n${IPVS}${IPVS}`)).toEqual([
      ['ipvsadm', undefined, undefined, undefined, ''],
      ['ipvsadm', undefined, undefined, undefined, ''],
    ]);
    expect(told(`$ for t in nat filter; do iptables -t $t -nL; done\n${NAT}${FILTER}`)).toEqual([
      ['iptables', undefined, 'ipv4', undefined, ''],
      ['iptables', undefined, 'ipv4', undefined, ''],
    ]);
  });
});

it('a command goes on behind a backslash', () => {
  expect(told(`$ kubectl exec x -- iptables \\\n>   -t nat -nL\n${NAT}`)).toEqual([['iptables', 'nat', 'ipv4', undefined, '']]);
  expect(told(`$ iptables \\\n    -t nat \\\n    -nL | head -40\n${NAT}`)).toEqual([['iptables', 'nat', 'ipv4', 'head', '']]);
});

describe('an output that may lack lines', () => {
  it.each([
    ['ipvsadm -ln 2>/dev/null | head -4', 'head'],
    ['ipvsadm -ln 2>&1 | grep -v UDP', 'grep'],
    ['ipvsadm -ln |& grep -v UDP', 'grep'],
    ['ipvsadm -ln | tee all.txt | sudo tail -4', 'tail'],
    ['kubectl exec <pod> -- ipvsadm -ln | head', 'head'],
    ['head -5 ipvsadm.txt', 'head'],
    ['cat ipvsadm.txt | grep -A2 TCP', 'grep'],
    ['./dump.sh | sed -n 1,9p', 'sed'],
  ])('is told by %s', (command, filter) => {
    expect(readTranscript(`root@node:~# ${command}\n${IPVS}`).sections[0]).toMatchObject({ command, filter });
  });

  it.each([
    'ipvsadm -ln | tee all.txt',
    'ipvsadm -ln | cat',
    'ipvsadm -ln | sudo less',
    'ipvsadm -ln 2>&1',
    'ipvsadm -ln || true',
    'ipvsadm -ln; ls | head',
    'cat ipvsadm.txt',
  ])('is not suspected behind %s', (command) => {
    expect(readTranscript(`root@node:~# ${command}\n${IPVS}`).sections[0]).not.toHaveProperty('filter');
  });

  it('is a file that something reads in part', () => {
    const [section] = readTranscript('# grep ip_vs /proc/modules\nip_vs_rr 16384 2 - Live 0x0\n').sections;
    expect(section).toMatchObject({ tool: 'modules', form: 'proc', filter: 'grep' });
  });
});

describe('the machine of an output', () => {
  const hostOf = (prompt: string): unknown => readTranscript(`${prompt}ipvsadm -ln\n${IPVS}`).sections[0]?.host;

  it.each([
    ['user@laptop:~$ ssh root@node-1 ', 'node-1'],
    ['user@laptop:~$ ssh -i key.pem -p 22 -t core@10.0.0.7 sudo ', '10.0.0.7'],
    ['$ ssh node-1 -- sudo ', 'node-1'],
    ['$ ssh fd00::1 "', 'fd00::1'],
    ['user@laptop:~$ vagrant ssh node-1 -c "sudo ', 'node-1'],
    ['user@laptop:~$ oc debug node/node-1 -- chroot /host ', 'node-1'],
    ['root@node-1:~# docker exec -it x ', 'node-1'],
    ['user@laptop:~$ kubectl -n kube-system exec kube-proxy-x -- ', 'kube-proxy-x'],
    ['$ kubectl exec -it -n kube-system -c kube-proxy pod/kube-proxy-7k2xp -- ', 'kube-proxy-7k2xp'],
    ['$ kubectl --context=prod exec --namespace kube-system ds/kube-proxy -- ', undefined],
    ['$ kubectl debug -it node/node-1 --image=busybox -- chroot /host ', 'node-1'],
    ['# root@lb1:/root# ', 'lb1'],
    ['> > [root@lb2 ~]# ', 'lb2'],
  ])('is where the command runs: %s', (prompt, host) => {
    expect(hostOf(prompt)).toBe(host);
  });

  it.each(['user@laptop:~$ minikube ssh -- sudo ', 'user@laptop:~$ for n in a b; do ssh $n '])(
    'is not the one of the prompt where the command runs elsewhere: %s',
    (prompt) => {
      expect(hostOf(prompt)).toBeUndefined();
    },
  );

  it('is one machine each for two that ssh names from one prompt', () => {
    const prompt = 'user@laptop:~$ ssh';
    expect(readTranscript(`${prompt} a ipvsadm -ln\n${IPVS}${prompt} b ipvsadm -ln\n${IPVS}`).sections.map(({ host }) => host)).toEqual([
      'a',
      'b',
    ]);
  });
});

describe('the machine and the time of an output', () => {
  const facts = (text: string): unknown => readTranscript(text).sections.map(({ host, time }) => [host, time]);

  it('are those that hostname and date answer, for prompts that name no machine', () => {
    expect(
      facts(
        `# hostname; date\nnode-1\nThu Nov 17 10:03:18 CET 2016\n# ipvsadm -ln\n${IPVS}# date\nFri 18 Nov 2016 01:03:18 PM UTC\n# ipvsadm -ln\n${IPVS}`,
      ),
    ).toEqual([
      ['node-1', '2016-11-17T10:03:18'],
      ['node-1', '2016-11-18T13:03:18'],
    ]);
  });

  it('are those of the title of watch, of the line that iptables-save writes, and of the prefix of a log', () => {
    expect(facts(`Every 2.0s: ipvsadm -ln        node2: Thu Nov 17 10:03:18 2016\n\n${IPVS}`)).toEqual([['node2', '2016-11-17T10:03:18']]);
    expect(facts('# Generated by iptables-save v1.8.7 on Thu Nov  3 09:03:18 2016\n*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n')).toEqual([
      [undefined, '2016-11-03T09:03:18'],
    ]);
    expect(facts(IPVS.replaceAll(/^(?=.)/gm, '2020-07-30T15:45:41+0200 node3 dump[12]: '))).toEqual([['node3', '2020-07-30T15:45:41']]);
  });

  it('of another machine are not those of the prompt before', () => {
    expect(
      facts(
        `root@lb1:~# date\nThu Nov 17 10:03:18 2016\nroot@lb1:~# ipvsadm -ln\n${IPVS}user@client:~$ curl -I http://192.0.2.10\n# root@lb2:/root# ipvsadm -ln\n${IPVS}# ipvsadm -ln\n${IPVS}`,
      ),
    ).toEqual([
      ['lb1', '2016-11-17T10:03:18'],
      ['lb2', undefined],
      [undefined, undefined],
    ]);
  });
});
