import { MARK } from '../codec.ts';
import { fieldMatch, type Field } from '../fields/fields.ts';

/** A group of interfaces, under a mask. */
export interface DeviceGroup {
  readonly not: boolean;
  readonly value: number;
  readonly mask: number;
}

/** `-m devgroup`: the groups of the interfaces a packet comes in by and leaves by. */
export interface DevgroupMatch {
  readonly kind: 'DevgroupMatch';
  readonly source?: DeviceGroup;
  readonly destination?: DeviceGroup;
}

const fields: readonly Field[] = [
  { key: 'source', holds: 'spread', value: MARK, word: 'src-group', not: 'before', option: '--src-group' },
  { key: 'destination', holds: 'spread', value: MARK, word: 'dst-group', not: 'before', option: '--dst-group' },
];

/** `-m devgroup`. */
export const devgroupMatch = fieldMatch<DevgroupMatch>({
  name: 'devgroup',
  kind: 'DevgroupMatch',
  fields,
  samples: ['src-group 0x1', '! src-group 0x5/0xff ! dst-group 0x7'],
});
