import type { RuleEntry } from '../state/model.ts';

/**
 * The rules of a chain with those that no packet can meet together brought into one order.
 *
 * kube-proxy writes KUBE-SERVICES and KUBE-NODEPORTS in the random order of a Go map. Neighbouring rules that each ask for one
 * protocol, one port and (all or none of them) one destination address commute when they differ in any of these, so a run of them
 * is sorted by these three; rules that agree in all three keep their order.
 */
export function withCommutingSorted(rules: readonly RuleEntry[]): readonly RuleEntry[] {
  return sortedRuns(rules, exactKey);
}

interface RunKey {
  /** Neighbours of one shape are a run. */
  readonly shape: string;
  /** Their order in the run; equal keys stay as they are. */
  readonly key: string;
}

function sortedRuns(rules: readonly RuleEntry[], keyOf: (rule: RuleEntry) => RunKey | undefined): RuleEntry[] {
  const sorted: RuleEntry[] = [];
  let run: { readonly rule: RuleEntry; readonly key: string }[] = [];
  let shape = '';
  const endRun = (): void => {
    run.sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0));
    for (const { rule } of run) sorted.push(rule);
    run = [];
  };
  for (const rule of rules) {
    const key = keyOf(rule);
    if (key === undefined || key.shape !== shape) endRun();
    shape = key?.shape ?? '';
    if (key === undefined) sorted.push(rule);
    else run.push({ rule, key: key.key });
  }
  endRun();
  return sorted;
}

function exactKey(rule: RuleEntry): RunKey | undefined {
  let protocol: string | undefined;
  let destination: string | undefined;
  let port: string | undefined;
  for (const condition of rule.conditions) {
    if (condition.not) continue;
    if (condition.kind === 'protocol') protocol = String(condition.number);
    else if (condition.kind === 'destination' && condition.range !== undefined && condition.range.low === condition.range.high)
      destination = condition.block;
    else if (condition.kind === 'destination-port') {
      const [range] = condition.ranges;
      if (condition.ranges.length === 1 && range !== undefined && range[0] === range[1]) port = String(range[0]);
    }
  }
  if (protocol === undefined || port === undefined) return undefined;
  return { shape: destination === undefined ? 'port' : 'address', key: `${protocol} ${destination ?? ''} ${port}` };
}

const FINAL = new Set(['ACCEPT', 'DROP', 'REJECT']);
/** Matches that count or remember packets: whether they are asked first matters. */
const COUNTING = /^-m (?:recent|limit|hashlimit|connlimit|quota|statistic)\b/;

/** Whether a rule gives a final verdict, and asks for nothing that counts or remembers packets. */
function isPlainVerdict({ target, conditions }: RuleEntry): boolean {
  if (target.kind !== 'verdict' || !FINAL.has(target.name)) return false;
  return !conditions.some(
    (condition) =>
      condition.kind === 'probability' || (condition.kind === 'other' && (condition.match === 'unknown' || COUNTING.test(condition.text))),
  );
}

/**
 * Tells for moved rules whether no packet can tell: rules that give one and the same final verdict commute, so a rule that moved past
 * such rules alone decides what it decided. `places` leads from a place in `before` to the place in `after` where the rule would stand.
 */
export function harmlessMoves(
  after: readonly RuleEntry[],
  moved: readonly (readonly [number, number])[],
  placeInAfter: (before: number) => number,
): Set<number> {
  const others = new Map<string, Int32Array>();
  const harmless = new Set<number>();
  for (const [from, to] of moved) {
    const rule = after[to];
    if (rule === undefined || !isPlainVerdict(rule)) continue;
    const counts = others.get(rule.target.text) ?? countOthers(after, rule.target.text);
    others.set(rule.target.text, counts);
    const would = placeInAfter(from);
    const start = Math.min(would, to);
    const end = Math.max(would, to);
    if ((counts[end] as number) - (counts[start] as number) === 0) harmless.add(from);
  }
  return harmless;
}

/** How many of the first n rules give another verdict, or none, for each n. */
function countOthers(rules: readonly RuleEntry[], verdict: string): Int32Array {
  const counts = new Int32Array(rules.length + 1);
  rules.forEach((rule, index) => {
    counts[index + 1] = (counts[index] as number) + (rule.target.text === verdict && isPlainVerdict(rule) ? 0 : 1);
  });
  return counts;
}
