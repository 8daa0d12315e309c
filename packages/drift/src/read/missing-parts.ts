import type { IpSet, IpsetList, IpsetSave } from '@netdrift/ipset';
import type { IptablesListing, IptablesSave, Table } from '@netdrift/iptables';
import type { IpvsadmListing, IpvsadmSave } from '@netdrift/ipvsadm';
import type { Diagnostic } from '@netdrift/core';
import type { PartialReason, SectionFacts } from './section-completeness.ts';
import type { ParsedSection } from './parse-section.ts';
import { askedChain, askedNftChain, askedSet, asksOneService } from './asked.ts';
import { tableNamesOf } from './recognise.ts';

/** Why an output is not complete that ends in the middle of a line. */
export const CUT = 'its last line is cut off';

/** What an output lacks of what its tool always prints, and what its command did not ask for. */
export function missingParts({ value, diagnostics }: ParsedSection, { text, table, args }: SectionFacts): PartialReason[] {
  switch (value?.kind) {
    case 'IpvsadmListing':
      if (asksOneService(args)) return [{ text: 'is of one virtual service alone' }];
      if (value.version === undefined) return [{ text: 'the first line of a whole listing is missing, as in a listing of one service' }];
      if (!text.includes('-> RemoteAddress:Port')) return [{ text: 'the line with the titles of destinations is missing' }];
      return endsInService(value, text) ? [{ text: CUT, rows: true, only: { services: [value.services.length - 1] } }] : [];
    case 'IpvsadmSave': {
      const last = value.services.at(-1)?.destinations.at(-1);
      // `-a -t 10.0.0.1:443 -r 192.168.0.1:6443 -m`: ipvsadm -S ends each destination with its weight.
      const isCut = last?.weight === undefined && last?.span.end === text.length;
      return isCut || endsInService(value, text) ? [{ text: CUT, rows: true, only: { services: [value.services.length - 1] } }] : [];
    }
    case 'IpsetList':
    case 'IpsetSave': {
      const asked = askedSet(args);
      return asked === undefined ? missingMembers(value, text) : [{ text: `is of set ${asked} alone` }];
    }
    case 'NftablesRuleset': {
      const chain = askedNftChain(args);
      return chain === undefined ? [] : [{ text: `is of chain ${chain} alone` }];
    }
    case 'IptablesSave':
    case 'IptablesListing': {
      const chain = askedChain(args);
      // One chain asked for is complete for that chain.
      if (chain !== undefined) return [{ text: `is of chain ${chain} alone` }];
      const untitled = value.tables.some(({ chains }) => chains.some(({ name }) => name === ''));
      if (untitled) return [{ text: 'rules stand without the title of their chain', rows: true }];
      return [...(value.kind === 'IptablesSave' ? missingOfSave(value, text, diagnostics) : []), ...missingChains(value, table)];
    }
    default:
      return [];
  }
}

/** Whether the last line is a service without a line feed: of its address and its scheduler, any number of characters may be missing. */
function endsInService({ services }: IpvsadmListing | IpvsadmSave, text: string): boolean {
  const last = services.at(-1);
  return last !== undefined && last.destinations.length === 0 && !text.endsWith('\n') && text.lastIndexOf('\n') + 1 <= last.span.start;
}

function missingMembers({ kind, sets }: IpsetList | IpsetSave, text: string): PartialReason[] {
  const at = sets.findIndex((set) => set.entries !== undefined && set.members !== undefined && set.entries !== set.members.length);
  const cut = sets[at];
  if (cut !== undefined)
    return [{ text: `set ${cut.name} has ${cut.entries} members, ${cut.members?.length} are listed`, rows: true, only: { sets: [at] } }];
  // `ipset list -terse` shows the members of no set.
  const last = sets.at(-1);
  if (last !== undefined && isOpenHeader(kind, last, text)) return [{ text: CUT, rows: true }];
  return last?.members === undefined && sets.some(({ members }) => members !== undefined)
    ? [{ text: `the members of set ${last?.name} are not listed` }]
    : [];
}

/**
 * Whether a text ends without a line feed in a line that tells what a set is: of its type and options, any number of characters may be
 * missing.
 */
function isOpenHeader(kind: (IpsetList | IpsetSave)['kind'], last: IpSet, text: string): boolean {
  if (text.endsWith('\n')) return false;
  const line = text.slice(text.lastIndexOf('\n') + 1);
  return kind === 'IpsetSave' ? line.startsWith('create ') : last.members === undefined && /^(?:Name|Type|Revision|Header):/.test(line);
}

/**
 * What `iptables-save` and `iptables -S` always print and this text lacks: the name of a table, the declaration of a chain, COMMIT. Where
 * such a line is missing, others may be.
 */
