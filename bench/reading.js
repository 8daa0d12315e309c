// Eager trees beside a parser written for one job, beside JSON.parse of the same tree, and beside jc where it is installed; and documents.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parseIpset } from '@netdrift/ipset';
import { openIptables, parseIptables } from '@netdrift/iptables';
import { parseIpvsadm } from '@netdrift/ipvsadm';
import { ipsetSave, iptablesListing, iptablesSave, iptablesVerboseListing, ipvsadmListing } from './generate.js';
import { parseByHand } from './handwritten-iptables.js';
import { measure, table, timeOf } from './measure.js';

const RULES = 100_000;
const hasJc = spawnSync('jc', ['--version']).status === 0;

/** @type {readonly (readonly [what: string, text: () => string, parse: (bytes: Uint8Array) => { value: unknown }, hand: ((text: string) => unknown) | undefined, target: string])[]} */
const cases = [
  ['`iptables -nL`, 100,000 rules', () => iptablesListing(RULES), parseIptables, parseByHand, 'hand-written ≥ 1.4, `JSON.parse` ≥ 2'],
  ['`iptables -nvL`, 100,000 rules', () => iptablesVerboseListing(RULES), parseIptables, undefined, '`JSON.parse` ≥ 2'],
  ['`iptables-save`, 100,000 rules', () => iptablesSave(RULES), parseIptables, undefined, '`JSON.parse` ≥ 2'],
  ['`ipvsadm -ln`, 100,000 services × 3', () => ipvsadmListing(100_000, 3), parseIpvsadm, undefined, '`JSON.parse` ≥ 1.2'],
  ['`ipset save`, 200,000 members', () => ipsetSave(200_000), parseIpset, undefined, '`JSON.parse` ≥ 2'],
];

/** CPU of jc for the rules of a text, its start taken off, over ours. @param {string} text */
function besideJc(text) {
  if (!hasJc) return 'jc is not installed';
  const folder = mkdtempSync(join(tmpdir(), 'netdrift-bench-'));
  const path = join(folder, 'listing.txt');
  const jc = (/** @type {string} */ what) => {
    writeFileSync(path, what);
    return timeOf(['sh', '-c', `jc --iptables < ${path}`]);
  };
  const [whole, start] = [jc(text), jc(iptablesListing(1))];
  rmSync(folder, { recursive: true });
  return ((whole - start) / measure({ ours: () => parseIptables(text) }, 7).ours).toFixed(0);
}

/** Bytes of memory that a value takes for each rule, without the text. @param {(bytes: Uint8Array) => unknown} make @param {string} text */
function bytesOfRule(make, text) {
  setFlagsFromString('--expose-gc');
  const collect = /** @type {() => void} */ (runInNewContext('gc'));
  const used = () => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const bytes = new TextEncoder().encode(text);
  const before = used();
  const made = make(bytes);
  const taken = used() - before;
  if (made === undefined) throw new Error('nothing was made');
  return Math.max(0, (taken - text.length) / RULES).toFixed(0);
}

/** The table of documents. */
function documents() {
  const text = iptablesListing(RULES);
  const bytes = new TextEncoder().encode(text);
  const times = measure({ ours: () => openIptables(bytes), hand: () => parseByHand(text) });
  return table(
    ['reading, document', 'CPU ms', 'hand-written / ours', 'bytes a rule beyond the text', 'of the eager tree', 'target'],
    [
      [
        '`iptables -nL`, 100,000 rules',
        times.ours.toFixed(0),
        (times.hand / times.ours).toFixed(2),
        bytesOfRule(openIptables, text),
        bytesOfRule(parseIptables, text),
        'hand-written ≥ 2.5, ≤ 150 bytes',
      ],
    ],
  );
}

/** Tables; a figure of 2 says that ours takes half the time of the reference. */
export function reading() {
  const rows = cases.map(([what, make, parse, hand, target]) => {
    const text = make();
    const bytes = new TextEncoder().encode(text);
    const json = JSON.stringify(parse(bytes).value);
    const times = measure({ ours: () => parse(bytes), hand: () => hand?.(text), json: () => JSON.parse(json) }, 7);
    return [
      what,
      (bytes.length / 1e6).toFixed(1),
      times.ours.toFixed(0),
      hand === undefined ? '' : (times.hand / times.ours).toFixed(2),
      (times.json / times.ours).toFixed(2),
      target,
    ];
  });
  const jc = [
    ['`iptables -nL`, 10,000 rules', besideJc(iptablesListing(10_000)), '≥ 3'],
    ['`iptables -nvL`, 10,000 rules', besideJc(iptablesVerboseListing(10_000)), '≥ 60'],
  ];
  return [
    table(['reading, eager tree', 'MB', 'CPU ms', 'hand-written / ours', '`JSON.parse` / ours', 'target'], rows),
    documents(),
    table(['reading, beside jc', 'jc / ours', 'target'], jc),
  ].join('\n\n');
}
