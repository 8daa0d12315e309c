// node bench/fleet.js [NODES] [SERVICES]: writes captures of made-up nodes, digests them in one process, and reduces the rows by the SQL
// that is shipped. Prints time and memory of each step; docs/fleet.md has the last figures.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { fleetNode } from './fleet-node.js';

const [nodes = 1000, services = 50] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'netdrift-fleet-'));
const paths = Array.from({ length: nodes }, (_node, index) => join(folder, `node-${index}`));
for (const [index, path] of paths.entries()) {
  mkdirSync(path);
  writeFileSync(join(path, 'iptables-save.txt'), fleetNode(services, index % 100 === 7 ? { stale: [index % services] } : {}));
}
const program = fileURLToPath(new URL('../packages/cli/dist/netdrift.js', import.meta.url));
const rows = join(folder, 'digest.jsonl');
const run = spawnSync(
  'sh',
  ['-c', `/usr/bin/env time -f '%U s of CPU, %M KiB at most' "$0" "$1" digest >"$2"`, process.execPath, program, rows],
  { input: paths.join('\n'), encoding: 'utf8' },
);
process.stdout.write(
  `digest of ${nodes} nodes with ${services} services: ${run.stderr.trim()}, ${statSync(rows).size >> 10} KiB of rows\n`,
);
const began = performance.now();
const connection = await (await DuckDBInstance.create()).connect();
const sql = readFileSync(new URL('../packages/cli/sql/outliers.sql', import.meta.url), 'utf8').replaceAll("'digest.jsonl'", `'${rows}'`);
await connection.run(sql);
const { length } = (await connection.runAndReadAll('select * from outliers')).getRows();
process.stdout.write(`groups of outliers by outliers.sql: ${length}, in ${Math.round(performance.now() - began)} ms\n`);
rmSync(folder, { recursive: true });
