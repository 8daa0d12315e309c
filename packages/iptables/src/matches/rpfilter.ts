import { fieldMatch } from '../fields/fields.ts';

/** `-m rpfilter`: packets whose answer would leave by the interface they came in by. */
export interface RpfilterMatch {
  readonly kind: 'RpfilterMatch';
  readonly loose?: true;
  readonly validMark?: true;
  readonly acceptLocal?: true;
  readonly invert?: true;
}

/** `-m rpfilter`. */
export const rpfilterMatch = fieldMatch<RpfilterMatch>({
  name: 'rpfilter',
  kind: 'RpfilterMatch',
  header: 'rpfilter',
  fields: [
    { key: 'loose', holds: 'flag', word: 'loose', option: '--loose' },
    { key: 'validMark', holds: 'flag', word: 'validmark', option: '--validmark' },
    { key: 'acceptLocal', holds: 'flag', word: 'accept-local', option: '--accept-local' },
    { key: 'invert', holds: 'flag', word: 'invert', option: '--invert' },
  ],
  samples: ['rpfilter loose validmark invert', 'rpfilter'],
});
