import type { InterfaceAddresses, IpSetEntry, IpvsDestination, IpvsService, RuleChain, RuleEntry, RuleTable } from '../state/model.ts';
import type { Origin } from '../state/origin.ts';
import type { NftTableDifference } from './nft.ts';

/** Everything that differs between two models, by identity and without an opinion. */
export interface Differences {
  readonly ipvs?: IpvsDifference;
  readonly tables: readonly TableDifference[];
  readonly sets?: SetsDifference;
  /** Tables of nft. */
  readonly nft: readonly NftTableDifference[];
  readonly modules: readonly ModuleDifference[];
  readonly interfaces: readonly InterfaceDifference[];
  /** What one side shows and the other, being cut, does not: it is neither equal nor different. In sentences. */
  readonly uncompared: readonly string[];
}

export interface IpvsDifference {
  readonly added: readonly IpvsService[];
  readonly removed: readonly IpvsService[];
  readonly changed: readonly ServiceDifference[];
}

/** Attributes of a virtual service that both sides show and that differ. */
export type ServiceAttribute = 'scheduler' | 'persistence' | 'flags';

export interface ServiceDifference {
  readonly before: IpvsService;
  readonly after: IpvsService;
  readonly attributes: readonly ServiceAttribute[];
  readonly added: readonly IpvsDestination[];
  readonly removed: readonly IpvsDestination[];
  readonly changed: readonly DestinationDifference[];
}

/** Attributes of a real server that both sides show and that differ. */
export type DestinationAttribute = 'weight' | 'forward' | 'limits' | 'tunnel';

export interface DestinationDifference {
  readonly before: IpvsDestination;
  readonly after: IpvsDestination;
  readonly attributes: readonly DestinationAttribute[];
}

export interface TableDifference {
  readonly before: RuleTable;
  readonly after: RuleTable;
  readonly added: readonly RuleChain[];
  readonly removed: readonly RuleChain[];
  /** Chains that do the same under another name. */
  readonly renamed: readonly { readonly before: RuleChain; readonly after: RuleChain }[];
  readonly changed: readonly ChainDifference[];
  /** Interfaces are compared only where both sides show them. */
  readonly interfacesIgnored: boolean;
}

export interface ChainDifference {
  readonly before: RuleChain;
  readonly after: RuleChain;
  readonly policyChanged: boolean;
  readonly rules: readonly RuleDifference[];
  /** Rules stand in another order that no packet can tell from the earlier one. */
  readonly reordered: boolean;
}

/** A difference of one rule. `table` and `chain` say where, by the names of the after side. */
export type RuleDifference =
  | { readonly kind: 'added'; readonly after: RuleEntry }
  | { readonly kind: 'removed'; readonly before: RuleEntry }
  | { readonly kind: 'moved'; readonly before: RuleEntry; readonly after: RuleEntry }
  | { readonly kind: 'match-changed'; readonly before: RuleEntry; readonly after: RuleEntry }
  | { readonly kind: 'target-changed'; readonly before: RuleEntry; readonly after: RuleEntry }
  | { readonly kind: 'comment-changed'; readonly before: RuleEntry; readonly after: RuleEntry }
  | {
      readonly kind: 'multiplicity-changed';
      readonly before: RuleEntry;
      readonly after: RuleEntry;
      readonly counts: readonly [number, number];
      readonly copies: Copies;
    };

/** The copies of a rule that one side alone has. */
export interface Copies {
  readonly before: readonly RuleEntry[];
  readonly after: readonly RuleEntry[];
}

export interface SetsDifference {
  readonly added: readonly IpSetEntry[];
  readonly removed: readonly IpSetEntry[];
  readonly changed: readonly SetDifference[];
}

export interface SetDifference {
  readonly before: IpSetEntry;
  readonly after: IpSetEntry;
  readonly membersAdded: readonly SetMemberDifference[];
  readonly membersRemoved: readonly SetMemberDifference[];
  /** Type or options differ. */
  readonly redefined: boolean;
  /** The random seed differs: the set was destroyed and made again. */
  readonly recreated: boolean;
}

export interface SetMemberDifference {
  readonly member: string;
  readonly origin: Origin;
}

export interface ModuleDifference {
  readonly list: 'builtin' | 'loaded';
  readonly kind: 'added' | 'removed';
  readonly name: string;
  readonly origin: Origin;
}

export interface InterfaceDifference {
  readonly interface: InterfaceAddresses['name'];
  readonly kind: 'added' | 'removed';
  readonly address: string;
  readonly origin: Origin;
}

/** A rule as it is after, or was where it is gone. */
export function ruleOf(difference: RuleDifference): RuleEntry {
  return difference.kind === 'removed' ? difference.before : difference.after;
}

/** A rule on each side that has it. */
export function sidesOf(difference: RuleDifference): RuleEntry[] {
  return [...(difference.kind === 'added' ? [] : [difference.before]), ...(difference.kind === 'removed' ? [] : [difference.after])];
}
