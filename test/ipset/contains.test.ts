import { containsPacket, parseIpset, type ContainsPacketOptions, type IpSet, type PacketFields } from '@netdrift/ipset';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import '../support/object-group-by.ts';

function setsOf(text: string): readonly IpSet[] {
  const { value } = parseIpset(text);
  return value.kind === 'ToolError' ? [] : value.sets;
}

/** The set of one save: its `create` arguments, then a member a line. */
function set(create: string, ...members: string[]): IpSet {
  const [found] = setsOf([`create s ${create}`, ...members.map((member) => `add s ${member}`), ''].join('\n'));
  if (found === undefined) throw new Error('no set');
  return found;
}

const dst = (fields: Omit<PacketFields, 'directions'>, ...directions: PacketFields['directions'][number][]): PacketFields => ({
  directions: directions.length === 0 ? ['dst', 'dst', 'src'] : directions,
  ...fields,
});

const listed = setsOf(readFileSync(new URL('../../fixtures/ipset-7.17/list.txt', import.meta.url), 'utf8'));

/** A set of the fixture, which holds one of every type. */
function real(name: string): IpSet {
  const found = listed.find((entry) => entry.name === name);
  if (found === undefined) throw new Error(`no set ${name}`);
  return found;
}

const TCP80 = { protocol: 'tcp', destinationPort: 80 } as const;

describe('a packet in a set of hosts', () => {
  const cases: readonly (readonly [what: string, set: IpSet, fields: PacketFields, expected: string])[] = [
    ['hash:ip has its address', real('t-ip'), dst({ destination: '10.0.0.4' }), 'yes'],
    ['hash:ip has no other address', real('t-ip'), dst({ destination: '10.0.0.6' }), 'no'],
    ['the direction says which address', real('t-ip'), dst({ source: '10.0.0.4', destination: '1.1.1.1' }), 'no'],
    ['the direction says which address', real('t-ip'), dst({ source: '10.0.0.4', destination: '1.1.1.1' }, 'src'), 'yes'],
    ['an address that is not given is not known', real('t-ip'), dst({}), 'unknown'],
    ['netmask cuts the address', real('t-ip-fwd'), dst({ destination: '10.0.1.200' }), 'yes'],
    ['netmask cuts the address', real('t-ip-fwd'), dst({ destination: '10.0.2.1' }), 'no'],
    ['bitmask cuts the address', set('hash:ip bitmask 255.0.255.0', '10.0.7.0'), dst({ destination: '10.9.7.9' }), 'yes'],
    ['an IPv6 packet is in no IPv4 set', real('t-ip'), dst({ destination: '2001:db8::1' }), 'no'],
    [
      'an IPv6 set compares values, not spellings',
      set('hash:ip family inet6', '2001:db8::1'),
      dst({ destination: '2001:DB8:0::1' }),
      'yes',
    ],
    ['hash:mac has its address', real('t-mac'), dst({ sourceMac: '01:02:03:aa:bb:cc' }, 'src'), 'yes'],
    ['a packet without hardware address is not in it', real('t-mac'), dst({ sourceMac: null }, 'src'), 'no'],
    ['hash:ip,mac asks for both', real('t-ipmac'), dst({ source: '10.1.1.1', sourceMac: '01:02:03:AA:BB:CD' }, 'src', 'src'), 'no'],
    ['hash:ip,mac asks for both', real('t-ipmac'), dst({ source: '10.1.1.1', sourceMac: '01:02:03:AA:BB:CC' }, 'src', 'src'), 'yes'],
    ['hash:ip,port asks for protocol', real('t-ipport'), dst({ destination: '10.0.0.1', ...TCP80 }), 'yes'],
    ['hash:ip,port asks for protocol', real('t-ipport'), dst({ destination: '10.0.0.1', protocol: 'udp', destinationPort: 80 }), 'no'],
    ['the protocol may be a number', real('t-ipport'), dst({ destination: '10.0.0.1', protocol: '6', destinationPort: 80 }), 'yes'],
    ['too few directions match nothing', real('t-ipport'), dst({ destination: '10.0.0.1', ...TCP80 }, 'dst'), 'no'],
    ['a protocol without ports is asked for port 0', real('t-ipport'), dst({ destination: '10.0.0.1', protocol: 'gre' }), 'yes'],
    [
      'icmp is asked for type and code',
      real('t-ipport'),
      dst({ destination: '10.0.0.1', protocol: 'icmp', icmpType: 8, icmpCode: 0 }),
      'yes',
    ],
    [
      'icmp is asked for type and code',
      real('t-ipport'),
      dst({ destination: '10.0.0.1', protocol: 'icmp', icmpType: 8, icmpCode: 1 }),
      'no',
    ],
    ['icmp without a type is not known', real('t-ipport'), dst({ destination: '10.0.0.1', protocol: 'icmp' }), 'unknown'],
    ['a later fragment has no ports', real('t-ipport'), dst({ destination: '10.0.0.1', ...TCP80, laterFragment: true }), 'no'],
    [
      'a later fragment of another protocol is whole',
      real('t-ipport'),
      dst({ destination: '10.0.0.1', protocol: 'gre', laterFragment: true }),
      'yes',
    ],
    ['hash:ip,port,ip asks for all three', real('t-ipportip'), dst({ destination: '10.0.0.1', ...TCP80, source: '10.0.0.2' }), 'yes'],
    ['hash:ip,port,ip asks for all three', real('t-ipportip'), dst({ destination: '10.0.0.1', ...TCP80, source: '10.0.0.3' }), 'no'],
    ['what is known to differ decides', real('t-ipportip'), dst({ destination: '10.0.0.9', ...TCP80 }), 'no'],
    ['what is not known may decide', real('t-ipportip'), dst({ destination: '10.0.0.1', ...TCP80 }), 'unknown'],
    ['hash:ip,mark looks at the bits of markmask', real('t-ipmarkmask'), dst({ destination: '10.0.0.1', mark: 0xab_12_ff }), 'yes'],
    ['hash:ip,mark looks at the bits of markmask', real('t-ipmarkmask'), dst({ destination: '10.0.0.1', mark: 0x13_00 }), 'no'],
    ['bitmap:ip with netmask', real('t-bmip2'), dst({ destination: '10.0.7.250' }), 'yes'],
    ['bitmap:ip has no address out of its range', real('t-bmip2'), dst({ destination: '11.0.7.250' }), 'no'],
    [
      'bitmap:ip,mac asks for the hardware address',
      real('t-bmmac'),
      dst({ source: '10.0.0.9', sourceMac: '00:00:00:00:00:01' }, 'src', 'src'),
      'no',
    ],
    [
      'bitmap:ip,mac takes any where none is kept',
      real('t-bmmac'),
      dst({ source: '10.0.0.10', sourceMac: '00:00:00:00:00:01' }, 'src', 'src'),
      'yes',
    ],
    ['bitmap:port is for TCP and UDP', real('t-bmport'), dst({ protocol: 'udp', destinationPort: 81 }), 'yes'],
    ['bitmap:port is for no other protocol', real('t-bmport'), dst({ protocol: 'sctp', destinationPort: 81 }), 'no'],
    [
      'ranges of restore text hold what is between',
      set('hash:ip,port', '10.0.0.1-10.0.0.9,tcp:80-90'),
      dst({ destination: '10.0.0.5', protocol: 'tcp', destinationPort: 85 }),
      'yes',
    ],
    [
      'ranges of restore text hold what is between',
      set('hash:ip,port', '10.0.0.1-10.0.0.9,80'),
      dst({ destination: '10.0.0.10', ...TCP80 }),
      'no',
    ],
    ['a name may stand for any address', set('hash:ip', 'www.example.org'), dst({ destination: '10.0.0.1' }), 'unknown'],
    ['an empty set has nothing', set('hash:ip'), dst({}), 'no'],
  ];
  it.each(cases)('%s (%#)', (_what, found, fields, expected) => {
    expect(containsPacket(found, fields)).toBe(expected);
  });
});

