import { spawn } from 'node:child_process';
import script from '../capture/capture.sh';
import { NOTHING, TROUBLE } from '../exit-status.ts';
import { StandardOutput } from '../output/standard-output.ts';
import { reasonOf, Trouble } from '../trouble.ts';
import { VERSION } from '../version.ts';

/** Options of `netdrift capture`. */
export interface CaptureOptions {
  readonly run?: true;
  /** The archive to write; missing = the script names it. */
  readonly output?: string;
}

/** `netdrift capture`: prints the script that collects a snapshot, or runs it; gives the exit status. */
export async function capture({ run, output }: CaptureOptions): Promise<number> {
  const text = script.replace('NETDRIFT_VERSION', VERSION);
  if (run !== true) {
    await new StandardOutput().write(text);
    return NOTHING;
  }
  return (await runScript(text, output === undefined ? [] : [output])) === 0 ? NOTHING : TROUBLE;
}

/** Runs a script in the shell, with its output and errors as ours. */
async function runScript(text: string, args: readonly string[]): Promise<number | null> {
  const shell = spawn('sh', ['-s', '--', ...args], { stdio: ['pipe', 'inherit', 'inherit'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    shell.once('error', (error) => reject(new Trouble(`cannot run sh: ${reasonOf(error)}`)));
    shell.once('close', resolve);
  });
  // A shell that ends early reads no more of the script; its exit status says so.
  shell.stdin.on('error', () => undefined);
  shell.stdin.end(text);
  return ended;
}
