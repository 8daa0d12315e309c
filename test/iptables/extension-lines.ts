import { corpusFile, corpusFiles } from '../support/corpus.ts';

/** A rule as real tools printed it: its line of `iptables -S`, and its line in three kinds of listing. */
export interface ExtensionLine {
  /** `1.8.11-nft-ipv6`. */
  readonly run: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly save: string;
  readonly list: string;
  readonly listVerbose: string;
  readonly listExact?: string;
}

/** What each kind of listing prints before the rule. */
export const HEADERS = {
  list: 'Chain C (policy ACCEPT)\ntarget     prot opt source               destination         \n',
  listVerbose:
    'Chain C (policy ACCEPT 0 packets, 0 bytes)\n pkts bytes target     prot opt in     out     source               destination         \n',
  listExact:
    'Chain C (policy ACCEPT 0 packets, 0 bytes)\nnum      pkts      bytes target     prot opt in     out     source               destination         \n',
} as const;

/** A kind of listing. */
export type ListingKind = keyof typeof HEADERS;

/** Every rule of the corpus, read in place. What several runs print alike comes once. */
export function* extensionLines(): Generator<ExtensionLine> {
  const known = new Set<string>();
  for (const path of corpusFiles('iptables/extensions', (name) => name.endsWith('.jsonl'))) {
    const run = path.slice(path.lastIndexOf('/') + 1, -'.jsonl'.length);
    for (const line of corpusFile(path).split('\n')) {
      if (line === '') continue;
      const read = JSON.parse(line) as Omit<ExtensionLine, 'run' | 'family'>;
      const family = run.endsWith('ipv6') ? 'ipv6' : 'ipv4';
      const texts = [family, read.save, read.list, read.listVerbose, read.listExact].join('\n');
      if (known.has(texts)) continue;
      known.add(texts);
      yield { run, family, ...read };
    }
  }
}
