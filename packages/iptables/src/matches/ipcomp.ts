import type { MatchExtension } from '../extension.ts';
import { rangeField, type NumberCondition } from '../fields/condition-fields.ts';
import { fieldMatch, type Field } from '../fields/fields.ts';

/**
 * `-m ipcomp --ipcompspi`; without conditions a blank follows the word; with no key beyond `kind` the match is loaded without conditions.
 */
export interface IpcompMatch {
  readonly kind: 'IpcompMatch';
  readonly spi?: NumberCondition;
  readonly reserved?: true;
}

const fields: readonly Field[] = [
  rangeField('spi', 'spi', 'spis', '--ipcompspi', 0xffffffff),
  { key: 'reserved', holds: 'flag', word: 'reserved', option: '--compres' },
];

const base = fieldMatch<IpcompMatch>({
  name: 'ipcomp',
  kind: 'IpcompMatch',
  header: 'comp',
  fields,
  samples: ['comp spi:5', 'comp spis:0:32'],
});

/** `-m ipcomp`. */
export const ipcompMatch: MatchExtension<IpcompMatch> = {
  ...base,
  print(match, style) {
    const text = base.print(match, style);
    return text === 'comp' ? 'comp ' : text;
  },
};
