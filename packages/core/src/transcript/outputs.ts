import type { UnreadLine } from './format.ts';
import { type ReadFormat, readFormats } from './formats.ts';

/**
 * What an output holds that needs no grammar, as addresses, routes, settings and tracked connections; `kind` tells which. Lines count from
 * 1 in the text that was read.
 */
export type Output = NonNullable<ReturnType<ReadFormat['read']>> & { readonly unread?: readonly UnreadLine[] };

/** Reads one kind of output that needs no grammar. */
export interface OutputReader {
  /** What it reads, as `ip route`. */
  readonly title: string;
  /** What the text holds; undefined for a text of another kind. */
  readonly read: (text: string) => Output | undefined;
}

/**
 * The readers of outputs that need no grammar: those of the system itself and one-line answers.
 *
 * @example
 * outputReaders.find(({ title }) => title === 'uname')?.read('6.1.0-50-amd64\n') // => { kind: 'KernelRelease', release: '6.1.0-50-amd64' }
 */
export const outputReaders: readonly OutputReader[] = readFormats;
