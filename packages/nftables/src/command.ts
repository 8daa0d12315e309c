import type { Shown } from './read/drafts.ts';

/** A command line of nft: `nft -a list table ip kube-proxy`. */
export type Command = string;

/** What a listing shows by its command; without one, or with one that is not nft's, what the text itself gives to see. */
export function shownBy(command: Command | undefined, seen: Shown): Shown {
  const words = command?.trim().split(/\s+/) ?? [];
  const nft = words.findIndex((word) => /^(?:.*\/)?nft$/.test(word));
  const list = words.indexOf('list', nft + 1);
  if (nft < 0 || list < 0) return seen;
  const options = words.slice(nft + 1, list);
  const isTerse = options.some((word) => word === '--terse' || /^-[a-zA-Z]*t[a-zA-Z]*$/.test(word));
  const subject = words[list + 1] ?? '';
  if (['ruleset', 'table'].includes(subject)) return { elements: seen.elements || !isTerse, rules: true };
  return {
    elements: seen.elements || (!isTerse && ['set', 'map', 'sets', 'maps'].includes(subject)),
    rules: seen.rules || subject === 'chain',
  };
}
