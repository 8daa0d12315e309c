// A stream of a million rules to JSON lines: its peak of memory is that of any length.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Readable } from 'node:stream';
import { iptablesListing } from './generate.js';
import { table } from './measure.js';

const program = fileURLToPath(new URL('../packages/cli/dist/netdrift.js', import.meta.url));
/** Prints the peak and the CPU time of the process to standard error when it ends. */
const WATCHED = `process.on('exit', () => { const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage(); process.stderr.write(JSON.stringify({ peak: maxRSS / 1024, cpu: (userCPUTime + systemCPUTime) / 1e6 })); }); process.argv.splice(1, 1, '${program}'); await import('${program}');`;

/** @param {string} text @param {number} times @returns {Promise<{ peak: number, cpu: number }>} */
async function streamed(text, times) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', WATCHED, '--', 'netdrift', 'parse', '--format', 'jsonl', '-'], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let told = '';
  child.stderr.on('data', (piece) => (told += piece));
  Readable.from(
    (function* () {
      for (let time = 0; time < times; time += 1) yield text;
    })(),
  ).pipe(child.stdin);
  await new Promise((resolve) => child.on('close', resolve));
  return JSON.parse(told.slice(told.lastIndexOf('{')));
}

/** A table. */
export async function streaming() {
  const text = iptablesListing(50_000);
  const rows = [];
  for (const times of [2, 20]) {
    const { peak, cpu } = await streamed(text, times);
    rows.push([
      `${(times * 50_000).toLocaleString('en')} rules, ${((text.length * times) / 1e6).toFixed(0)} MB`,
      cpu.toFixed(1),
      peak.toFixed(0),
      '≤ 150',
    ]);
  }
  return table(['`parse --format jsonl -`', 'CPU s', 'peak MiB', 'target'], rows);
}
