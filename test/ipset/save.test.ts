import { parseIpset, printIpset } from '@netdrift/ipset';
import { describe, expect, it } from 'vitest';
import '../support/object-group-by.ts';
import { withoutSpans } from './without-spans.ts';

const setsOf = (text: string): unknown => {
  const { value } = parseIpset(text);
  return value.kind === 'IpsetSave' ? withoutSpans(value.sets) : value.kind;
};
const codesOf = (text: string): string[] => parseIpset(text).diagnostics.map(({ code }) => code);

describe('text for ipset restore', () => {
  it('may fill a set before others are made, in any order, with the words of ipset 4', () => {
    const text = '-N web iphash --hashsize 64\n';
    expect(codesOf(text)).toEqual(['ipset/unknown-option']);
    const interleaved = 'create a hash:ip -exist\ncreate b portmap range 0-1023\nadd b 80\nadd a 10.0.0.1 -exist\nadd -exist b 443\n';
    expect(codesOf(interleaved)).toEqual([]);
    expect(printIpset(parseIpset(interleaved).value)).toBe(
      'create a hash:ip\nadd a 10.0.0.1\ncreate b bitmap:port range 0-1023\nadd b 80\nadd b 443\n',
    );
  });

  it('that makes a set behind its members is told, and the line with it', () => {
    const { value, diagnostics } = parseIpset('add a 10.0.0.1\ncreate a hash:ip\n');
    expect(diagnostics).toEqual([
      {
        code: 'ipset/late-create',
        severity: 'warning',
        message: 'set "a" is created after its members',
        span: { start: 15, end: 31 },
        help: 'move the line before the members',
      },
    ]);
    expect(printIpset(value)).toBe('create a hash:ip\nadd a 10.0.0.1\n');
  });

  it('keeps ranges, networks and names as what they are', () => {
    const text = [
      'create a hash:ip,port',
      'add a 10.0.0.1-10.0.0.9,tcp:80-90',
      'add a 10.0.0.0/30,80',
      'add a www.example.org,udp:domain',
      'add a 10.0.0.1,icmp:ping',
      '',
    ].join('\n');
    expect(setsOf(text)).toEqual([
      {
        kind: 'IpSet',
        name: 'a',
        type: 'hash:ip,port',
        options: {},
        members: [
          {
            kind: 'Member',
            elements: [
              { kind: 'AddressRangeElement', first: '10.0.0.1', last: '10.0.0.9' },
              { kind: 'PortElement', protocol: 'tcp', port: 80, last: 90 },
            ],
          },
          {
            kind: 'Member',
            elements: [
              { kind: 'NetElement', address: '10.0.0.0', prefixLength: 30 },
              { kind: 'PortElement', port: 80 },
            ],
          },
          {
            kind: 'Member',
            elements: [
              { kind: 'NameElement', name: 'www.example.org' },
              { kind: 'NameElement', name: 'udp:domain' },
            ],
          },
          {
            kind: 'Member',
            elements: [
              { kind: 'AddressElement', address: '10.0.0.1' },
              { kind: 'IcmpElement', protocol: 'icmp', type: 8, code: 0 },
            ],
          },
        ],
      },
    ]);
    expect(codesOf(text)).toEqual(['ipset/name-not-address', 'ipset/name-not-address']);
    expect(printIpset(parseIpset(text).value)).toBe(text.replace('icmp:ping', 'icmp:echo-request'));
  });

  it('reads a range of a bitmap written as a network', () => {
    expect(printIpset(parseIpset('create b bitmap:ip range 10.0.0.0/20 netmask 24\n').value)).toBe(
      'create b bitmap:ip range 10.0.0.0-10.0.15.255 netmask 24\n',
    );
  });

  it('puts options in the order in which ipset prints them', () => {
    const text = 'create b hash:ip bitmask 255.0.255.0 initval 0x1 timeout 5 comment counters family inet\n';
    expect(printIpset(parseIpset(text).value)).toBe(
      'create b hash:ip family inet bitmask 255.0.255.0 timeout 5 counters comment initval 0x00000001\n',
    );
    expect(printIpset(parseIpset('create b hash:ip,port netmask 24 timeout 6 initval 0x52ebd8f9\n').value)).toBe(
      'create b hash:ip,port timeout 6 initval 0x52ebd8f9 netmask 24\n',
    );
  });

  it('tells the set by its own name where the name holds blanks or is that of a type', () => {
    const text = 'create x,y z hash:ip family inet\nadd x,y z 10.0.0.1\ncreate hash:net hash:net\nadd hash:net 10.0.0.0/8\n';
    expect(codesOf(text)).toEqual([]);
    expect(printIpset(parseIpset(text).value)).toBe(text);
  });

  it('does not apply other commands, and says so', () => {
    const text = 'create a hash:ip\nadd a 10.0.0.1\nflush a\n# by hand\nCOMMIT\nswap a b\n';
    expect(codesOf(text)).toEqual(['ipset/command-not-applied', 'ipset/set-aside', 'ipset/set-aside', 'ipset/command-not-applied']);
  });

  it('reads members of a set that is not made in the text by what they look like', () => {
    expect(setsOf('add web 10.0.0.1,tcp:80\nadd web 2001:db8::/32 nomatch\nadd web 01:02:03:04:05:06\nadd web 80\n')).toEqual([
      {
        kind: 'IpSet',
        name: 'web',
        members: [
          {
            kind: 'Member',
            elements: [
              { kind: 'AddressElement', address: '10.0.0.1' },
              { kind: 'PortElement', protocol: 'tcp', port: 80 },
            ],
          },
          { kind: 'Member', elements: [{ kind: 'NetElement', address: '2001:db8::', prefixLength: 32 }], nomatch: true },
          { kind: 'Member', elements: [{ kind: 'MacElement', mac: '01:02:03:04:05:06' }] },
          { kind: 'Member', elements: [{ kind: 'PortElement', port: 80 }] },
        ],
      },
    ]);
  });

  it('keeps names that are words of JavaScript apart from them', () => {
    const text = 'create __proto__ hash:ip\nadd __proto__ 10.0.0.1\ncreate constructor hash:ip\n';
    expect(printIpset(withoutSpans(parseIpset(text).value))).toBe(text);
  });
});

