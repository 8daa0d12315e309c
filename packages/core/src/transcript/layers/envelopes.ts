import type { Envelope } from '../section.ts';
import { KLOG_PREFIX } from '../logs/klog.ts';

/** What was taken off the front of a line. */
export interface Stripped {
  /** Offset in the line of what remains. */
  readonly at: number;
  /** The machine that the prefix names. */
  readonly host?: string;
}

/** One kind of thing that people and programs put before each line of an output. */
export interface EnvelopeKind {
  readonly name: Envelope;
  /** Takes it off the line that begins a section, where it can be told; `at` is where to look. */
  find(line: string, at: number): Stripped | undefined;
  /**
   * Takes it off a later line of the section, given what was taken off its first line and the machine it named; `undefined` where the
   * line has not got it.
   */
  again(line: string, at: number, first: string, host: string | undefined): Stripped | undefined;
  /** Whether lines of a section may lack it. */
  readonly mayLack: boolean;
}

function prefix(name: Envelope, pattern: RegExp, mayLack = false): EnvelopeKind {
  const find = (line: string, at: number): Stripped | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(line);
    if (found === null) return undefined;
    const host = found.groups?.['host'];
    return host === undefined ? { at: pattern.lastIndex } : { at: pattern.lastIndex, host };
  };
  const again = (line: string, at: number, first: string, host: string | undefined): Stripped | undefined => {
    const found = find(line, at);
    // `>` without a blank must not take the blank that is the output's own.
    if (found?.host !== undefined || !line.startsWith(first, at)) return found;
    return host === undefined ? { at: at + first.length } : { at: at + first.length, host };
  };
  return { name, find, again, mayLack };
}

/** Blanks before the whole output: `    Chain INPUT (policy ACCEPT)`. Later lines lose as many, their own blanks stay. */
const indent: EnvelopeKind = {
  name: 'indent',
  find: (line, at) => {
    let end = at;
    while (line[end] === ' ' || line[end] === '\t') end += 1;
    return end > at ? { at: end } : undefined;
  },
  again: (line, at, first) => {
    let end = at;
    while (end - at < first.length && (line[end] === ' ' || line[end] === '\t')) end += 1;
    return { at: end };
  },
  mayLack: true,
};

/**
 * `+TCP  10.0.0.1:80 rr`, `+-A -t 10.0.0.1:80` in a diff. Lines of the other side have the other sign and are another output; a blank is
 * both's.
 */
const diff: EnvelopeKind = {
  ...prefix('diff', /[+-](?![+-]|$)|[+-](?=-[A-Za-z] )/y),
  again: (line, at, first) => (line[at] === first || line[at] === ' ' ? { at: at + 1 } : undefined),
};

/** `I0102 03:04:05.000000       1 dump.go:12] `: it makes a line one of kube-proxy's log where no row of an output stands behind it. */
export const klogPrefix = prefix('log-prefix', KLOG_PREFIX);

/** In the order in which they are tried; each is looked for again under what another one left. */
export const envelopeKinds: readonly EnvelopeKind[] = [
  indent,
  // `> Chain INPUT (policy ACCEPT)`, `>*nat`, `> > …`
  prefix('quote', />(?: ?>)* ?/y, true),
  // `│ Chain INPUT …                │`
  prefix('border', /[│┃║|] ?/y),
  // `[pod/kube-proxy-x/kube-proxy] `, `app_1  | `, `<14>1 2020-07-30T15:45:41Z node1 dump 12 - - `
  prefix('log-prefix', /\[pod\/(?<host>[^\]\s/]{1,200})(?:\/[^\]\s]{1,200})?\] /y),
  prefix('log-prefix', /<\d{1,3}>1 \S{1,40} (?<host>[\w.-]{1,100}) \S{1,100} \S{1,20} \S{1,40} - /y),
  // `Nov 22 22:25:00 node1 kube-proxy[123]: `, `2020-07-30T15:45:41+0200 node1 kube-proxy[123]: `
  prefix(
    'log-prefix',
    /(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)[\d.]{0,10}(?:Z|[+-]\d\d:?\d\d)? (?:(?<host>[\w.-]{1,100}) )?[\w./@-]{1,100}(?:\[\d+\])?: /y,
  ),
  // `2020-07-30T15:45:41.123Z stdout F `, `2020/07/30 15:45:41 `, `[2020-07-30 15:45:41,123] `, `15:45:41 `
  prefix('log-prefix', /\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d[\d.,]{0,12}(?:Z|[+-]\d\d:?\d\d)?\]? (?:(?:stdout|stderr) [FP] )?/y),
  prefix('log-prefix', /\[?\d\d:\d\d:\d\d[\d.,]{0,12}\]? /y),
  prefix('log-prefix', /[\w.-]{1,100} {1,40}\| /y),
  prefix('log-prefix', /[\w-]{1,100} kube-proxy (?=time=|[IWEF]\d{4})/y),
  klogPrefix,
  // `#load2.test: TCP …` of parallel ssh
  prefix('host-prefix', /#?(?<host>[A-Za-z0-9][\w.-]{0,100}): (?=[A-Z*:#-]|\s{0,3}->|create \S+ \w+:|kernel\/|ip_vs)/y),
  // `# TCP  10.96.0.100:80 rr`, `// …`
  prefix('comment', /(?:#|\/\/) ?/y),
  // `  12 -A KUBE-…` of an editor, `12:-A …` of grep -n
  prefix('line-number', /\d{1,7}[:\t] ?/y),
  prefix('line-number', /\d{1,7} (?=-[AN] |[*:])/y),
  diff,
  // `• -A INPUT …`, `1. TCP  10.96.0.1:443 rr` of a list
  prefix('list-mark', /(?:[*•·‣◦–]|\d{1,3}[.)])[ \t]+(?=`?-[AaN] |`?(?:TCP|UDP|SCTP) +\S+:|`?-> \S+:|`?\S+ +\S+ +-- )/uy, true),
  prefix('fence', /`{3,}(?:\w{1,10}\s)? ?/y, true),
  prefix('inline-code', /`/y, true),
];
