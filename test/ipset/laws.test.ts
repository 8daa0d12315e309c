import { encode } from '@netdrift/core';
import { type Element, type IpSet, type Member, parseIpset, printIpset } from '@netdrift/ipset';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../support/object-group-by.ts';
import { withoutSpans } from './without-spans.ts';
import { parseByGrammar } from '../../packages/ipset/src/parse.ts';

const octet = fc.integer({ min: 0, max: 255 });
const ipv4 = fc.tuple(octet, octet, octet, octet).map((parts) => parts.join('.'));
const port = fc.integer({ min: 0, max: 65_535 });
const ip: fc.Arbitrary<Element> = ipv4.map((address) => ({ kind: 'AddressElement', address }));
const net: fc.Arbitrary<Element> = fc
  .tuple(ipv4, fc.integer({ min: 0, max: 32 }))
  .map(([address, prefixLength]) => ({ kind: 'NetElement', address, prefixLength }));
const ports: fc.Arbitrary<Element> = fc.oneof(
  fc
    .tuple(fc.constantFrom('tcp', 'udp', 'sctp', 'gre', '254'), port)
    .map(([protocol, number]): Element => ({ kind: 'PortElement', protocol, port: number })),
  fc
    .tuple(fc.constantFrom('icmp', 'ipv6-icmp'), octet, octet)
    .map(([protocol, type, code]): Element => ({ kind: 'IcmpElement', protocol, type, code })),
);
const hex = fc.integer({ min: 0, max: 255 }).map((byte) => byte.toString(16).padStart(2, '0').toUpperCase());
const mac: fc.Arbitrary<Element> = fc
  .array(hex, { minLength: 6, maxLength: 6 })
  .map((parts) => ({ kind: 'MacElement', mac: parts.join(':') }));
const mark: fc.Arbitrary<Element> = fc.integer({ min: 0, max: 0xffff_ffff }).map((number) => ({ kind: 'MarkElement', mark: number }));
const iface: fc.Arbitrary<Element> = fc
  .tuple(fc.stringMatching(/^[a-z][a-z0-9.,-]{0,14}$/), fc.boolean())
  .map(([name, physdev]) => ({ kind: 'InterfaceElement', name, ...(physdev ? { physdev } : {}) }));

const TYPES: readonly (readonly [string, readonly fc.Arbitrary<Element>[]])[] = [
  ['hash:ip', [ip]],
  ['hash:net', [net]],
  ['hash:mac', [mac]],
  ['hash:ip,mac', [ip, mac]],
  ['hash:net,net', [net, net]],
  ['hash:ip,port', [ip, ports]],
  ['hash:net,port', [net, ports]],
  ['hash:ip,port,ip', [ip, ports, ip]],
  ['hash:ip,port,net', [ip, ports, net]],
  ['hash:net,port,net', [net, ports, net]],
  ['hash:ip,mark', [ip, mark]],
  ['hash:net,iface', [net, iface]],
  ['bitmap:port', [port.map((number): Element => ({ kind: 'PortElement', port: number }))]],
];

type Spanless<T> = Omit<T, 'span'>;

const member = (dimensions: readonly fc.Arbitrary<Element>[]): fc.Arbitrary<Spanless<Member>> =>
  fc
    .tuple(
      fc.tuple(...dimensions),
      fc.record(
        {
          timeout: fc.nat(),
          nomatch: fc.constant(true as const),
          packets: fc.maxSafeNat(),
          comment: fc.string({ unit: 'grapheme' }).filter((text) => !/["\p{Cc}]/u.test(text)),
          skbmark: fc.record({ mark: fc.integer({ min: 0, max: 0xffff_ffff }), mask: fc.integer({ min: 0, max: 0xffff_ffff }) }),
          skbprio: fc.record({ major: port, minor: port }),
          skbqueue: port,
        },
        { requiredKeys: [] },
      ),
    )
    .map(([elements, options]) => ({ kind: 'Member', elements, ...options }));

const set: fc.Arbitrary<Spanless<IpSet>> = fc
  .tuple(fc.constantFrom(...TYPES), fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.:-]{0,30}$/), fc.nat(), fc.nat())
  .chain(([[type, dimensions], name, hashsize, timeout]) =>
    fc
      .array(member(dimensions), { maxLength: 4 })
      .map((members) => ({ kind: 'IpSet', name, type, options: { hashsize, timeout, counters: true }, members }) as never),
  );

interface Placed {
  readonly span: { readonly start: number; readonly end: number };
}

/** The lines of a text that hold something and lie under no node and no diagnostic. */
function unexplained(text: string, placed: readonly Placed[]): string[] {
  const lines: string[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const end = start + line.length;
    const explained = placed.some(({ span }) => span.start <= end && span.end >= start);
    if (!explained && /[^ \t\r]/.test(line)) lines.push(line);
    start = end + 1;
  }
  return lines;
}

describe('laws of ipset', () => {
  it('a tree, printed and parsed, is the tree: as a listing and as a save', () => {
    const span = { start: 0, end: 0 };
    const sets = fc.uniqueArray(set, { maxLength: 3, selector: ({ name }) => name });
    fc.assert(
      fc.property(sets, (generated) => {
        const trees = generated as unknown as readonly IpSet[];
        for (const value of [
          { kind: 'IpsetList', layout: { form: 'list' }, sets: trees, span },
          { kind: 'IpsetSave', layout: { form: 'save' }, sets: trees, span },
        ] as const) {
          const text = printIpset(value);
          const again = parseIpset(text, { form: value.layout.form });
          expect(again.diagnostics).toEqual([]);
          expect(withoutSpans(again.value)).toEqual(withoutSpans(value));
          expect(parseByGrammar(text, { form: value.layout.form })).toEqual(again);
        }
      }),
    );
  });

  it('no text and no bytes make it throw, and every span lies in the text', () => {
    const fragment = fc.constantFrom(
      'Name: a\n',
      'Type: hash:ip\n',
      'Type: list:set\n',
      'Header:',
      ' family inet',
      '\n',
      'Members:\n',
      '10.0.0.1',
      ',',
      'tcp:80',
      ' timeout',
      ' 5',
      ' comment',
      ' "',
      'create a ',
      'hash:net',
      'add a ',
      '10.0.0.0/8',
      '\r',
      '\t',
      '__proto__',
      'é',
      '\udc80',
      'ipset v7.17: ',
      '\u0000',
      '-exist',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(fragment, { maxLength: 30 }).map((parts) => parts.join('')),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          const { value, diagnostics } = parseIpset(text);
          for (const { span } of diagnostics) expect(0 <= span.start && span.start <= span.end && span.end <= text.length).toBe(true);
          const printed = printIpset(value);
          // A carriage return inside a line may come to stand before the line feed, where it is part of the line end.
          const isPlain = !text.includes('\r');
          expect(
            isPlain ? withoutSpans(parseIpset(printed, value.kind === 'IpsetSave' ? { form: 'save' } : {}).value) : withoutSpans(value),
          ).toEqual(withoutSpans(value));
          expect(unexplained(text, [...(value.kind === 'ToolError' ? [value] : value.sets), ...diagnostics])).toEqual([]);
          expect(parseByGrammar(text)).toEqual({ value, diagnostics });
        },
      ),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(() => encode(printIpset(parseIpset(bytes).value))).not.toThrow();
      }),
    );
  });
});
