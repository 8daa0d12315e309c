import type { Edit } from '../edited-text.ts';

/** A line of a save: `-a -t 10.0.0.1:80 -r 10.1.0.1:80 -m`, `-A INPUT -j DROP`, `add KUBE-CLUSTER-IP 10.96.0.1,tcp:443` */
const SAVED = /^[ \t>]*(?:(?:ipvsadm|ip6?tables|ipset) +)?(?:-[AaNI] \S|(?:add|create) \S+ \S)/;

/** Cuts off what somebody wrote behind a saved line, from `#` on; a sign inside quotes is the rule's own. */
export function trailingCommentEdits(text: string): readonly Edit[] {
  if (!text.includes(' #')) return [];
  const edits: Edit[] = [];
  for (let start = 0; start < text.length; ) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    const line = end - start > MAX_LINE ? '' : text.slice(start, end).replace(/\r$/, '');
    const at = SAVED.test(line) ? commentIn(line) : -1;
    if (at >= 0) edits.push({ span: { start: start + at, end: start + line.length }, replacement: '' });
    start = end + 1;
  }
  return edits;
}

/** Where ` #` stands outside quotes, or -1. */
function commentIn(line: string): number {
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === '\\') at += 1;
    else if (line[at] === '"') quoted = !quoted;
    else if (!quoted && line.startsWith(' #', at)) return at;
  }
  return -1;
}

/** A line of a save that somebody commented is never as long. */
const MAX_LINE = 2000;
