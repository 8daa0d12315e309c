import { type NodeBuilder, nodeBuilder, type NodeGuard, nodeGuard, type NodeKinds, NOWHERE } from '@netdrift/core';
import { ANY_IPV4 } from './fields/address-condition.ts';
import type { IptablesNode, Target } from './ast.ts';
import { MATCHES } from './matches/table.ts';
import { TARGETS } from './targets/table.ts';

/** Matches have no usual keys; a target has its name. */
type MatchKinds = { readonly [Kind in (typeof MATCHES)[number]['kind']]: object };
type TargetKinds = {
  readonly [Kind in (typeof TARGETS)[number]['kind']]: { readonly name: Extract<Target, { readonly kind: Kind }>['name'] };
};

const KINDS = {
  IptablesListing: { layout: { verbose: false, lineNumbers: false }, notices: [], tables: [], span: NOWHERE },
  IptablesSave: { layout: { style: 'save' }, notices: [], tables: [], span: NOWHERE },
  Table: { chains: [], span: NOWHERE },
  Chain: { rules: [], span: NOWHERE },
  Rule: {
    protocol: { not: false, name: 'all', number: 0 },
    source: ANY_IPV4,
    destination: ANY_IPV4,
    matches: [],
    span: NOWHERE,
  },
  IncompatibleTable: { span: NOWHERE },
  LegacyTablesPresent: { span: NOWHERE },
  ToolError: { span: NOWHERE },
  ZeroedChain: { span: NOWHERE },
  ChainTarget: {},
  VerdictTarget: {},
  UnknownMatch: { span: NOWHERE },
  UnknownTarget: { span: NOWHERE },
  // The lists of extensions are tuples of every kind, which the types of these objects repeat.
  ...(Object.fromEntries(MATCHES.map(({ kind }) => [kind, {}])) as MatchKinds),
  ...(Object.fromEntries(TARGETS.map(({ kind, name }) => [kind, { name }])) as TargetKinds),
} as const satisfies NodeKinds<IptablesNode>;

/**
 * Makes a node of the trees of this package: a span in no text, empty lists, conditions that match every IPv4 packet, and the name of a
 * target are filled in. A key that may be missing stays missing unless it is given: that means that no text shows it.
 *
 * @example
 * const rule = buildIptables('Rule', { target: buildIptables('DnatTarget', { to: { address: '10.0.0.9' } }) });
 * printIptablesTarget(rule.target) // => '-j DNAT --to-destination 10.0.0.9'
 */
export const buildIptables: NodeBuilder<IptablesNode, typeof KINDS> = nodeBuilder<IptablesNode, typeof KINDS>(KINDS);

/**
 * Tells whether a value is a node of the trees of this package, or one of one kind. It looks at `kind` alone.
 *
 * @example
 * isIptablesNode(match, 'ConntrackMatch') // => true: match.states can be asked for
 */
export const isIptablesNode: NodeGuard<IptablesNode> = nodeGuard<IptablesNode>(KINDS);
