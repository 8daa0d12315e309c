/** Any value of JSON. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** An object of JSON. */
export type JsonObject = { readonly [key: string]: JsonValue };

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** A member of an object of its own; keys that every object has are none. */
export function member(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

export function textOf(object: JsonObject, key: string): string | undefined {
  const value = member(object, key);
  return typeof value === 'string' ? value : undefined;
}

export function numberOf(object: JsonObject, key: string): number | undefined {
  const value = member(object, key);
  return typeof value === 'number' ? value : undefined;
}

/** A word or several: nft 1.1.4 writes a single one without its list. */
export function textsOf(object: JsonObject, key: string): readonly string[] | undefined {
  const value = member(object, key);
  if (typeof value === 'string') return [value];
  return isList(value) ? value.filter((entry) => typeof entry === 'string') : undefined;
}

/** The value as compact JSON; nested too deep to be written it is nothing. */
export function compactJson(value: JsonValue): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '';
  }
}

/** The only key of an object and its value. */
export function onlyEntry(value: JsonValue): readonly [string, JsonValue] | undefined {
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value);
  return entries.length === 1 ? entries[0] : undefined;
}

/** A key with a value, or no key where there is none: for spreading into a node. */
export function present<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  // One key with one value is what the type says; a computed key widens it to any string.
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };
}
