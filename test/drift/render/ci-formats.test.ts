import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { error, notice, warning } from '@actions/core';
import {
  checkSnapshot,
  compareNodes,
  diffSnapshots,
  RENDERERS,
  rendererOf,
  type AnyReport,
  type RenderOptions,
  readSnapshot,
  type Snapshot,
} from '@netdrift/drift';
import { parse as readJunit } from 'junit2json';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { REPORT_FORMAT_HELP, REPORT_FORMATS } from '../../../packages/cli/src/command-line/report-formats.ts';
import { expectGolden } from '../../support/golden.ts';
import { diffPaths, snapshotFiles } from '../support.ts';

const before = readSnapshot(snapshotFiles('fixtures/demo/before'));
const after = readSnapshot(snapshotFiles('fixtures/demo/drifted'));
const folders = { before: 'fixtures/demo/before', after: 'fixtures/demo/drifted' };
const NODES = compareNodes([
  { name: 'node-1', snapshot: before },
  { name: 'node-2', snapshot: after },
]);
const DEMO: readonly AnyReport[] = [diffPaths('fixtures/demo/before', 'fixtures/demo/drifted'), checkSnapshot(after), NODES];

/** A comment and names that would act as markup, as commands of a workflow, on a terminal, or on a path. */
const EVIL = `</text>]]><script>alert(1)</script>&amp;"'\u001b[2J\u0007\u202e::error file=x,line=1::%0A\uFFFE`;
const evil = (extra: string) =>
  readSnapshot([
    { name: `../${EVIL}/ipvsadm-Sn.txt`, content: `-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.1.0.1:80 -m -w 1\n${extra}` },
    {
      name: 'iptables-save.txt',
      content: `*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n${extra === '' ? '' : `-A INPUT -s 10.9.9.9/32 -p tcp -m comment --comment ${JSON.stringify(EVIL)} -j DROP\n`}COMMIT\n`,
    },
  ]);
const HOSTILE: readonly AnyReport[] = [
  diffSnapshots(evil(''), evil('-a -t 10.0.0.1:80 -r 10.1.0.2:80 -m -w 1\n')),
  checkSnapshot(evil('-a -t 10.0.0.1:80 -r 10.1.0.2:80 -m -w 0\n')),
  compareNodes([
    { name: EVIL, snapshot: before },
    { name: 'node-2', snapshot: after },
  ]),
];
const ALL = [...DEMO, ...HOSTILE];
/** Formats of which the demo is told elsewhere, or whose form the schemas check. */
const OTHER_GOLDENS: ReadonlySet<string> = new Set(['text', 'markdown', 'json', 'jsonl']);

function render(format: string, rendered: AnyReport, options: RenderOptions = {}): string {
  const renderer = rendererOf(format);
  if (renderer === undefined) throw new Error(format);
  return renderer.render(rendered, { version: '0.0.0', ...options });
}

it('the command line and docs/formats.md have every format, in the words and the order of the list of renderers', () => {
  expect(REPORT_FORMATS).toEqual(RENDERERS.map(({ name }) => name));
  for (const { name, about } of RENDERERS) expect(REPORT_FORMAT_HELP).toMatch(new RegExp(`[ ;]${name}: ${about}(;|$)`, 'm'));
  const rows = RENDERERS.map(
    ({ name, mediaType, about, explains }) => `| \`${name}\` | \`${mediaType}\` | ${about} | ${explains === true ? 'yes' : 'no'} |\n`,
  );
  const page = readFileSync(fileURLToPath(new URL('../../../docs/formats.md', import.meta.url)), 'utf8');
  const table = `\n| \`--format\` | media type | for | of \`explain\` |\n|---|---|---|---|\n${rows.join('')}\n`;
  expectGolden(
    'docs/formats.md',
    page.replace(/(?<=<!-- formats -->\n)[\s\S]*(?=<!-- \/formats -->)/, () => table),
  );
});

it.each(RENDERERS.map(({ name }) => name).filter((name) => !OTHER_GOLDENS.has(name)))(
  'the demo as %s, compared, checked and as two nodes',
  (format) => {
    const [diff, check, nodes] = DEMO as [AnyReport, AnyReport, AnyReport];
    expectGolden(`fixtures/drift/demo/before--drifted/report.${format}`, render(format, diff, { folders }));
    expectGolden(`fixtures/drift/demo/drifted.check.${format}`, render(format, check));
    expectGolden(`fixtures/drift/demo/nodes.${format}`, render(format, nodes));
  },
);

