import { append } from '../common/append.ts';
import { addToGroup } from '../common/add-to-group.ts';
import { catalogueChain } from '../proxy/names/chain-catalogue.ts';
import type { NodeView } from '../services/node-facts.ts';
import type { RuleChain, RuleEntry, RuleTable } from '../state/model.ts';
import { lacksRowsAnywhere } from '../read/completeness.ts';
import { UNKNOWN_TABLE } from '../read/recognise.ts';
import type { Part } from '../read/snapshot.ts';
import { counted, findingKinds, type FoundThing, inFamily, listed } from './finding.ts';
import type { FindingRule } from './finding-rule.ts';
import { SECOND_TRANSLATION, translationOf } from './dead-rule-findings.ts';
import { BUILT_IN } from '../world/iptables/base-chains.ts';

const { kinds, finding } = findingKinds([
  {
    id: 'lint.iptables.dangling-jump',
    severity: 'notice',
    title: 'a jump to a chain that is not listed',
    why: 'the listing is incomplete: what the chain does is unknown',
  },
  {
    id: 'lint.iptables.duplicate-rule',
    severity: 'none',
    title: 'the same rule several times',
    why: 'further copies have no effect; very many of them cost time',
  },
  {
    id: 'lint.iptables.orphan-chain',
    severity: 'none',
    title: 'a chain with rules that nothing jumps to',
    why: 'its rules never see a packet',
  },
  {
    id: 'lint.iptables.refcount-mismatch',
    severity: 'notice',
    title: 'the reference count of a chain differs from the jumps listed',
    why: 'the listing is incomplete',
  },
  { id: 'lint.nat.cycle', severity: 'warning', title: 'chains jump in a circle', why: 'no kernel accepts such rules: the text is damaged' },
  SECOND_TRANSLATION,
]);

export const chains: FindingRule = { kinds, find: chainFindings };

/** This many copies of one rule cost every packet time. */
const MANY_COPIES = 100;

/** What is odd in chains and rules, whoever made them. */
function chainFindings({ model, snapshot }: NodeView): FoundThing[] {
  const found: FoundThing[] = [];
  for (const table of model.tables.values()) {
    const jumps = jumpsOf(table);
    const chains = [...table.chains.values()].flatMap((chain) => [...copies(table, chain), ...secondTranslations(table, chain)]);
    const own = [...danglingJumps(table, jumps), ...orphanChains(table, jumps), ...cycles(table), ...chains];
    append(found, inFamily(table.family, own));
  }
  for (const part of snapshot.parts) if (part.content.kind === 'rules') append(found, inFamily(part.content.family, countMismatches(part)));
  return found;
}

/** The first rule that jumps to a chain, by the chain. */
function jumpsOf(table: RuleTable): Map<string, RuleEntry> {
  const jumps = new Map<string, RuleEntry>();
  for (const chain of table.chains.values())
    for (const rule of chain.rules) if (rule.target.kind === 'jump' && !jumps.has(rule.target.chain)) jumps.set(rule.target.chain, rule);
  return jumps;
}

function danglingJumps(table: RuleTable, jumps: ReadonlyMap<string, RuleEntry>): FoundThing[] {
  // Who asks for one chain gets no other, and what grep left out is not missing: the report says that the listing is partial.
  if (table.askedChains === true) return [];
  const missing = [...jumps.keys()].filter((chain) => !table.chains.has(chain)).sort();
  if (missing.length === 0) return [];
  return [
    finding('lint.iptables.dangling-jump', {
      subject: { kind: 'iptables.chain', name: `${table.name} ${missing[0] ?? ''}` },
      text: `${table.name === UNKNOWN_TABLE ? '' : `${table.name}: `}${listed(missing)} ${missing.length === 1 ? 'is' : 'are'} jumped to but not listed`,
      origins: missing.slice(0, 3).flatMap((chain) => jumps.get(chain)?.origin ?? []),
    }),
  ];
}

/** Chains that their makers keep empty or without references on purpose are none. */
function orphanChains(table: RuleTable, jumps: ReadonlyMap<string, RuleEntry>): FoundThing[] {
  // The jump may be among what is not shown.
  if (!table.complete || table.name === UNKNOWN_TABLE) return [];
  const found: FoundThing[] = [];
  for (const chain of table.chains.values()) {
    if (chain.policy !== undefined || chain.rules.length === 0 || jumps.has(chain.name)) continue;
    if (BUILT_IN.has(chain.name) || catalogueChain(chain.name, table.name)?.mayBeIdle === true) continue;
    found.push(
      finding('lint.iptables.orphan-chain', {
        subject: { kind: 'iptables.chain', name: `${table.name} ${chain.name}` },
        text: `nothing jumps to chain ${chain.name} of ${table.name}, which has ${counted(chain.rules.length, 'rule')}`,
        origins: [chain.origin],
      }),
    );
  }
  return found;
}

