import type { Chain as NftChain, Table } from '@netdrift/nftables';
import type { Origin } from '../../state/origin.ts';
import type { BaseChain, Chain, Hook, TableChains } from '../ir.ts';
import type { NftContext } from './context.ts';
import { compileNftRule } from './rules.ts';

/** A table of nft with where its parts were read. */
export interface NftTableEntry {
  readonly table: Table;
  /** False where chains or rules of it may not have been shown. */
  readonly whole: boolean;
  readonly originOf: (span: { readonly start: number; readonly end: number }) => Origin;
}

/** The tables of nft of one family as the kernel runs them; those of iptables-nft are read as iptables lists them, and are left out. */
export function compiledNftTables(
  entries: Iterable<NftTableEntry>,
  family: 'ipv4' | 'ipv6',
): { readonly tables: readonly TableChains[]; readonly base: readonly BaseChain[] } {
  const tables: TableChains[] = [];
  const base: BaseChain[] = [];
  for (const entry of entries) {
    const { table, whole } = entry;
    if (!isOfFamily(table, family) || table.managedBy !== undefined || table.flags?.includes('dormant') === true) continue;
    const name = `${table.family} ${table.name}`;
    const chains = compileChains(entry, name, family);
    tables.push({ name, chains, whole });
    base.push(...(table.chains ?? []).flatMap((chain) => baseChain(chain, name, chains)));
  }
  return { tables, base };
}

function isOfFamily({ family }: Table, wanted: 'ipv4' | 'ipv6'): boolean {
  return family === 'inet' || family === (wanted === 'ipv4' ? 'ip' : 'ip6');
}

function compileChains({ table, originOf }: NftTableEntry, name: string, family: 'ipv4' | 'ipv6'): Map<string, Chain> {
  const context: NftContext = {
    family,
    table: name,
    tableFamily: table.family,
    sets: new Map((table.sets ?? []).map((set) => [set.name, set])),
  };
  const chains = new Map<string, Chain>();
  for (const chain of table.chains ?? []) {
    const rules = (chain.rules ?? []).map((rule, index) => {
      const comment = rule.comment === undefined ? {} : { comment: rule.comment };
      return compileNftRule(rule, { table: name, chain: chain.name, number: index + 1, origin: originOf(rule.span), ...comment }, context);
    });
    chains.set(chain.name, { table: name, name: chain.name, rules, origin: originOf(chain.span) });
  }
  return chains;
}

const HOOKS: readonly Hook[] = ['prerouting', 'input', 'forward', 'output', 'postrouting'];

function baseChain({ name, hook, policy }: NftChain, table: string, chains: ReadonlyMap<string, Chain>): BaseChain[] {
  const at = HOOKS.find((one) => one === hook?.hook);
  const chain = chains.get(name);
  if (at === undefined || hook === undefined || chain === undefined) return [];
  return [{ hook: at, priority: hook.priority.value, nat: hook.type === 'nat', policy: policy ?? 'accept', table, chain }];
}
