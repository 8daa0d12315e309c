import { parseIptables } from '@netdrift/iptables';
import { array, assert, integer, property } from 'fast-check';
import { expect, it } from 'vitest';

/** Number after `-I CHAIN`; 0 stands for `-I` without one, -1 for `-A`. */
const places = array(integer({ min: -1, max: 30 }), { minLength: 1, maxLength: 40 });

it('rules put in with -I stand where iptables puts them', () => {
  assert(
    property(places, (numbers) => {
      const expected: string[] = [];
      const lines = numbers.map((number, index) => {
        const address = `10.0.0.${index}`;
        // A number behind the end is refused by iptables; here it stands for the end.
        expected.splice(number < 0 ? expected.length : Math.max(number - 1, 0), 0, address);
        return `${number < 0 ? '-A INPUT' : number === 0 ? '-I INPUT' : `-I INPUT ${number}`} -s ${address}/32 -j DROP\n`;
      });
      const { value } = parseIptables(`*filter\n:INPUT ACCEPT [0:0]\n${lines.join('')}COMMIT\n`);
      const rules = value.kind === 'IptablesSave' ? (value.tables[0]?.chains[0]?.rules ?? []) : [];
      expect(rules.map(({ source }) => ('address' in source ? source.address : ''))).toEqual(expected);
    }),
  );
});
