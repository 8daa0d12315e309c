import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OpenListings } from '../../packages/cli/src/parse/open-listing.ts';
import { startNetdrift } from '../support/cli.ts';

/** Outputs outside of the demo, of which no other tool's stands there. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  nft: 'nftables-1.0.6/kube-proxy-1.37.list.txt',
  'ipset-list of every type': 'ipset-7.17/list-sorted.txt',
  lsmod: 'modules-kmod-30/lsmod.txt',
  '/proc/modules': 'modules-kmod-30/proc-modules.txt',
};

const demo = (name: string): string =>
  readFileSync(new URL(`../../fixtures/${ELSEWHERE[name] ?? `demo/before/${name}.txt`}`, import.meta.url), 'utf8');

/** The records of a text that comes in pieces of whole lines, with a pause behind each piece where `pauses` says so. */
function recordsOf(text: string, cut: number, pauses: boolean): string[] {
  const listings = new OpenListings('-');
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const records: string[] = [];
  for (let at = 0; at < lines.length; at += cut) {
    listings.add(lines.slice(at, at + cut).join(''));
    if (!pauses && !listings.isDue) continue;
    const given = listings.take(pauses);
    if (given === undefined) throw new Error('the text is not clean');
    for (const record of given.records) records.push(JSON.stringify(record));
  }
  return [...records, ...listings.end().records.map((record) => JSON.stringify(record))];
}

describe('records of outputs that follow one another', () => {
  const loops = ['ipvsadm-ln', 'ipvsadm-Sn', 'iptables-save', 'iptables-nat-nL', 'ipset-list', 'ipset-save', ...Object.keys(ELSEWHERE)];

  it.each(loops)('are the same however the text comes: %s', (name) => {
    const text = demo(name).repeat(3);
    const whole = recordsOf(text, Infinity, false);
    const nodes = whole.filter((record) => !record.includes('"type":"diagnostic"'));
    expect(nodes.length % 3).toBe(0);
    for (const [cut, pauses] of [
      [1, false],
      [9, true],
      [40, true],
    ] as const)
      expect(recordsOf(text, cut, pauses)).toEqual(whole);
  });

  it('count their lines from the first line of the stream', () => {
    const lines = recordsOf(demo('ipvsadm-ln').repeat(2), 5, true).map((record) => (JSON.parse(record) as { line: number }).line);
    const [first = 0] = lines;
    const all = demo('ipvsadm-ln').split('\n').length - 1;
    expect([first, lines[lines.length / 2]]).toEqual([4, 4 + all]);
    expect(lines).toEqual(lines.toSorted((one, other) => one - other));
  });

  it('of a text with anything else in it are those of the whole text', () => {
    const listings = new OpenListings('-');
    listings.add(`root@a:~# ipvsadm -ln\n${demo('ipvsadm-ln')}`);
    expect(listings.take(false)).toBeUndefined();
  });

  it('come from every tool while the input pauses, the last service too', async () => {
    const run = startNetdrift(['parse', '--format', 'jsonl']);
    run.write('create KUBE-X hash:ip family inet hashsize 1024 maxelem 65536\nadd KUBE-X 10.0.0.1\n');
    expect((await run.lines(2)).map((line) => (JSON.parse(line) as { type: string }).type)).toEqual(['ip-set', 'member']);
    run.write('add KUBE-X 10.0.0.2\n');
    expect((await run.lines(1)).map((line) => (JSON.parse(line) as { line: number }).line)).toEqual([3]);
    run.write(
      demo('ipvsadm-ln')
        .split('\n')
        .slice(0, 6)
        .map((line) => `${line}\n`)
        .join(''),
    );
    expect(
      (await run.lines(3)).map((line) => JSON.parse(line) as { type: string; line: number }).map(({ type, line }) => [type, line]),
    ).toEqual([
      ['virtual-service', 7],
      ['destination', 8],
      ['destination', 9],
    ]);
    expect(await run.end()).toBe(0);
  });
});
