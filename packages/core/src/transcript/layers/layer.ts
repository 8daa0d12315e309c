import type { EnvelopeKind } from './envelopes.ts';

/** One thing taken off the first line of a section: what kind, and the text of it. */
export interface Layer {
  readonly kind: EnvelopeKind;
  readonly text: string;
  readonly host?: string;
}
