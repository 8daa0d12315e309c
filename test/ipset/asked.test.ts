import { containsPacket, parseIpset, type PacketFields } from '@netdrift/ipset';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import '../support/object-group-by.ts';

const read = (name: string): string => readFileSync(new URL(`../../fixtures/ipset-7.17/${name}.txt`, import.meta.url), 'utf8');

type Field = (text: string) => Partial<PacketFields>;

const destination: Field = (text) => ({ destination: text });
const source: Field = (text) => ({ source: text });
const mac: Field = (text) => ({ sourceMac: text });
const mark: Field = (text) => ({ mark: Number(text) });
const tcpPort: Field = (text) => ({ protocol: 'tcp', destinationPort: Number(text) });
const iface: Field = (text) =>
  text.startsWith('physdev:') ? { inInterface: null, physicalIn: text.slice('physdev:'.length) } : { inInterface: text, physicalIn: null };

const ICMP = new Map([
  ['icmp:ping', [8, 0]],
  ['icmpv6:ping', [128, 0]],
]);

const port: Field = (text) => {
  const [protocol = '', number = ''] = text.split(':');
  if (!protocol.startsWith('icmp')) return { protocol, destinationPort: Number(number) };
  const [icmpType = 0, icmpCode = 0] = ICMP.get(text) ?? number.split('/').map(Number);
  return { protocol, icmpType, icmpCode };
};

/** The packet that an element of `ipset test` stands for: its directions, and the field of each dimension. */
const PACKETS: Readonly<Record<string, readonly [directions: PacketFields['directions'], ...fields: Field[]]>> = {
  a: [['dst'], destination],
  c: [['dst'], destination],
  d: [['src'], mac],
  e: [['dst', 'src'], destination, mac],
  f: [['dst'], destination],
  g: [['dst'], destination],
  h: [['dst', 'src'], destination, source],
  i: [['dst', 'dst'], destination, port],
  j: [['dst', 'dst'], destination, port],
  k: [['dst', 'dst'], destination, port],
  l: [['dst', 'dst', 'src'], destination, port, source],
  m: [['dst', 'dst', 'src'], destination, port, source],
  n: [['dst', 'dst'], destination, mark],
  o: [['dst', 'dst', 'src'], destination, port, source],
  p: [['src', 'src'], source, iface],
  q: [['dst'], destination],
  r: [['dst', 'src'], destination, mac],
  s: [['dst'], tcpPort],
};

function packetOf(set: string, element: string): PacketFields {
  const [directions, ...fields] = PACKETS[set] ?? [[]];
  const parts = element.split(',');
  return fields.reduce<PacketFields>((packet, field, index) => ({ ...packet, ...field(parts[index] ?? '') }), { directions });
}

describe('what the kernel answers of its sets', () => {
  const { value } = parseIpset(read('asked-sets'));
  const sets = value.kind === 'ToolError' ? [] : value.sets;
  const answers = read('asked-answers').trimEnd().split('\n');

  it('is what containsPacket answers, for every type', () => {
    const ours = answers.map((line) => {
      const [, name = '', element = ''] = line.split(' ');
      const set = sets.find((entry) => entry.name === name);
      return `${set === undefined ? 'no set' : containsPacket(set, packetOf(name, element))} ${name} ${element}`;
    });
    expect(ours).toEqual(answers);
    expect(answers.length).toBe(124);
  });
});
