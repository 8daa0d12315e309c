import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Box,
  EVERYTHING,
  excesses,
  meetBoxes,
  PLACE,
  withField,
  withCondition,
  withMark,
} from '../../../../packages/drift/src/packets/space/sets/box.ts';
import { intersect, isWithin, subtract } from '../../../../packages/drift/src/packets/space/sets/intervals.ts';
import { simplified, within, without } from '../../../../packages/drift/src/packets/space/sets/packet-set.ts';
import { solve } from '../../../../packages/drift/src/packets/space/sets/solve.ts';
import { vocabularyOf } from '../../../../packages/drift/src/packets/space/vocabulary.ts';
import { holds } from '../../../../packages/drift/src/world/intervals.ts';

const { full } = vocabularyOf('ipv4', [
  { name: 'eth0', prefix: false },
  { name: 'cali', prefix: true },
]);

/** Small worlds: protocols 0-5, ports 0-3, two bits of mark, two conditions, so that every packet can be asked. */
interface Point {
  readonly protocol: number;
  readonly port: number;
  readonly mark: number;
  readonly conditions: number;
}

const POINTS: Point[] = [];
for (let protocol = 0; protocol < 6; protocol++)
  for (let port = 0; port < 4; port++)
    for (let mark = 0; mark < 4; mark++)
      for (let conditions = 0; conditions < 4; conditions++) POINTS.push({ protocol, port, mark, conditions });

const inBox = ({ fields, mark, unseen }: Box, point: Point): boolean =>
  [
    [PLACE.protocol, point.protocol],
    [PLACE.destinationPort, point.port],
  ].every(([place, value]) => fields[place as number] === undefined || holds(fields[place as number] as number[], value as number)) &&
  ((point.mark ^ mark.value) & mark.mask) === 0 &&
  unseen.every((one) => holds(one.in as number[], (point.conditions >> one.number) & 1));

const range = (max: number): fc.Arbitrary<readonly number[] | undefined> =>
  fc.option(
    fc.tuple(fc.nat(max), fc.nat(max)).map(([one, other]) => [Math.min(one, other), Math.max(one, other)]),
    { nil: undefined },
  );
const box = fc
  .tuple(range(5), range(3), fc.nat(3), fc.nat(3), fc.subarray([0, 2]), fc.nat(3))
  .map(([protocols, ports, mask, value, conditions, signs]) => {
    let made: Box | undefined = EVERYTHING;
    if (protocols !== undefined) made = withField(made, PLACE.protocol, protocols);
    if (made !== undefined && ports !== undefined) made = withField(made, PLACE.destinationPort, ports);
    if (made !== undefined) made = withMark(made, 'mark', { mask, value: value & mask });
    for (const condition of conditions)
      if (made !== undefined)
        made = withCondition(made, { number: condition / 2, in: [(signs >> (condition / 2)) & 1, (signs >> (condition / 2)) & 1] });
    return made ?? EVERYTHING;
  });
/** The small world as a box: what lies outside it is no packet here. */
const WORLD = [
  [PLACE.protocol, [0, 5]],
  [PLACE.destinationPort, [0, 3]],
].reduce(
  (made: Box, [place, values]) => withField(made, place as number, values as number[]) as Box,
  withMark(EVERYTHING, 'mark', { mask: 0xffff_fffc, value: 0 }) as Box,
);

describe('intervals', () => {
  it('are met, subtracted and compared as sets of numbers', () => {
    expect(intersect([0, 9, 20, 29], [5, 24])).toEqual([5, 9, 20, 24]);
    expect(subtract([0, 9], [3, 4, 9, 12])).toEqual([0, 2, 5, 8]);
    expect(subtract([0n, 9n], [0n, 0n])).toEqual([1n, 9n]);
    expect(isWithin([3, 4, 8, 8], [0, 5, 7, 9])).toBe(true);
    expect(isWithin([3, 6], [0, 5, 7, 9])).toBe(false);
  });
});

describe('a set of packets', () => {
  it('holds what its box holds and none of the boxes taken from it', () => {
    fc.assert(
      fc.property(box, fc.array(box, { maxLength: 6 }), box, (start, nots, limit) => {
        const expected = (point: Point): boolean => inBox(start, point) && !nots.some((not) => inBox(not, point));
        const met = meetBoxes(WORLD, start);
        const set = met === undefined ? undefined : simplified(met, nots, full);
        const holdsPoint = (found: typeof set, point: Point): boolean =>
          found !== undefined && inBox(found.box, point) && !found.nots.some((not) => inBox(not, point));
        const parts = set === undefined ? [] : [within(set, limit, full), without(set, limit, full)];
        const sample = set === undefined ? undefined : solve(set, full);
        const wrong = POINTS.filter((point) => {
          const [inside, outside] = [expected(point) && inBox(limit, point), expected(point) && !inBox(limit, point)];
          if (
            holdsPoint(set, point) !== expected(point) ||
            (set !== undefined && (holdsPoint(parts[0], point) !== inside || holdsPoint(parts[1], point) !== outside))
          )
            return true;
          return sample !== undefined && sample !== 'open' && inBox(sample, point) && !expected(point);
        });
        expect(wrong).toEqual([]);
        expect(sample !== undefined).toBe(POINTS.some(expected));
      }),
      { numRuns: 60 },
    );
  });

  it('knows a bit of a mark from what is excluded', () => {
    const bit = withMark(EVERYTHING, 'mark', { mask: 0x4000, value: 0 }) as Box;
    expect(simplified(EVERYTHING, [bit], full)?.box.mark).toEqual({ mask: 0x4000, value: 0x4000 });
  });

  it('gives up a search that takes too many trials, and says so', () => {
    const not = withMark(withField(EVERYTHING, PLACE.protocol, [6, 6]) as Box, 'mark', { mask: 1, value: 1 }) as Box;
    expect(solve({ box: EVERYTHING, nots: [not] }, full, 1)).toBe('open');
    expect(solve({ box: EVERYTHING, nots: [not] }, full, 2)).toMatchObject({ mark: { mask: 0, value: 0 } });
  });
});

describe('interfaces', () => {
  it('are names, strangers with a prefix, and any other', () => {
    const { interfaces, interfaceClasses } = vocabularyOf('ipv4', [
      { name: 'eth0', prefix: false },
      { name: 'eth', prefix: true },
      { name: 'eth1', prefix: false },
    ]);
    expect(interfaces).toEqual(['none', 'eth0', 'eth1', 'lo', 'eth*', 'another']);
    expect(interfaceClasses({ name: 'eth', prefix: true })).toEqual([1, 2, 4, 4]);
    expect(interfaceClasses({ name: '', prefix: true })).toEqual([1, 5]);
    expect(excesses(EVERYTHING, withField(EVERYTHING, PLACE.in, [1, 1]) as Box)).toEqual([{ kind: 'field', place: PLACE.in }]);
  });
});
