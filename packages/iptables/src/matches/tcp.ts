import { decodeWhole, wholeNumber, type Codec } from '../codec.ts';
import type { PrintStyle } from '../extension.ts';
import { fieldMatch, type Field } from '../fields/fields.ts';
import { PORT_FIELDS } from '../fields/port-fields.ts';
import type { PortCondition } from '../fields/port-condition.ts';

/**
 * Flags a packet is looked at for (`mask`) and those of them that must be set (`set`), as bits: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32.
 */
export interface TcpFlags {
  readonly not: boolean;
  readonly mask: number;
  readonly set: number;
}

/** `-m tcp`; with no key beyond `kind` the match is loaded without conditions. */
export interface TcpMatch {
  readonly kind: 'TcpMatch';
  readonly sourcePorts?: PortCondition;
  readonly destinationPorts?: PortCondition;
  readonly option?: { readonly not: boolean; readonly value: number };
  readonly flags?: TcpFlags;
}

const FLAG_NAMES = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'];

/** `FIN,SYN`, `ALL`, `NONE` as bits. */
function decodeFlags(text: string): number | undefined {
  if (text === 'ALL') return 0x3f;
  if (text === 'NONE') return 0;
  let bits = 0;
  for (const name of text.split(',')) {
    const at = FLAG_NAMES.indexOf(name.toUpperCase());
    if (at < 0) return undefined;
    bits |= 1 << at;
  }
  return bits;
}

function printFlags(bits: number): string {
  if (bits === 0) return 'NONE';
  return FLAG_NAMES.filter((_, at) => (bits & (1 << at)) !== 0).join(',');
}

/** `0x17/0x02`: mask, then the flags that must be set; without `-n` their names. */
const LISTED_FLAGS: Codec<Omit<TcpFlags, 'not'>> = {
  expected: 'two numbers 0x00-0xFF or lists of TCP flags with "/" between',
  decode(text) {
    const [mask, set] = text.split('/').map((part) => decodeWhole(part, 0xff) ?? decodeFlags(part) ?? -1);
    return mask === undefined || set === undefined || mask < 0 || set < 0 ? undefined : { mask, set };
  },
  print: ({ mask, set }) => `0x${upper(mask)}/0x${upper(set)}`,
};

function upper(bits: number): string {
  return bits.toString(16).toUpperCase().padStart(2, '0');
}

function printListedFlags({ not, mask, set }: TcpFlags, { names }: PrintStyle): string {
  const flags = names ? `${printFlags(mask)}/${printFlags(set)}` : LISTED_FLAGS.print({ mask, set });
  return `flags:${not ? '!' : ''}${flags}`;
}

/** `FIN,SYN,RST,ACK SYN`; the scanner hands over both words as one. */
const SAVED_FLAGS: Codec<Omit<TcpFlags, 'not'>> = {
  expected: 'two lists of TCP flags',
  decode(text) {
    const [mask, set] = text
      .trim()
      .split(/[ \t]+/)
      .map((part) => decodeFlags(part) ?? -1);
    return mask === undefined || set === undefined || mask < 0 || set < 0 ? undefined : { mask, set };
  },
  print: ({ mask, set }) => `${printFlags(mask)} ${printFlags(set)}`,
};

/** The conditions of a TCP segment. */
export const TCP_FIELDS: readonly Field[] = [
  ...PORT_FIELDS,
  { key: 'option', holds: 'condition', value: wholeNumber(255), word: 'option=', not: 'joined', option: '--tcp-option' },
  {
    key: 'flags',
    holds: 'spread',
    value: LISTED_FLAGS,
    saved: SAVED_FLAGS,
    word: 'flags:',
    not: 'joined',
    print: printListedFlags,
    option: '--tcp-flags',
    words: 2,
  },
  { key: 'flags', holds: 'spread', merges: { mask: 0x17, set: 0x02 }, option: '--syn', when: () => false },
];

const base = fieldMatch<TcpMatch>({
  name: 'tcp',
  kind: 'TcpMatch',
  header: 'tcp',
  fields: TCP_FIELDS,
  samples: ['tcp dpt:80', 'tcp spts:1024:65535 dpt:!22', 'tcp option=!7 flags:0x17/0x02'],
});

/** `-m tcp`. `--syn` is `--tcp-flags FIN,SYN,RST,ACK SYN`. */
export const tcpMatch: typeof base = {
  ...base,
  // 1.4.11 to 1.4.20: `tcp dpt:80flags: 0x17/0x02`
  print(match, style) {
    const text = base.print(match, style);
    return style.spells('tcp-flags-apart') ? text.replace(/ flags:(!?)/, 'flags:$1 ') : text;
  },
};
