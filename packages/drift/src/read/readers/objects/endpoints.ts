import type { ObjectEndpoint, ObjectEndpointPort } from '../read-object.ts';
import { type Json, listAt, portAt, shown, textAt } from './json-value.ts';
import { changedAt, metadataOf, targetOf } from './metadata.ts';

/** The ports of an Endpoints object of the API `v1`, one for each subset that has them. */
export function subsetPorts(object: Json, line: number): ObjectEndpointPort[] {
  const { namespace, name, labels } = metadataOf(object);
  return listAt(object, 'subsets').flatMap((subset) => {
    const endpoints = [...endpointsOf(subset, 'addresses', true), ...endpointsOf(subset, 'notReadyAddresses', false)];
    return listAt(subset, 'ports').flatMap((entry): ObjectEndpointPort[] => {
      const port = portAt(entry, 'port');
      if (port === undefined) return [];
      return [
        {
          namespace,
          service: name,
          portName: textAt(entry, 'name') ?? '',
          protocol: (textAt(entry, 'protocol') ?? 'TCP').toLowerCase(),
          port,
          ...shown('appProtocol', textAt(entry, 'appProtocol')),
          endpoints,
          cut: false,
          from: 'Endpoints',
          ...shown('changedAt', changedAt(object)),
          objectName: name,
          ...shown('labels', labels),
          line,
        },
      ];
    });
  });
}

function endpointsOf(subset: Json, key: 'addresses' | 'notReadyAddresses', ready: boolean): ObjectEndpoint[] {
  return listAt(subset, key).map((entry) => ({
    address: textAt(entry, 'ip') ?? '',
    ...shown('node', textAt(entry, 'nodeName')),
    ready,
    serving: ready,
    terminating: false,
    ...shown('hostname', textAt(entry, 'hostname')),
    ...targetOf(entry),
  }));
}
