// What ten times the input takes: 10 is linear.
import { parseIpset } from '@netdrift/ipset';
import { parseIptables } from '@netdrift/iptables';
import { parseIpvsadm } from '@netdrift/ipvsadm';
import { ipsetSave, iptablesListing, iptablesSave, ipvsadmListing } from './generate.js';
import { measure, table } from './measure.js';

/** @type {readonly (readonly [what: string, make: (size: number) => string, size: number, parse: (text: string) => unknown])[]} */
const cases = [
  ['`iptables -nL`, rules', iptablesListing, 15_000, parseIptables],
  ['`iptables-save`, rules', iptablesSave, 15_000, parseIptables],
  ['`ipvsadm -ln`, services', (size) => ipvsadmListing(size, 3), 10_000, parseIpvsadm],
  ['`ipset save`, members', ipsetSave, 20_000, parseIpset],
];

/** A table. */
export function growth() {
  const rows = cases.map(([what, make, size, parse]) => {
    const [small, large] = [make(size), make(size * 10)];
    const times = measure({ small: () => parse(small), large: () => parse(large) });
    return [
      `${size.toLocaleString('en')} and ${(size * 10).toLocaleString('en')} ${what.split(', ')[1]} of ${what.split(', ')[0]}`,
      times.small.toFixed(0),
      times.large.toFixed(0),
      `× ${(times.large / times.small).toFixed(1)}`,
      '≤ × 11',
    ];
  });
  return table(['growth', 'CPU ms', 'of ten times as much', 'grows', 'target'], rows);
}