it('html tells in words what its pictures show: before and after of IPVS alone, expected and found of a check', () => {
  const [ipvsBefore, ipvsAfter] = ['before', 'drifted'].map((side) => readSnapshot(snapshotFiles(`fixtures/demo/${side}/ipvsadm-ln.txt`)));
  const wordsOf = (page: string): string[] =>
    [...page.matchAll(/<figcaption class="hear">(.*?)<\/figcaption>/g)].map(([, words = '']) => words);
  const diff: AnyReport = diffSnapshots(ipvsBefore as Snapshot, ipvsAfter as Snapshot);
  expect(wordsOf(render('html', diff))).toEqual([
    'Connections to tcp 10.96.78.31:80. Before: to 10.244.0.15:80 (33 %), 10.244.1.21:80 (33 %), 10.244.1.22:80 (33 %). After: to 10.244.0.15:80 (50 %), 10.244.1.21:80 (50 %).',
    'Connections to tcp 10.96.200.200:8080. Before: not there. After: to 10.244.0.99:8080.',
  ]);
  expect(wordsOf(render('html', DEMO[1] as AnyReport))).toContain(
    'Connections from pods to tcp 10.96.78.31:80. Expected: to 10.244.0.15:80 (33 %), 10.244.1.21:80 (33 %), 10.244.1.22:80 (33 %), source address kept. On this node: to 10.244.0.15:80 (50 %), 10.244.1.21:80 (50 %), source address kept.',
  );
});

it('no format lets what acts on a terminal or hides from the eye through, and each ends its last line', () => {
  for (const { name } of RENDERERS) {
    for (const rendered of ALL) {
      const text = render(name, rendered);
      expect(text.endsWith('\n')).toBe(true);
      expect([...text].filter((character) => /[\p{Cc}\p{Cf}]/u.test(character) && character !== '\n')).toEqual([]);
    }
  }
});