describe('a tree with one field changed', () => {
  it('prints what ipset prints for that set', () => {
    const { value } = parseIpset('create a hash:net family inet hashsize 1024 maxelem 65536\nadd a 10.0.0.0/8\n');
    if (value.kind !== 'IpsetSave') throw new Error(value.kind);
    const [set] = value.sets;
    const [member] = set?.members ?? [];
    if (set === undefined || member?.kind !== 'Member') throw new Error('no member');
    const changed = {
      ...member,
      comment: 'a b',
      nomatch: true,
      timeout: 0,
      packets: 1,
      bytes: { text: '18446744073709551615', low: 1, high: 2 },
    } as const;
    expect(
      printIpset({ ...value, sets: [{ ...set, options: { timeout: 600, ...set.options, counters: true }, members: [changed] }] }),
    ).toBe(
      'create a hash:net family inet hashsize 1024 maxelem 65536 timeout 600 counters\n' +
        'add a 10.0.0.0/8 timeout 0 nomatch packets 1 bytes 18446744073709551615 comment "a b"\n',
    );
  });
});

it('a set whose name ends in the name of a type is read by its own type', () => {
  const text = 'create a hash:ip hash:net family inet hashsize 1024 maxelem 65536\nadd a hash:ip 10.0.0.0/8\n';
  const { value, diagnostics } = parseIpset(text);
  expect(diagnostics).toEqual([]);
  expect(value).toMatchObject({
    sets: [
      { name: 'a hash:ip', type: 'hash:net', members: [{ elements: [{ kind: 'NetElement', address: '10.0.0.0', prefixLength: 8 }] }] },
    ],
  });
  expect(printIpset(value)).toBe(text);
});
