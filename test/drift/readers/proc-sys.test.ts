import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseSection, proxyFacts, readSnapshot } from '@netdrift/drift';
import { readTranscript } from '@netdrift/core';
import { expect, it } from 'vitest';

const fixture = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../fixtures/proc-sys/${name}`, import.meta.url)), 'utf8');

it('settings that grep shows of /proc/sys are those of sysctl, and one that is not there is known to be absent', () => {
  const [section, ...others] = readTranscript(fixture('grep.txt')).sections;
  expect(others).toEqual([]);
  expect(section && parseSection(section).value).toEqual({
    kind: 'Sysctls',
    settings: [
      { name: 'net.ipv4.ip_forward', value: '0', line: 1 },
      { name: 'net.ipv4.conf.all.arp_ignore', value: '0', line: 2 },
      { name: 'net.ipv4.conf.all.arp_announce', value: '0', line: 3 },
      { name: 'net.ipv4.ip_local_port_range', value: '32768\t60999', line: 5 },
      { name: 'net.netfilter.nf_conntrack_max', value: '262144', line: 6 },
    ],
    absent: ['net.ipv4.vs.conntrack'],
  });
});

it('a whole folder is one output, with the file that can only be written', () => {
  const { sections, setAside } = readTranscript(fixture('grep-r.txt'));
  expect([sections.map(({ tool, form }) => `${tool} ${form}`), setAside]).toEqual([['sysctl files'], []]);
});

it('what they say of ARP is a fact of the node, with the lines that say it', () => {
  const snapshot = readSnapshot([{ name: 'ticket.txt', content: `# grep . /proc/sys/net/ipv4/*\n${fixture('grep.txt')}` }]);
  expect(proxyFacts(snapshot).strictArp).toEqual({
    value: false,
    because: 'arp_ignore is 0, arp_announce is 0',
    origins: [
      { part: 0, lines: [3, 3] },
      { part: 0, lines: [4, 4] },
    ],
    confidence: 'likely',
  });
});

it('a loop that writes a blank behind the name shows the same value', () => {
  const [section] = readTranscript('/proc/sys/net/ipv4/ip_forward: 1\n').sections;
  expect(section && parseSection(section).value).toEqual({
    kind: 'Sysctls',
    settings: [{ name: 'net.ipv4.ip_forward', value: '1', line: 1 }],
    absent: [],
  });
});

it('a dot in the name of an interface is a slash in that of its settings', () => {
  const [section] = readTranscript('/proc/sys/net/ipv4/conf/eth0.100/rp_filter:2\n').sections;
  expect(section && parseSection(section).value).toEqual({
    kind: 'Sysctls',
    settings: [{ name: 'net.ipv4.conf.eth0/100.rp_filter', value: '2', line: 1 }],
    absent: [],
  });
});
