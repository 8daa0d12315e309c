// `pnpm bench`: ours beside the references, in one run on one machine. Prints CPU time, and how ours compares; decides nothing.
//   pnpm bench            everything
//   pnpm bench reading    one of: start, reading, growth, comparing, checking, streaming
// `--write` puts it into docs/performance.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform } from 'node:os';
import { fileURLToPath } from 'node:url';
import { checking } from './checking.js';
import { comparing } from './comparing.js';
import { growth } from './growth.js';
import { reading } from './reading.js';
import { start } from './start.js';
import { streaming } from './streaming.js';

const parts = { start, reading, growth, comparing, checking, streaming };
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const lines = [
  `Node ${process.version} on ${platform()} ${arch()}, ${availableParallelism()} cores of ${cpus()[0]?.model ?? 'an unknown processor'}.`,
];
console.log(lines[0]);
for (const [name, run] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const table = await run();
  console.log(`\n${table}`);
  lines.push(table);
}
if (process.argv.includes('--write')) {
  const path = fileURLToPath(new URL('../docs/performance.md', import.meta.url));
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace(/(<!-- measured -->\n)[\s\S]*?(<!-- \/measured -->)/, `$1\n${lines.join('\n\n')}\n\n$2`),
  );
}
