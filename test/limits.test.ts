import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MAX_TOKENS, readTranscript } from '@netdrift/core';
import { checkSnapshot, diffSnapshots, readSnapshot, renderText, type Report } from '@netdrift/drift';
import { parseIpset } from '@netdrift/ipset';
import { parseIptables } from '@netdrift/iptables';
import { parseIpvsadm } from '@netdrift/ipvsadm';
import { parseModules } from '@netdrift/modules';
import { describe, expect, it } from 'vitest';
import { parseByGrammar } from '../packages/iptables/src/parse.ts';

const LISTING = 'Chain INPUT (policy ACCEPT)\ntarget     prot opt source               destination         \n';
const ANY = '0.0.0.0/0            0.0.0.0/0           ';
const TABLE =
  'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n';
const NAT = '*nat\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n';

const times = (count: number, text: (index: number) => string): string => Array.from({ length: count }, (_, index) => text(index)).join('');
const codes = ({ diagnostics }: { readonly diagnostics: readonly { readonly code: string }[] }): string[] =>
  diagnostics.map(({ code }) => code);

function diff(before: string, after: string): Report {
  const [one, other] = [before, after].map((content) => readSnapshot([{ name: 'iptables-save.txt', content }]));
  if (one === undefined || other === undefined) throw new Error('there are two sides');
  return diffSnapshots(one, other);
}

/** How the effect of a DNAT to another address is told, where `rules` stand on the way to it. */
function effectBehind(rules: string): string[] {
  const to = (address: string): string =>
    `${NAT}${rules}-d 203.0.113.9/32 -p tcp -m tcp --dport 443 -j DNAT --to-destination ${address}:80\nCOMMIT\n`;
  return diff(to('10.0.0.1'), to('10.0.0.2')).changes.map(({ effect }) => effect);
}

/**
 * How a rule is told that lets one endpoint's packets leave before they are masqueraded: the one of the last service in the order of their
 * addresses.
 */
function effectOnItself(services: number, endpoints: number): string[] {
  const each = (text: (service: number, endpoint: number) => string): string =>
    times(services * endpoints, (index) => text(Math.floor(index / endpoints), index % endpoints));
  const pod = (service: number, endpoint: number): string => `10.244.${service}.${100 + endpoint}`;
  const chance = (endpoint: number): string =>
    endpoint === endpoints - 1 ? '' : `-m statistic --mode random --probability ${(1 / (endpoints - endpoint)).toFixed(11)} `;
  const rules = (own: string): string =>
    [
      NAT,
      ':KUBE-SERVICES - [0:0]\n:KUBE-MARK-MASQ - [0:0]\n:KUBE-POSTROUTING - [0:0]\n',
      times(services, (service) => `:KUBE-SVC-${service} - [0:0]\n`),
      each((service, endpoint) => `:KUBE-SEP-${service}.${endpoint} - [0:0]\n`),
      '-A PREROUTING -j KUBE-SERVICES\n',
      `${own}-A POSTROUTING -j KUBE-POSTROUTING\n-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000\n`,
      '-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN\n-A KUBE-POSTROUTING -j MASQUERADE\n',
      times(
        services,
        (service) =>
          `-A KUBE-SERVICES -d 10.96.0.${100 + service}/32 -p tcp -m comment --comment "ns/s${service}:http cluster IP" -m tcp --dport 80 -j KUBE-SVC-${service}\n`,
      ),
      each((service, endpoint) => `-A KUBE-SVC-${service} ${chance(endpoint)}-j KUBE-SEP-${service}.${endpoint}\n`),
      each(
        (service, endpoint) =>
          `-A KUBE-SEP-${service}.${endpoint} -s ${pod(service, endpoint)}/32 -j KUBE-MARK-MASQ\n-A KUBE-SEP-${service}.${endpoint} -p tcp -j DNAT --to-destination ${pod(service, endpoint)}:80\n`,
      ),
      'COMMIT\n',
    ].join('');
  return diff(rules(''), rules(`-A POSTROUTING -s ${pod(services - 1, endpoints - 1)}/32 -j ACCEPT\n`)).changes.map(({ effect }) => effect);
}

/** The kinds of findings about the rules of a filter table. */
function foundIn(rules: string): string[] {
  const content = `*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n${rules}COMMIT\n`;
  return checkSnapshot(readSnapshot([{ name: 'iptables-save.txt', content }])).findings.map(({ id }) => id);
}

/** Limits that would take minutes to reach. */
const UNTESTED = [
  '20,000 | frontends that packets are led to, of those a difference touches',
  '10,000,000 | rules that packets made up for changed rules may be asked about, all together',
];

