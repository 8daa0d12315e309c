import { fieldMatch } from '../fields/fields.ts';

/** `-m socket`: packets that a socket of this host is open for. */
export interface SocketMatch {
  readonly kind: 'SocketMatch';
  readonly transparent?: true;
  readonly noWildcard?: true;
  readonly restoreMark?: true;
}

/** `-m socket`. */
export const socketMatch = fieldMatch<SocketMatch>({
  name: 'socket',
  kind: 'SocketMatch',
  header: 'socket',
  fields: [
    { key: 'transparent', holds: 'flag', word: '--transparent', option: '--transparent' },
    { key: 'noWildcard', holds: 'flag', word: '--nowildcard', option: '--nowildcard' },
    { key: 'restoreMark', holds: 'flag', word: '--restore-skmark', option: '--restore-skmark' },
  ],
  samples: ['socket --transparent --nowildcard', 'socket'],
});
