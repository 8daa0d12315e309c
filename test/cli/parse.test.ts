import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildCli, netdrift, netdriftIntoClosedPipe, startNetdrift } from '../support/cli.ts';

beforeAll(buildCli, 120_000);

const SERVICES = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  10.0.0.1:443 rr
  -> 192.168.0.1:6443             Masq    1      1          0         
`;

const RULES = `Chain PREROUTING (policy ACCEPT)
target     prot opt source               destination         
KUBE-SERVICES  all  --  0.0.0.0/0            0.0.0.0/0            /* kubernetes service portals */
`;

function spanOf(text: string, part: string): { start: number; end: number } {
  const start = text.indexOf(part);
  return { start, end: start + part.length };
}

function lines(text: string): unknown[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

describe('netdrift parse', () => {
  it.each([
    'ipvsadm-ln',
    'ipvsadm-Sn',
    'iptables-nat-nL',
    'iptables-nat-nvL',
    'iptables-filter-nL',
    'iptables-save',
    'ipset-list',
    'ipset-save',
  ])('gives the bytes of %s.txt back', (stem) => {
    const path = `fixtures/demo/drifted/${stem}.txt`;
    expect(netdrift(['parse', '--format', 'text', path])).toEqual({ status: 0, stdout: readFileSync(path, 'utf8'), stderr: '' });
  });

  it('reads standard input without an argument and gives one JSON document', () => {
    const { status, stdout, stderr } = netdrift(['parse'], { input: SERVICES });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: '1.0',
      sections: [
        {
          source: '-',
          tool: 'ipvsadm',
          form: 'listing',
          span: { start: 0, end: SERVICES.length },
          completeness: { state: 'complete' },
          value: {
            kind: 'IpvsadmListing',
            layout: { form: 'plain' },
            version: '1.2.1',
            size: 4096,
            services: [
              {
                kind: 'VirtualService',
                protocol: 'TCP',
                address: '10.0.0.1',
                port: 443,
                scheduler: 'rr',
                destinations: [
                  {
                    kind: 'Destination',
                    address: '192.168.0.1',
                    port: 6443,
                    forward: 'Masq',
                    weight: 1,
                    activeConnections: 1,
                    inactiveConnections: 0,
                    span: spanOf(SERVICES, '  -> 192.168.0.1:6443             Masq    1      1          0         '),
                  },
                ],
                span: spanOf(SERVICES, 'TCP  10.0.0.1:443 rr'),
              },
            ],
            span: { start: 0, end: SERVICES.length },
          },
        },
      ],
      diagnostics: [],
    });
  });

  it('gives one record a line that is of use without its neighbours', () => {
    const { status, stdout } = netdrift(['parse', '--format', 'jsonl'], { input: SERVICES + RULES });
    expect(status).toBe(0);
    expect(lines(stdout).map((record) => ({ ...(record as object), node: undefined }))).toEqual([
      { schemaVersion: '1.0', type: 'virtual-service', tool: 'ipvsadm', source: '-', line: 4 },
      {
        schemaVersion: '1.0',
        type: 'destination',
        tool: 'ipvsadm',
        service: { protocol: 'TCP', address: '10.0.0.1', port: 443 },
        source: '-',
        line: 5,
      },
      { schemaVersion: '1.0', type: 'chain', tool: 'iptables', family: 'ipv4', source: '-', line: 6 },
      { schemaVersion: '1.0', type: 'rule', tool: 'iptables', family: 'ipv4', chain: 'PREROUTING', source: '-', line: 8 },
    ]);
  });

  it('tells where a node stands in the text as it was pasted', () => {
    const pasted = `[root@node-1 ~]# ipvsadm -ln\n${SERVICES.replace(/^/gm, '    ')}`;
    const { stdout } = netdrift(['parse'], { input: pasted });
    const document: { sections: { command: string; host: string; value: { services: { span: { start: number; end: number } }[] } }[] } =
      JSON.parse(stdout);
    const [section] = document.sections;
    const span = section?.value.services[0]?.span;
    expect(section).toMatchObject({ command: 'ipvsadm -ln', host: 'node-1' });
    expect(pasted.slice(span?.start, span?.end)).toBe('TCP  10.0.0.1:443 rr');
  });

  it('says which outputs do not show all there was, and why', () => {
    const cut = `$ iptables -t nat -nL\n${RULES}$ ipvsadm -ln | head\n${SERVICES}`;
    const document: { sections: { completeness: unknown }[] } = JSON.parse(netdrift(['parse'], { input: cut }).stdout);
    expect(document.sections.map(({ completeness }) => completeness)).toEqual([
      { state: 'partial', because: [{ text: 'chain KUBE-SERVICES is jumped to but not listed', table: 'nat' }] },
      { state: 'partial', because: [{ text: 'went through head', rows: true }] },
    ]);
    expect(netdrift(['parse', '--format', 'text'], { input: cut })).toEqual({
      status: 0,
      stdout: RULES + SERVICES,
      stderr:
        'netdrift: -: iptables -t nat -nL is partial: chain KUBE-SERVICES is jumped to but not listed\nnetdrift: -: ipvsadm -ln | head is partial: went through head\n',
    });
  });

  it('exits with 1 and says what it kept as text', () => {
    const { status, stdout, stderr } = netdrift(['parse', '--format', 'text'], {
      input: RULES.replace('/* kubernetes service portals */', 'frobnicate 7'),
    });
    expect(status).toBe(1);
    expect(stdout).toContain('frobnicate 7');
    expect(stderr).toContain('warning[iptables/unknown-match]: text "frobnicate 7" belongs to no match that this package knows');
  });

  it('exits with 2 when it can read nothing', () => {
    expect(netdrift(['parse'], { input: 'hello\n' })).toMatchObject({
      status: 2,
      stderr: 'netdrift: -: holds no output of a known tool\n',
    });
    expect(netdrift(['parse', 'no-such-file'])).toEqual({
      status: 2,
      stdout: '',
      stderr: 'netdrift: cannot read no-such-file: there is no such file or folder\n',
    });
  });

  it('writes input for ipvsadm -R', () => {
    expect(netdrift(['parse', '--format', 'save'], { input: SERVICES })).toEqual({
      status: 0,
      stdout: '-A -t 10.0.0.1:443 -s rr\n-a -t 10.0.0.1:443 -r 192.168.0.1:6443 -m -w 1\n',
      stderr: 'netdrift: -: thresholds are not shown; none will be set\n',
    });
  });

  it('lets nothing of a hostile comment reach the terminal', () => {
    const hostile = RULES.replace('kubernetes', '\u001b[2J\u202ekubernetes');
    for (const format of ['json', 'jsonl']) {
      const { stdout } = netdrift(['parse', '--format', format], { input: hostile });
      expect(stdout).not.toMatch(/[\u001b\u202e]/);
      expect(stdout).toContain(String.raw`\u001b[2J\u202ekubernetes`);
    }
  });

  it('ends quietly when its reader goes away', async () => {
    const many = SERVICES + Array.from({ length: 50_000 }, (_, index) => `  -> 10.1.${index >> 8}.${index & 255}:80 Masq 1 1 0\n`).join('');
    const run = await netdriftIntoClosedPipe(['parse', '--format', 'jsonl'], many);
    expect(run).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('gives what has come while its input pauses', async () => {
    const run = startNetdrift(['parse', '--format', 'jsonl']);
    run.write(RULES);
    const first = await run.lines(2);
    run.write('ACCEPT     all  --  0.0.0.0/0            0.0.0.0/0           \n');
    const second = await run.lines(1);
    expect([...first, ...second].map((line) => JSON.parse(line).type)).toEqual(['chain', 'rule', 'rule']);
    expect(await run.end()).toBe(0);
  });
});
