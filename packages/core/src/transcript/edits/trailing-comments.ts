import type { Edit } from './edited-text.ts';

/** A line of a save: `-a -t 10.0.0.1:80 -r 10.1.0.1:80 -m`, `-A INPUT -j DROP`, `add KUBE-CLUSTER-IP 10.96.0.1,tcp:443` */
const SAVED = /^[ \t>]*(?:\[\d+:\d+\] )?(?:(?:ipvsadm|ip6?tables|ipset) +)?(?:-[AaNI] \S|(?:add|create) \S+ \S)/;
/** A line of a file of settings or modules: `net.ipv4.vs.conntrack = 1`, `ip_vs_rr` */
const SETTING = /^[ \t>]*(?:(?:net|kernel)(?:\.[\w/*-]+)+ *= *\S+|(?:ip_vs|nf_conntrack|nf_nat|ip_set|br_netfilter|xt|overlay)\w*) +#/;
/** A row of a listing: `-> 10.1.0.1:80   Masq    1      0          0`, `DROP  tcp  --  0.0.0.0/0  0.0.0.0/0  tcp dpt:23` */
const ROW =
  /^[ \t>]*(?:-> +\S+:\S+ +(?:Masq|Route|Tunnel|Local) +\d+ +\d+ +\d+|(?:TCP|UDP|SCTP) +\S+:\S+ +[a-z]+|(?:\d+ +){0,3}\S+ +\S+ +(?:--|-f|!f) +(?:\S+ +\S+ +)?\S+ +\S+)(?: +.*?)? +# +\S/;

/** Cuts off what somebody wrote behind a line, from `#` on; a sign inside quotes or a comment of the rule is the rule's own. */
export function trailingCommentEdits(text: string): readonly Edit[] {
  if (!text.includes(' #')) return [];
  const edits: Edit[] = [];
  for (let start = 0; start < text.length;) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    const line = end - start > MAX_LINE ? '' : text.slice(start, end).replace(/\r$/, '');
    const at = SAVED.test(line) || SETTING.test(line) || ROW.test(line) ? commentIn(line) : -1;
    if (at >= 0) edits.push({ span: { start: start + at, end: start + line.length }, replacement: '' });
    start = end + 1;
  }
  return edits;
}

/** Where ` #` stands outside quotes and comments of rules, or -1. */
function commentIn(line: string): number {
  let quoted = false;
  for (let at = Math.max(0, line.lastIndexOf('*/')); at < line.length; at += 1) {
    if (line[at] === '\\') at += 1;
    else if (line[at] === '"') quoted = !quoted;
    else if (!quoted && line.startsWith(' #', at)) return at;
  }
  return -1;
}

/** A line of a save that somebody commented is never as long. */
const MAX_LINE = 2000;
