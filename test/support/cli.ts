import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, openSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished, vi } from 'vitest';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const executable = join(repository, 'packages', 'cli', 'dist', 'netdrift.js');

// Each run starts a process or several, which take seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

/** How a run of the built executable ended. */
export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a run may be given beside its arguments. */
export interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Builds what is stale, once for all tests of a file: the command line is tested as a person runs it. */
export function buildCli(): void {
  const { status, stderr } = spawnSync(process.execPath, [join(repository, 'scripts', 'prepare.js')], {
    cwd: repository,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the build did not work:\n${stderr}`);
}

/** Two named pipes to a process that runs the executable. */
interface Host {
  readonly requests: number;
  readonly answers: number;
}

let host: Host | undefined;

/** Starts a process that runs the executable for all tests of a worker. It ends with the worker. */
function startHost(): Host {
  const folder = mkdtempSync(join(tmpdir(), 'netdrift-host-'));
  const pipes = [join(folder, 'requests'), join(folder, 'answers')] as const;
  const made = spawnSync('mkfifo', pipes);
  if (made.status !== 0) throw new Error(`no named pipes here: ${made.stderr.toString()}`);
  spawn(process.execPath, [join(repository, 'test', 'support', 'cli-host.js'), ...pipes], {
    stdio: ['ignore', 'ignore', 'inherit'],
  }).unref();
  const started = { requests: openSync(pipes[0], 'w'), answers: openSync(pipes[1], 'r') };
  rmSync(folder, { recursive: true });
  return started;
}

/** Reads up to the end of a line; undefined where the other end is gone. */
function readLineSync(file: number): string | undefined {
  const pieces: Buffer[] = [];
  for (const buffer = Buffer.alloc(1 << 16); ;) {
    const count = readSync(file, buffer);
    if (count === 0) return undefined;
    pieces.push(Buffer.from(buffer.subarray(0, count)));
    if (buffer[count - 1] === 10) return Buffer.concat(pieces).toString();
  }
}

/**
 * Runs `netdrift` in the repository, without colour settings of the one who runs the tests. All runs of a worker share one process, which
 * has the executable loaded: what a process of its own shows (its start, signals, a pipe that closes) is asked of {@link netdriftProcess}.
 */
export function netdrift(args: readonly string[], { input = '', cwd = repository, env = {} }: RunOptions = {}): Run {
  host ??= startHost();
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...inherited } = process.env;
  const request = { executable, args, input: Buffer.from(input).toString('base64'), cwd, env: { ...inherited, ...env } };
  const bytes = Buffer.from(`${JSON.stringify(request)}\n`);
  for (let written = 0; written < bytes.length;) written += writeSync(host.requests, bytes, written);
  const answer = readLineSync(host.answers);
  if (answer === undefined) {
    host = undefined;
    throw new Error(`netdrift ${args.join(' ')}: no answer`);
  }
  const run: Run = JSON.parse(answer);
  return run;
}

/** Runs `netdrift` as {@link netdrift} does, in a process of its own. */
export function netdriftProcess(args: readonly string[], { input = '', cwd = repository, env = {} }: RunOptions = {}): Run {
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...inherited } = process.env;
  const run = spawnSync(process.execPath, [executable, ...args], {
    cwd,
    input,
    encoding: 'utf8',
    env: { ...inherited, ...env },
    maxBuffer: 1 << 28,
    timeout: 60_000,
  });
  return { status: run.status, stdout: run.stdout, stderr: run.stderr };
}

/** Runs `netdrift` with a reader that goes away after the first piece of output, as `| head -1` does. */
export async function netdriftIntoClosedPipe(args: readonly string[], input: string): Promise<Run> {
  const child = spawn(process.execPath, [executable, ...args], { cwd: repository });
  let stderr = '';
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  child.stdout.destroy();
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, stdout: '', stderr };
}

/** A run whose input is written by hand, line by line. */
export interface LiveRun {
  write(text: string): void;
  /** The next lines of standard output, when they have come. */
  lines(count: number): Promise<readonly string[]>;
  /** Ends the input and gives the exit status. */
  end(): Promise<number | null>;
}

/** Starts `netdrift` with an input that stays open. */
export function startNetdrift(args: readonly string[]): LiveRun {
  const child = spawn(process.execPath, [executable, ...args], { cwd: repository });
  let pending = '';
  let arrived: (() => void) | undefined;
  child.stdout.on('data', (piece: Buffer) => {
    pending += piece.toString();
    arrived?.();
  });
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    write: (text) => void child.stdin.write(text),
    async lines(count) {
      while (pending.split('\n').length <= count) await new Promise<void>((resolve) => (arrived = resolve));
      const lines = pending.split('\n');
      pending = lines.slice(count).join('\n');
      return lines.slice(0, count);
    },
    end() {
      child.stdin.end();
      return closed;
    },
  };
}

/** A folder of files for one test; it is removed when the test ends. */
export function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'netdrift-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}
