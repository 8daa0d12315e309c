import { corpusFiles } from '../support/corpus.ts';

/** Listings printed by the tool itself: scenarios, drift pairs and kube-proxy's nodes. */
export function listingFiles(): readonly string[] {
  const scenarios = ['iptables/scenarios', 'iptables/drift'].flatMap((folder) =>
    corpusFiles(folder, (path) => /\.(nL|nvL|nvxL-line-numbers|L)\.txt$/.test(path) && !path.includes('as-published')),
  );
  const nodes = corpusFiles('kube-proxy', (path) => /\/ip6?tables-[^/]*nv?L[^/]*\.txt$/.test(path));
  return [...scenarios, ...nodes];
}

/** A copy without any `span` key, as a tree that never came from a text. */
export function withoutSpans<T>(value: T): T {
  return JSON.parse(JSON.stringify(value, (key, held: unknown) => (key === 'span' ? undefined : held))) as T;
}

/** Save forms printed by the tool itself: `iptables-save`, with and without `-c`, and `iptables -S`. */
export function saveFiles(): readonly string[] {
  return ['iptables/scenarios', 'iptables/drift', 'kube-proxy'].flatMap((folder) =>
    corpusFiles(folder, (path) => /(?:\.S|\/save-c|\/ip6?tables-save(?:-c)?|iptables-[a-z]*-?save\.stdout)\.txt$/.test(path)),
  );
}
