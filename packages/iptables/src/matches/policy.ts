import { parseProtocol, protocolName } from '@netdrift/core';
import { decodeAddress, EXPECTED_ADDRESS, printListedAddress, type AddressCondition } from '../fields/address-condition.ts';
import { decodeWhole, oneOf, wholeNumber, type Codec } from '../codec.ts';
import type { MatchExtension } from '../extension.ts';
import { bare, joinOptions, joinShown, listedRow, readItem, savedRow, shown, sign, type Row, type RowItem, type RowWord } from '../row.ts';

/** One step of an IPsec policy. */
export interface PolicyElement {
  readonly reqid?: { readonly not: boolean; readonly value: number };
  readonly spi?: { readonly not: boolean; readonly value: number };
  /** By number, or by a name that is not known. */
  readonly protocol?: { readonly not: boolean; readonly value: number | string };
  readonly mode?: { readonly not: boolean; readonly value: 'transport' | 'tunnel' };
  readonly tunnelDestination?: AddressCondition;
  readonly tunnelSource?: AddressCondition;
}

/** `-m policy`: the IPsec policy a packet came in under or will leave under. */
export interface PolicyMatch {
  readonly kind: 'PolicyMatch';
  readonly direction: 'in' | 'out';
  readonly policy: 'ipsec' | 'none';
  readonly strict?: true;
  readonly elements: readonly PolicyElement[];
}

const DIRECTION = oneOf('in', 'out');
const POLICY = oneOf('ipsec', 'none');
const MODE = oneOf('transport', 'tunnel');
const NUMBER = wholeNumber(0xffffffff);

const PROTOCOL: Pick<Codec<number | string>, 'expected' | 'decode'> = {
  expected: 'a protocol',
  decode: (text) => decodeWhole(text, 255) ?? parseProtocol(text)?.number ?? text,
};

const ADDRESS: Pick<Codec<AddressCondition>, 'expected' | 'decode'> = {
  expected: EXPECTED_ADDRESS,
  decode: (text) => decodeAddress(text, false),
};

const PARTS = ['reqid', 'spi', 'proto', 'mode', 'tunnel-dst', 'tunnel-src'];

function addPart(line: Row['line'], element: PolicyElement, item: RowItem, name: string): PolicyElement {
  const condition = <T>(codec: Pick<Codec<T>, 'expected' | 'decode'>) => ({ not: item.not, value: readItem(line, item, codec) });
  switch (name) {
    case 'reqid':
      return { ...element, reqid: condition(NUMBER) };
    case 'spi':
      return { ...element, spi: condition(NUMBER) };
    case 'proto':
      return { ...element, protocol: condition(PROTOCOL) };
    case 'mode':
      return { ...element, mode: condition(MODE) };
    case 'tunnel-dst':
      return { ...element, tunnelDestination: { ...readItem(line, item, ADDRESS), not: item.not } };
    default:
      return { ...element, tunnelSource: { ...readItem(line, item, ADDRESS), not: item.not } };
  }
}

/** `[0]` begins an element in a listing, `--next` in a save form; one element alone has no sign. */
function build(row: Row, prefix: string, direction: string, strict: string, isNext: (word: string) => boolean): PolicyMatch {
  const elements: PolicyElement[] = [];
  let current: PolicyElement | undefined;
  for (const item of row.items) {
    if (isNext(item.word)) {
      if (current !== undefined) elements.push(current);
      current = {};
      continue;
    }
    const name = item.word.slice(prefix.length);
    if (PARTS.includes(name)) current = addPart(row.line, current ?? {}, item, name);
  }
  if (current !== undefined) elements.push(current);
  return shown<PolicyMatch>({
    kind: 'PolicyMatch',
    direction: row.read(direction, DIRECTION) ?? 'in',
    policy: row.read(`${prefix}pol`, POLICY) ?? 'ipsec',
    strict: row.flag(strict),
    elements,
  });
}

function printElement(element: PolicyElement, prefix: string, named: boolean): (string | undefined)[] {
  const { reqid, spi, protocol, mode, tunnelDestination, tunnelSource } = element;
  const name = (value: number | string): string => {
    const known = named && typeof value === 'number' ? protocolName(value, 'names-1.8.11') : undefined;
    return known ?? String(value);
  };
  return [
    reqid && `${sign(reqid)}${prefix}reqid ${reqid.value}`,
    spi && `${sign(spi)}${prefix}spi 0x${spi.value.toString(16)}`,
    protocol && `${sign(protocol)}${prefix}proto ${name(protocol.value)}`,
    mode && `${sign(mode)}${prefix}mode ${mode.value}`,
    tunnelDestination && `${sign(tunnelDestination)}${prefix}tunnel-dst ${printListedAddress(tunnelDestination)}`,
    tunnelSource && `${sign(tunnelSource)}${prefix}tunnel-src ${printListedAddress(tunnelSource)}`,
  ];
}

const NUMBERS = ['[0]', '[1]', '[2]', '[3]'];

/** `-m policy`; the save form names protocols. */
export const policyMatch: MatchExtension<PolicyMatch> = {
  type: 'match',
  name: 'policy',
  kind: 'PolicyMatch',
  listing: listedRow(
    [{ word: 'policy match dir', takes: 1 }],
    [
      { word: 'pol', takes: 1 },
      bare('strict'),
      ...NUMBERS.map(bare),
      ...PARTS.map((word): RowWord => ({ word, takes: 1, not: 'before', ...(word === 'mode' ? { known: true } : {}) })),
    ],
    (row) => build(row, '', 'policy match dir', 'strict', (word) => NUMBERS.includes(word)),
  ),
  print: ({ direction, policy, strict, elements }, { names }) =>
    joinShown(
      `policy match dir ${direction} pol ${policy}`,
      strict && 'strict',
      ...elements.flatMap((element, at) => [elements.length > 1 ? `[${at}]` : undefined, ...printElement(element, '', names)]),
    ),
  save: savedRow(['--dir', '--pol', bare('--strict'), bare('--next'), ...PARTS.map((word) => `--${word}`)], (row) =>
    build(row, '--', '--dir', '--strict', (word) => word === '--next'),
  ),
  printSave: ({ direction, policy, strict, elements }) =>
    joinOptions(
      `--dir ${direction} --pol ${policy}`,
      strict && '--strict',
      ...elements.flatMap((element, at) => [...printElement(element, '--', true), at + 1 < elements.length && '--next']),
    ),
  samples: [
    'policy match dir in pol ipsec strict [0] reqid 1 spi 0x1 proto 50 mode tunnel tunnel-dst 10.0.0.0/8 [1] ! reqid 2',
    'policy match dir out pol none',
  ],
};
