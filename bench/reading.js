// Eager trees beside a parser written for one job, beside JSON.parse of the same tree, and beside jc where it is installed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseIpset } from '@netdrift/ipset';
import { parseIptables } from '@netdrift/iptables';
import { parseIpvsadm } from '@netdrift/ipvsadm';
import { ipsetSave, iptablesListing, iptablesSave, ipvsadmListing } from './generate.js';
import { parseByHand } from './handwritten-iptables.js';
import { measure, table, timeOf } from './measure.js';

const hasJc = spawnSync('jc', ['--version']).status === 0;

/** @type {readonly (readonly [what: string, text: string, parse: (bytes: Uint8Array) => { value: unknown }, hand: ((text: string) => unknown) | undefined, target: string])[]} */
const cases = [
  ['`iptables -nL`, 100,000 rules', iptablesListing(100_000), parseIptables, parseByHand, 'hand-written ≥ 1.4, `JSON.parse` ≥ 2'],
  ['`iptables-save`, 100,000 rules', iptablesSave(100_000), parseIptables, undefined, '`JSON.parse` ≥ 2'],
  ['`ipvsadm -ln`, 100,000 services × 3', ipvsadmListing(100_000, 3), parseIpvsadm, undefined, '`JSON.parse` ≥ 1.2'],
  ['`ipset save`, 200,000 members', ipsetSave(200_000), parseIpset, undefined, '`JSON.parse` ≥ 2'],
];

/** CPU of jc over ours, both as programs. @param {string} text */
function besideJc(text) {
  if (!hasJc) return 'jc is not installed';
  const folder = mkdtempSync(join(tmpdir(), 'netdrift-bench-'));
  const path = join(folder, 'listing.txt');
  writeFileSync(path, text);
  const jc = timeOf(['sh', '-c', `jc --iptables < ${path}`]);
  rmSync(folder, { recursive: true });
  return (jc / measure({ ours: () => parseIptables(text) }, 3).ours).toFixed(0);
}

/** A table; a figure of 2 says that ours takes half the time of the reference. */
export function reading() {
  const rows = cases.map(([what, text, parse, hand, target]) => {
    const bytes = new TextEncoder().encode(text);
    const json = JSON.stringify(parse(bytes).value);
    const times = measure({ ours: () => parse(bytes), hand: () => hand?.(text), json: () => JSON.parse(json) });
    return [
      what,
      (bytes.length / 1e6).toFixed(1),
      times.ours.toFixed(0),
      hand === undefined ? '' : (times.hand / times.ours).toFixed(2),
      (times.json / times.ours).toFixed(2),
      target,
    ];
  });
  const jc = `\`iptables -nL\` of 10,000 rules, times of jc over ours: ${besideJc(iptablesListing(10_000))} (target: ≥ 3).`;
  return `${table(['reading, eager tree', 'MB', 'CPU ms', 'hand-written / ours', '`JSON.parse` / ours', 'target'], rows)}\n\n${jc}`;
}
