import { wordList, type Codec } from '../codec.ts';
import { fieldMatch, type Field } from '../fields/fields.ts';

/** `-m addrtype`: the routing type of the addresses, as the kernel's routing table sees them (`LOCAL`, `BROADCAST`, ...). */
export interface AddrtypeMatch {
  readonly kind: 'AddrtypeMatch';
  readonly source?: { readonly not: boolean; readonly types: readonly string[] };
  readonly destination?: { readonly not: boolean; readonly types: readonly string[] };
  readonly limitInterface?: 'in' | 'out';
}

const LIST = wordList();
const TYPES: Codec<{ readonly types: readonly string[] }> = {
  expected: LIST.expected,
  decode: (text) => ({ types: text.toUpperCase().split(',') }),
  print: ({ types }) => LIST.print(types),
};

function limit(side: 'in' | 'out'): Field {
  return {
    key: 'limitInterface',
    holds: 'flag',
    says: side,
    word: `limit-${side}`,
    option: `--limit-iface-${side}`,
    when: (held) => held === side,
  };
}

const fields: readonly Field[] = [
  { key: 'source', holds: 'spread', value: TYPES, word: 'src-type', not: 'joined', option: '--src-type' },
  { key: 'destination', holds: 'spread', value: TYPES, word: 'dst-type', not: 'joined', option: '--dst-type' },
  limit('in'),
  limit('out'),
];

/** `-m addrtype`. */
export const addrtypeMatch = fieldMatch<AddrtypeMatch>({
  name: 'addrtype',
  kind: 'AddrtypeMatch',
  header: 'ADDRTYPE match',
  fields,
  samples: ['ADDRTYPE match dst-type LOCAL', 'ADDRTYPE match src-type !LOCAL,BROADCAST limit-out'],
});
