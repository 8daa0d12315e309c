import type { RuleEntry } from '../model/model.ts';

/**
 * The rules of a chain with those that no packet can meet together brought into one order.
 *
 * kube-proxy writes KUBE-SERVICES and KUBE-NODEPORTS in the random order of a Go map. Neighbouring rules that each ask for one
 * protocol, one port and (all or none of them) one destination address commute when they differ in any of these, so a run of them
 * is sorted by these three; rules that agree in all three keep their order.
 */
export function withCommutingSorted(rules: readonly RuleEntry[]): readonly RuleEntry[] {
  const sorted: RuleEntry[] = [];
  let run: { readonly rule: RuleEntry; readonly key: string }[] = [];
  let shape = '';
  const endRun = (): void => {
    run.sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : one.rule.number - other.rule.number));
    for (const { rule } of run) sorted.push(rule);
    run = [];
  };
  for (const rule of rules) {
    const exact = exactKey(rule);
    if (exact === undefined || exact.shape !== shape) endRun();
    shape = exact?.shape ?? '';
    if (exact === undefined) sorted.push(rule);
    else run.push({ rule, key: exact.key });
  }
  endRun();
  return sorted;
}

function exactKey(rule: RuleEntry): { readonly shape: string; readonly key: string } | undefined {
  let protocol: string | undefined;
  let destination: string | undefined;
  let port: string | undefined;
  for (const condition of rule.conditions) {
    if (condition.not) continue;
    if (condition.kind === 'protocol') protocol = String(condition.number);
    else if (condition.kind === 'destination' && condition.range !== undefined && condition.range.low === condition.range.high) destination = condition.block;
    else if (condition.kind === 'destination-port') {
      const [range] = condition.ranges;
      if (condition.ranges.length === 1 && range !== undefined && range[0] === range[1]) port = String(range[0]);
    }
  }
  if (protocol === undefined || port === undefined) return undefined;
  return { shape: destination === undefined ? 'port' : 'address', key: `${protocol} ${destination ?? ''} ${port}` };
}
