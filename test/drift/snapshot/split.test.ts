import { diffSnapshots, readSnapshots, renderText, splitSnapshots, type Part, type SplitSnapshots } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';

const TITLES =
  'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n';

/** What `ipvsadm -ln` prints of cluster DNS with these endpoints. */
function table(...endpoints: readonly string[]): string {
  return `${TITLES}TCP  10.96.0.10:53 rr\n${endpoints.map((endpoint) => `  -> ${endpoint.padEnd(28)} Masq    1      0          0         \n`).join('')}`;
}

const ONE = '10.244.0.2:53';
const TWO = '10.244.0.3:53';
const SETS =
  'Name: KUBE-CLUSTER-IP\nType: hash:ip,port\nRevision: 5\nHeader: family inet hashsize 1024 maxelem 65536\nSize in memory: 344\nReferences: 2\nNumber of entries: 1\nMembers:\n10.96.0.10,tcp:53\n';

function split(paste: string): SplitSnapshots {
  return splitSnapshots(readSnapshots([{ name: 'ticket.txt', content: paste }]));
}

function moments(paste: string): Extract<SplitSnapshots, { readonly kind: 'moments' }> {
  const found = split(paste);
  if (found.kind !== 'moments') throw new Error(`${found.kind}: ${found.kind === 'refused' ? found.trouble.message : ''}`);
  return found;
}

function refusal(paste: string): string {
  const found = split(paste);
  return found.kind === 'refused' ? `${found.trouble.code}: ${found.trouble.message}` : found.kind;
}

/** Title and first line of each output. */
function shown(parts: readonly Part[]): string[] {
  return parts.map(({ title, lineAt }) => `${title}:${lineAt(0)}`);
}

const WANTED = 'two sides are one host at two moments, or two hosts at one moment each';

describe('a paste that holds before and after', () => {
  it('is compared by the first and the last moment, with the lines of the paste', () => {
    const paste = `first:\n\n# ipvsadm -ln\n${table(ONE, TWO)}# uname -r\n6.1.0-50-cloud-amd64\n\nnow:\n\n# ipvsadm -ln\n${table(TWO)}`;
    const { before, after, between } = moments(paste);
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
    const { before, after, between } = moments([table(ONE), table(ONE, TWO), table(TWO)].map((text) => `# ipvsadm -ln\n${text}`).join(''));
    expect([shown(before.parts), shown(between), shown(after.parts)]).toEqual([['ipvsadm:2'], ['ipvsadm:8'], ['ipvsadm:15']]);
  });

  it('is two nodes where each of two hosts shows one moment', () => {
    const found = split(`root@node-a:~# ipvsadm -ln\n${table(ONE)}root@node-b:~# ipvsadm -ln\n${table(TWO)}`);
    expect(found.kind === 'nodes' && found.nodes.map(({ host, parts }) => [host, shown(parts)])).toEqual([
      ['node-a', ['ipvsadm:2']],
      ['node-b', ['ipvsadm:8']],
    ]);
  });

  it('is of two moments where two forms of one table contradict each other', () => {
    const save = (...endpoints: readonly string[]): string =>
      `# ipvsadm -Sn\n-A -t 10.96.0.10:53 -s rr\n${endpoints.map((endpoint) => `-a -t 10.96.0.10:53 -r ${endpoint} -m -w 1\n`).join('')}`;
    const { before, after } = moments(`# ipvsadm -ln\n${table(ONE)}${save(ONE, TWO)}`);
    expect([shown(before.parts), shown(after.parts)]).toEqual([['ipvsadm:2'], ['ipvsadm:8']]);
    expect(refusal(`# ipvsadm -ln\n${table(ONE)}${save(ONE)}`)).toBe(
      `snapshot/nothing-twice: shows one host at one moment: there is nothing to compare; ${WANTED}`,
    );
  });

  it('an output that is there once is trouble, never "no change"', () => {
    const { before, after } = moments(`# ipvsadm -ln\n${table(ONE)}# ipset list\n${SETS}# ipvsadm -ln\n${table(ONE)}`);
    const { verdict, troubles } = diffSnapshots(before, after);
    expect([verdict, troubles.map(({ side, message }) => `${side} ${message}`)]).toEqual([
      'undecided',
      ['after has no listing of ip sets; before has one (ticket.txt)'],
    ]);
  });
});

describe('a paste that holds no two sides is refused, and what was found is named', () => {
  const at = (...hosts: readonly string[]): string => hosts.map((host) => `root@${host}:~# ipvsadm -ln\n${table(ONE)}`).join('');

  it.each([
    [
      'one host at one moment',
      `# ipvsadm -ln\n${table(ONE)}`,
      `snapshot/nothing-twice: shows one host at one moment: there is nothing to compare; ${WANTED}`,
    ],
    [
      'nothing',
      'nothing works since Monday\n',
      `snapshot/nothing-twice: holds no output of a known tool: there is nothing to compare; ${WANTED}`,
    ],
    [
      'two hosts at two moments',
      at('a', 'b', 'a', 'b'),
      `snapshot/several-hosts: shows 2 hosts, a at 2 moments, b at 2 moments: ${WANTED}; leave the rest out`,
    ],
    [
      'two hosts, one of them once',
      at('lb1', 'lb1', 'lb2'),
      `snapshot/several-hosts: shows 2 hosts, lb1 at 2 moments, lb2 at 1 moment: ${WANTED}; leave the rest out`,
    ],
    [
      'three hosts',
      at('a', 'b', 'c'),
      `snapshot/several-hosts: shows 3 hosts, a at 1 moment, b at 1 moment, c at 1 moment: ${WANTED}; leave the rest out`,
    ],
    [
      'a host and one that nobody names',
      `${at('a', 'b')}\nand here:\n\n# ipvsadm -ln\n${table(TWO)}`,
      `snapshot/several-hosts: shows 3 hosts, a at 1 moment, b at 1 moment, host not named at 1 moment: ${WANTED}; leave the rest out`,
    ],
  ])('%s', (_, paste, message) => {
    expect(refusal(paste)).toBe(message);
  });
});
