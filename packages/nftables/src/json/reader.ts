import type { Statement } from '../ast/statements.ts';
import { statementKinds } from '../statements/table.ts';
import { elementFromJson } from './elements.ts';
import { expressionFromJson } from './expressions.ts';
import type { JsonReader } from './json-reader.ts';
import { compactJson, onlyEntry } from './json-value.ts';

/** Reads every statement, expression and element of `nft -j`; what is not known is kept as its JSON. */
export const reader: JsonReader = {
  expression: (value, depth) => expressionFromJson(value, reader, depth),
  map: (value, depth) => {
    const map = expressionFromJson(value, reader, depth);
    return map.kind === 'SetReference' || map.kind === 'AnonymousSet' ? map : undefined;
  },
  element: (value, depth) => elementFromJson(value, reader, depth),
  statement: (value): Statement => {
    const [key, content] = onlyEntry(value) ?? [];
    if (key !== undefined && content !== undefined) {
      for (const { json } of Object.values(statementKinds)) {
        const read = Object.hasOwn(json, key) ? json[key]?.(content, reader) : undefined;
        if (read !== undefined) return read;
      }
    }
    return { kind: 'UnknownStatement', text: compactJson(value) };
  },
};
