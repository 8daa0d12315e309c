import { type NodeBuilder, nodeBuilder, type NodeGuard, nodeGuard, type NodeKinds, NOWHERE } from '@netdrift/core';
import type { IpvsadmNode, IpvsadmTable, IpvsadmValue } from './ast.ts';

type AnyNode = IpvsadmNode | IpvsadmTable | IpvsadmValue;

const KINDS = {
  IpvsadmListing: { layout: { form: 'plain' }, services: [], span: NOWHERE },
  IpvsadmSave: { layout: { form: 'save' }, services: [], span: NOWHERE },
  IpvsadmConnections: { layout: { form: 'connections' }, connections: [], span: NOWHERE },
  IpvsadmTimeouts: { span: NOWHERE },
  IpvsadmDaemons: { daemons: [], span: NOWHERE },
  IpvsStatistics: { span: NOWHERE },
  IpvsadmTable: { services: [] },
  IpvsadmEmpty: { span: NOWHERE },
  IpvsadmUnknown: { span: NOWHERE },
  ToolError: { span: NOWHERE },
  VirtualService: { destinations: [], span: NOWHERE },
  Destination: { span: NOWHERE },
  Connection: { span: NOWHERE },
  SyncDaemon: { span: NOWHERE },
} as const satisfies NodeKinds<AnyNode>;

/**
 * Makes a node of the trees of this package: a span in no text, empty lists and the usual layout are filled in. A key that may be
 * missing stays missing unless it is given: that means that no text shows it.
 *
 * @example
 * const web = buildIpvsadm('VirtualService', { protocol: 'TCP', address: '10.0.0.1', port: 80, scheduler: 'rr' });
 * printIpvsadmSave(buildIpvsadm('IpvsadmSave', { services: [web] })) // => '-A -t 10.0.0.1:80 -s rr\n'
 */
export const buildIpvsadm: NodeBuilder<AnyNode, typeof KINDS> = nodeBuilder<AnyNode, typeof KINDS>(KINDS);

/**
 * Tells whether a value is a node of the trees of this package, or one of one kind. It looks at `kind` alone.
 *
 * @example
 * isIpvsadmNode(node, 'Destination') // => true: node.weight can be asked for
 */
export const isIpvsadmNode: NodeGuard<AnyNode> = nodeGuard<AnyNode>(KINDS);
