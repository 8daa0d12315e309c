import { rangeField, type NumberCondition } from '../fields/condition-fields.ts';
import { wholeNumber } from '../codec.ts';
import type { MatchExtension } from '../extension.ts';
import { fieldMatch, type Field } from '../fields/fields.ts';

/** `-m frag`: the fragment header of IPv6; with no key beyond `kind` any. */
export interface FragMatch {
  readonly kind: 'FragMatch';
  readonly id?: NumberCondition;
  readonly length?: { readonly not: boolean; readonly value: number };
  readonly reserved?: true;
  readonly first?: true;
  readonly more?: true;
  readonly last?: true;
}

const fields: readonly Field[] = [
  rangeField('id', 'id', 'ids', '--fragid', 0xffffffff),
  { key: 'length', holds: 'condition', value: wholeNumber(0xffffffff), word: 'length:', not: 'joined', option: '--fraglen' },
  { key: 'reserved', holds: 'flag', word: 'reserved', option: '--fragres' },
  { key: 'first', holds: 'flag', word: 'first', option: '--fragfirst' },
  { key: 'more', holds: 'flag', word: 'more', option: '--fragmore' },
  { key: 'last', holds: 'flag', word: 'last', option: '--fraglast' },
];

const base = fieldMatch<FragMatch>({
  name: 'frag',
  kind: 'FragMatch',
  header: 'frag',
  fields,
  samples: ['frag ids:1:42 length:!8 last', 'frag  first more', 'frag '],
});

/** `-m frag`; the blank before an identification stays where there is none. */
export const fragMatch: MatchExtension<FragMatch> = {
  ...base,
  print(match, style) {
    const text = base.print(match, style);
    return match.id === undefined ? `frag ${text.slice('frag'.length)}` : text;
  },
};
