import { diffSnapshots, readSnapshot, type Snapshot } from '@netdrift/drift';
import { expect, it } from 'vitest';
import { corpusBytes, corpusFiles, describeCorpus } from '../support/corpus.ts';
import { effort } from '../support/share.ts';

const REMOVALS = effort(100, 10_000);

/** A number from 0 to below `limit`, the same in every run. */
function generator(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % limit;
  };
}

/** Outputs that list things; an answer, a log, counters and objects are none. */
const LISTING =
  /(?:iptables|filter|nat|mangle|raw|security|save|ipvsadm|ipset|lsmod|proc-modules|modules|\/ln|stats|rate|names|thresholds|tun-info|proc-ip_vs|one-service)[^/]*\.txt$/;
const NO_LISTING = /stderr|stdout|conn|lnc|daemon|timeout|ip_vs_stats|kubectl|loading|version/;

/** Lines that say nothing of what is there: blank ones, titles of columns, remarks of iptables-save, and how big a set is in memory. */
const SAYS_NOTHING = [
  /^\s*$/,
  /^(?:num +)?(?: *pkts +bytes +)?target +prot opt /,
  /^Prot LocalAddress:Port/,
  /^ {2}-> RemoteAddress:Port/,
  /^Module +Size +Used by/,
  /^# (?:Generated|Completed)/,
  /^(?:Revision|Size in memory|References|Number of entries|Members):/,
];

/** Small enough for ten thousand comparisons: larger ones hold more of the same. */
const MAX_BYTES = 20_000;

describeCorpus('.', `${REMOVALS} listings of the corpus, each with one line taken out`, () => {
  it('are never "no change"', () => {
    const names = ['kube-proxy', 'iptables/scenarios', 'iptables/drift', 'ipvsadm'].flatMap((folder) =>
      corpusFiles(folder, (path) => LISTING.test(path) && !NO_LISTING.test(path)),
    );
    const listings = names
      .map((path) => ({ path, text: new TextDecoder('latin1').decode(corpusBytes(path)) }))
      .filter(({ text }) => text !== '' && text.length <= MAX_BYTES);
    const read = (path: string, text: string): Snapshot => readSnapshot([{ name: path.slice(path.lastIndexOf('/') + 1), content: text }]);
    const whole = new Map<string, Snapshot>();
    const random = generator(20_261_123);
    const silent: string[] = [];
    for (let done = 0; done < REMOVALS;) {
      const { path, text } = listings[random(listings.length)] as (typeof listings)[number];
      const lines = text.split('\n');
      const at = random(lines.length);
      if (SAYS_NOTHING.some((pattern) => pattern.test(lines[at] ?? ''))) continue;
      done += 1;
      const before = whole.get(path) ?? read(path, text);
      whole.set(path, before);
      const after = read(path, lines.toSpliced(at, 1).join('\n'));
      if (diffSnapshots(before, after).verdict === 'no-change') silent.push(`${path}:${at + 1}: ${lines[at]}`);
    }
    expect(silent).toEqual([]);
  });
});
