import { parsePacketQuestion } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';

describe('a packet', () => {
  it.each([
    [
      'tcp 10.244.3.9 → 10.96.0.10:53',
      { family: 'ipv4', protocol: 6, protocolName: 'tcp', source: '10.244.3.9', destination: '10.96.0.10', destinationPort: 53 },
    ],
    [
      'tcp 10.244.3.9:1234->10.96.0.10:53',
      {
        family: 'ipv4',
        protocol: 6,
        protocolName: 'tcp',
        source: '10.244.3.9',
        sourcePort: 1234,
        destination: '10.96.0.10',
        destinationPort: 53,
      },
    ],
    ['UDP 10.96.0.10:53', { family: 'ipv4', protocol: 17, protocolName: 'udp', destination: '10.96.0.10', destinationPort: 53 }],
    [
      'udp fd00::9 -> [fd00:96::0a]:53',
      { family: 'ipv6', protocol: 17, protocolName: 'udp', source: 'fd00::9', destination: 'fd00:96::a', destinationPort: 53 },
    ],
    ['icmp 10.0.0.1 -> 10.0.0.2', { family: 'ipv4', protocol: 1, protocolName: 'icmp', source: '10.0.0.1', destination: '10.0.0.2' }],
  ])('%s is read', (text, question) => {
    expect(parsePacketQuestion(text)).toEqual(question);
  });

  it.each([
    ['', 'expected a protocol first, as in "tcp 10.244.3.9 -> 10.96.0.10:53", found ""'],
    ['10.244.3.9 -> 10.96.0.10:53', 'expected a protocol first, as in "tcp 10.244.3.9 -> 10.96.0.10:53", found "10.244.3.9"'],
    ['tcp 10.96.0.10', 'expected a port at the destination: tcp has ports'],
    ['tcp 10.96.0.10:70000', 'expected an address, perhaps with a port, found "10.96.0.10:70000"'],
    ['tcp a -> 10.96.0.10:53', 'expected an address, perhaps with a port, found "a"'],
    ['tcp fd00::1 -> 10.96.0.10:53', 'the two addresses are of different families'],
    ['icmp 10.0.0.1 -> 10.0.0.2:80', 'icmp has no ports'],
    ['tcp 1.1.1.1 -> 2.2.2.2:1 -> 3.3.3.3:2', 'expected one sender, an arrow and one destination, as in "tcp 10.244.3.9 -> 10.96.0.10:53"'],
  ])('%s is refused with the reason', (text, fault) => {
    expect(parsePacketQuestion(text)).toEqual({ fault });
  });
});
