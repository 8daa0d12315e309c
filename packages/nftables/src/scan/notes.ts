import type { Line } from '@netdrift/core';
import * as token from '../tokens.ts';

/**
 * What nft says of an object in a comment behind it: `# handle 12`, `# progname firewalld`, `# count 2`. Adds its tokens and tells whether
 * the comment is one of these.
 */
export function scanNote(line: Line, start: number, end: number): boolean {
  let stop = end;
  while (stop > start && /\s/.test(line.source.charAt(stop - 1))) stop -= 1;
  const text = line.source.slice(start, Math.min(stop, start + 200));
  const [, handle, owner, count] = /^#(?: handle ([0-9]+))?(?: progname (\S+))?(?: count ([0-9]+))?$/.exec(text) ?? [];
  const place = (part: string): number => start + text.lastIndexOf(part);
  if (handle !== undefined) line.push(token.handle, start + '# handle '.length, start + '# handle '.length + handle.length);
  if (owner !== undefined) line.push(token.owner, place(owner), place(owner) + owner.length);
  if (count !== undefined) line.push(token.countNote, place(count), place(count) + count.length);
  return handle !== undefined || owner !== undefined || count !== undefined;
}