/** Each listing has its own counts, so each is looked at by itself. */
function countMismatches(part: Part): FoundThing[] {
  if (part.content.kind !== 'rules' || part.content.chain !== undefined || lacksRowsAnywhere(part.completeness)) return [];
  const { value, tableNames } = part.content;
  const found: FoundThing[] = [];
  for (const [index, table] of value.tables.entries()) {
    const seen = new Map<string, number>();
    for (const chain of table.chains) {
      for (const { target } of chain.rules) if (target?.kind === 'ChainTarget') seen.set(target.name, (seen.get(target.name) ?? 0) + 1);
    }
    const wrong = table.chains.filter((chain) => chain.references !== undefined && chain.references !== (seen.get(chain.name) ?? 0));
    if (wrong.length === 0) continue;
    const name = table.name ?? tableNames[index] ?? UNKNOWN_TABLE;
    const told = wrong.map((chain) => `${chain.name} (${chain.references ?? 0} references, ${seen.get(chain.name) ?? 0} listed)`);
    found.push(
      finding('lint.iptables.refcount-mismatch', {
        subject: { kind: 'iptables.chain', name: `${name} ${wrong[0]?.name ?? ''}` },
        text: `${name === UNKNOWN_TABLE ? '' : `${name}: `}the listing is cut: ${listed(told)}`,
        origins: wrong
          .slice(0, 3)
          .map((chain) => ({ part: part.index, lines: [part.lineAt(chain.span.start), part.lineAt(chain.span.start)] })),
      }),
    );
  }
  return found;
}

/** Most chains have a few rules: to compare them one by one takes less than to put them into a set. */
function hasCopies(rules: readonly RuleEntry[]): boolean {
  if (rules.length > FEW) return new Set(rules.map(({ key }) => key)).size < rules.length;
  return rules.some(({ key }, place) => {
    for (let other = place + 1; other < rules.length; other++) if (rules[other]?.key === key) return true;
    return false;
  });
}

const FEW = 8;

function copies(table: RuleTable, chain: RuleChain): FoundThing[] {
  if (!hasCopies(chain.rules)) return [];
  const groups = new Map<string, RuleEntry[]>();
  for (const rule of chain.rules) {
    addToGroup(groups, rule.key, rule);
  }
  const found: FoundThing[] = [];
  for (const [key, rules] of groups) {
    const [first, second] = rules;
    if (first === undefined || second === undefined || key === '') continue;
    found.push(
      finding('lint.iptables.duplicate-rule', {
        ...(rules.length >= MANY_COPIES ? { severity: 'warning' as const } : {}),
        subject: { kind: 'iptables.rule', name: `${table.name} ${chain.name}#${second.number}` },
        values: [key],
        text: `${chain.name} of ${table.name} has ${rules.length} times the rule "${key}"`,
        origins: [first.origin, second.origin],
      }),
    );
  }
  return found;
}

/** Two rules of one chain that ask the same and translate to different places, without chance or memory between them. */
function secondTranslations(table: RuleTable, chain: RuleChain): FoundThing[] {
  const translating = chain.rules.length < 2 ? [] : chain.rules.filter(({ target }) => target.kind === 'dnat');
  if (translating.length < 2) return [];
  const first = new Map<string, RuleEntry>();
  const found: FoundThing[] = [];
  for (const rule of translating) {
    const to = translationOf(rule);
    if (to === undefined) continue;
    const known = first.get(rule.conditionKey);
    const knownTo = known && translationOf(known);
    if (known === undefined) first.set(rule.conditionKey, rule);
    else if (knownTo !== to) {
      found.push(
        finding('lint.nat.duplicate-dnat', {
          subject: { kind: 'iptables.rule', name: `${table.name} ${chain.name}#${rule.number}` },
          values: [rule.key],
          text: `rule ${rule.number} of ${chain.name} never sends anything to ${to}: rule ${known.number} sends the same packets to ${knownTo} first`,
          ...(table.interfacesHidden ? { certainty: 'assumed' as const } : {}),
          origins: [known.origin, rule.origin],
        }),
      );
    }
  }
  return found;
}

/** Depth first, without recursion: a chain met again on the way to itself. */
function cycles(table: RuleTable): FoundThing[] {
  const done = new Set<RuleChain>();
  const open = new Set<RuleChain>();
  for (const start of table.chains.values()) {
    if (done.has(start)) continue;
    const way: { readonly chain: RuleChain; next: number }[] = [{ chain: start, next: 0 }];
    open.add(start);
    for (let frame = way.at(-1); frame !== undefined; frame = way.at(-1)) {
      const rule = frame.chain.rules[frame.next++];
      if (rule === undefined) {
        way.pop();
        open.delete(frame.chain);
        done.add(frame.chain);
        continue;
      }
      const target = rule.target.kind === 'jump' ? table.chains.get(rule.target.chain) : undefined;
      if (target === undefined || done.has(target)) continue;
      if (open.has(target)) {
        const circle = [...way.slice(way.findIndex(({ chain }) => chain === target)).map(({ chain }) => chain.name), target.name];
        return [
          finding('lint.nat.cycle', {
            subject: { kind: 'iptables.chain', name: `${table.name} ${target.name}` },
            text: `chains of ${table.name} jump in a circle: ${circle.slice(0, 5).join(' -> ')}`,
            origins: [target.origin],
          }),
        ];
      }
      way.push({ chain: target, next: 0 });
      open.add(target);
    }
  }
  return [];
}
