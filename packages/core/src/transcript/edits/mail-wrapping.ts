import type { Edit } from '../edited-text.ts';
import { wrapWidth } from '../wrap-width.ts';

/** `DROP       tcp  --  0.0.0.0/0            192.0.2.10`, perhaps behind quote signs: it ends with the destination or goes on with matches. */
const RULE = /^(?:[ \t>]*|[ \t>]*\d+ +(?:\d+[KMGT]? +){0,2})(?:\S+ +)?\S+ +(?:--|-f|!f) +(?:\S+ +\S+ +)?!?\S*[\d.:/]\S* +!?\S*[\d.:/]/;
/** `-A INPUT -p tcp`, `ipvsadm -a -t 192.0.2.10:80` */
const SAVED = /^[ \t>]*(?:-[AaIN] \S|add \S+ \S)/;
/** `  -> 198.51.100.1:80              Masq` */
const DESTINATION = /^[ \t>]*-> \S+(?: +[A-Z]\w+)?(?: +\d+){0,2}[ \t]*$/;

/** What a rule of a listing goes on with: words of its matches and targets, which begin no row. */
const MATCHES =
  /^(?:\/\*|(?:tcp|udp|sctp|udplite|dccp) (?:spts?|dpts?|flags|option)[:=]|icmp(?:type)? |ipv6-icmp(?:type)? |(?:ct)?state |(?:mark|MARK|connmark|CONNMARK|TTL|DSCP|STRING|tos|TOS) match |(?:MARK|CONNMARK) (?:set|xset|and|or|xor|save|restore) |LOG flags |match-set |multiport |ADDRTYPE |PHYSDEV |reject-with |to:|redir ports |limit: |owner |statistic |recent: |source IP |destination IP |random |masq ports|policy match |MAC ?[0-9A-F!]|length |udp |tcp |(?:spts?|dpts?):)/;
const OPTIONS = /^(?:! )?(?:--[a-z][a-z-]* \S|-[jmpsdiogtrw] \S)/;
const FIGURES = /^(?:(?:Masq|Route|Tunnel|Local) +)?\d+(?: +\d+){0,2}[ \t]*$/;

/**
 * Joins a row that a mail program or an editor broke with the rest below it, with the blank that it broke at. Only where the first line is a
 * row that can go on, and the second none that a tool prints: words of matches behind a rule, options behind a saved line, figures behind a
 * destination. What cannot be told stays two lines.
 */
export function mailWrappingEdits(text: string): readonly Edit[] {
  const edits: Edit[] = [];
  // Lines that a terminal broke at its edge are another matter: it leaves out no blank.
  const terminal = wrapWidth(text);
  let before = '';
  let width = 0;
  for (let start = 0; start < text.length; ) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    const line = end - start > MAX_WIDTH ? '' : text.slice(start, end).replace(/\r$/, '');
    const rest = /^(?:[ \t]*>)*[ \t]*/.exec(line)?.[0] ?? '';
    if (before !== '' && width !== terminal && goesOn(before, line.slice(rest.length))) {
      // A carriage return and blanks before the line feed belong to the break.
      let from = start - 1;
      while (from > 0 && /[ \t\r]/.test(text[from - 1] as string)) from -= 1;
      edits.push({ span: { start: from, end: start + rest.length }, replacement: ' ' });
      before = `${before.trimEnd()} ${line.slice(rest.length)}`;
    } else before = line;
    width = end - start;
    start = end + 1;
  }
  return edits;
}

/** Mail programs break lines near 78 columns; no line near this long was broken by one. */
const MAX_WIDTH = 600;

function goesOn(before: string, rest: string): boolean {
  if (rest === '' || before.length > MAX_WIDTH) return false;
  if (MATCHES.test(rest) && !RULE.test(rest)) return RULE.test(before);
  if (OPTIONS.test(rest)) return SAVED.test(before);
  return FIGURES.test(rest) && DESTINATION.test(before);
}
