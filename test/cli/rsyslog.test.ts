import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildCli, folderOf, netdrift } from '../support/cli.ts';

const isInstalled = ['rsyslogd', 'logger'].every((program) =>
  ['/usr/sbin', '/usr/bin', '/sbin', '/bin'].some((folder) => existsSync(join(folder, program))),
);
if (!isInstalled) console.warn('rsyslogd or logger is not installed: the pipeline of docs/streams.md is not tried');

const cli = fileURLToPath(new URL('../../packages/cli/dist/netdrift.js', import.meta.url));
const TAGS = { 'ipvs-table': 'ipvsadm-ln', 'nat-table': 'iptables-save' } as const;
const file = (name: string): string => fileURLToPath(new URL(`../../fixtures/demo/before/${name}.txt`, import.meta.url));

/** Records of a tool, without where they stand: their number and order are those of its listings. */
const bare = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/"source":"[^"]*","line":\d+/, '').replace(/"span":\{[^}]*\}/g, ''));

describe.skipIf(!isInstalled)('the pipeline of docs/streams.md', () => {
  let daemon: ChildProcess | undefined;
  beforeAll(buildCli);
  afterEach(() => void daemon?.kill());

  const started = async (folder: string): Promise<ChildProcess> => {
    daemon = spawn('rsyslogd', ['-n', '-f', join(folder, 'rsyslog.conf'), '-i', join(folder, 'pid')], {
      stdio: 'ignore',
      env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` },
    });
    await until(() => existsSync(join(folder, 'log.sock')));
    return daemon;
  };
  const logAll = (folder: string): void => {
    for (const [tag, name] of Object.entries(TAGS)) execFileSync('logger', ['-u', join(folder, 'log.sock'), '-t', tag, '-f', file(name)]);
  };
  const shown = (folder: string, tag: string): string[] =>
    existsSync(join(folder, `${tag}.jsonl`)) ? bare(readFileSync(join(folder, `${tag}.jsonl`), 'utf8')) : [];

  it('gives every listing whole and in order, also when either side was started again', { timeout: 120_000 }, async () => {
    const folder = folderOf({});
    const action = (tag: string): string =>
      `if $programname == "${tag}" then action(type="omprog" binary="${process.execPath} ${cli} parse --format jsonl -" template="line" output="${folder}/${tag}.jsonl" queue.type="linkedList" action.resumeRetryCount="-1")`;
    writeFileSync(
      join(folder, 'rsyslog.conf'),
      [
        `global(workDirectory="${folder}" parser.escapeControlCharactersOnReceive="off")`,
        'module(load="imuxsock" SysSock.Use="off")',
        `input(type="imuxsock" Socket="${folder}/log.sock" RateLimit.Interval="0" ParseTrusted="off")`,
        'module(load="omprog")',
        'template(name="line" type="list") { property(name="msg" position.from="2") constant(value="\\n") }',
        ...Object.keys(TAGS).map(action),
        '',
      ].join('\n'),
    );
    const once = new Map(
      Object.entries(TAGS).map(([tag, name]) => [tag, bare(netdrift(['parse', '--format', 'jsonl', file(name)]).stdout)]),
    );
    const expectTimes = async (times: number): Promise<void> => {
      for (const [tag, records] of once) {
        await until(() => shown(folder, tag).length >= records.length * times);
        expect([tag, shown(folder, tag)]).toEqual([tag, Array.from({ length: times }, () => records).flat()]);
      }
    };
    let running = await started(folder);
    logAll(folder);
    logAll(folder);
    await expectTimes(2);
    for (const pid of execFileSync('pgrep', ['-P', String(running.pid)], { encoding: 'utf8' })
      .trim()
      .split('\n'))
      process.kill(Number(pid));
    await pause(500);
    logAll(folder);
    await expectTimes(3);
    running.kill();
    await until(() => running.exitCode !== null || running.signalCode !== null);
    running = await started(folder);
    await pause(1000);
    logAll(folder);
    await expectTimes(4);
  });
});

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Waits until something is so, a minute at most. */
async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 300 && !isSo(); tries += 1) await pause(200);
}
