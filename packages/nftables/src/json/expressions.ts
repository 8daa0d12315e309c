import type { BinaryExpression, Expression } from '../ast/expressions.ts';
import { parseSingle } from '../values.ts';
import {
  compactJson,
  isList,
  isObject,
  type JsonObject,
  type JsonValue,
  member,
  numberOf,
  onlyEntry,
  present,
  textOf,
  textsOf,
} from './json-value.ts';
import type { JsonReader } from './json-reader.ts';

/** No expression of nft is nested deeper; what is stays unknown. */
const DEEPEST = 32;

/** The expression of a value of JSON: of `{ "payload": … }`, `"10.0.0.1"`, `[ "new", "established" ]`. */
export function expressionFromJson(value: JsonValue | undefined, reader: JsonReader, depth = 0): Expression {
  if (value === undefined || depth > DEEPEST) return { kind: 'UnknownExpression', text: '' };
  if (typeof value === 'string') return fromText(value);
  if (typeof value === 'number') return Number.isSafeInteger(value) ? { kind: 'Number', value } : unknown(value);
  if (typeof value === 'boolean') return { kind: 'Symbol', name: value ? 'exists' : 'missing' };
  if (isList(value)) return { kind: 'List', values: value.map((entry) => reader.expression(entry, depth + 1)) };
  const [key, content] = onlyEntry(value) ?? [];
  if (key === undefined || content === undefined) return unknown(value);
  return (Object.hasOwn(READERS, key) ? READERS[key]?.(content, reader, depth + 1) : undefined) ?? unknown(value);
}

function fromText(text: string): Expression {
  if (text === '*') return { kind: 'Wildcard' };
  if (text.startsWith('@')) return { kind: 'SetReference', name: text.slice(1) };
  return parseSingle(text);
}

function unknown(value: JsonValue): Expression {
  return { kind: 'UnknownExpression', text: compactJson(value) };
}

type Reader = (content: JsonValue, reader: JsonReader, depth: number) => Expression | undefined;

const ofObject =
  (read: (object: JsonObject, reader: JsonReader, depth: number) => Expression | undefined): Reader =>
  (content, reader, depth) =>
    isObject(content) ? read(content, reader, depth) : undefined;

const list =
  (read: (values: readonly Expression[]) => Expression | undefined): Reader =>
  (content, reader, depth) =>
    isList(content) ? read(content.map((entry) => reader.expression(entry, depth))) : undefined;

const binary = (operator: BinaryExpression['operator']): Reader =>
  list((values) => (values.length < 2 ? undefined : values.reduce((left, right) => ({ kind: 'Binary', operator, left, right }))));

function family(object: JsonObject): { readonly family?: 'ip' | 'ip6' } {
  const text = textOf(object, 'family');
  return text === 'ip' || text === 'ip6' ? { family: text } : {};
}

