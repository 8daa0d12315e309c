// The pages docs/api/<package>.md: every public name with its declaration and what its docstring says, and the example of the package's
// README, which a test runs. Made from the sources; test/api-docs.test.ts writes and compares them.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import typescriptJsonSchema from 'typescript-json-schema';

const { ts } = typescriptJsonSchema;
const root = fileURLToPath(new URL('../', import.meta.url));

/** @typedef {{ readonly name: string, readonly as?: string, readonly from: string }} Exported */
/** What is looked at of a statement, of whichever kind; this project's own compiler has no types for it.
 * @typedef {{ readonly pos: number, readonly end: number, getStart(): number, getText(): string, readonly name?: { readonly text: string },
 *   readonly body?: { readonly pos: number }, readonly modifiers?: readonly { readonly kind: number }[],
 *   readonly members?: readonly Statement[] & { readonly pos: number },
 *   readonly declarationList?: { readonly declarations: readonly { readonly name: { getText(): string }, readonly initializer?: { readonly pos: number } }[] },
 *   readonly exportClause?: { readonly elements: readonly { readonly name: { readonly text: string }, readonly propertyName?: { readonly text: string } }[] },
 *   readonly moduleSpecifier?: { readonly text: string } }} Statement */
/** @typedef {{ readonly text: string, readonly statements: readonly Statement[] }} Source */
/** @typedef {{ readonly name: string, readonly signature: string, readonly comment: string, readonly isType: boolean }} Documented */

/**
 * The page of one package.
 * @param {string} folder
 */
export function apiPage(folder) {
  /** @type {{ readonly name: string }} */
  const { name } = JSON.parse(readFileSync(`${root}packages/${folder}/package.json`, 'utf8'));
  const readme = readFileSync(`${root}packages/${folder}/README.md`, 'utf8');
  const example = /```js\n[\s\S]*?```\n\n```text\n[\s\S]*?```/.exec(readme)?.[0];
  const entries = folder === 'cli' ? ['node.ts'] : ['index.ts'];
  const all = entries.flatMap((entry) => exportsOf(`${root}packages/${folder}/src/${entry}`)).map(documented);
  const [values, types] = [all.filter(({ isType }) => !isType), all.filter(({ isType }) => isType)].map((some) =>
    some.sort((one, other) => (one.name < other.name ? -1 : 1)),
  );
  return [
    `# ${name}\n\n<!-- Made by scripts/api-docs.js from the sources. -->\n`,
    `What it is for: its [README](../../packages/${folder}/README.md).\n`,
    ...(folder === 'cli' ? [umbrella()] : []),
    ...(example === undefined ? [] : [`## Example\n\n${example}\n`]),
    `## ${folder === 'cli' ? 'Functions of `netdrift/node`' : 'Values'}\n`,
    ...(values ?? []).map(section),
    '## Types\n',
    ...(types ?? []).map(section),
  ].join('\n');
}

/** What the one import has, by package. */
function umbrella() {
  const text = readFileSync(`${root}packages/cli/src/index.ts`, 'utf8');
  const rows = [...text.matchAll(/^export \{([^}]*)\} from '@netdrift\/(\w+)';$/gm)].map(([, names = '', from]) => {
    const listed = names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '')
      .map((name) => `\`${name}\``);
    return `| [@netdrift/${from}](${from}.md) | ${listed.join(', ')} |`;
  });
  return `## \`import … from 'netdrift'\`\n\nEverything of the packages in one import, and their types.\n\n| package | values |\n|---|---|\n${rows.join('\n')}\n`;
}

/**
 * The names that a file exports, and the file that each is declared in.
 * @param {string} path
 * @returns {Exported[]}
 */
