// The example of a rule, from captures that show it: `node scripts/reduce-example.js ID BEFORE AFTER`, of a finding `… ID SNAPSHOT`. Lines
// are taken away as long as netdrift says of the rest, word for word, what it said of the whole; what remains is printed as it stands in
// packages/cli/src/rules/examples. Good for a report of a bug as well.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkSnapshot, diffSnapshots, readSnapshot, RULES } from '@netdrift/drift';

/** @typedef {{ readonly file: string, readonly text: string, readonly sign: ' ' | '-' | '+' }} Row */

/**
 * The rows of both sides, with ` `, `-` or `+` as a diff has them.
 * @param {readonly (readonly { name: string, content: string }[])[]} sides
 * @returns {Row[]}
 */
function rowsOf([before = [], after]) {
  const names = [...new Set([...before, ...(after ?? [])].map(({ name }) => name))];
  return names.flatMap((file) => {
    const [was, is] = [before, after ?? before].map((files) => files.find(({ name }) => name === file)?.content ?? '');
    return diffed(was ?? '', is ?? '').map((line) => ({ file, sign: /** @type {Row['sign']} */ (line.charAt(0)), text: line.slice(1) }));
  });
}

/** @param {string} was @param {string} is */
function diffed(was, is) {
  if (was === is)
    return was
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => ` ${line}`);
  const folder = mkdtempSync(join(tmpdir(), 'netdrift-example-'));
  for (const [name, text] of /** @type {const} */ ([
    ['was', was],
    ['is', is],
  ]))
    writeFileSync(join(folder, name), text.endsWith('\n') || text === '' ? text : `${text}\n`);
  const { stdout } = spawnSync('git', ['diff', '--no-index', '--no-color', '-U1000000', 'was', 'is'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  rmSync(folder, { recursive: true });
  return stdout
    .slice(stdout.indexOf('\n@@'))
    .split('\n')
    .slice(2)
    .filter((line) => /^[ +-]/.test(line));
}

/**
 * The files of both sides again; a file without a row is not there.
 * @param {readonly Row[]} rows
 */
function sidesOf(rows) {
  return [' -', ' +'].map((signs) => {
    const files = [...new Set(rows.map(({ file }) => file))];
    return files.map((name) => ({
      name,
      content: rows
        .filter(({ file, sign }) => file === name && signs.includes(sign))
        .map(({ text }) => `${text}\n`)
        .join(''),
    }));
  });
}

/**
 * What netdrift says under an id.
 * @param {string} id
 * @param {readonly Row[]} rows
 * @returns {{ readonly said: string[], readonly others: number }}
 */
function whatIsSaid(id, rows) {
  const [before = [], after = []] = sidesOf(rows);
  if (RULES.get(id)?.kind === 'finding') {
    const { findings } = checkSnapshot(readSnapshot(before));
    return { said: findings.filter((one) => one.id === id).map(({ severity, text }) => `${severity} ${text}`), others: findings.length };
  }
  const { changes, causes } = diffSnapshots(readSnapshot(before), readSnapshot(after));
  const said = [...causes, ...changes]
    .filter((one) => one.id === id)
    .map((one) => `${'toldWith' in one || 'cause' in one ? 'also' : one.severity} ${one.text}`);
  return { said, others: changes.length };
}

/**
 * As few rows as give the same first sentence.
 * @param {string} id
 * @param {readonly Row[]} rows
 */
function reduced(id, rows) {
  const wanted = whatIsSaid(id, rows).said.sort((one, other) => one.length - other.length)[0];
  if (wanted === undefined) return undefined;
  const holds = (/** @type {readonly Row[]} */ some) => whatIsSaid(id, some).said.includes(wanted);
  let kept = [...rows];
  for (const name of new Set(rows.map(({ file }) => file))) {
    const rest = kept.filter(({ file }) => file !== name);
    if (rest.length > 0 && holds(rest)) kept = rest;
  }
  for (let size = Math.ceil(kept.length / 2), again = false; size >= 1;) {
    for (let start = 0; start < kept.length;) {
      const rest = [...kept.slice(0, start), ...kept.slice(start + size)];
      if (rest.length > 0 && holds(rest)) {
        kept = rest;
        again = true;
      } else start += size;
    }
    if (size === 1 && !again) break;
    size = size === 1 ? 1 : Math.ceil(size / 2);
    again = false;
  }
  return { rows: kept, wanted };
}

/** @param {readonly Row[]} rows */
function asExample(rows) {
  return Object.fromEntries(
    [...new Set(rows.map(({ file }) => file))].map((name) => [
      name,
      rows.filter(({ file }) => file === name).map(({ sign, text }) => sign + text),
    ]),
  );
}

const [, program, id, ...paths] = process.argv;
if (program !== undefined && import.meta.filename === realpathSync(program)) {
  if (id === undefined || paths.length === 0) throw new Error('usage: node scripts/reduce-example.js ID BEFORE AFTER, or ID SNAPSHOT');
  const found = reduced(id, rowsOf(paths.map(filesIn)));
  process.stdout.write(
    found === undefined ? `nothing of these files is reported as ${id}\n` : `${JSON.stringify({ [id]: asExample(found.rows) }, null, 2)}\n`,
  );
}

/** @param {string} path */
function filesIn(path) {
  return readdirSync(path)
    .sort()
    .map((name) => ({ name, content: readFileSync(join(path, name), 'utf8') }));
}
