import { node, type Line, type Template } from '@netdrift/core';
import { isSigned, type Field, type FieldCodec } from './field.ts';

/** A field found in the shape of a line: its place in the table, and the tokens it is read from. */
export interface FoundField {
  readonly field: Field;
  readonly at: number;
  readonly codec: FieldCodec | undefined;
  /** The token of the sign, or -1. */
  readonly not: number;
  /** First and last token of the value. */
  readonly value: number;
  readonly last: number;
}

/** What the template of a field stands for. The nodes are made of these when the shape is learned, so that none is built for each line. */
const foundFields = new WeakMap<Template<unknown>, FoundField>();

/** The template of one field; it becomes part of a node by {@link nodeOf}. */
export function foundField(found: FoundField): Template<unknown> {
  const template: Template<unknown> = node(() => undefined);
  foundFields.set(template, found);
  return template;
}

/** The template of one node with all fields that were found; of a field given twice the last counts, as in the tools. */
export function nodeOf<N>(base: object, templates: readonly Template<unknown>[]): Template<N> {
  return node(builder<N>(base, fieldsOf(templates)));
}

/**
 * The same, or the template of several nodes where the text holds a match twice (`isSplit`): the tool prints the fields of one
 * match in order, so a step back begins the next match.
 */
export function nodesOf<N>(base: object, templates: readonly Template<unknown>[], isSplit: boolean): Template<N | readonly N[]> {
  const found = fieldsOf(templates);
  const groups: FoundField[][] = [];
  for (const one of found) {
    const group = groups.at(-1);
    if (group === undefined || (isSplit && one.at <= (group.at(-1)?.at ?? -1))) groups.push([one]);
    else group.push(one);
  }
  if (groups.length < 2) return node(builder<N>(base, found));
  const builders = groups.map((group) => builder<N>(base, group));
  return node((line: Line): readonly N[] => builders.map((build) => build(line)));
}

/** While a grammar is recorded there are placeholders in place of templates; nothing is found in them. */
function fieldsOf(templates: readonly Template<unknown>[]): readonly FoundField[] {
  return templates
    .map((template) => (typeof template === 'object' ? foundFields.get(template) : undefined))
    .filter((found) => found !== undefined);
}

/** Keys stand in the order of the table. */
function builder<N>(base: object, found: readonly FoundField[]): (line: Line) => N {
  const fields = found
    .filter(({ at }, index) => !found.slice(index + 1).some((later) => later.at === at))
    .sort((one, other) => one.at - other.at);
  // Each field's codec gives what the node's key holds: the table of fields is the node's definition.
  const [first, second] = fields;
  // A match loaded without conditions is the same node in every rule.
  if (first === undefined) return () => base as N;
  if (second === undefined && first.field.holds !== 'merge') {
    const { key } = first.field;
    return (line) => ({ ...base, [key]: readHeld(line, first) }) as N;
  }
  return (line) => {
    const built: Record<string, unknown> = { ...base };
    for (const one of fields) {
      const { field } = one;
      const held = readHeld(line, one);
      if (field.holds === 'merge') Object.assign(built, held);
      else built[field.key] = held;
    }
    return built as N;
  };
}

function readHeld(line: Line, { field, codec, not, value, last }: FoundField): unknown {
  const read = codec === undefined ? (field.merges ?? field.says ?? true) : readValue(line, codec, value, last);
  switch (field.holds) {
    case 'flag':
    case 'value':
      return read;
    case 'sign':
      return { not: not >= 0 };
    case 'condition':
      return { not: not >= 0, value: read };
    case 'spread':
      return typeof read === 'object' && read !== null && !('not' in read)
        ? { not: not >= 0, ...read }
        : Object.assign({ not: false }, read, { not: not >= 0 });
    case 'merge':
      return isSigned(field) ? Object.assign({ not: not >= 0 }, read) : read;
  }
}

function readValue(line: Line, codec: FieldCodec, value: number, last: number): unknown {
  if (value === last) return line.read<unknown>(value, codec);
  const read = codec.decode(line.text(value, last));
  if (read === undefined) line.refuse(value, codec.expected);
  return read;
}
