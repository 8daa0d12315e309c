import { addToGroup } from '../../../common/add-to-group.ts';
import { toIntervals } from '../../../world/intervals.ts';
import { type Box, boxKey, type Dimension, PLACE, withField, withoutField } from './box.ts';
import { pairsOf } from './intervals.ts';

/** Boxes that differ in the values of one field alone as one, for each of the fields in turn. */
export function joinedBy(boxes: readonly Box[], fields: readonly Dimension[]): readonly Box[] {
  return fields.reduce((left, name) => {
    if (left.length < 2) return left;
    const place = PLACE[name];
    const groups = new Map<string, Box[]>();
    for (const box of left) addToGroup(groups, boxKey(withoutField(box, place)), box);
    return [...groups.values()].map((group): Box => {
      const [first] = group as [Box];
      if (group.length === 1) return first;
      const open = withoutField(first, place);
      if (group.some(({ fields: { [place]: values } }) => values === undefined)) return open;
      return withField(open, place, toIntervals(group.flatMap(({ fields: { [place]: values = [] } }) => pairsOf(values)))) ?? open;
    });
  }, boxes);
}

/** Members of a set are many, and differ in their addresses most of all. */
export function joinedByAddress(boxes: readonly Box[]): readonly Box[] {
  return joinedBy(boxes, ['source', 'destination']);
}