/** Each limit of docs/limits.md but those of the command and of telling: what stands in its first two columns, and its test. */
const LIMITS: Readonly<Record<string, () => void>> = {
  '1,048,576 characters | a line of a text with several outputs': () => {
    const line = `ACCEPT     all  --  ${ANY} /* `;
    const rules = (length: number): string => `${LISTING}${line}${'x'.repeat(length - line.length - 3)} */\n`;
    expect(codes(readTranscript(rules(1_048_576)))).toEqual([]);
    const beyond = readTranscript(rules(1_048_577));
    expect(codes(beyond)).toEqual(['transcript/long-line']);
    expect(beyond.setAside).toEqual([{ reason: 'long-line', span: { start: LISTING.length, end: LISTING.length + 1_048_578 } }]);
  },
  '10,000 | outputs in one text': () => {
    const outputs = (count: number): string => times(count, () => `# ipvsadm -ln\n${TABLE}`);
    expect(readTranscript(outputs(10_000)).sections.length).toBe(10_000);
    const beyond = readTranscript(outputs(10_001));
    expect(beyond.sections.length).toBe(10_000);
    expect(codes(beyond)).toEqual(['transcript/too-many-sections']);
  },
  '16,384 | tokens of a line, which are about its words': () => {
    const many = MAX_TOKENS;
    expect(codes(parseIptables(`${LISTING}ACCEPT     tcp  --  ${ANY} ${'tcp dpt:1 '.repeat(many)}\n`))).toEqual(['iptables/unread-line']);
    expect(codes(parseIptables(`-A INPUT -p tcp${' -m tcp --dport 1'.repeat(many)} -j ACCEPT\n`))).toEqual(['iptables/unread-line']);
    expect(codes(parseIpvsadm(`-A -t 10.0.0.1:80${' -s rr'.repeat(many)}\n`))).toEqual(['ipvsadm/bad-line']);
    expect(codes(parseIpset(`create X hash:ip${' family inet'.repeat(many)}\n`))).toEqual(['ipset/unreadable-line']);
    expect(codes(parseModules(`ip_vs 1 2 a${' y'.repeat(many)}\n`))).toEqual(['modules/unreadable-line']);
    const { value } = parseIptables(`-A INPUT -p tcp${' -m tcp --dport 1'.repeat(4_096)} -j ACCEPT\n`);
    expect(value.kind === 'IptablesSave' && value.tables[0]?.chains[0]?.rules[0]?.matches.length).toBe(4_096);
  },
  '4,096 | shapes of lines that a reader remembers': () => {
    const kinds = ['tcp dpt:1', 'state NEW', 'udp spt:1'];
    const rule = (index: number): string =>
      `ACCEPT     all  --  ${ANY} ${[...index.toString(3).padStart(8, '0')].map((digit) => kinds[Number(digit)]).join(' ')}\n`;
    const text = LISTING + times(4_200, rule);
    expect(parseIptables(text)).toEqual(parseByGrammar(text));
  },
  '90 | places where one comment of a rule may end': () => {
    const rule = (ends: number): string => `${LISTING}ACCEPT     all  --  ${ANY} /* a${' */'.repeat(ends)} x */\n`;
    expect(codes(parseIptables(rule(89)))).toEqual([]);
    expect(codes(parseIptables(rule(90)))).toEqual(['iptables/unknown-match']);
  },
  '64 | chains inside each other on the way of one packet': () => {
    const deep = (count: number): string =>
      `${times(count, (index) => `:C${index} - [0:0]\n`)}-A PREROUTING -j C0\n${times(count - 1, (index) => `-A C${index} -j C${index + 1}\n`)}-A C${count - 1} `;
    expect([effectBehind(deep(64)), effectBehind(deep(65))]).toEqual([['redirected'], ['undecided']]);
  },
  '1,024 | earlier rules of a chain that no address, port or other value tells from one that is asked about': () => {
    const last = (between: number): string =>
      `-A INPUT -s 10.0.0.0/8 -j DROP\n${times(between, (index) => `-A INPUT -p tcp -m tcp --dport ${index} -j DROP\n`)}-A INPUT -s 10.0.0.1/32 -j ACCEPT\n`;
    expect([foundIn(last(1_023)), foundIn(last(1_024))]).toEqual([['lint.iptables.shadowed-rule'], []]);
  },
  '64 | of these, rules that together may take all packets of one where none does so alone': () => {
    const last = (between: number): string =>
      `-A INPUT -s 10.0.0.0/31 -p tcp -j DROP\n-A INPUT -s 10.0.0.0/31 ! -p tcp -j DROP\n${times(between, (index) => `-A INPUT -i eth${index} -j DROP\n`)}-A INPUT -s 10.0.0.1/32 -j ACCEPT\n`;
    expect([foundIn(last(62)), foundIn(last(63))]).toEqual([['lint.iptables.shadowed-rule'], []]);
  },
  '128 | rules behind one, of its chain and of those it jumps to, that may meet its packets': () => {
    const first = (between: number): string =>
      `-A INPUT -s 10.0.0.1/32 -j DROP\n${times(between, (index) => `-A INPUT -p tcp -m tcp --dport ${index}\n`)}-A INPUT -s 10.0.0.0/8 -j DROP\n`;
    expect([foundIn(first(127)), foundIn(first(128))]).toEqual([['lint.iptables.redundant-before-wider'], []]);
  },
  '100 | services whose endpoints are asked whether they reach themselves, where nothing else shows what a rule does': () => {
    expect([effectOnItself(100, 1), effectOnItself(101, 1)]).toEqual([['lost'], ['source-changed']]);
  },
  '16 | endpoints that are asked of each of them': () => {
    expect([effectOnItself(1, 16), effectOnItself(1, 17)]).toEqual([['lost'], ['source-changed']]);
  },
  '10,000,000 | rules of the chains whose changed rules are compared by themselves, all together, 5,000 at least for each changed rule':
    () => {
      const table = (rules: number): string =>
        `*filter\n:INPUT ACCEPT [0:0]\n${times(rules, (index) => `-A INPUT -s 10.0.${index >> 8}.${index & 255}/32 -j DROP\n`)}COMMIT\n`;
      const undecided = (rules: number): number =>
        diff(table(0), table(rules)).changes.filter(({ effect }) => effect === 'undecided').length;
      expect(undecided(2_001)).toBe(1);
    },
  '200,000 | members of one set that came, or went, and that are asked about one by one, times all members of the set': () => {
    // One of those that go is in a network that stays: alone it has no effect, and with the others it is one of many.
    const networks = times(998, (index) => `add blocked 10.0.${index >> 8}.${index & 255}\n`);
    const idle = (gone: number): number => {
      const [before, after] = [
        networks,
        networks
          .split('\n')
          .slice(gone - 1)
          .join('\n'),
      ].map(
        (members, side) =>
          `create blocked hash:net family inet hashsize 1024 maxelem 65536\n${members}add blocked 10.99.0.0/16\n${side === 0 ? 'add blocked 10.99.0.1\n' : ''}`,
      );
      return ofSet(before ?? '', after ?? '', 'src').filter(({ effect }) => effect === 'none').length;
    };
    expect([idle(200), idle(201)]).toEqual([1, 0]);
  },
  '1,000 | members of one set that are asked about together; those that differ in an address alone count as one': () => {
    const undecided = (gone: number): number => {
      const member = (port: number): string => `add blocked 10.0.0.1,tcp:${port + 1}\n`;
      const [before, after] = [gone, 0].map(
        (count) =>
          `create blocked hash:ip,port family inet hashsize 1024 maxelem 65536\n${times(count, member)}add blocked 10.0.0.9,tcp:1\n`,
      );
      return ofSet(before ?? '', after ?? '', 'src,dst').filter(({ effect }) => effect === 'undecided').length;
    };
    expect([undecided(1_000), undecided(1_001)]).toEqual([0, 1_001]);
  },
};

