import type { ObjectEndpoint, ObjectMetadata } from '../read-object.ts';
import { at, type Json, shown, textAt, textMapAt } from './json-value.ts';

/** Labels by which kube-proxy leaves objects out when it asks the API server (`cmd/kube-proxy/app/server.go`). */
export const PROXY_NAME = 'service.kubernetes.io/service-proxy-name';
export const HEADLESS = 'service.kubernetes.io/headless';

/** What every object says of itself; the namespace is `default` where the text names none. */
export function metadataOf(object: Json): ObjectMetadata & { readonly namespace: string } {
  const metadata = at(object, 'metadata');
  return {
    namespace: textAt(metadata, 'namespace') ?? 'default',
    name: textAt(metadata, 'name') ?? '',
    ...shown('labels', textMapAt(metadata, 'labels')),
    ...shown('annotations', textMapAt(metadata, 'annotations')),
    ...shown('deletionTimestamp', textAt(metadata, 'deletionTimestamp')),
  };
}

/** What an endpoint runs, as a pod, where the text says so. */
export function targetOf(endpoint: Json): Pick<ObjectEndpoint, 'target'> {
  const target = at(endpoint, 'targetRef');
  if (target === undefined || target === null) return {};
  return {
    target: {
      ...shown('kind', textAt(target, 'kind')),
      ...shown('namespace', textAt(target, 'namespace')),
      ...shown('name', textAt(target, 'name')),
    },
  };
}

/** The time that the controller wrote down when endpoints last changed. */
export function changedAt(object: Json): string | undefined {
  const time = textAt(object, 'metadata', 'annotations', 'endpoints.kubernetes.io/last-change-trigger-time');
  return time !== undefined && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/.test(time) ? time : undefined;
}
