import { corpusBytes, corpusFile } from '../support/corpus.ts';
import { readInput, type LineFate, type ReadInput } from '../support/line-fates.ts';

/** One line of the index of outputs that people pasted. */
export interface Sample {
  readonly file: string;
  readonly kind: string;
  readonly damage: readonly string[];
  readonly source: string;
}

/** How a sample as a whole was read. */
export type Outcome = 'whole' | 'with diagnostics' | 'refused';

export interface ReadSample extends Sample {
  readonly read: ReadInput;
  readonly outcome: Outcome;
  /** Lines that a reader without a parser would call a rule, a service or a destination. */
  readonly rows: readonly LineFate[];
  readonly typedRows: readonly LineFate[];
}

/** The samples, in the order of the index. */
export function samples(): readonly Sample[] {
  return (
    corpusFile('realworld/index.jsonl')
      .split('\n')
      .filter((line) => line !== '')
      // Each line of the index is written by the corpus' own tool in this shape.
      .map((line) => JSON.parse(line) as Sample)
  );
}

const TOOLS: ReadonlyMap<string, string> = new Map([
  ['ipvsadm', 'ipvsadm'],
  ['iptables', 'iptables'],
  ['ip6tables', 'iptables'],
  ['iptables-save', 'iptables'],
  ['iptables-rules', 'iptables'],
  ['ipset', 'ipset'],
  ['lsmod', 'modules'],
  ['modules', 'modules'],
  ['kube-proxy-log', 'kube-proxy'],
]);

export function readSample(sample: Sample): ReadSample {
  const read = readInput(corpusBytes(`realworld/${sample.file}`));
  const rows = read.fates.filter(({ text }) => isRow(sample.kind, text));
  const typedRows = rows.filter(({ fate, kind }) => fate === 'typed' && ROW_NODES.has(kind ?? ''));
  return { ...sample, read, rows, typedRows, outcome: outcomeOf(sample, read, rows, typedRows) };
}

const ROW_NODES: ReadonlySet<string> = new Set(['Rule', 'VirtualService', 'Destination']);

/** Told by signs that stand anywhere in the line, whatever stands around them, and not by netdrift. */
function isRow(kind: string, text: string): boolean {
  if (kind === 'ipvsadm') {
    const service =
      /(?<!\/)\b(?:TCP|UDP|SCTP|FWM|MATCH) +(?!\d+:\d\d\b|\d+ +[A-Z])\S+/.test(text) && !/^(?:.*[#$] )?(?:ipvsadm|kubectl) /.test(text);
    return (
      (service && !isConnection(text)) || /(?:->|-&gt;) +[\w[](?!emoteAddress)\S* +(?:Masq|Local|Tunnel|Route|FullNat|SNAT|\d)/.test(text)
    );
  }
  if (!kind.startsWith('ip')) return false;
  if (/ip6?tables(?:-\w+)? .*-[AID] /.test(text)) return false;
  return /(?:^|[\s>+\]])-A \S{3,}/.test(text) || /\S+ +(?:--|-f|!f) +(?:\S+ +\S+ +)?!?(?:\d+\.\d|anywhere|[0-9a-f]*::)/.test(text);
}

/** `TCP C0A80016 CE48 0A0B0A02 …` of /proc/net/ip_vs_conn, `TCP 00:47 FIN_WAIT …` */
function isConnection(text: string): boolean {
  return /\b(?:TCP|UDP) +(?:[0-9A-F]{8} [0-9A-F]{4} |\d+:\d\d|\d+ )/.test(text);
}

function outcomeOf({ kind }: Sample, { fates, outputs }: ReadInput, rows: readonly LineFate[], typed: readonly LineFate[]): Outcome {
  const tool = TOOLS.get(kind);
  if (!outputs.some(({ section, parsed }) => section.tool === tool && parsed.value !== undefined)) return 'refused';
  const nothing = !fates.some(({ fate, kind: node }) => (fate === 'typed' && node !== undefined) || fate === 'unknown');
  if (nothing && fates.some(({ fate }) => fate === 'diagnostic')) return 'refused';
  const damaged = fates.some(
    ({ fate, reason }) => fate === 'diagnostic' || fate === 'unknown' || fate === 'lost' || reason === 'long-line',
  );
  return damaged || typed.length < rows.length ? 'with diagnostics' : 'whole';
}
