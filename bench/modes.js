// `node bench/modes.js`: reading and explaining a node of 5,000 services × 3 in nftables mode, beside the same in iptables mode.
import { explainSnapshot, readSnapshot } from '@netdrift/drift';
import { iptablesSave, nftRuleset } from './generate.js';
import { measure, table } from './measure.js';

const SERVICES = 5000;
const texts = {
  iptables: { name: 'iptables-save.txt', content: iptablesSave(SERVICES * 11) },
  chains: { name: 'nft-list-ruleset.txt', content: nftRuleset(SERVICES) },
  maps: { name: 'nft-list-ruleset.txt', content: nftRuleset(SERVICES, 'maps') },
};
const explain = (/** @type {keyof typeof texts} */ mode) => () => {
  const { servicePorts } = explainSnapshot(readSnapshot([texts[mode]]));
  if (servicePorts.length !== SERVICES) throw new Error(`${mode}: ${servicePorts.length} service ports`);
};
const read = (/** @type {keyof typeof texts} */ mode) => () => readSnapshot([texts[mode]]);

const reading = measure({ iptables: read('iptables'), chains: read('chains'), maps: read('maps') }, 3);
const times = measure({ iptables: explain('iptables'), chains: explain('chains'), maps: explain('maps') }, 3);
const row = (/** @type {string} */ what, /** @type {keyof typeof texts} */ mode) => [
  what,
  (texts[mode].content.length / 1e6).toFixed(1),
  reading[mode].toFixed(0),
  times[mode].toFixed(0),
  (times[mode] / times.iptables).toFixed(2),
];
const rows = [row('iptables mode', 'iptables'), row('nftables mode, 1.30 to 1.35', 'chains'), row('nftables mode, 1.36 and later', 'maps')];
console.log(table(['5,000 services × 3, target ≤ 1.5', 'MB', 'read, CPU ms', 'read and explain, CPU ms', 'beside iptables mode'], rows));
