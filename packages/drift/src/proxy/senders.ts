import type { SourceKind } from './service-table.ts';

/** Who may send to a service, in the order in which they are told. */
export const SENDERS: readonly SourceKind[] = ['pod', 'node', 'outside'];

/** The port that a packet comes from which is asked about. */
export const SOURCE_PORT = 40_000;

/** What they are called in a sentence: `connections from pods`. */
export const SENDER_NAMES: { readonly [Kind in SourceKind]: string } = { pod: 'pods', node: 'the node', outside: 'outside' };
