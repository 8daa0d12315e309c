import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { DIFF_HELP } from '../../packages/cli/src/command-line/diff.ts';
import { HELP } from '../../packages/cli/src/help.ts';
import { buildCli, folderOf, netdrift } from '../support/cli.ts';

beforeAll(buildCli, 120_000);

const repository = fileURLToPath(new URL('../../', import.meta.url));
const DEMO = [join(repository, 'fixtures/demo/before'), join(repository, 'fixtures/demo/drifted')];
const has = (tool: string): boolean => spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0;

describe('netdrift help', () => {
  it('is the text of --help, of all or of one command', () => {
    expect(netdrift(['help'])).toEqual({ status: 0, stdout: HELP, stderr: '' });
    expect(netdrift(['help', 'diff'])).toEqual({ status: 0, stdout: DIFF_HELP, stderr: '' });
    expect(netdrift(['help', 'dif'])).toEqual({
      status: 2,
      stdout: '',
      stderr: 'netdrift: there is no command "dif"; the nearest is diff\n',
    });
    expect(netdrift(['help', 'foo']).stderr).toBe('netdrift: there is no command "foo"; netdrift help lists what there is\n');
  });

  it('names every command, and the manual page tells each of them', () => {
    const listed = HELP.slice(HELP.indexOf('\nCommands:\n'), HELP.indexOf('\nOptions of every command:\n'));
    const commands = [...listed.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = '']) => name);
    expect(commands).toContain('git-diff');
    const page = netdrift(['help', '--man']).stdout;
    for (const name of new Set(commands)) expect(page).toContain(`.SH NETDRIFT ${name.toUpperCase().replaceAll('-', '\\-')}\n`);
  });

  it.skipIf(!has('groff'))('--man is a page that groff sets without a warning', () => {
    const page = netdrift(['help', '--man']).stdout;
    const { status, stderr, stdout } = spawnSync('groff', ['-man', '-Tutf8', '-ww', '-K', 'utf8'], { input: page, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('netdrift diff --nodes node-1/ node-2/ node-3/');
  });
});

