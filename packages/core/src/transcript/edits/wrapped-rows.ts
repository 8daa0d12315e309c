/** What stands before a row in a mail: quote signs and blanks. */
const QUOTE = '^(?:[ \\t]*>)*[ \\t]*';
/** Counters of `iptables-save -c`. */
const COUNTED = '(?:\\[\\d+:\\d+\\] )?';
/** `-A INPUT -p tcp`, `ipvsadm -a -t 192.0.2.10:80`, `add KUBE-CLUSTER-IP 10.96.0.1,tcp:443` */
const SAVED = new RegExp(`${QUOTE}${COUNTED}(?:(?:ipvsadm|ip6?tables|ipset) +(?:-t +\\w+ +)?)?(?:-[AaIN] \\S|(?:add|create) \\S+ \\S)`);
/** What begins a line of a save, which therefore is no rest of one. */
const BEGINS_SAVED = /^(?:[*:#]|\[\d+:\d+\] |COMMIT$|-[A-Z] \S|-a -|(?:add|create) \S+ \S|(?:ipvsadm|ip6?tables|ipset) |```)/;
/** `DROP       tcp  --  0.0.0.0/0            192.0.2.10`, perhaps behind counters: it ends with the destination or goes on with matches. */
const RULE = new RegExp(
  `${QUOTE}(?:\\d+ +(?:\\d+[KMGT]? +){0,2})?(?:\\S+ +)?\\S+ +(?:--|-f|!f) +(?:\\S+ +\\S+ +)?!?\\S*[\\d.:/]\\S* +!?\\S*[\\d.:/]`,
);
/** The same, broken before its destination. */
const HALF_RULE = new RegExp(
  `${QUOTE}(?:\\d+ +(?:\\d+[KMGT]? +){0,2})?(?:\\S+ +)?\\S+ +(?:--|-f|!f) +(?:\\S+ +\\S+ +)?!?(?:[\\da-f]*[.:][\\da-f.:]+(?:/\\d+)?|anywhere)$`,
);
const ADDRESS = /^!?(?:\d+\.\d+\.\d+\.\d+|[\da-f]*:[\da-f:]*|anywhere)(?:\/\d+)?(?: |$)/;
/** What a rule of a listing goes on with: words of its matches and targets, which begin no row. */
const MATCHES =
  /^(?:\/\*|(?:tcp|udp|sctp|udplite|dccp) (?:spts?|dpts?|flags|option)[:=]|icmp(?:type)? |ipv6-icmp(?:type)? |(?:ct)?state |(?:mark|MARK|connmark|CONNMARK|TTL|DSCP|STRING|tos|TOS) match |(?:MARK|CONNMARK) (?:set|xset|and|or|xor|save|restore) |LOG flags |match-set |multiport |ADDRTYPE |PHYSDEV |reject-with |to:|redir ports |limit: |owner |statistic |recent: |source IP |destination IP |random |masq ports|policy match |MAC ?[0-9A-F!]|length |udp |tcp |(?:spts?|dpts?):)/;
const OPTIONS = /^(?:! )?(?:--[a-z][a-z-]+(?: \S|$)|-[jmpsdiogtrwxyMbfucqn](?: \S|$))/;
const OPEN_OPTION = / (?:--[a-z][a-z-]+|-[jpsdiogtruwxyMbf])$/;
const FIGURES = /^(?:(?:Masq|Route|Tunnel|Local) +)?\d+[KMGT]?(?: +\d+[KMGT]?){0,4}$/;
/** `  -> 198.51.100.1:80              Masq`, `TCP  192.0.2.10:80    5   48` */
const COUNTED_ROW = new RegExp(`${QUOTE}(?:->|TCP|UDP|SCTP|FWM) +\\S+(?: +[A-Z]\\w+)?(?: +\\d+[KMGT]?){0,4}$`);
/** `TCP  192.0.2.10:80 wrr persistent 300`, perhaps broken before its scheduler */
const SERVICE = new RegExp(`${QUOTE}(?:(?:TCP|UDP|SCTP) +\\S+:\\S+|FWM +\\d+(?: IPv6)?)(?: [a-z]+(?: .*)?)?$`);
const CONNECTION = new RegExp(`${QUOTE}(?:TCP|UDP|SCTP|ICMP|IP) +\\d+:\\d\\d +\\S+ +\\S+(?: +\\S+)?$`);

/** Titles that a tool prints above its rows, word by word. */
const TITLES: readonly (readonly string[])[] = [
  'IP Virtual Server version 1.2.1 (size=N)',
  'Prot LocalAddress:Port Scheduler Flags',
  'Prot LocalAddress:Port Conns InPkts OutPkts InBytes OutBytes',
  'Prot LocalAddress:Port CPS InPPS OutPPS InBPS OutBPS',
  'Prot LocalAddress:Port Uthreshold Lthreshold ActiveConn InActConn',
  'Prot LocalAddress:Port Weight PersistConn ActiveConn InActConn',
  '-> RemoteAddress:Port Forward Weight ActiveConn InActConn',
  'pro expire state source virtual destination',
  'target prot opt source destination',
  'num target prot opt source destination',
  'pkts bytes target prot opt in out source destination',
  'num pkts bytes target prot opt in out source destination',
  'Module Size Used by',
].map((title) => title.split(' '));

/** How a line goes on below, by what stands before the break and behind it. */
const WRAPPED: readonly ((before: string, rest: string) => boolean)[] = [
  (before, rest) => MATCHES.test(rest) && !RULE.test(rest) && RULE.test(before),
  (before, rest) => OPTIONS.test(rest) && SAVED.test(before),
  (before, rest) => OPEN_OPTION.test(before) && SAVED.test(before) && !rest.startsWith('-'),
  goesOnAsFigures,
  (before, rest) => ADDRESS.test(rest) && HALF_RULE.test(before),
  (before, rest) =>
    /^(?:[a-z]{2,5}(?: (?:persistent|ops|mask|\().*)?|persistent \d+.*|mask \S+|\((?:flag|mh|sh)-[\w,-]+\)(?: .*)?)$/.test(rest) &&
    SERVICE.test(before),
  (before, rest) => /^\S+:\d+(?: +\S+:\d+)?$/.test(rest) && CONNECTION.test(before),
  (before, rest) => /^[\da-z][\w :./]*\d$/.test(rest) && new RegExp(`${QUOTE}Header: `).test(before),
  (before, rest) =>
    /^(?:(?:family|hashsize|maxelem|timeout|bucketsize|initval|range|netmask|comment) \S|counters|\d+$)/.test(rest) &&
    /(?:^|[ >])(?:create|add) \S+ \S+ .*\b(?:\w+ \d+|inet6?|timeout|hashsize|maxelem)$/.test(before),
  (before, rest) => goesOnAsModule(before, rest),
  (before, rest) =>
    /^(?:bytes|packets, \d+[KMGT]? bytes|\d+[KMGT]? (?:packets|bytes).*)\)$/.test(rest) &&
    /Chain \S+ \(policy [A-Z]+(?: \d+[KMGT]?(?: packets,(?: \d+[KMGT]?)?)?)?$/.test(before),
  (before, rest) => goesOnAsTitle(before, rest),
];

/**
 * Whether `rest`, without what stands before it, is the rest of the row or the title `before`. `atEdge`: the row ends where a terminal may
 * have broken it inside a word; only what is as many figures or words as a row has is told to go on then.
 */
export function goesOn(before: string, rest: string, atEdge = false): boolean {
  if (atEdge) return goesOnAsFigures(before, rest) || (/(?:InActConn|OutBytes|OutBPS)$/.test(rest) && goesOnAsTitle(before, rest));
  return rest !== '' && !BEGINS_SAVED.test(rest) && WRAPPED.some((goes) => goes(before, rest));
}

/** Rows have three figures behind the way of forwarding, and four or five where they show none. */
function goesOnAsFigures(before: string, rest: string): boolean {
  if (!FIGURES.test(rest) || !COUNTED_ROW.test(before)) return false;
  const words = `${before} ${rest}`
    .replace(/^(?:[ \t]*>)*[ \t]*/, '')
    .split(/\s+/)
    .slice(2);
  return /^\d/.test(words[0] ?? '') ? words.length === 4 || words.length === 5 : words.length === 4;
}

/** `ip_vs 155648 2` and `ip_vs_rr,ip_vs_wrr`: as many names as the count says. */
function goesOnAsModule(before: string, rest: string): boolean {
  const users = /^[ \t>]*\w+ +\d{3,} +(\d+)$/.exec(before)?.[1];
  return users !== undefined && /^\w+(?:,\w+)*$/.test(rest) && rest.split(',').length === Number(users);
}

function goesOnAsTitle(before: string, rest: string): boolean {
  if (!/(?:destination|InActConn|OutBytes|OutBPS|Flags|by|\(size=\d+\))$/.test(rest)) return false;
  const first = wordsOf(before.replace(/^(?:[ \t]*>)*/, ''));
  const second = wordsOf(rest);
  return TITLES.some(
    (title) =>
      first.length < title.length &&
      first.length + second.length === title.length &&
      [...first, ...second].every((word, index) => word === title[index]),
  );
}

function wordsOf(line: string): string[] {
  return line
    .trim()
    .replace(/\(size=\d+\)/, '(size=N)')
    .replace(/\bversion \d\S*/, 'version 1.2.1')
    .split(/\s+/);
}