function exportsOf(path) {
  return parsed(path).statements.flatMap((statement) => {
    const { exportClause, moduleSpecifier } = statement;
    if (exportClause !== undefined) {
      const from = resolve(dirname(path), moduleSpecifier?.text ?? '');
      return exportClause.elements.map(({ name, propertyName }) => ({ name: (propertyName ?? name).text, as: name.text, from }));
    }
    return has(statement, ts.SyntaxKind.ExportKeyword) ? namesOf(statement).map((name) => ({ name, from: path })) : [];
  });
}

/** @param {Statement} statement @param {number} modifier */
function has({ modifiers }, modifier) {
  return modifiers?.some(({ kind }) => kind === modifier) === true;
}

/** @type {Map<string, Source>} */
const files = new Map();

/**
 * @param {string} path
 * @returns {Source}
 */
function parsed(path) {
  const known = files.get(path) ?? ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2023, true);
  files.set(path, known);
  return known;
}

/**
 * @param {Statement} statement
 * @returns {string[]}
 */
function namesOf({ declarationList, name }) {
  if (declarationList !== undefined) return declarationList.declarations.map((one) => one.name.getText());
  return name === undefined ? [] : [name.text];
}

/**
 * A name with its declaration, however many files hand it on.
 * @param {Exported} exported
 * @returns {Documented}
 */
function documented({ name, as = name, from }) {
  const source = parsed(from);
  const statement = source.statements.find((one) => namesOf(one).includes(name));
  if (statement === undefined) {
    const next = exportsOf(from).find((one) => (one.as ?? one.name) === name);
    if (next === undefined) throw new Error(`${name} is declared nowhere in ${from}`);
    return documented({ ...next, as });
  }
  /** @type {readonly { readonly pos: number, readonly end: number }[]} */
  const comments = ts.getLeadingCommentRanges(source.text, statement.pos) ?? [];
  const comment = comments.filter(({ pos }) => source.text.startsWith('/**', pos)).at(-1);
  return {
    name: as,
    signature: signatureOf(statement, source).replace(/^export /, ''),
    comment: comment === undefined ? '' : plainComment(source.text.slice(comment.pos, comment.end)),
    isType: /^export (type|interface) /.test(statement.getText()),
  };
}

/**
 * A declaration without what carries it out.
 * @param {Statement} statement
 * @param {Source} source
 */
function signatureOf(statement, source) {
  const start = statement.getStart();
  const text = statement.getText();
  if (/^export (async )?function/.test(text) && statement.body !== undefined) return source.text.slice(start, statement.body.pos).trim();
  const initializer = statement.declarationList?.declarations[0]?.initializer;
  if (initializer !== undefined) return source.text.slice(start, initializer.pos).replace(/\s*=\s*$/, '');
  const { members } = statement;
  if (!text.startsWith('export class') || members === undefined) return text;
  const heads = members
    .filter((member) => !has(member, ts.SyntaxKind.PrivateKeyword))
    .map((member) => {
      const head = source.text.slice(member.getStart(), member.body?.pos ?? member.end).trim();
      return `  ${head.replace(/;$/, '').replace(/ = .*$/s, '')};`;
    });
  return `${source.text.slice(start, members.pos).trim()}\n${heads.join('\n')}\n}`;
}

/**
 * A docstring as Markdown.
 * @param {string} comment
 */
function plainComment(comment) {
  const lines = comment
    .replace(/^\/\*\*\s?/, '')
    .replace(/\s*\*\/$/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''));
  const [text = '', ...examples] = lines
    .join('\n')
    .replaceAll(/\{@link ([^}]*)\}/g, '`$1`')
    .split(/^@example\n/m);
  const prose = text.replaceAll(/^@(param|returns|throws) /gm, '- $1: ').trim();
  return [prose, ...examples.map((example) => `\`\`\`js\n${example.trim()}\n\`\`\``)].join('\n\n');
}

/** @param {Documented} documented */
function section({ name, signature, comment }) {
  return `### ${name}\n\n${comment}\n\n\`\`\`ts\n${signature}\n\`\`\`\n`;
}
