import { parseNetwork } from '@netdrift/core';
import { wholeNumber, type Codec } from '../codec.ts';
import { fieldMatch, type Field } from '../fields/fields.ts';

/** A condition on a number of the header. */
export interface SrhNumber {
  readonly not: boolean;
  readonly value: number;
}

/** A condition on a segment: an IPv6 network, always with its prefix length. */
export interface SrhSegment {
  readonly not: boolean;
  readonly value: string;
}

/** `-m srh`: the segment routing header of IPv6. With no key beyond `kind` the match is loaded without conditions. */
export interface SrhMatch {
  readonly kind: 'SrhMatch';
  readonly nextHeader?: SrhNumber;
  readonly lengthEqual?: SrhNumber;
  readonly lengthAbove?: SrhNumber;
  readonly lengthBelow?: SrhNumber;
  readonly segmentsLeftEqual?: SrhNumber;
  readonly segmentsLeftAbove?: SrhNumber;
  readonly segmentsLeftBelow?: SrhNumber;
  readonly lastEntryEqual?: SrhNumber;
  readonly lastEntryAbove?: SrhNumber;
  readonly lastEntryBelow?: SrhNumber;
  readonly tag?: SrhNumber;
  readonly previousSegment?: SrhSegment;
  readonly nextSegment?: SrhSegment;
  readonly lastSegment?: SrhSegment;
}

const SEGMENT: Codec<string> = {
  expected: 'an IPv6 network',
  decode(text) {
    const network = parseNetwork(text);
    return network !== undefined && 'prefixLength' in network ? `${network.address}/${network.prefixLength}` : undefined;
  },
  print: (value) => value,
};

function numberField(key: string, word: string, max = 255): Field {
  return { key, holds: 'condition', value: wholeNumber(max), word: `${word}:`, not: 'joined', option: `--srh-${word}` };
}

function segmentField(key: string, word: string): Field {
  return { key, holds: 'condition', value: SEGMENT, word, not: 'after', wide: true, option: `--srh-${word}` };
}

/** `-m srh`; two blanks stand where the sign of a segment would. */
export const srhMatch = fieldMatch<SrhMatch>({
  name: 'srh',
  kind: 'SrhMatch',
  header: 'srh',
  fields: [
    numberField('nextHeader', 'next-hdr'),
    numberField('lengthEqual', 'hdr-len-eq'),
    numberField('lengthAbove', 'hdr-len-gt'),
    numberField('lengthBelow', 'hdr-len-lt'),
    numberField('segmentsLeftEqual', 'segs-left-eq'),
    numberField('segmentsLeftAbove', 'segs-left-gt'),
    numberField('segmentsLeftBelow', 'segs-left-lt'),
    numberField('lastEntryEqual', 'last-entry-eq'),
    numberField('lastEntryAbove', 'last-entry-gt'),
    numberField('lastEntryBelow', 'last-entry-lt'),
    numberField('tag', 'tag', 0xffff),
    segmentField('previousSegment', 'psid'),
    segmentField('nextSegment', 'nsid'),
    segmentField('lastSegment', 'lsid'),
  ],
  samples: ['srh next-hdr:17 segs-left-eq:!1 tag:0', 'srh psid  fd00::/64 nsid ! fd00:1::/64'],
});
