// `pnpm bench`: ours beside the references, in one run on one machine. Prints CPU time, and how ours compares; decides nothing.
import { arch, cpus, platform } from 'node:os';
import { parseIptables } from '@netdrift/iptables';
import { parseIpvsadm } from '@netdrift/ipvsadm';
import { iptablesListing, ipvsadmListing } from './generate.js';
import { parseByHand } from './handwritten-iptables.js';

const ROUNDS = 5;

/**
 * Least CPU time of each contender in milliseconds; the rounds are interleaved, so that a slow moment of the machine meets all.
 * @param {Record<string, () => unknown>} contenders
 */
function measure(contenders) {
  const best = new Map(Object.keys(contenders).map((name) => [name, Number.POSITIVE_INFINITY]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, work] of Object.entries(contenders)) {
      const start = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(start);
      best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, (user + system) / 1000));
    }
  }
  return best;
}

/** @param {string} title @param {string} text @param {Map<string, number>} times @param {string} ours */
function table(title, text, times, ours) {
  const own = times.get(ours) ?? Number.NaN;
  console.log(`\n${title} (${(text.length / 1e6).toFixed(1)} MB)`);
  for (const [name, time] of times) {
    const rate = (text.length / 1e3 / time).toFixed(0);
    const ratio = name === ours ? '' : `  ours takes ${(own / time).toFixed(2)} x its time`;
    console.log(`  ${name.padEnd(28)} ${time.toFixed(0).padStart(6)} ms CPU ${rate.padStart(6)} MB/s${ratio}`);
  }
}

console.log(`node ${process.version} ${platform()} ${arch()}, ${cpus()[0]?.model ?? 'unknown CPU'}, best of ${ROUNDS}`);

const rules = iptablesListing(100_000);
const ruleTree = JSON.stringify(parseIptables(rules).value);
table(
  'iptables -nL, 100,000 rules, eager tree',
  rules,
  measure({
    parseIptables: () => parseIptables(rules),
    'hand-written parser': () => parseByHand(rules),
    'JSON.parse of the same tree': () => JSON.parse(ruleTree),
  }),
  'parseIptables',
);

const services = ipvsadmListing(200_000, 3);
const serviceTree = JSON.stringify(parseIpvsadm(services).value);
table(
  'ipvsadm -ln, 200,000 services x 3',
  services,
  measure({ parseIpvsadm: () => parseIpvsadm(services), 'JSON.parse of the same tree': () => JSON.parse(serviceTree) }),
  'parseIpvsadm',
);

console.log('\ngrowth: time for 10 x the input (10 is linear)');
for (const [name, small, large, parse] of /** @type {const} */ ([
  ['iptables -nL', iptablesListing(20_000), iptablesListing(200_000), parseIptables],
  ['ipvsadm -ln', ipvsadmListing(10_000, 3), ipvsadmListing(100_000, 3), parseIpvsadm],
])) {
  const times = measure({ small: () => parse(small), large: () => parse(large) });
  console.log(`  ${name.padEnd(14)} ${((times.get('large') ?? 0) / (times.get('small') ?? 1)).toFixed(1)}`);
}
