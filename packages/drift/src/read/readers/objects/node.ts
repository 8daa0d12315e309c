import type { ObjectNode } from '../read-object.ts';
import { at, booleanAt, type Json, listAt, shown, textAt, textsAt } from './json-value.ts';
import { metadataOf } from './metadata.ts';

/** A Node of the API `v1`. */
export function nodeOf(object: Json, line: number): ObjectNode {
  const { namespace: _, ...metadata } = metadataOf(object);
  const podCidrs = textsAt(object, 'spec', 'podCIDRs');
  const podCidr = textAt(object, 'spec', 'podCIDR');
  const addresses = listAt(object, 'status', 'addresses').map((address) => ({
    type: textAt(address, 'type') ?? '',
    address: textAt(address, 'address') ?? '',
  }));
  const taints = listAt(object, 'spec', 'taints').map((taint) => ({
    key: textAt(taint, 'key') ?? '',
    ...shown('value', textAt(taint, 'value')),
    effect: textAt(taint, 'effect') ?? '',
  }));
  const conditions = listAt(object, 'status', 'conditions').map((condition) => ({
    type: textAt(condition, 'type') ?? '',
    status: textAt(condition, 'status') ?? '',
  }));
  const system = at(object, 'status', 'nodeInfo');
  const zone = textAt(object, 'metadata', 'labels', 'topology.kubernetes.io/zone');
  return {
    ...metadata,
    ...shown('zone', zone === '' ? undefined : zone),
    // A host name is no address, and of the names that clouds give neither is any.
    addresses: addresses
      .filter(({ type }) => !/Hostname|DNS$/.test(type))
      .map(({ address }) => address)
      .filter((address) => address !== ''),
    ...(addresses.length === 0 ? {} : { typedAddresses: addresses }),
    podCidrs: podCidrs.length > 0 || podCidr === undefined ? podCidrs : [podCidr],
    ...(taints.length === 0 ? {} : { taints }),
    ...(conditions.length === 0 ? {} : { conditions }),
    ...shown('unschedulable', booleanAt(object, 'spec', 'unschedulable')),
    ...shown('kubeletVersion', textAt(system, 'kubeletVersion')),
    ...shown('kubeProxyVersion', textAt(system, 'kubeProxyVersion') || undefined),
    ...shown('kernel', textAt(system, 'kernelVersion')),
    line,
  };
}