/** What is said of a set that a rule of INPUT drops by. */
function ofSet(before: string, after: string, directions: string): ReturnType<typeof diffSnapshots>['changes'] {
  const rules = `*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\nCOMMIT\n*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -m set --match-set blocked ${directions} -j DROP\nCOMMIT\n`;
  const side = (sets: string): ReturnType<typeof readSnapshot> =>
    readSnapshot([
      { name: 'ipset-save.txt', content: sets },
      { name: 'iptables-save.txt', content: rules },
    ]);
  return diffSnapshots(side(before), side(after)).changes;
}

describe('limits', () => {
  it.each(Object.entries(LIMITS))('%s', (_, holds) => {
    holds();
  });

  it('the tables of docs/limits.md name these', () => {
    const text = readFileSync(fileURLToPath(new URL('../docs/limits.md', import.meta.url)), 'utf8');
    const reading = text.slice(text.indexOf('## Reading'), text.indexOf('## Telling'));
    const rows = [...reading.matchAll(/^\| (\d[^|]* \| [^|]*) \|/gm)].map(([, row]) => row);
    expect(rows).toEqual(['512 MiB | a file given to the command', ...Object.keys(LIMITS), ...UNTESTED]);
  });

  it('a row of changes of one kind is told in part, and all of them are in the report', () => {
    const services = (scheduler: string): string =>
      TABLE + times(40, (index) => `TCP  10.0.0.${index}:80 ${index % 2 === 0 ? 'rr' : scheduler}\n`);
    const [before, after] = [services('rr'), services('wlc')].map((content) => readSnapshot([{ name: 'ipvsadm-ln.txt', content }]));
    if (before === undefined || after === undefined) throw new Error('there are two sides');
    const report = diffSnapshots(before, after);
    expect(report.changes.length).toBe(20);
    expect(
      renderText(report)
        .split('\n')
        .filter((line) => line.startsWith('NOTICE')).length,
    ).toBe(4);
    expect(renderText(report)).toContain('for 17 more: ');
  });
});
