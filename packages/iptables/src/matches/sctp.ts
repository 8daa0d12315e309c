import type { Codec } from '../codec.ts';
import { fieldMatch, type Field } from '../fields/fields.ts';
import { PORT_FIELDS } from '../fields/port-fields.ts';
import type { PortCondition } from '../fields/port-condition.ts';

/** One chunk type of `--chunk-types`: its number, or its name where the listing shows names, and the flags asked of it. */
export interface SctpChunk {
  readonly type: number | string;
  readonly flags?: string;
}

/** `-m sctp`; with no key beyond `kind` the match is loaded without conditions. */
export interface SctpMatch {
  readonly kind: 'SctpMatch';
  readonly sourcePorts?: PortCondition;
  readonly destinationPorts?: PortCondition;
  readonly chunks?: { readonly not: boolean; readonly scope: 'any' | 'all' | 'only'; readonly types: readonly SctpChunk[] };
}

const NUMBERS = new Map(
  Object.entries({
    DATA: 0,
    INIT: 1,
    INIT_ACK: 2,
    SACK: 3,
    HEARTBEAT: 4,
    HEARTBEAT_ACK: 5,
    ABORT: 6,
    SHUTDOWN: 7,
    SHUTDOWN_ACK: 8,
    ERROR: 9,
    COOKIE_ECHO: 10,
    COOKIE_ACK: 11,
    ECN_ECNE: 12,
    ECN_CWR: 13,
    SHUTDOWN_COMPLETE: 14,
    I_DATA: 64,
    RE_CONFIG: 130,
    PAD: 132,
    ASCONF: 193,
    ASCONF_ACK: 128,
    FORWARD_TSN: 192,
    I_FORWARD_TSN: 194,
  }),
);
const NAME_OF = new Map([...NUMBERS].map(([name, type]) => [type, name]));

/** `DATA:IuBE` or, in a listing, `0x0000:IuBE`. */
function decodeChunk(text: string): SctpChunk | undefined {
  const [name = '', flags] = text.split(':');
  const type = /^0x[0-9A-Fa-f]{4}$/.test(name) ? Number(name) : NUMBERS.get(name.toUpperCase());
  if (type === undefined) return undefined;
  return flags === undefined ? { type } : { type, flags };
}

type Chunks = Omit<NonNullable<SctpMatch['chunks']>, 'not'>;

/** `only 0x0000:IuBE,0x0006:t`, with the scope as its first word. */
function chunkCodec(printType: (type: number | string) => string): Codec<Chunks> {
  return {
    expected: 'any, all or only, and chunk types joined by ","',
    decode(text) {
      const [scope = '', list, ...rest] = text.split(/[ \t]+/);
      if ((scope !== 'any' && scope !== 'all' && scope !== 'only') || rest.length > 0 || list === undefined) return undefined;
      const names = list === 'ALL' ? [...NAME_OF.values()] : list.split(',').filter((name) => name !== '' && name !== 'NONE');
      const types = names.map(decodeChunk);
      return types.every((type) => type !== undefined) ? { scope, types } : undefined;
    },
    print: ({ scope, types }) =>
      `${scope} ${types.map(({ type, flags }) => printType(type) + (flags === undefined ? '' : `:${flags}`)).join(',')}`,
  };
}

const LISTED = chunkCodec((type) => (typeof type === 'string' ? type : `0x${type.toString(16).toUpperCase().padStart(4, '0')}`));
const SAVED = chunkCodec((type) => (typeof type === 'string' ? type : (NAME_OF.get(type) ?? String(type))));

const fields: readonly Field[] = [
  ...PORT_FIELDS,
  {
    key: 'chunks',
    holds: 'spread',
    value: LISTED,
    saved: SAVED,
    word: 'any|all|only',
    withWord: true,
    not: 'before',
    option: '--chunk-types',
    words: 2,
    print: (held: NonNullable<SctpMatch['chunks']>, { names }) => `${held.not ? '! ' : ''}${(names ? SAVED : LISTED).print(held)}`,
  },
];

/** `-m sctp`. */
export const sctpMatch = fieldMatch<SctpMatch>({
  name: 'sctp',
  kind: 'SctpMatch',
  header: 'sctp',
  fields,
  samples: ['sctp dpt:9', 'sctp ! any 0x0000,0x0001', 'sctp only 0x0000:IuBE,0x0006:t'],
});
