import { numberRange, wholeNumber } from '../codec.ts';
import type { TargetExtension } from '../extension.ts';
import { bare, joinOptions, joinShown, listedRow, savedRow, shown, type Row } from '../row.ts';

/** `-j NFQUEUE`: hands the packet to a program; connections are spread over the queues `low` to `high`. */
export interface NfqueueTarget {
  readonly kind: 'NfqueueTarget';
  readonly name: 'NFQUEUE';
  readonly low: number;
  readonly high: number;
  /** The packet goes on where no program listens. */
  readonly bypass?: true;
  readonly cpuFanout?: true;
}

const NUMBER = wholeNumber(0xffff);
const RANGE = numberRange(0xffff);

function build(row: Row, num: string, balance: string, bypass: string, fanout: string): NfqueueTarget {
  const single = row.read(num, NUMBER) ?? 0;
  const range = row.read(balance, RANGE) ?? { low: single, high: single };
  return shown<NfqueueTarget>({
    kind: 'NfqueueTarget',
    name: 'NFQUEUE',
    low: range.low,
    high: range.high,
    bypass: row.flag(bypass),
    cpuFanout: row.flag(fanout),
  });
}

/** `-j NFQUEUE`. */
export const nfqueueTarget: TargetExtension<NfqueueTarget> = {
  type: 'target',
  name: 'NFQUEUE',
  kind: 'NfqueueTarget',
  listing: listedRow(
    [
      { word: 'NFQUEUE num', takes: 1 },
      { word: 'NFQUEUE balance', takes: 1 },
    ],
    [bare('bypass'), bare('cpu-fanout')],
    (row) => build(row, 'NFQUEUE num', 'NFQUEUE balance', 'bypass', 'cpu-fanout'),
  ),
  print: ({ low, high, bypass, cpuFanout }) =>
    joinShown(low === high ? `NFQUEUE num ${low}` : `NFQUEUE balance ${low}:${high}`, bypass && 'bypass', cpuFanout && 'cpu-fanout'),
  save: savedRow(['--queue-num', '--queue-balance', bare('--queue-bypass'), bare('--queue-cpu-fanout')], (row) =>
    build(row, '--queue-num', '--queue-balance', '--queue-bypass', '--queue-cpu-fanout'),
  ),
  printSave: ({ low, high, bypass, cpuFanout }) =>
    joinOptions(
      low === high ? `--queue-num ${low}` : `--queue-balance ${low}:${high}`,
      bypass && '--queue-bypass',
      cpuFanout && '--queue-cpu-fanout',
    ),
  samples: ['NFQUEUE num 3 bypass', 'NFQUEUE balance 0:6 bypass cpu-fanout'],
};
