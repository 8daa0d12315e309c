/** A value of JSON or YAML whose shape is not known; these functions look into it without ever throwing. */
export type Json = unknown;

/** The value of a key, or undefined. Only own keys count: `__proto__` is an ordinary name. */
export function at(value: Json, ...path: readonly string[]): Json {
  let here = value;
  for (const key of path) {
    if (typeof here !== 'object' || here === null || Array.isArray(here) || !Object.hasOwn(here, key)) return undefined;
    here = (here as Readonly<Record<string, Json>>)[key];
  }
  return here;
}

export function textAt(value: Json, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

export function numberAt(value: Json, ...path: readonly string[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

/** A port as Kubernetes takes it: a number from 1 to 65535. */
export function portAt(value: Json, ...path: readonly string[]): number | undefined {
  const found = numberAt(value, ...path);
  return found !== undefined && Number.isInteger(found) && found >= 1 && found <= 65_535 ? found : undefined;
}

/** A boolean; also the words that YAML 1.1, which Kubernetes reads, takes for one. */
export function booleanAt(value: Json, ...path: readonly string[]): boolean | undefined {
  const found = at(value, ...path);
  if (typeof found === 'boolean') return found;
  if (typeof found !== 'string') return undefined;
  if (/^(?:y|yes|on|true)$/i.test(found)) return true;
  return /^(?:n|no|off|false)$/i.test(found) ? false : undefined;
}

/** The items of a list; none where there is no list. */
export function listAt(value: Json, ...path: readonly string[]): readonly Json[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? (found as readonly Json[]) : [];
}

export function textsAt(value: Json, ...path: readonly string[]): readonly string[] {
  return listAt(value, ...path).filter((item) => typeof item === 'string');
}

/** Own keys with values that are texts, as labels are; undefined where there are none. */
export function textMapAt(value: Json, ...path: readonly string[]): Readonly<Record<string, string>> | undefined {
  const found = at(value, ...path);
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return undefined;
  const entries = Object.entries(found).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** An object with one property of the name given, or without it where there is no value: a missing key = the text does not say. */
export function shown<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [name in Key]?: Value } {
  // One property, of the name asked for.
  return value === undefined ? {} : ({ [key]: value } as { readonly [name in Key]?: Value });
}

/** Lines, from 1, on which the objects begin that stand in the list `items` of a JSON text, or in the list that it is. */
export function itemLines(text: string): readonly number[] {
  const lines: number[] = [];
  let line = 1;
  let depth = 0;
  let listDepth: number | undefined;
  let key = '';
  for (let offset = 0; offset < text.length; offset++) {
    const character = text[offset];
    if (character === '\n') line++;
    else if (character === '"') {
      const end = endOfString(text, offset);
      if (listDepth === undefined) key = text.slice(offset + 1, end);
      offset = end;
    } else if (character === '[' || character === '{') {
      if (character === '{' && depth === listDepth) lines.push(line);
      depth++;
      if (character === '[' && listDepth === undefined && (depth === 1 || (depth === 2 && key === 'items'))) listDepth = depth;
    } else if (character === ']' || character === '}') {
      if (depth === listDepth) return lines;
      depth--;
    }
  }
  return lines;
}

function endOfString(text: string, start: number): number {
  for (let offset = start + 1; offset < text.length; offset++) {
    if (text[offset] === '\\') offset++;
    else if (text[offset] === '"') return offset;
  }
  return text.length;
}
