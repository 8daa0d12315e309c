import { phrase, type Phrase, type Span } from '@netdrift/core';
import type { NftErrorName, ToolError } from './ast/ruleset.ts';

/** What nft, or the shell in its place, says when it cannot answer. Seen with nft 1.0.6. The first phrase that fits is taken. */
const ANSWERS: readonly (readonly [error: NftErrorName, words: string])[] = [
  ['no-such-table', 'Error: No such file or directory'],
  ['no-such-table', 'Error: No such file or directory; {reason}'],
  ['permission-denied', 'Operation not permitted (you must be root)'],
  ['permission-denied', 'netlink: Error: cache initialization failed: Operation not permitted'],
  ['not-supported', 'netlink: Error: cache initialization failed: {reason}'],
  ['not-supported', 'netlink: Error: {reason}'],
  ['not-supported', 'Error: Could not process rule: {reason}'],
  ['other', 'Error: {reason}'],
  // of a file of commands: `/dev/stdin:892:87-100`
  ['not-supported', '{place}: Error: Could not process rule: {reason}'],
  ['other', '{place}: Error: {reason}'],
  ['command-not-found', '{shell}: line {reason}: nft: command not found'],
  ['command-not-found', '{shell}: nft: command not found'],
  ['command-not-found', '{shell}: command not found: nft'],
  ['command-not-found', '{shell}: {reason}: nft: not found'],
  ['command-not-found', '{shell}: nft: not found'],
  ['command-not-found', 'nft: command not found'],
  ['command-not-found', "Command 'nft' not found, but can be installed with:"],
  ['command-not-found', 'exec: "nft": executable file not found in $PATH'],
];

const PHRASES: readonly (readonly [NftErrorName, Phrase])[] = ANSWERS.map(([error, words]) => [error, phrase(words)]);

/** Whether a line may be an error message: each names the tool or begins as nft's own. */
function mayBeError(text: string): boolean {
  return (
    text.startsWith('Error: ') || text.startsWith('netlink: ') || text.startsWith('Operation ') || text.includes('nft') || PLACE.test(text)
  );
}

const PLACE = /^[\w./-]{1,80}:\d+:\d+(?:-\d+)?: Error: /;

/** The error that a line is, or `undefined` where the line is no error message. */
export function toolErrorOf(text: string, span: Span): ToolError | undefined {
  if (!mayBeError(text)) return undefined;
  for (const [error, { words, read }] of PHRASES) {
    const parts = read(text);
    if (parts !== undefined) return { kind: 'ToolError', error, tool: 'nft', ...parts, wording: words, span };
  }
  return undefined;
}

/** The line that an error was. */
export function printToolError({ wording, shell = '', place = '', reason = '' }: ToolError): string {
  return phrase(wording).print({ shell, place, reason });
}
