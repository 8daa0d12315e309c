import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { jsonSchemas } from '../../scripts/json-schemas.js';
import { buildCli, folderOf, netdrift } from '../support/cli.ts';
import { corpusFolder, corpusFiles, describeCorpus } from '../support/corpus.ts';
import { shareOf } from '../support/share.ts';
import { expectGolden } from '../support/golden.ts';

beforeAll(buildCli, 120_000);

const repository = fileURLToPath(new URL('../../', import.meta.url));
const schemas = fileURLToPath(new URL('../../packages/cli/schemas/', import.meta.url));
const DEMO = 'fixtures/demo';

/** A validator that knows every published schema; `strict` refuses a schema with a word that means nothing. */
function publishedSchemas(): Ajv2020 {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  for (const file of readdirSync(schemas)) ajv.addSchema(JSON.parse(readFileSync(join(schemas, file), 'utf8')));
  return ajv;
}

const ajv = publishedSchemas();

/** What a schema has against a document: nothing, or the first place. */
function complaint(name: string, document: unknown): string {
  const id = `netdrift:${name}:1.0`;
  if (ajv.validate(id, document)) return '';
  const [first] = ajv.errors ?? [];
  return `${first?.instancePath ?? ''} ${first?.message ?? ''} ${JSON.stringify(first?.params)}`;
}

function printed(...args: readonly string[]): unknown {
  const document: unknown = JSON.parse(netdrift([...args, '--format', 'json']).stdout);
  return document;
}

function printedLines(...args: readonly string[]): unknown[] {
  const lines = netdrift([...args, '--format', 'jsonl'])
    .stdout.trimEnd()
    .split('\n');
  return lines.map((line): unknown => JSON.parse(line));
}

describe('the published schemas', () => {
  it('are those of the types in the sources', () => {
    const made = jsonSchemas();
    for (const [name, text] of made) expectGolden(`packages/cli/schemas/${name}.json`, text);
    // That of the policy file is written by hand: it says what people write.
    expect(readdirSync(schemas).sort()).toEqual([...[...made.keys()].map((name) => `${name}.json`), 'config.json'].sort());
  });

  it('name no path of the machine they were made on', () => {
    for (const file of readdirSync(schemas)) expect(readFileSync(join(schemas, file), 'utf8')).not.toMatch(/import\(|packages\//);
  });

  it.each([
    ['report', ['diff', `${DEMO}/before`, `${DEMO}/drifted`]],
    ['report', ['diff', `${DEMO}/before`, `${DEMO}/before`]],
    ['report', ['diff', `${DEMO}/before`, 'README.md']],
    ['nodes', ['diff', '--nodes', `${DEMO}/before`, `${DEMO}/drifted`, `${DEMO}/before`]],
    ['check', ['check', `${DEMO}/drifted`]],
    ['explanation', ['explain', `${DEMO}/before`]],
    ['trace', ['trace', `${DEMO}/before`, 'tcp 10.96.0.10:53']],
    ['parse', ['parse', `${DEMO}/before/iptables-save.txt`, `${DEMO}/before/ipset-list.txt`, 'README.md']],
    ['rules', ['rules']],
  ])('%s fits what is printed by: netdrift %j', (name, args) => {
    expect(complaint(name, printed(...args))).toBe('');
  });

  it('fit every line of the forms by lines', () => {
    const pairs = [
      'demo/before demo/drifted',
      'demo/before demo/repaired',
      'drift/changes/rename-only/before drift/changes/rename-only/after',
    ];
    const records = pairs.flatMap((pair) => printedLines('diff', ...pair.split(' ').map((side) => `fixtures/${side}`)));
    expect(records.length).toBeGreaterThan(pairs.length);
    expect(records.map((record) => complaint('report-record', record)).filter((one) => one !== '')).toEqual([]);
    const explained = printedLines('explain', `${DEMO}/before`);
    expect(new Set(explained.map((record) => (record as { readonly type: string }).type))).toEqual(
      new Set(['explanation', 'fact', 'service-port']),
    );
    expect(explained.map((record) => complaint('explanation-record', record)).filter((one) => one !== '')).toEqual([]);
    const nodes = printedLines('parse', ...readdirSync(join(repository, DEMO, 'before')).map((file) => `${DEMO}/before/${file}`));
    expect(nodes.map((record) => complaint('parse-record', record)).filter((one) => one !== '')).toEqual([]);
  });

  it.each(['addresses-disagree-ipvs', 'policy-to-local-iptables', 'rename-only', 'sync-stalled'])(
    'report, check and explanation fit the pair of fixtures %s',
    (name) => {
      const pair = [`fixtures/drift/changes/${name}/before`, `fixtures/drift/changes/${name}/after`];
      expect(complaint('report', printed('diff', ...pair))).toBe('');
      for (const side of pair) {
        expect(complaint('check', printed('check', side))).toBe('');
        expect(complaint('explanation', printed('explain', side))).toBe('');
      }
    },
  );

  it('refuse a field that no type has, at any depth, and another version', () => {
    const report = printed('diff', `${DEMO}/before`, `${DEMO}/drifted`) as { readonly changes: readonly [{ readonly subject: object }] };
    const [change] = report.changes;
    expect(complaint('report', { ...report, extra: 1 })).toBe(' must NOT have additional properties {"additionalProperty":"extra"}');
    expect(complaint('report', { ...report, changes: [{ ...change, subject: { ...change.subject, extra: 1 } }] })).toBe(
      '/changes/0/subject must NOT have additional properties {"additionalProperty":"extra"}',
    );
    expect(complaint('report', { ...report, schemaVersion: '1.0' })).toBe(
      '/schemaVersion must be equal to constant {"allowedValue":"2.0"}',
    );
    const { verdict: _left, ...without } = report as typeof report & { readonly verdict: string };
    expect(complaint('report', without)).toBe(' must have required property \'verdict\' {"missingProperty":"verdict"}');
  });

  it('tell a match with another key from the match it was', () => {
    const save = folderOf({ 'rules.txt': '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m comment --comment "x" -j ACCEPT\nCOMMIT\n' });
    const document = JSON.stringify(printed('parse', join(save, 'rules.txt')));
    const renamed = document.replace('"kind":"CommentMatch","text"', '"kind":"CommentMatch","words"');
    expect(renamed).not.toBe(document);
    expect(complaint('parse', JSON.parse(document))).toBe('');
    expect(complaint('parse', JSON.parse(renamed))).not.toBe('');
  });
});

/** So many files are given to one run. */
const TOGETHER = 60;

describeCorpus('iptables', 'the published schemas over the corpus', () => {
  it('fit what parse prints of captured listings, as a document and by lines', { timeout: 240_000 }, () => {
    const files = ['ipvsadm', 'iptables/scenarios', 'iptables/drift', 'kube-proxy'].flatMap((folder) =>
      corpusFiles(folder, (path) => existsSync(join(corpusFolder, path)) && path.endsWith('.txt')),
    );
    const chosen = shareOf(files, 80).map((path) => join(corpusFolder, path));
    const complaints = new Set<string>();
    for (let at = 0; at < chosen.length; at += TOGETHER) {
      const some = chosen.slice(at, at + TOGETHER);
      complaints.add(complaint('parse', printed('parse', ...some)));
      for (const record of printedLines('parse', ...some)) complaints.add(complaint('parse-record', record));
    }
    expect(complaints).toEqual(new Set(['']));
  });
});