describe('--color', () => {
  const [before = '', drifted = ''] = DEMO;
  it.each([
    ['diff', before, drifted],
    ['diff', '--nodes', before, drifted],
    ['check', drifted],
    ['explain', before],
    ['expect', before, '--node', 'node-1'],
    ['trace', drifted, 'udp 10.244.3.9 -> 10.96.0.10:53'],
    ['rules'],
    ['rules', 'ipvs.destination.draining'],
  ])('of netdrift %s %s marks words of the text and changes none of them; other formats have no colours', (...command) => {
    const [plain, colored] = [netdrift(command).stdout, netdrift([...command, '--color', 'always']).stdout];
    expect(plain).not.toContain('\u001b');
    expect(colored).toContain('\u001b[');
    expect(colored.replaceAll(/\u001b\[[\d;]*m/g, '')).toBe(plain);
    expect(netdrift([...command, '--color', 'always', '--format', 'json']).stdout).not.toContain('\u001b');
  });
});

describe('netdrift completion', () => {
  it('completes commands, options, their values and file names in bash', () => {
    const made = join(folderOf({ 'netdrift.bash': netdrift(['completion', 'bash']).stdout }), 'netdrift.bash');
    const typed = (...words: readonly string[]): string[] => {
      const script = `source ${made}; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _netdrift; echo "\${COMPREPLY[@]}"`;
      return spawnSync('bash', ['-c', script], { encoding: 'utf8' }).stdout.trim().split(' ').filter(Boolean);
    };
    expect(typed('netdrift', 'ex')).toEqual(['expect', 'explain']);
    expect(typed('netdrift', 'diff', '--form')).toEqual(['--format']);
    expect(typed('netdrift', 'diff', 'before', 'after', '--format', 'js')).toEqual(['json', 'jsonl']);
    expect(typed('netdrift', 'help', 'ca')).toEqual(['capture']);
    expect(typed('netdrift', 'completion', 'f')).toEqual(['fish']);
    // No words of ours: the shell's own completion of files takes over.
    expect(typed('netdrift', 'diff', 'bef')).toEqual([]);
    expect(typed('netdrift', 'diff', '--ignore', 'ign')).toEqual([]);
  });

  it.each([
    ['zsh', '-n'],
    ['fish', '-n'],
  ])('is read by %s', (shell, flag) => {
    const script = netdrift(['completion', shell]).stdout;
    expect(script).toContain('capture');
    if (has(shell)) expect(spawnSync(shell, [flag], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  it('knows three shells', () => {
    expect(netdrift(['completion', 'tcsh'])).toEqual({
      status: 2,
      stdout: '',
      stderr: 'netdrift: <shell> is "tcsh"; expected one of bash, zsh, fish\n',
    });
  });
});

describe('--quiet and --verbose', () => {
  const folder = () =>
    folderOf({
      'ipvsadm-ln.txt':
        'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n',
      'note.txt': 'hello\n',
    });

  it('leave out remarks, and add what was read; the result is the same', () => {
    const named = folder();
    const usual = netdrift(['diff', named, named]);
    expect(usual.stderr).toContain('note.txt is not used');
    expect(netdrift(['diff', named, named, '--quiet'])).toEqual({ ...usual, stderr: '' });
    const verbose = netdrift(['diff', named, named, '--verbose']);
    expect(verbose.stdout).toBe(usual.stdout);
    expect(verbose.stderr.replaceAll(/\d+ ms/g, 'N ms').split('\n')).toEqual(
      expect.arrayContaining([
        `netdrift: ${named}: ipvsadm-ln.txt: ipvsadm, complete`,
        `netdrift: ${named}: 2 files read in N ms`,
        'netdrift: compared in N ms',
        'netdrift: done in N ms',
      ]),
    );
  });

  it('exclude each other, and errors are told by --quiet too', () => {
    expect(netdrift(['diff', 'a', 'b', '--quiet', '--verbose'])).toEqual({
      status: 2,
      stdout: '',
      stderr: 'netdrift: --quiet cannot be used with --verbose\n',
    });
    expect(netdrift(['diff', 'no-such', 'b', '--quiet'])).toEqual({
      status: 2,
      stdout: '',
      stderr: 'netdrift: cannot read no-such: there is no such file or folder\n',
    });
  });
});

describe('netdrift.config.json', () => {
  const CONFIG = { ignore: [{ id: 'nat.snat.*', reason: 'known' }], severity: { 'ipset.member.removed': 'notice' } };
  const run = (config: object | string, ...args: readonly string[]) =>
    netdrift(['diff', ...DEMO, ...args], {
      cwd: folderOf({ 'netdrift.config.json': typeof config === 'string' ? config : JSON.stringify(config) }),
    });

  it('of the folder counts, and what is named on the command line has the last word', () => {
    expect(run(CONFIG).stdout.split('\n')[0]).toBe('Drift: 2 warning, 2 notice; 2 differences without effect.');
    expect(run(CONFIG, '--severity', 'ipset.member.removed=critical').stdout.split('\n')[0]).toBe(
      'Drift: 1 critical, 2 warning, 1 notice; 2 differences without effect.',
    );
  });

  it('names the nearest for a key or an id that does not exist', () => {
    expect(run({ ignored: [] })).toEqual({
      status: 2,
      stdout: '',
      stderr: 'netdrift: netdrift.config.json has an unknown key: ignored; the nearest is ignore\n',
    });
    expect(run({ severity: { 'ipvs.service.add': 'none' } }).stderr).toContain(
      'nothing has the id ipvs.service.add; the nearest is ipvs.service.added',
    );
    expect(run('{').stderr).toContain('netdrift.config.json is not JSON');
  });

  it('is told where a rule of it matches nothing', () => {
    expect(run({ ignore: [{ id: 'ipvs.service.readdressed', reason: 'once' }] }).stderr).toBe(
      'netdrift: the rule to ignore ipvs.service.readdressed matches nothing\n',
    );
  });

  it('counts for check too: what it ignores is none, and says why', () => {
    const config = join(
      folderOf({ 'policy.json': JSON.stringify({ ignore: [{ id: '*', reason: 'all of it is known' }] }) }),
      'policy.json',
    );
    const { status, stdout } = netdrift(['check', DEMO[1] ?? '', '--config', config, '--format', 'json']);
    const { findings }: { findings: { severity: string; note: string }[] } = JSON.parse(stdout);
    expect(status).toBe(0);
    expect(findings.length).toBeGreaterThan(0);
    expect(new Set(findings.map(({ severity, note }) => `${severity} ${note}`))).toEqual(new Set(['none ignored: all of it is known']));
  });

  it('has a schema that is shipped, and refuses what the program refuses', () => {
    const fits = new Ajv2020({ strict: true }).compile(
      JSON.parse(readFileSync(join(repository, 'packages/cli/schemas/config.json'), 'utf8')),
    );
    expect(fits(CONFIG)).toBe(true);
    expect([{ ignored: [] }, { severity: { a: 'loud' } }, { ignore: [{ id: 'a' }] }, { known: 'a' }].filter((one) => fits(one))).toEqual(
      [],
    );
  });
});

describe.skipIf(!has('git'))('netdrift git-diff', () => {
  const LISTING = (weight: number, counter: number) =>
    `# Generated by iptables-save v1.8.9 on Mon Nov 30 00:00:0${counter} 2026\n*filter\n:INPUT ACCEPT [${counter}:${counter}]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport ${weight} -j DROP\nCOMMIT\n# Completed on Mon Nov 30 00:00:0${counter} 2026\n`;
  const program = `'${process.execPath}' '${join(repository, 'packages/cli/dist/netdrift.js')}' git-diff`;

  it('tells git diff what changed for traffic, and leaves other files to git', () => {
    const folder = folderOf({
      'node/iptables-save.txt': LISTING(80, 1),
      'node/note.txt': 'one\n',
      '.gitattributes': '*.txt diff=netdrift\n',
    });
    const git = (...words: readonly string[]) =>
      spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', `diff.netdrift.command=${program}`, ...words], {
        cwd: folder,
        encoding: 'utf8',
      });
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'one');
    spawnSync('sh', ['-c', `cat > node/iptables-save.txt; echo two > node/note.txt; echo new > node/new.txt; git add -N node/new.txt`], {
      cwd: folder,
      input: LISTING(443, 2),
    });
    const { status, stdout, stderr } = git('diff');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('netdrift node/iptables-save.txt\nDrift: ');
    expect(stdout).toMatch(/-one\n\+two\n/);
    expect(stdout).toContain('+new');
  });

  it('as a text conversion shows git the rules, without counters and dates', () => {
    const folder = folderOf({ 'a.txt': LISTING(80, 1), '.gitattributes': '*.txt diff=netdrift\n' });
    const git = (...words: readonly string[]) =>
      spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', `diff.netdrift.textconv=${program} --textconv`, ...words], {
        cwd: folder,
        encoding: 'utf8',
      });
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'one');
    spawnSync('sh', ['-c', 'cat > a.txt'], { cwd: folder, input: LISTING(80, 2) });
    expect(git('diff').stdout).toBe('');
    spawnSync('sh', ['-c', 'cat > a.txt'], { cwd: folder, input: LISTING(443, 3) });
    expect(git('diff').stdout.match(/^[-+](?![-+]{2} ).*$/gm)).toEqual([
      '--A INPUT -p tcp -m tcp --dport 80 -j DROP',
      '+-A INPUT -p tcp -m tcp --dport 443 -j DROP',
    ]);
  });
});
