import type { Edit } from './edited-text.ts';

/** The titles of ipvsadm on one line. */
const IPVS_TITLES = /\(size=\d+\)[ \t]*Prot LocalAddress:Port[ \t]/;
/** Where lines of ipvsadm began: behind its titles, before each row. */
const IPVS_LINE =
  /(?<=\S)[ \t]*(?=IP Virtual Server version |Prot LocalAddress:Port |(?:TCP|UDP|SCTP)[ \t]{1,2}\S+:\d|FWM[ \t]{1,2}\d)|(?<=\S)(?=[ \t]{1,3}-> [\w[])/g;
/** `-A KUBE-SERVICES …`, perhaps with the number of an editor */
const SAVED = /^[ \t>]*(?:\d{1,5} )?-A [^\s-]/;
/** A rule begins behind another one. */
const NEXT_RULE = /[ \t]+(?:\d{1,5} )?(?=-A [A-Za-z][\w-]* -)/g;
/** A title of a chain, which ends its line. */
const CHAIN =
  /^(?:`{3,} *)?Chain \S+ \((?:policy [A-Z]+(?: \d+\w? packets, \d+\w? bytes)?|\d+ references)\)(?=[ \t]+(?:(?:num +)?(?:pkts +bytes +)?target +prot|(?:\d+\w? +){0,3}(?:\S+ +)?\S+ +(?:--|-f|!f) +\S))/;

/**
 * Gives lines back that a page ran together: rows behind the titles of ipvsadm, a saved rule behind another one, a rule behind its chain's
 * title.
 */
export function lostLineEndEdits(text: string): readonly Edit[] {
  if (!/Chain |-A |LocalAddress/.test(text)) return [];
  const edits: Edit[] = [];
  for (let start = 0; start < text.length;) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    if (end - start <= MAX_LINE) for (const edit of lineEdits(text.slice(start, end), start)) edits.push(edit);
    start = end + 1;
  }
  return edits;
}

/** As many lines as a page ran together, and no dump. */
const MAX_LINE = 20_000;

function lineEdits(line: string, at: number): Edit[] {
  const breaks = (pattern: RegExp): Edit[] =>
    [...line.matchAll(pattern)]
      .filter(({ index }) => index > 0)
      .map(({ index, 0: blanks }) => ({ span: { start: at + index, end: at + index + blanks.length }, replacement: '\n' }));
  if (IPVS_TITLES.test(line)) return breaks(IPVS_LINE);
  const first = SAVED.exec(line)?.[0].length;
  if (first !== undefined)
    return breaks(NEXT_RULE).filter(({ span }) => span.start > at + first && isOutsideQuotes(line.slice(0, span.start - at)));
  const chain = CHAIN.exec(line)?.[0];
  if (chain === undefined) return [];
  const fence = /[ \t]*`{3,}[ \t]*$/.exec(line);
  const after = at + chain.length + (/^[ \t]+/.exec(line.slice(chain.length))?.[0].length ?? 0);
  const broken: Edit = { span: { start: at + chain.length, end: after }, replacement: '\n' };
  return fence === null || !chain.startsWith('`')
    ? [broken]
    : [broken, { span: { start: at + fence.index, end: at + line.length }, replacement: '' }];
}

function isOutsideQuotes(text: string): boolean {
  return (text.match(/(?<!\\)"/g)?.length ?? 0) % 2 === 0;
}
