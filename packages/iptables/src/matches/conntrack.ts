import { ADDRESS } from '../fields/address-fields.ts';
import { numberRange, oneOf, wholeNumber, wordList, type Codec } from '../codec.ts';
import { fieldMatch, type Field } from '../fields/fields.ts';
import { PORTS } from '../fields/port-condition.ts';
import type { AddressCondition } from '../fields/address-condition.ts';
import type { PortCondition } from '../fields/port-condition.ts';

/** A list of states or statuses, in the order of the text; the order has no meaning. */
export interface WordsCondition {
  readonly not: boolean;
  readonly values: readonly string[];
}

/** `-m conntrack`: every condition given must hold. */
export interface ConntrackMatch {
  readonly kind: 'ConntrackMatch';
  readonly state?: WordsCondition;
  readonly protocol?: { readonly not: boolean; readonly value: number | string };
  readonly originalSource?: AddressCondition;
  readonly originalDestination?: AddressCondition;
  readonly replySource?: AddressCondition;
  readonly replyDestination?: AddressCondition;
  readonly originalSourcePorts?: PortCondition;
  readonly originalDestinationPorts?: PortCondition;
  readonly replySourcePorts?: PortCondition;
  readonly replyDestinationPorts?: PortCondition;
  readonly status?: WordsCondition;
  readonly expire?: { readonly not: boolean; readonly low: number; readonly high: number };
  readonly direction?: { readonly not: boolean; readonly value: 'ORIGINAL' | 'REPLY' };
}

const WORDS: Codec<{ readonly values: readonly string[] }> = {
  ...wordList(),
  decode: (text) => ({ values: text.split(',') }),
  print: ({ values }) => values.join(','),
};

const PROTOCOL = wholeNumber(255);

function condition(key: string, word: string, value: Field['value'], holds: Field['holds'] = 'spread'): Field {
  return { key, holds, ...(value === undefined ? {} : { value }), word, not: 'before', option: `--${word}` };
}

const fields: readonly Field[] = [
  condition('state', 'ctstate', WORDS),
  condition('protocol', 'ctproto', PROTOCOL, 'condition'),
  condition('originalSource', 'ctorigsrc', ADDRESS),
  condition('originalDestination', 'ctorigdst', ADDRESS),
  condition('replySource', 'ctreplsrc', ADDRESS),
  condition('replyDestination', 'ctrepldst', ADDRESS),
  condition('originalSourcePorts', 'ctorigsrcport', PORTS),
  condition('originalDestinationPorts', 'ctorigdstport', PORTS),
  condition('replySourcePorts', 'ctreplsrcport', PORTS),
  condition('replyDestinationPorts', 'ctrepldstport', PORTS),
  condition('status', 'ctstatus', WORDS),
  condition('expire', 'ctexpire', numberRange(0xffffffff)),
  condition('direction', 'ctdir', oneOf('ORIGINAL', 'REPLY'), 'condition'),
];

/** `-m conntrack`; each of its conditions has a sign of its own. */
export const conntrackMatch = fieldMatch<ConntrackMatch>({
  name: 'conntrack',
  kind: 'ConntrackMatch',
  fields,
  samples: ['ctstate RELATED,ESTABLISHED', '! ctstate INVALID', 'ctstate NEW ctproto 6 ctorigsrc 10.0.0.0/8 ctdir ORIGINAL'],
});
