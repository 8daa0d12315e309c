// JSON Schemas (draft 2020-12) of what the command line prints as JSON, made from the TypeScript types of these documents: a field that
// is added to a type is in its schema. They are files of the package `netdrift`; test/cli/schemas.test.ts writes and compares them.
import { fileURLToPath } from 'node:url';
import typescriptJsonSchema from 'typescript-json-schema';

/** @typedef {{ readonly [key: string]: unknown }} Schema */

const { buildGenerator, ts } = typescriptJsonSchema;
const program = fileURLToPath(new URL('../packages/cli/src/program.ts', import.meta.url));

/** Each schema: its name, the type it is made from, the type of a line where there is a form by lines, and what it describes. */
const DOCUMENTS = [
  { name: 'report', type: 'Report', line: 'ReportRecord', command: 'netdrift diff' },
  { name: 'nodes', type: 'NodesReport', line: 'NodesRecord', command: 'netdrift diff --nodes' },
  { name: 'check', type: 'CheckReport', line: 'CheckRecord', command: 'netdrift check' },
  { name: 'explanation', type: 'Explanation', line: 'ExplanationRecord', command: 'netdrift explain' },
  { name: 'trace', type: 'SnapshotTrace', command: 'netdrift trace' },
  { name: 'parse', type: 'ParseDocument', line: 'NodeRecord', command: 'netdrift parse' },
  { name: 'digest', type: 'DigestRecord', command: 'netdrift digest' },
  { name: 'rules', type: 'RulesDocument', command: 'netdrift rules' },
];

/** Helper types that say nothing to a reader of a schema: what they stand for is written in their place. */
const HELPER = /^(Pick|Omit|Partial|RecordOf|Flat|Type|__type)(_\d+)?$/;

/** The generator has no values for the keys of such a type. */
const MAP = /^Record<string,(string|number|boolean)>$/;

/**
 * The text of every schema by its name: that of a line is `<name>-record` and refers to that of the document, which holds all types.
 * Takes some seconds, for all types are resolved.
 * @returns {Map<string, string>}
 */
export function jsonSchemas() {
  const generator = buildGenerator(
    ts.createProgram([program], {
      target: ts.ScriptTarget.ES2023,
      lib: ['lib.es2023.d.ts'],
      types: [],
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      customConditions: ['source'],
      allowImportingTsExtensions: true,
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
    }),
    // Types of Node are left out above, so the compiler has something to say of the command line itself; `tsc -b` checks it.
    { required: true, noExtraProps: true, ref: true, aliasRef: true, topRef: true, strictNullChecks: true, ignoreErrors: true },
  );
  if (generator === null) throw new Error('the types of the command line cannot be read');
  return new Map(
    DOCUMENTS.flatMap(({ name, type, line, command }) => {
      const types = line === undefined ? [type] : [type, line];
      const made = generator.getSchemaForSymbols(types).definitions ?? {};
      // A type that was asked for stands there twice if it is exported: by its name alone it is no more than a reference.
      const definitions = Object.fromEntries(
        Object.entries(made).filter(([one]) => !types.includes(one) || !Object.keys(made).some((other) => other.endsWith(`).${one}`))),
      );
      /** @type {[string, string][]} */
      const document = [
        [
          name,
          schemaText(
            name,
            command.endsWith('digest') ? `a line of ${command}` : `${command} --format json`,
            `#/$defs/${type}`,
            definitions,
          ),
        ],
      ];
      return line === undefined
        ? document
        : [
            ...document,
            [`${name}-record`, schemaText(`${name}-record`, `a line of ${command} --format jsonl`, `${idOf(name)}#/$defs/${line}`, {})],
          ];
    }),
  );
}

/** @param {string} name */
function idOf(name) {
  return `netdrift:${name}:1.0`;
}

/**
 * @param {string} name
 * @param {string} title
 * @param {string} root what the document is
 * @param {Readonly<Record<string, unknown>>} made definitions as the generator gives them
 */
function schemaText(name, title, root, made) {
  const definitions = new Map(Object.entries(made));
  const names = shortNames([...definitions.keys()]);
  const lines = Object.entries({ $schema: 'https://json-schema.org/draft/2020-12/schema', $id: idOf(name), title, $ref: root }).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  const shown = [...names].map(
    ([one, short]) => `    ${JSON.stringify(short)}: ${JSON.stringify(published(definitions.get(one), definitions, names))}`,
  );
  if (shown.length > 0) lines.push(`  "$defs": {\n${shown.sort().join(',\n')}\n  }`);
  return `{\n${lines.join(',\n')}\n}\n`;
}

/**
 * A part of a schema of draft 7 as one of draft 2020-12, with short names.
 * @param {unknown} part
 * @param {ReadonlyMap<string, unknown>} definitions
 * @param {ReadonlyMap<string, string>} names
 * @returns {unknown}
 */
function published(part, definitions, names) {
  /** @type {(value: unknown) => unknown} */
  const inside = (value) => published(value, definitions, names);
  if (Array.isArray(part)) return part.map(inside);
  if (typeof part !== 'object' || part === null) return part;
  // `string & {}`: any word beside the known ones. No document has an object that is always empty.
  if ('properties' in part && Object.keys(/** @type {object} */ (part.properties)).length === 0) return { type: 'string' };
  const { $ref, items, description, ...rest } = /** @type {Schema} */ (part);
  const target = typeof $ref === 'string' ? decodeURIComponent($ref.slice('#/definitions/'.length)) : '';
  const told =
    typeof description === 'string' ? { description: description.replaceAll(/\{@link (\w+)\}/g, '$1').replaceAll(/\s+/g, ' ') } : {};
  const [, values] = MAP.exec(target) ?? [];
  if (values !== undefined) return { ...told, type: 'object', additionalProperties: { type: values } };
  if (HELPER.test(target)) return { .../** @type {object} */ (inside(definitions.get(target))), ...told };
  return {
    ...told,
    // The generator leaves the type of an intersection to be guessed.
    ...('properties' in rest ? { type: 'object' } : {}),
    ...(target === '' ? {} : { $ref: `#/$defs/${names.get(target)}` }),
    ...Object.fromEntries(Object.entries(rest).map(([key, held]) => [key, inside(held)])),
    // A tuple was `items` before draft 2020-12.
    ...(items === undefined ? {} : { [Array.isArray(items) ? 'prefixItems' : 'items']: inside(items) }),
  };
}

/**
 * The generator names a type by the path of its module: here it has its own name, and that of its package where packages share it.
 * @param {readonly string[]} names
 */
function shortNames(names) {
  const parts = names.flatMap((name) => {
    if (HELPER.test(name) || MAP.test(name)) return [];
    const [, home, own = name] = /^import\("[^"]*\/packages\/(\w+)\/[^)]*\)\.(.+)$/.exec(name) ?? [];
    return [{ name, home, own }];
  });
  /** @type {Map<string, string>} */
  const short = new Map();
  for (const { name, home, own } of parts) {
    const isShared = parts.some((other) => other.own === own && other.name !== name);
    short.set(name, isShared && home !== undefined ? `${home}.${own}` : own);
  }
  if (new Set(short.values()).size < short.size) throw new Error('two types of one package have one name');
  return short;
}
