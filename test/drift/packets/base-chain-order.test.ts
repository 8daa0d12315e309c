import { readSnapshot, traceSnapshot } from '@netdrift/drift';
import { expect, it } from 'vitest';
import '../../support/object-group-by.ts';

const NAT = (rule: string): string =>
  `*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n${rule === '' ? '' : `-A PREROUTING ${rule}\n`}COMMIT\n`;
const chain = (name: string, head: string, ...rules: readonly string[]): string =>
  `\tchain ${name} {\n\t\ttype ${head}; policy accept;\n${rules.map((rule) => `\t\t${rule}\n`).join('')}\t}\n`;
const table = (name: string, ...chains: readonly string[]): string => `table ip ${name} {\n${chains.join('\n')}}\n`;
const TO = (endpoint: string): string => `ip daddr 10.96.0.1 tcp dport 80 dnat to ${endpoint}`;

function become(nft: string, iptables = NAT('')): string[] {
  const snapshot = readSnapshot([
    { name: 'nft-list-ruleset.txt', content: nft },
    { name: 'iptables-save.txt', content: iptables },
  ]);
  const { traces } = traceSnapshot(
    snapshot,
    { family: 'ipv4', protocol: 6, protocolName: 'tcp' as const, source: '10.244.3.9', destination: '10.96.0.1', destinationPort: 80 },
    { from: '10.244.3.9' },
  );
  return (traces[0]?.outcomes ?? []).map(({ verdict, endpoint, reason }) => `${verdict} ${endpoint ?? reason ?? ''}`);
}

// What the kernel (6.18) does is in docs/nftables.md: scripts/referee/base_chains.py
it('two tables of nat with one priority that lead elsewhere: which comes first no listing tells', () => {
  const ours = table('own', chain('pre', 'nat hook prerouting priority dstnat', TO('10.244.0.2:80')));
  const undecided = (names: string): string[] => [
    `unknown it depends on which of ${names} comes first: they have the same priority, and no listing tells`,
  ];
  expect(become(ours, NAT('-d 10.96.0.1/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.244.0.1:80'))).toEqual(
    undecided('nat PREROUTING and ip own pre'),
  );
  const theirs = table('other', chain('c', 'nat hook prerouting priority -100', TO('10.244.0.3:80')));
  expect(become(ours + theirs)).toEqual(undecided('ip own pre and ip other c'));
});

it('where both lead to the same place, or one is asked first by its priority, it does not matter', () => {
  const same = table('own', chain('pre', 'nat hook prerouting priority dstnat', TO('10.244.0.1:80')));
  expect(become(same, NAT('-d 10.96.0.1/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.244.0.1:80'))).toEqual([
    'delivered 10.244.0.1:80',
  ]);
  const later = table('own', chain('pre', 'nat hook prerouting priority dstnat + 1', TO('10.244.0.2:80')));
  expect(become(later, NAT('-d 10.96.0.1/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.244.0.1:80'))).toEqual([
    'delivered 10.244.0.1:80',
  ]);
});

it('within a table the chain that is listed last comes first', () => {
  expect(
    become(
      table(
        'own',
        chain('a', 'nat hook prerouting priority dstnat', TO('10.244.0.1:80')),
        chain('b', 'nat hook prerouting priority dstnat', TO('10.244.0.2:80')),
      ),
    ),
  ).toEqual(['delivered 10.244.0.2:80']);
});

it('nat has one place at a hook, whatever priority its chain has', () => {
  const late = chain('nat', 'nat hook prerouting priority -90', TO('10.244.0.1:80'));
  expect(become(table('own', late, chain('f', 'filter hook prerouting priority -95', 'ip daddr 10.96.0.1 drop')))).toEqual([
    'delivered 10.244.0.1:80',
  ]);
  expect(become(table('own', late, chain('f', 'filter hook prerouting priority -95', 'ip daddr 10.244.0.1 drop')))).toEqual([
    'dropped 10.244.0.1:80',
  ]);
});

it('a drop of any table is final, and an accept is one of its own table alone', () => {
  const accepts = table('own', chain('f', 'filter hook forward priority filter', 'accept'));
  const drops = table('other', chain('f', 'filter hook forward priority filter', 'ip daddr 10.96.0.1 drop'));
  expect(become(accepts + drops)).toEqual(['dropped ']);
  expect(become(drops + accepts)).toEqual(['dropped ']);
  expect(become(accepts, `${NAT('')}*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n`)).toEqual([
    'dropped ',
  ]);
});

it('a mark that one chain sets and another of the same priority reads: which comes first no listing tells', () => {
  const marks = table('own', chain('f', 'filter hook forward priority filter', 'meta mark set 0x1'));
  const reads = table('other', chain('f', 'filter hook forward priority filter', 'meta mark 0x1 drop'));
  expect(become(marks + reads)).toEqual([
    'unknown it depends on which of ip own f and ip other f comes first: they have the same priority, and no listing tells',
  ]);
});
