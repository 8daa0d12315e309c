// Whole runs of `netdrift diff` and `check`, reading and start included.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { iptablesListing, iptablesSave } from './generate.js';
import { table, timeOf } from './measure.js';

const program = fileURLToPath(new URL('../packages/cli/dist/netdrift.js', import.meta.url));
const RULES = 55_000;

/** A table. */
export function comparing() {
  const home = mkdtempSync(join(tmpdir(), 'netdrift-bench-'));
  /** @param {string} name @param {string} file @param {string} text */
  const write = (name, file, text) => {
    mkdirSync(join(home, name), { recursive: true });
    writeFileSync(join(home, name, file), text);
    return join(home, name);
  };
  const listing = iptablesListing(RULES);
  const save = iptablesSave(RULES);
  /** Other pods behind the first services. @param {string} text @param {number} services */
  const rolled = (text, services) =>
    text.replace(/\b11\.(\d+)\.(\d+)\.(\d+)\b/g, (all, a, b, c) =>
      (Number(a) * 256 + Number(b)) * 256 + Number(c) < services * 3 ? `12.${a}.${b}.${c}` : all,
    );
  const sides = {
    listing: write('listing', 'iptables-nat-nL.txt', listing),
    copy: write('copy', 'iptables-nat-nL.txt', listing),
    few: write('few', 'iptables-nat-nL.txt', rolled(listing, 3)),
    every: write('every', 'iptables-nat-nL.txt', rolled(listing, RULES)),
    save: write('save', 'iptables-save.txt', save),
    saveFew: write('save-few', 'iptables-save.txt', rolled(save, 3)),
  };
  /** @type {readonly (readonly [what: string, words: readonly string[], target: string])[]} */
  const runs = [
    ['`diff` of equal files', ['diff', sides.listing, sides.copy], '≤ 0.5'],
    ['`diff`, 3 services changed', ['diff', sides.listing, sides.few], '≤ 2'],
    ['`diff`, 3 services changed, as save', ['diff', sides.save, sides.saveFew], '≤ 2'],
    ['`diff`, every service changed', ['diff', sides.listing, sides.every], '≤ 4'],
    ['`check`', ['check', sides.listing], '≤ 2'],
  ];
  const rows = runs.map(([what, words, target]) => [what, (timeOf([process.execPath, program, ...words]) / 1000).toFixed(1), target]);
  rmSync(home, { recursive: true });
  return table(['5,000 services × 3, 55,000 rules a side', 'CPU s', 'target'], rows);
}
