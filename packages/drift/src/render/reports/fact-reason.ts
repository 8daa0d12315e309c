import type { ExplainedFact } from '../../explain/explain.ts';

/** What a fact is told from, and the first place that shows it: `likely: no rule says otherwise, iptables-save.txt:12`. */
export function reasonText({ because, confidence, evidence: [place] }: ExplainedFact): string {
  const seen = place === undefined ? '' : `, ${place.source}:${place.lines[0]}`;
  return `${confidence === 'likely' ? 'likely: ' : ''}${because}${seen}`;
}