function missingOfSave({ layout, tables }: IptablesSave, text: string, diagnostics: readonly Diagnostic[]): PartialReason[] {
  if (diagnostics.some(({ code }) => code === 'iptables/uncommitted-table')) return [{ text: 'a table has no COMMIT', rows: true }];
  const whole = layout.style === 'save';
  for (const table of tables) {
    // `-S` begins with the policies of the built-in chains, unless it was asked for one chain.
    if (!whole && table.chains.length > 0 && table.chains.every(({ policy }) => policy === undefined) && text.includes('-N '))
      return [{ text: 'the policies of the built-in chains are missing', piece: true }];
    if (whole && table.name === undefined) return [{ text: 'the line with the name of a table is missing' }];
    const undeclared = table.chains.find(({ span }) => (whole ? text[span.start] !== ':' : text.startsWith('-A', span.start)));
    if (undeclared === undefined) continue;
    const piece = tables.every(({ chains }) => chains.every(({ span }) => text.startsWith('-A', span.start)));
    return [{ text: `the declaration of chain ${undeclared.name} is missing`, ...(piece ? { piece } : {}) }];
  }
  return [];
}

function missingChains(value: IptablesListing | IptablesSave, told: string | undefined): PartialReason[] {
  const names = tableNamesOf(value.tables, told);
  return value.tables.flatMap((table, index) => {
    const name = names[index] as string;
    const text = missingChain(table, name);
    return text === undefined ? [] : [{ text, table: name }];
  });
}

/** Jumps by the chain that they name. */
function jumpsIn(chains: Table['chains']): Map<string, number> {
  const jumps = new Map<string, number>();
  for (const chain of chains) {
    for (const { target } of chain.rules) if (target?.kind === 'ChainTarget') jumps.set(target.name, (jumps.get(target.name) ?? 0) + 1);
  }
  return jumps;
}

/** What a table lacks. */
interface Missing {
  /** The first chain that a rule jumps to. */
  readonly target: string | undefined;
  /** The first built-in chain. */
  readonly builtIn: string | undefined;
  /** Jumps to chains that count more of them than are seen. */
  readonly jumps: readonly { readonly to: string; readonly references: number; readonly seen: number }[];
}

function missingIn({ chains }: Pick<Table, 'chains'>, table: string): Missing {
  const listed = new Set(chains.map((chain) => chain.name));
  const jumps = jumpsIn(chains);
  const firstMissing = (names: readonly string[]): string | undefined => names.find((one) => !listed.has(one));
  return {
    target: firstMissing([...jumps.keys()]),
    builtIn: firstMissing(BUILT_IN.get(table) ?? []),
    jumps: chains.flatMap(({ name, references = 0 }) => {
      const seen = jumps.get(name) ?? 0;
      return references > seen ? [{ to: name, references, seen }] : [];
    }),
  };
}

/** Chains that jumps name must be listed, reference counts must be the jumps seen, and the built-in chains must be there. */
function missingChain(table: Table, name: string): string | undefined {
  const {
    target,
    builtIn,
    jumps: [first],
  } = missingIn(table, name);
  if (target !== undefined) return `chain ${target} is jumped to but not listed`;
  if (first !== undefined)
    return `chain ${first.to} has ${first.references} references, ${first.seen} ${first.seen === 1 ? 'is' : 'are'} listed`;
  return builtIn === undefined ? undefined : `the built-in chain ${builtIn} is not listed`;
}

/**
 * What a table may have behind its last rule: anything (`true`) where it lacks a chain that a rule jumps to, or, in the midst of them, one
 * of the built-in chains, which all stand before the others; where only references to chains do not add up, jumps to these, and anything
 * if the listing ends in a line or right behind the titles of a chain.
 */
export function openEnd({ chains }: Pick<Table, 'chains'>, name: string, text: string): true | readonly string[] | undefined {
  const { target, builtIn, jumps } = missingIn({ chains }, name);
  const last = chains.at(-1);
  if (target !== undefined || (builtIn !== undefined && (BUILT_IN.get(name) ?? []).includes(last?.name ?? ''))) return true;
  if (jumps.length === 0) return undefined;
  return !text.endsWith('\n') || last?.rules.length === 0 ? true : jumps.map(({ to }) => to);
}

/** Chains that every listing of a table has; `INPUT` of nat is younger (Linux 2.6.36) and not asked for. */
const BUILT_IN: ReadonlyMap<string, readonly string[]> = new Map([
  ['filter', ['INPUT', 'FORWARD', 'OUTPUT']],
  ['nat', ['PREROUTING', 'OUTPUT', 'POSTROUTING']],
  ['mangle', ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING']],
  ['raw', ['PREROUTING', 'OUTPUT']],
]);
