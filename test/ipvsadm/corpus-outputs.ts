import { corpusBytes, corpusFiles } from '../support/corpus.ts';

const names =
  /\/(?:ln|stats|rate|thresholds|persistent-conn|tun-info|save|connections|timeout|daemon|names|one-service|x-|proc-ip_vs|ipvsadm-)[^/]*\.(?:txt|err)$/;

/** Outputs of ipvsadm and of the kernel's files in the corpus, with what they printed on standard error. */
export function corpusOutputs(): string[] {
  return [...corpusFiles('ipvsadm'), ...corpusFiles('kube-proxy')].filter((path) => names.test(path));
}

/** Outputs by the state of the kernel that they show: the folder. */
export function corpusStates(): Map<string, string[]> {
  const states = new Map<string, string[]>();
  for (const path of corpusOutputs()) {
    const folder = path.slice(0, path.lastIndexOf('/'));
    states.set(folder, [...(states.get(folder) ?? []), path]);
  }
  return states;
}

export function corpusText(path: string): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(corpusBytes(path));
}

/** The same tree without spans, as JSON would bring it. */
export function withoutSpans<T>(value: T): T {
  return JSON.parse(JSON.stringify(value, (key, part: unknown) => (key === 'span' ? undefined : part))) as T;
}
