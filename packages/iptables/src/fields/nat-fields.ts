import type { Field } from './fields.ts';
import { NAT_RANGE } from './nat-range.ts';

/** `random`, `random-fully` and `persistent`, in the order the tools print them. */
export const NAT_FLAGS: readonly Field[] = [
  { key: 'random', holds: 'flag', word: 'random', option: '--random' },
  { key: 'randomFully', holds: 'flag', word: 'random-fully', option: '--random-fully' },
  { key: 'persistent', holds: 'flag', word: 'persistent', option: '--persistent' },
];

/** What DNAT and SNAT print, with their own option for the range, and what getopt_long takes for it, which is not printed. */
export function natFields(option: string): readonly Field[] {
  return [{ key: 'to', holds: 'value', value: NAT_RANGE, word: 'to:', option: `${option}|--to` }, ...NAT_FLAGS];
}
