import { keyword, wholeNumber, WORD, type Codec } from '../codec.ts';
import { fieldMatch, type Field } from '../fields/fields.ts';

/** `-m recent`: looks an address up in a named list of recently seen addresses, or enters it there. */
export interface RecentMatch {
  readonly kind: 'RecentMatch';
  readonly not: boolean;
  readonly action: 'set' | 'check' | 'update' | 'remove';
  readonly seconds?: number;
  readonly reap?: true;
  readonly hitCount?: number;
  readonly ttl?: true;
  readonly name: string;
  readonly side: 'source' | 'destination';
  readonly mask?: string;
}

const ACTIONS = [
  ['set', 'SET', '--set'],
  ['check', 'CHECK', '--rcheck'],
  ['update', 'UPDATE', '--update'],
  ['remove', 'REMOVE', '--remove'],
] as const;

const ACTION: Codec<Pick<RecentMatch, 'action'>> = {
  expected: 'SET, CHECK, UPDATE or REMOVE',
  decode(text) {
    const action = ACTIONS.find(([, word]) => word === text)?.[0];
    return action === undefined ? undefined : { action };
  },
  print: ({ action }) => ACTIONS.find(([name]) => name === action)?.[1] ?? '',
};

const COUNT = wholeNumber(0xffffffff);
const SIDE = keyword({ source: 'source', dest: 'destination' });

const fields: readonly Field[] = [
  { key: 'action', holds: 'merge', value: ACTION, word: 'recent:', spaced: true, not: 'before' },
  ...ACTIONS.map(([action, , option]): Field => ({
    key: 'action',
    holds: 'merge',
    merges: { action },
    not: 'before',
    option,
    when: (held: RecentMatch) => held.action === action,
  })),
  { key: 'seconds', holds: 'value', value: COUNT, word: 'seconds:', spaced: true, option: '--seconds' },
  { key: 'reap', holds: 'flag', word: 'reap', option: '--reap' },
  { key: 'hitCount', holds: 'value', value: COUNT, word: 'hit_count:', spaced: true, option: '--hitcount' },
  { key: 'ttl', holds: 'flag', word: 'TTL-Match', option: '--rttl' },
  { key: 'name', holds: 'value', value: WORD, word: 'name:', spaced: true, option: '--name' },
  { key: 'mask', holds: 'value', value: WORD, option: '--mask' },
  { key: 'side', holds: 'value', value: SIDE, word: 'side:', spaced: true },
  { key: 'side', holds: 'flag', says: 'source', option: '--rsource', when: (held) => held === 'source' },
  { key: 'side', holds: 'flag', says: 'destination', option: '--rdest', when: (held) => held === 'destination' },
  { key: 'mask', holds: 'value', value: WORD, word: 'mask:', spaced: true },
];

/** `-m recent`. Versions before 1.4.21 print no mask. */
export const recentMatch = fieldMatch<RecentMatch>({
  name: 'recent',
  kind: 'RecentMatch',
  lead: 1,
  fields,
  samples: [
    'recent: SET name: KUBE-SEP-X side: source mask: 255.255.255.255',
    '! recent: CHECK seconds: 10 reap hit_count: 4 TTL-Match name: Z side: dest mask: 255.255.255.255',
  ],
});
