import { rangeField, type NumberCondition } from '../fields/condition-fields.ts';
import { fieldMatch, type Field } from '../fields/fields.ts';

/** `-m esp --espspi`; with no key beyond `kind` the match is loaded without conditions. */
export interface EspMatch {
  readonly kind: 'EspMatch';
  readonly spi?: NumberCondition;
}

const fields: readonly Field[] = [rangeField('spi', 'spi', 'spis', '--espspi', 0xffffffff)];

/** `-m esp`. */
export const espMatch = fieldMatch<EspMatch>({
  name: 'esp',
  kind: 'EspMatch',
  header: 'esp',
  fields,
  samples: ['esp spi:5', 'esp spis:0:32'],
});
