import { endOfWord, type Line, skipBlanks } from '@netdrift/core';
import * as token from './tokens.ts';

/** What a line of text for `ipset restore` does. */
export type SaveCommand = 'create' | 'add' | 'changes' | 'nothing';

/** Commands that change sets, with the spellings of ipset 4; src/ipset.c and lib/ipset.c of 7.17. */
const CHANGING: readonly string[] = [
  'del',
  '-D',
  '--del',
  'flush',
  '-F',
  '--flush',
  'destroy',
  '-X',
  '--destroy',
  'swap',
  '-W',
  '--swap',
  'rename',
  '-E',
  '--rename',
];

const IDLE: readonly string[] = ['COMMIT', 'commit', 'quit', 'test', '-T', '--test'];

const HASH = 0x23;

/** The command of a line, or `undefined` where it begins with none. */
export function commandOf({ bytes, source }: Line, start: number, end: number): SaveCommand | undefined {
  const first = skipBlanks(bytes, start, end);
  const stop = endOfWord(bytes, first, end);
  const code = token.commands.find(bytes, first, stop);
  if (code === token.create) return 'create';
  if (code === token.add) return 'add';
  if (bytes[first] === HASH) return 'nothing';
  const word = source.slice(first, Math.min(stop, first + 16));
  if (CHANGING.includes(word)) return 'changes';
  return IDLE.includes(word) ? 'nothing' : undefined;
}