describe('a packet in a set of networks', () => {
  const cases: readonly (readonly [what: string, set: IpSet, fields: PacketFields, expected: string])[] = [
    ['the longest prefix decides: nomatch', real('t-net'), dst({ destination: '10.1.9.9' }), 'no'],
    ['the longest prefix decides: the host inside', real('t-net'), dst({ destination: '10.1.2.3' }), 'yes'],
    ['the longest prefix decides: around', real('t-net'), dst({ destination: '10.2.0.1' }), 'yes'],
    ['half the space', real('t-net'), dst({ destination: '200.0.0.1' }), 'yes'],
    ['IPv6 nomatch', real('t-net6'), dst({ destination: '2001:db8:1::5' }), 'no'],
    ['IPv6 around', real('t-net6'), dst({ destination: '2001:db8:2::5' }), 'yes'],
    ['an address that is not given may be in or out', real('t-net'), dst({}), 'unknown'],
    ['two networks', real('t-netnet'), dst({ destination: '10.9.0.1', source: '192.168.7.7' }, 'dst', 'src'), 'yes'],
    ['two networks, taken out', real('t-netnet'), dst({ destination: '10.1.0.1', source: '192.168.1.7' }, 'dst', 'src'), 'no'],
    [
      'two networks, one known to be outside what is taken out',
      real('t-netnet'),
      dst({ destination: '10.1.0.1', source: '192.168.2.7' }, 'dst', 'src'),
      'yes',
    ],
    ['two networks, one not known', real('t-netnet'), dst({ destination: '10.1.0.1' }, 'dst', 'src'), 'unknown'],
    [
      'the first dimension is searched before the second',
      set('hash:net,net', '10.0.0.0/8,1.1.1.1 nomatch', '10.1.0.0/16,1.0.0.0/8'),
      dst({ destination: '10.1.0.1', source: '1.1.1.1' }, 'dst', 'src'),
      'yes',
    ],
    ['hash:net,port', real('t-netport'), dst({ destination: '10.1.7.7', ...TCP80 }), 'no'],
    ['hash:net,port of another port', real('t-netport'), dst({ destination: '10.9.7.7', protocol: 'tcp', destinationPort: 81 }), 'no'],
    ['hash:ip,port,net', real('t-ipportnet'), dst({ destination: '10.0.0.1', ...TCP80, source: '10.1.4.4' }), 'no'],
    ['hash:ip,port,net', real('t-ipportnet'), dst({ destination: '10.0.0.1', ...TCP80, source: '10.2.4.4' }), 'yes'],
    ['hash:net,port,net', real('t-npn'), dst({ destination: '10.0.0.1', ...TCP80, source: '192.168.0.1' }), 'no'],
    ['hash:net,iface', real('t-netif'), dst({ source: '10.0.0.1', inInterface: 'eth0', physicalIn: null }, 'src', 'src'), 'yes'],
    [
      'hash:net,iface is one name',
      real('t-netif'),
      dst({ source: '10.0.0.1', inInterface: 'eth01', physicalIn: null }, 'src', 'src'),
      'no',
    ],
    ['hash:net,iface wildcard', real('t-netif'), dst({ source: '10.1.0.1', inInterface: 'eth17' }, 'src', 'src'), 'yes'],
    ['hash:net,iface physdev', real('t-netif'), dst({ source: '10.0.0.1', inInterface: 'cni0', physicalIn: 'br0' }, 'src', 'src'), 'yes'],
    [
      'a packet that is sent came in by none',
      real('t-netif'),
      dst({ source: '10.0.0.1', inInterface: null, physicalIn: null }, 'src', 'src'),
      'no',
    ],
    ['an interface that is not given is not known', real('t-netif'), dst({ source: '10.0.0.1' }, 'src', 'src'), 'unknown'],
  ];
  it.each(cases)('%s (%#)', (_what, found, fields, expected) => {
    expect(containsPacket(found, fields)).toBe(expected);
  });
});

