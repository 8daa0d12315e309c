import type { SetElement } from '../ast/expressions.ts';
import type { Verdict } from '../ast/statements.ts';
import type { JsonReader } from './json-reader.ts';
import { isList, isObject, type JsonObject, type JsonValue, member, numberOf, onlyEntry, present, textOf } from './json-value.ts';

/** An element of a set, or of a map as its key and value in a list. */
export function elementFromJson(value: JsonValue, reader: JsonReader, depth = 0): SetElement {
  if (!isList(value) || value.length !== 2) return keyFromJson(value, reader, depth);
  const [key, data] = value;
  const verdict = verdictFromJson(data);
  return { ...keyFromJson(key ?? null, reader, depth), value: verdict ?? reader.expression(data, depth) };
}

function keyFromJson(value: JsonValue, reader: JsonReader, depth: number): SetElement {
  const [word, content] = onlyEntry(value) ?? [];
  if (word !== 'elem' || !isObject(content)) return { kind: 'SetElement', key: reader.expression(value, depth) };
  const statements = ['counter', 'limit', 'quota', 'last'].flatMap((key) => {
    const own = member(content, key);
    return own === undefined ? [] : [reader.statement({ [key]: own })];
  });
  return {
    kind: 'SetElement',
    key: reader.expression(member(content, 'val'), depth),
    ...present('timeout', durationOf(content, 'timeout')),
    ...present('expires', durationOf(content, 'expires')),
    ...present('comment', textOf(content, 'comment')),
    ...(statements.length === 0 ? {} : { statements }),
  };
}

/** Times of JSON are seconds. */
export function durationOf(object: JsonObject, key: string): { readonly seconds: number } | undefined {
  const seconds = numberOf(object, key);
  return seconds === undefined ? undefined : { seconds };
}

const PLAIN = ['accept', 'drop', 'return', 'continue'] as const;

/** The verdict of `{ "accept": null }`, `{ "goto": { "target": "x" } }`. */
export function verdictFromJson(value: JsonValue | undefined): Verdict | undefined {
  const [word, content] = value === undefined ? [] : (onlyEntry(value) ?? []);
  const plain = PLAIN.find((verdict) => verdict === word);
  if (plain !== undefined) return { kind: 'Verdict', verdict: plain };
  if ((word !== 'jump' && word !== 'goto') || !isObject(content)) return undefined;
  const chain = textOf(content, 'target');
  return chain === undefined ? undefined : { kind: 'Verdict', verdict: word, chain };
}
