import { WORD, type Codec } from '../codec.ts';
import { fieldTarget } from '../fields/fields.ts';

/** `-j RATEEST`: feeds a named estimator of the rate of traffic; durations as printed, `250.0ms`. */
export interface RateestTarget {
  readonly kind: 'RateestTarget';
  readonly name: 'RATEEST';
  readonly estimator: string;
  readonly interval: string;
  readonly average: string;
}

const DURATION: Codec<string> = {
  expected: 'a duration like 250.0ms',
  decode: (text) => (/^\d+(?:\.\d+)?(?:s|ms|us)$/.test(text) ? text : undefined),
  print: (value) => value,
};

/** `-j RATEEST`. */
export const rateestTarget = fieldTarget<RateestTarget>({
  name: 'RATEEST',
  kind: 'RateestTarget',
  fields: [
    { key: 'estimator', holds: 'value', value: WORD, word: 'name', option: '--rateest-name' },
    { key: 'interval', holds: 'value', value: DURATION, word: 'interval', option: '--rateest-interval' },
    { key: 'average', holds: 'value', value: DURATION, word: 'ewmalog', option: '--rateest-ewmalog' },
  ],
  samples: ['name RE1 interval 250.0ms ewmalog 500.0ms'],
});
