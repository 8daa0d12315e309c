import { type NodeBuilder, nodeBuilder, type NodeGuard, nodeGuard, type NodeKinds, NOWHERE } from '@netdrift/core';
import type { Expression } from './ast/expressions.ts';
import type { NftablesNode } from './ast/ruleset.ts';
import type { Statement } from './ast/statements.ts';

type AnyNode = NftablesNode | Statement | Expression;

const KINDS = {
  NftablesRuleset: { layout: { form: 'listing' }, tables: [], span: NOWHERE },
  Table: { span: NOWHERE },
  Chain: { span: NOWHERE },
  Rule: { statements: [], span: NOWHERE },
  Set: { span: NOWHERE },
  Map: { span: NOWHERE },
  Flowtable: { span: NOWHERE },
  Object: { span: NOWHERE },
  ToolError: { span: NOWHERE },
  Match: {},
  Verdict: {},
  VerdictMap: {},
  Counter: {},
  Quota: {},
  Limit: {},
  CtCount: {},
  Last: {},
  ObjectStatement: {},
  Log: {},
  Reject: {},
  Nat: {},
  Tproxy: {},
  Forward: {},
  Assignment: {},
  SetUpdate: {},
  Queue: {},
  Flow: {},
  Synproxy: {},
  Notrack: {},
  Xt: {},
  Hidden: {},
  UnknownStatement: {},
  Number: {},
  Symbol: {},
  Address: {},
  Prefix: {},
  Range: {},
  List: {},
  Wildcard: {},
  SetReference: {},
  AnonymousSet: {},
  Concatenation: {},
  Binary: {},
  MapLookup: {},
  Meta: {},
  Payload: {},
  RawPayload: {},
  Ct: {},
  Fib: {},
  Numgen: {},
  Hash: {},
  Option: {},
  ExtensionHeader: {},
  Route: {},
  Socket: {},
  Osf: {},
  Ipsec: {},
  UnknownExpression: {},
  SetElement: {},
} as const satisfies NodeKinds<AnyNode>;

/**
 * Makes a node of the trees of this package: a span in no text and empty lists are filled in. A key that may be missing
 * stays missing unless it is given: that means that no text shows it.
 *
 * @example
 * printNftStatement(buildNftables('Verdict', { verdict: 'jump', chain: 'services' })) // => 'jump services'
 */
export const buildNftables: NodeBuilder<AnyNode, typeof KINDS> = nodeBuilder<AnyNode, typeof KINDS>(KINDS);

/**
 * Tells whether a value is a node of the trees of this package, or one of one kind. It looks at `kind` alone.
 *
 * @example
 * isNftablesNode(statement, 'Nat') // => true: statement.type can be asked for
 */
export const isNftablesNode: NodeGuard<AnyNode> = nodeGuard<AnyNode>(KINDS);
