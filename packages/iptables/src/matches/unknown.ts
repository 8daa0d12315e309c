import type { Span } from '@netdrift/core';

/** Text of a match this package does not know: what was printed, and where. Its meaning is not guessed. */
export interface UnknownMatch {
  readonly kind: 'UnknownMatch';
  readonly text: string;
  readonly span: Span;
}
