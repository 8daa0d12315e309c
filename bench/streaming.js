// A stream of a million rules to JSON lines: its peak of memory is that of any length.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Readable } from 'node:stream';
import { listingPieces } from './generate.js';
import { table } from './measure.js';

const program = fileURLToPath(new URL('../packages/cli/dist/netdrift.js', import.meta.url));
/** Prints the peak and the CPU time of the process to standard error when it ends. */
const WATCHED = `process.on('exit', () => { const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage(); process.stderr.write(JSON.stringify({ peak: maxRSS / 1024, cpu: (userCPUTime + systemCPUTime) / 1e6 })); }); process.argv.splice(1, 1, '${program}'); await import('${program}');`;

/** @param {number} rules each chain of which has a name of its own @returns {Promise<{ peak: number, cpu: number, chains: number, size: number }>} */
async function streamed(rules) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', WATCHED, '--', 'netdrift', 'parse', '--format', 'jsonl', '-'], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let told = '';
  let size = 0;
  let chains = 0;
  child.stderr.on('data', (piece) => (told += piece));
  Readable.from(
    (function* () {
      for (const piece of listingPieces(rules)) {
        size += piece.length;
        chains += piece.split('Chain ').length - 1;
        yield piece;
      }
    })(),
  ).pipe(child.stdin);
  await new Promise((resolve) => child.on('close', resolve));
  return { ...JSON.parse(told.slice(told.lastIndexOf('{'))), chains, size };
}

/** A table. */
export async function streaming() {
  const rows = [];
  for (const rules of [100_000, 1_000_000]) {
    const { peak, cpu, chains, size } = await streamed(rules);
    rows.push([
      `${rules.toLocaleString('en')} rules in ${chains.toLocaleString('en')} chains, ${(size / 1e6).toFixed(0)} MB`,
      cpu.toFixed(1),
      peak.toFixed(0),
      '≤ 150',
    ]);
  }
  return table(['`parse --format jsonl -`', 'CPU s', 'peak MiB', 'target'], rows);
}