const READERS: Readonly<Record<string, Reader>> = {
  '&': binary('&'),
  '|': binary('|'),
  '^': binary('^'),
  '<<': binary('<<'),
  '>>': binary('>>'),
  concat: list((parts) => ({ kind: 'Concatenation', parts })),
  range: list(([first, last]) => (first === undefined || last === undefined ? undefined : { kind: 'Range', first, last })),
  prefix: ofObject((object) => {
    const address = textOf(object, 'addr');
    const length = numberOf(object, 'len');
    return address === undefined || length === undefined ? undefined : { kind: 'Prefix', address, length };
  }),
  set: (content, reader, depth) => {
    if (typeof content === 'string') return { kind: 'SetReference', name: content.replace(/^@/, '') };
    if (!isList(content)) return undefined;
    return { kind: 'AnonymousSet', elements: content.map((entry) => reader.element(entry, depth)) };
  },
  map: ofObject((object, reader, depth) => {
    const map = reader.map(member(object, 'data'), depth);
    return map === undefined ? undefined : { kind: 'MapLookup', key: reader.expression(member(object, 'key'), depth), map };
  }),
  meta: ofObject((object) => {
    const key = textOf(object, 'key');
    return key === undefined ? undefined : { kind: 'Meta', key };
  }),
  payload: ofObject((object) => {
    const protocol = textOf(object, 'protocol');
    const field = textOf(object, 'field');
    if (protocol !== undefined && field !== undefined) return { kind: 'Payload', protocol, field };
    const base = textOf(object, 'base');
    const offset = numberOf(object, 'offset');
    const length = numberOf(object, 'len');
    return base === undefined || offset === undefined || length === undefined ? undefined : { kind: 'RawPayload', base, offset, length };
  }),
  ct: ofObject((object) => {
    const words = textOf(object, 'key')?.split(' ');
    const key = words?.at(-1);
    if (key === undefined) return undefined;
    const written = words?.length === 2 ? words[0] : textOf(object, 'family');
    const dir = textOf(object, 'dir');
    return {
      kind: 'Ct',
      key,
      ...(dir === 'original' || dir === 'reply' ? { direction: dir } : {}),
      ...(written === 'ip' || written === 'ip6' ? { family: written } : {}),
    };
  }),
  fib: ofObject((object) => {
    const result = textOf(object, 'result');
    const flags = textsOf(object, 'flags');
    return result === undefined || flags === undefined ? undefined : { kind: 'Fib', flags, result };
  }),
  numgen: ofObject((object) => {
    const mode = textOf(object, 'mode');
    const modulus = numberOf(object, 'mod');
    if ((mode !== 'random' && mode !== 'inc') || modulus === undefined) return undefined;
    return { kind: 'Numgen', mode, modulus, ...present('offset', numberOf(object, 'offset')) };
  }),
  jhash: ofObject((object, reader, depth) => hash(object, 'jhash', reader, depth)),
  symhash: ofObject((object, reader, depth) => hash(object, 'symhash', reader, depth)),
  'tcp option': ofObject((object) => {
    const name = textOf(object, 'name');
    return name === undefined ? undefined : { kind: 'Option', protocol: 'tcp', name, ...present('field', textOf(object, 'field')) };
  }),
  'ip option': ofObject((object) => {
    const name = textOf(object, 'name');
    return name === undefined ? undefined : { kind: 'Option', protocol: 'ip', name, ...present('field', textOf(object, 'field')) };
  }),
  exthdr: ofObject((object) => {
    const name = textOf(object, 'name');
    return name === undefined ? undefined : { kind: 'ExtensionHeader', name, ...present('field', textOf(object, 'field')) };
  }),
  rt: ofObject((object) => {
    const key = textOf(object, 'key');
    return key === undefined ? undefined : { kind: 'Route', key, ...family(object) };
  }),
  socket: ofObject((object) => {
    const key = textOf(object, 'key');
    return key === undefined ? undefined : { kind: 'Socket', key, ...present('level', numberOf(object, 'level')) };
  }),
  osf: ofObject((object) => {
    const key = textOf(object, 'key');
    return key === undefined ? undefined : { kind: 'Osf', key, ...present('ttl', textOf(object, 'ttl')) };
  }),
  ipsec: ofObject((object) => {
    const key = textOf(object, 'key');
    const dir = textOf(object, 'dir');
    if (key === undefined || (dir !== 'in' && dir !== 'out')) return undefined;
    return { kind: 'Ipsec', direction: dir, key, ...family(object), ...present('spnum', numberOf(object, 'spnum')) };
  }),
};

function hash(object: JsonObject, name: 'jhash' | 'symhash', reader: JsonReader, depth: number): Expression | undefined {
  const modulus = numberOf(object, 'mod');
  if (modulus === undefined) return undefined;
  const key = member(object, 'expr');
  const seed = numberOf(object, 'seed');
  return {
    kind: 'Hash',
    hash: name,
    ...(key === undefined ? {} : { key: reader.expression(key, depth) }),
    modulus,
    ...(seed === undefined ? {} : { seed: { kind: 'Number', value: seed } }),
    ...present('offset', numberOf(object, 'offset')),
  };
}
