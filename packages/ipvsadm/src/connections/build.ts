import { parseIpv4, parseIpv6, type Decoder, type Line } from '@netdrift/core';
import type { Connection, ConnectionEnd, ConnectionsLayout, NumericLocation } from '../ast.ts';
import type { Draft } from '../draft.ts';
import { hexAddress, hexNumber, wholeLocation } from '../location.ts';
import { natural } from '../values.ts';

/** A title line; the first, `IPVS connection entries`, does not tell the form. */
export interface Heading {
  readonly kind: 'Heading';
  readonly form?: ConnectionsLayout['form'];
}

export const heading = (): Heading => ({ kind: 'Heading' });
export const procTitle = (): Heading => ({ kind: 'Heading', form: 'proc' });

export function listTitle(line: Line, engine: number): Heading {
  return { kind: 'Heading', form: line.flag(engine) ? 'connections-persistent' : 'connections' };
}

/** `1499:38`: minutes without a limit, and two digits of seconds. */
const clockTime: Decoder<number> = {
  expected: 'a time MM:SS',
  decode(text) {
    if (!/^[0-9]{2,12}:[0-5][0-9]$/.test(text)) return undefined;
    const colon = text.indexOf(':');
    return Number(text.slice(0, colon)) * 60 + Number(text.slice(colon + 1));
  },
};

/** A protocol in capitals. */
const protocolWord: Decoder<string> = {
  expected: 'a protocol such as TCP',
  decode: (text) => (/^[A-Z][A-Za-z0-9_]{0,15}$/.test(text) ? text : undefined),
};

/** A state: any word but a number or an address. */
const stateWord: Decoder<string> = {
  expected: 'a state such as ESTABLISHED',
  decode: (text) => (/^[A-Z][A-Z0-9_-]*!?$/.test(text) ? text : undefined),
};

export interface Engine {
  readonly name: string;
  readonly data: string;
}

export function engine(line: Line, name: number, rest: number): Engine {
  return { name: line.name(name), data: line.text(rest) };
}

export function listRow(
  line: Line,
  protocol: number,
  clock: number,
  state: number,
  source: number,
  virtual: number,
  destination: number,
  found: Engine | number,
): Connection {
  const seconds = line.read(clock, clockTime);
  const ends = [line.read(source, wholeLocation), line.read(virtual, wholeLocation), line.read(destination, wholeLocation)] as const;
  return connection(line, protocol, seconds, state, ends, found);
}

export type HexEnd = NumericLocation;

const bareHexAddress: Decoder<string> = { expected: 'an address in hexadecimal', decode: hexAddress };
const bareHexPort: Decoder<number> = { expected: 'a port of four hexadecimal digits', decode: (text) => hexNumber(text, 4) };

export function hexEnd(line: Line, address: number, port: number): HexEnd {
  return { address: line.read(address, bareHexAddress), port: line.read(port, bareHexPort) };
}

export function procRow(
  line: Line,
  protocol: number,
  source: HexEnd,
  virtual: HexEnd,
  destination: HexEnd,
  state: number,
  seconds: number,
  found: Engine | number,
): Connection {
  return connection(line, protocol, line.read(seconds, natural), state, [source, virtual, destination], found);
}

type Ends = readonly [source: ConnectionEnd, virtual: ConnectionEnd, destination: ConnectionEnd];

function connection(line: Line, protocol: number, expires: number, state: number, ends: Ends, found: Engine | number): Connection {
  const [source, virtual, destination] = ends;
  const node: Draft<Omit<Connection, 'span'>> = {
    kind: 'Connection',
    protocol: line.read(protocol, protocolWord),
    expires,
    state: line.read(state, stateWord),
    source,
    virtual,
    destination,
  };
  // After a refusal a value is missing, and the node is thrown away.
  const mark = node.protocol === 'IP' && line.refusal === undefined ? markOf(virtual) : undefined;
  if (mark !== undefined) node.fwmark = mark;
  if (typeof found !== 'number') node.engine = found;
  return { ...node, span: line.lineSpan() };
}

/** A template of a firewall mark has it in place of the virtual address: `0.0.0.7:0`, `[0:7::]:0`. */
function markOf({ address }: ConnectionEnd): number | undefined {
  if (address === undefined) return undefined;
  const ipv4 = parseIpv4(address);
  if (ipv4 !== undefined) return ipv4;
  const [high = 0, low = 0] = parseIpv6(address) ?? [];
  return high * 0x1_0000 + low;
}
