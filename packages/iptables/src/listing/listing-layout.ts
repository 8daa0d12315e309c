import type { ProtocolStyle } from '@netdrift/core';

/**
 * How a listing was laid out: what `print` needs to give the same bytes again. Keys are missing where the text does not tell.
 */
export interface ListingLayout {
  /** `-v`: counters and interfaces. */
  readonly verbose: boolean;
  /** `-x`: counters in full. */
  readonly exact?: boolean;
  /** `--line-numbers`. */
  readonly lineNumbers: boolean;
  /** One rule without headers, as `-L CHAIN NUMBER` prints it. */
  readonly headerless?: true;
  /** Without `-n`: names in place of numbers. Such text is lossy and no identity. */
  readonly names?: true;
  /** Protocols as numbers (1.8.9, 1.8.10), as older or newer names. */
  readonly protocolStyle?: ProtocolStyle;
  /** Up to 1.8.8 no blank stands between a long protocol name and the column after it. */
  readonly protocolColumn?: 'glued' | 'separated';
  /** IPv6: three blanks up to 1.8.8, `--` from 1.8.9. */
  readonly optStyle?: 'dashes' | 'blank';
  /** Spellings of single extensions that differ by version, as found in the text. */
  readonly spellings?: readonly string[];
}
