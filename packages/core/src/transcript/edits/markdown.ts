import type { Edit } from './edited-text.ts';

/** A row of ipvsadm or iptables, or a line of a save; what is before it and behind it is taken off first. */
const ROW =
  /^(?:(?:TCP|UDP|SCTP) +\S+:\S*|FWM +\d|-> +\S+:\S|\S+ +\S+ +(?:--|-f|!f) +\S+ +\S|-A \S|:[A-Z]\S* (?:ACCEPT|DROP|-) |Chain \S+ \()/;
/** `**`, `__`, `*`, `_`, `~~`, a backquote or several of them around a whole line */
const AROUND = /^([ \t>]*)((?:[*_`]|~~){1,6})([ \t]*\S.*?\S)([*_`~]{1,6})[ \t]*$/;
/** `<mark>` and the like around a whole line */
const TAGGED = /^([ \t>]*)(<(mark|b|strong|em|u|i|s|del|kbd|code)>)(.*\S)<\/\3>[ \t]*$/i;
/** `**192.0.2.1:80**` inside a row, `__192.0.2.1:80__`, `*0*` */
const INSIDE =
  /\*\*\*?(?=\S)|(?<=\S)\*\*\*?|(?<=\s)(?:\*|_{1,3})(?=[\d[][\d.:a-f\][/]{0,60}(?:\*|_{1,3})(?:\s|$))|(?<=\s(?:\*|_{1,3})[\d[][\d.:a-f\][/]{0,60})(?:\*|_{1,3})(?=\s|$)/g;
/** `| TCP  192.0.2.10:80 rr |` among lines that have no pipes */
const PIPES = /^([ \t>]*)\|[ \t]?(.*?)[ \t]*\|[ \t]*$/;

/**
 * Takes the emphasis of Markdown off rows that somebody wanted seen, and the pipes of a table off a row that stands among others without.
 */
export function markdownEdits(text: string): readonly Edit[] {
  const edits: Edit[] = [];
  let piped = false;
  for (let start = 0; start < text.length;) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    const line = end - start > MAX_LINE ? '' : text.slice(start, end).replace(/\r$/, '');
    if (/[*_`|<]/.test(line)) for (const edit of lineEdits(line, start, piped)) edits.push(edit);
    piped = /^[ \t>]*\|/.test(line);
    start = end + 1;
  }
  return edits;
}

/** A row is never as long. */
const MAX_LINE = 400;

/** A row with the end of a fence behind it, as chats keep it. */
const BEFORE_FENCE = /^(?!.*`{3}.*`{3})(?=[ \t>]*[^ \t>`])(?:.*\S)(?=`{3,}[ \t]*$)/;

function lineEdits(line: string, at: number, piped: boolean): Edit[] {
  const cut = (from: number, to: number): Edit => ({ span: { start: at + from, end: at + to }, replacement: '' });
  const fenced = BEFORE_FENCE.exec(line)?.[0] ?? '';
  if (fenced !== '' && ROW.test(fenced.trim())) return [cut(fenced.length, line.length)];
  const around = AROUND.exec(line);
  if (around !== null) {
    const [, before = '', sign = '', row = '', end = ''] = around;
    const last = before.length + sign.length + row.length;
    if (end === [...sign].toReversed().join('') && ROW.test(row.trim()))
      return [cut(before.length, before.length + sign.length), cut(last, last + end.length)];
  }
  const tagged = TAGGED.exec(line);
  if (tagged !== null && ROW.test((tagged[4] as string).trim())) {
    const [, before = '', tag = '', , row = ''] = tagged;
    const last = before.length + tag.length + row.length;
    return [cut(before.length, before.length + tag.length), cut(last, line.length)];
  }
  const pipes = piped ? null : PIPES.exec(line);
  if (pipes !== null && ROW.test((pipes[2] as string).trim())) {
    const first = (pipes[1] as string).length;
    const last = line.slice(0, line.lastIndexOf('|')).trimEnd().length;
    return [cut(first, line[first + 1] === ' ' && !(pipes[2] as string).startsWith(' ') ? first + 2 : first + 1), cut(last, line.length)];
  }
  // `<-A KUBE-SERVICES …`: what a page or a diff without its blank left behind.
  if (/^<-[A-Z] \S/.test(line)) return [cut(0, 1)];
  if (!/\*\*|[*_]\d|[\d\]][*_]/.test(line) || !ROW.test(line.replace(INSIDE, '').trim().replace(/^>\s*/, ''))) return [];
  return [...line.matchAll(INSIDE)].map(({ index, 0: sign }) => cut(index, index + sign.length));
}