it('azure lets no text of an input begin a logging command or end the properties of one', () => {
  const said = '##vso[task.setvariable variable=x;]y';
  const report = compareNodes([
    { name: said, snapshot: before },
    { name: 'node-2', snapshot: readSnapshot([{ name: `${said}.txt`, content: 'no output of a known tool\n' }]) },
  ]);
  for (const rendered of [report, ...ALL])
    for (const line of render('azure', rendered, { folders: { after: `${said}%` } })
      .trimEnd()
      .split('\n'))
      expect(line).toMatch(/^##vso\[task\.logissue (?:\w+=[^\];]*;)+\][^%]*(?:%(?:AZP25|0A)[^%]*)*$|^##\[section\](?:(?!##).)*$/);
});

describe('SARIF', () => {
  it('has a result for each story, with lines in the files of the snapshots, and the rule of each', () => {
    const [run] = JSON.parse(render('sarif', DEMO[0] as AnyReport, { folders })).runs;
    const rules: string[] = run.tool.driver.rules.map(({ id }: { id: string }) => id);
    for (const { ruleId, ruleIndex, locations } of run.results) {
      expect(rules[ruleIndex]).toBe(ruleId);
      expect(locations[0].physicalLocation.artifactLocation.uri).toMatch(/^fixtures\/demo\/(before|drifted)\/[\w.-]+$/);
    }
    expect(run.results.map(({ level }: { level: string }) => level)).toEqual([
      'error',
      'warning',
      'warning',
      'warning',
      'warning',
      'note',
      'none',
      'none',
    ]);
    const prints: string[] = run.results.map(
      ({ partialFingerprints }: { partialFingerprints: Record<string, string> }) => partialFingerprints['netdrift/v1'],
    );
    expect(new Set(prints).size).toBe(prints.length);
  });

  it('names every file by a relative reference of a URI', () => {
    for (const rendered of ALL) {
      for (const [, uri = ''] of render('sarif', rendered).matchAll(/"uri": "([^"]*)"/g)) {
        expect(uri).toMatch(/^(?:[\w.~!*'()-]|%[0-9A-F]{2}|\/)+$/);
        expect(new URL(uri, 'file:///base/').protocol).toBe('file:');
      }
    }
  });
});

describe('JUnit', () => {
  it('holds no character that XML 1.0 has not', () => {
    for (const rendered of ALL) expect(render('junit', rendered)).not.toMatch(/[\uFFFE\uFFFF]/);
  });

  it.each(ALL.map((rendered, index) => [`${rendered.command}${index < DEMO.length ? '' : ' of hostile text'}`, rendered] as const))(
    'of %s is read back with the counts it says',
    async (_name, rendered) => {
      const read = await readJunit(render('junit', rendered));
      if (read === null || read === undefined || !('testsuite' in read)) throw new Error('no test suites');
      const cases = (read.testsuite ?? []).flatMap(({ testcase }) => testcase ?? []);
      expect({ tests: read.tests, failures: read.failures, errors: read.errors }).toEqual({
        tests: cases.length,
        failures: cases.filter(({ failure }) => failure !== undefined).length,
        errors: cases.filter(({ error }) => error !== undefined).length,
      });
      expect(cases.length).toBeGreaterThan(0);
    },
  );

  it('fails a case from --fail-on on, and passes where nothing is told', () => {
    const count = (failOn: NonNullable<RenderOptions['failOn']>): number =>
      render('junit', DEMO[0] as AnyReport, { failOn }).split('<failure ').length - 1;
    expect([count('critical'), count('warning'), count('notice'), count('none')]).toEqual([1, 5, 6, 0]);
    const same = render('junit', diffSnapshots(before, before));
    expect(same).toMatch(/tests="1" failures="0" errors="0"/);
  });
});

describe('annotations of GitHub', () => {
  afterEach(() => vi.restoreAllMocks());
  const WRITERS = new Map(Object.entries({ error, warning, notice }));

  it('are escaped as the toolkit of GitHub escapes them', () => {
    const written: string[] = [];
    for (const rendered of ALL) {
      for (const line of render('github', rendered, { folders }).split('\n').slice(0, -1)) {
        // Taken apart as the runner does, and written again by GitHub's own code: the same line.
        const [, command = '', properties = '', data = ''] = /^::(\w+)(?: ([^:]*))?::(.*)$/.exec(line) ?? [];
        const unescaped = (text: string): string =>
          text.replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%0A', '\n').replaceAll('%25', '%');
        const values = Object.fromEntries(
          properties.split(',').map((pair) => [pair.slice(0, pair.indexOf('=')), unescaped(pair.slice(pair.indexOf('=') + 1))]),
        );
        const { title = '', file, line: startLine, endLine } = values;
        const place = {
          title,
          ...(file === undefined ? {} : { file }),
          ...(startLine === undefined ? {} : { startLine: Number(startLine) }),
          ...(endLine === undefined ? {} : { endLine: Number(endLine) }),
        };
        vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
        WRITERS.get(command)?.(unescaped(data), place);
        vi.restoreAllMocks();
        expect(written.pop()?.trimEnd()).toBe(line);
      }
    }
  });
});

describe('a code quality report of GitLab', () => {
  // From its documentation, "Code Quality report format": https://docs.gitlab.com/ci/testing/code_quality
  const isReport = new Ajv2020().compile({
    type: 'array',
    items: {
      type: 'object',
      required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
      properties: {
        description: { type: 'string', minLength: 1 },
        check_name: { type: 'string', minLength: 1 },
        fingerprint: { type: 'string', minLength: 1 },
        severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
        location: {
          type: 'object',
          required: ['path', 'lines'],
          properties: {
            path: { type: 'string', pattern: '^(?!\\./.|/)' },
            lines: { type: 'object', required: ['begin'], properties: { begin: { type: 'integer', minimum: 1 } } },
          },
        },
      },
    },
  });

  it.each(ALL.map((rendered) => [rendered.command, rendered] as const))(
    'of %s has the form that is documented, and a fingerprint of its own for each issue',
    (_command, rendered) => {
      const issues: { fingerprint: string }[] = JSON.parse(render('gitlab', rendered));
      expect(isReport(issues) || isReport.errors).toBe(true);
      expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
    },
  );
});
