import { type Chain, printNftExpression, type Statement } from '@netdrift/nftables';
import type { Verdict } from '../world/ir.ts';
import type { NftTableEntry } from '../world/nftables/tables.ts';
import type { ServiceFrontend } from '../proxy/service-table.ts';

/** Chains one inside another of a service: external, service, endpoint. */
const DEEPEST = 6;

/** What the rules behind a place say of it besides where they lead. */
export type NftTraits = (verdicts: readonly Verdict[]) => Pick<ServiceFrontend, 'policy' | 'affinitySeconds' | 'sourceRanges'>;

/** Reads the traits of the places of one table, whose chains and sets are indexed once. */
export function nftTraits({ table }: NftTableEntry): NftTraits {
  const chains = new Map((table.chains ?? []).map((chain) => [chain.name, chain]));
  const timeouts = new Map((table.sets ?? []).flatMap(({ name, timeout }) => (timeout === undefined ? [] : [[name, timeout.seconds]])));
  return (verdicts) => traitsOf(verdicts, chains, timeouts);
}

function traitsOf(
  verdicts: readonly Verdict[],
  chains: ReadonlyMap<string, Chain>,
  timeouts: ReadonlyMap<string, number>,
): ReturnType<NftTraits> {
  const entries = verdicts.flatMap((verdict) => ('chain' in verdict ? (chains.get(verdict.chain) ?? []) : []));
  const ranges = entries.map(rangesOf).find((found) => found !== undefined);
  return {
    ...policyOf(entries),
    affinitySeconds: timeouts.size === 0 ? 0 : longestTimeout(chainsFrom(entries, chains), timeouts),
    ...(ranges === undefined ? {} : { sourceRanges: ranges }),
  };
}

function longestTimeout(chains: readonly Chain[], timeouts: ReadonlyMap<string, number>): number {
  const updated = chains.flatMap(({ rules = [] }) =>
    rules.flatMap(({ statements }) => statements.flatMap((statement) => (statement.kind === 'SetUpdate' ? [statement.set] : []))),
  );
  return Math.max(0, ...updated.map((set) => timeouts.get(set) ?? 0));
}

function chainsFrom(entries: readonly Chain[], chains: ReadonlyMap<string, Chain>): Chain[] {
  const reached = new Set(entries);
  let last: readonly Chain[] = entries;
  for (let depth = 0; depth < DEEPEST && last.length > 0; depth += 1) {
    const next = last
      .flatMap(({ rules = [] }) => rules.flatMap(({ statements }) => statements.flatMap(targetsOf)))
      .flatMap((name) => chains.get(name) ?? []);
    last = next.filter((chain) => !reached.has(chain));
    for (const chain of last) reached.add(chain);
  }
  return [...reached];
}

function targetsOf(statement: Statement): readonly string[] {
  if (statement.kind === 'Verdict') return statement.chain === undefined ? [] : [statement.chain];
  if (statement.kind !== 'VerdictMap' || statement.map.kind !== 'AnonymousSet') return [];
  return statement.map.elements.flatMap(({ value }) => (value?.kind === 'Verdict' && value.chain !== undefined ? [value.chain] : []));
}

/** With policy Local the node's own packets are told apart, for they may use every endpoint. */
function policyOf(entries: readonly Chain[]): Pick<ServiceFrontend, 'policy'> {
  const rules = entries.flatMap((chain) => chain.rules ?? []);
  if (rules.length === 0) return {};
  const isLocal = rules.some(
    ({ statements }) =>
      statements.some((one) => one.kind === 'Match' && one.left.kind === 'Fib' && one.left.flags[0] === 'saddr') &&
      statements.some((one) => one.kind === 'Verdict' && one.verdict === 'goto'),
  );
  return { policy: isLocal ? 'Local' : 'Cluster' };
}

/** `ip saddr != { 203.0.113.0/24 } drop` */
function rangesOf({ rules = [] }: Chain): readonly string[] | undefined {
  for (const { statements } of rules) {
    const [match, verdict] = statements;
    if (statements.length !== 2 || match?.kind !== 'Match' || verdict?.kind !== 'Verdict' || verdict.verdict !== 'drop') continue;
    if (match.operator !== '!=' || match.left.kind !== 'Payload' || match.left.field !== 'saddr') continue;
    const values = match.right.kind === 'AnonymousSet' ? match.right.elements.map(({ key }) => key) : [match.right];
    return values.map((value) => printNftExpression(value)).sort();
  }
  return undefined;
}
