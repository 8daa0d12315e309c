import { type NodeBuilder, nodeBuilder, type NodeGuard, nodeGuard, type NodeKinds, NOWHERE } from '@netdrift/core';
import type { Element, IpsetNode } from './ast.ts';

type AnyNode = IpsetNode | Element;

const KINDS = {
  IpsetList: { layout: { form: 'list' }, sets: [], span: NOWHERE },
  IpsetSave: { layout: { form: 'save' }, sets: [], span: NOWHERE },
  IpSet: { span: NOWHERE },
  Member: { span: NOWHERE },
  UnknownMember: { span: NOWHERE },
  ToolError: { span: NOWHERE },
  AddressElement: {},
  AddressRangeElement: {},
  IcmpElement: {},
  InterfaceElement: {},
  MacElement: {},
  MarkElement: {},
  NameElement: {},
  NetElement: {},
  PortElement: {},
  SetElement: {},
} as const satisfies NodeKinds<AnyNode>;

/**
 * Makes a node of the trees of this package: a span in no text, empty lists and the usual layout are filled in. A key that may be
 * missing stays missing unless it is given: that means that no text shows it.
 *
 * @example
 * const members = [buildIpset('Member', { elements: [buildIpset('PortElement', { port: 443 })] })];
 * const web = buildIpset('IpSet', { name: 'web', type: 'bitmap:port', options: { range: { first: '0', last: '1023' } }, members });
 * printIpset(buildIpset('IpsetSave', { sets: [web] })) // => 'create web bitmap:port range 0-1023\nadd web 443\n'
 */
export const buildIpset: NodeBuilder<AnyNode, typeof KINDS> = nodeBuilder<AnyNode, typeof KINDS>(KINDS);

/**
 * Tells whether a value is a node of the trees of this package, or one of one kind. It looks at `kind` alone.
 *
 * @example
 * isIpsetNode(member, 'UnknownMember') // => true: member.text can be asked for
 */
export const isIpsetNode: NodeGuard<AnyNode> = nodeGuard<AnyNode>(KINDS);
