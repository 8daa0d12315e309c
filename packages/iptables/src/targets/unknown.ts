import type { Span } from '@netdrift/core';

/** A target whose text this package does not know: its name, the text printed for it, and where. */
export interface UnknownTarget {
  readonly kind: 'UnknownTarget';
  readonly name: string;
  readonly text: string;
  readonly span: Span;
}