describe('what a listing does not tell', () => {
  it('is not claimed: members that are not listed', () => {
    const { members: _, ...terse } = real('t-ip');
    expect(containsPacket(terse, dst({ destination: '10.0.0.1' }))).toBe('unknown');
    expect(containsPacket({ ...terse, entries: 0 }, dst({ destination: '10.0.0.1' }))).toBe('no');
  });

  it('is not claimed: a listing that is cut', () => {
    const cut = { ...real('t-ip'), entries: 6 };
    expect(containsPacket(cut, dst({ destination: '10.0.0.1' }))).toBe('yes');
    expect(containsPacket(cut, dst({ destination: '10.0.0.9' }))).toBe('unknown');
    expect(containsPacket({ ...real('t-net'), entries: 6 }, dst({ destination: '10.2.0.1' }))).toBe('unknown');
  });

  it('is not claimed: members that were not understood', () => {
    const odd = set('hash:ip', '10.0.0.1', '5.xx.xx.xxx');
    expect(containsPacket(odd, dst({ destination: '10.0.0.1' }))).toBe('yes');
    expect(containsPacket(odd, dst({ destination: '10.0.0.2' }))).toBe('unknown');
  });

  it('is not claimed: a type that is not shown or not known', () => {
    expect(containsPacket(set('hash:ip,colour', '10.0.0.1'), dst({ destination: '10.0.0.1' }))).toBe('unknown');
  });
});

describe('a packet in a list of sets', () => {
  const options: ContainsPacketOptions = { sets: listed };

  it('is in it when it is in one of its sets', () => {
    expect(containsPacket(real('t-list'), dst({ destination: '10.0.0.1', ...TCP80 }, 'dst'), options)).toBe('yes');
    expect(containsPacket(real('t-list'), dst({ destination: '9.9.9.9', ...TCP80 }, 'dst'), options)).toBe('yes');
    expect(containsPacket(real('t-list'), dst({ destination: '9.9.9.9', protocol: 'tcp', destinationPort: 83 }, 'dst'), options)).toBe(
      'no',
    );
  });

  it('is not known where a set that could decide is not given', () => {
    expect(containsPacket(real('t-list'), dst({ destination: '9.9.9.9', ...TCP80 }, 'dst'), { sets: [real('t-ip')] })).toBe('unknown');
    expect(containsPacket(real('t-list'), dst({ destination: '10.0.0.1', ...TCP80 }, 'dst'), { sets: [real('t-ip')] })).toBe('yes');
  });

  it('ends where lists name each other, which the kernel does not allow', () => {
    const loop = set('list:set', 's');
    expect(containsPacket(loop, dst({ destination: '10.0.0.1' }, 'dst'), { sets: [loop] })).toBe('unknown');
  });
});
