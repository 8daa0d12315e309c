import type { Diagnostic } from '@netdrift/core';
import { append } from '../../../common/append.ts';
import { badObject, unknownObject } from '../diagnostics.ts';
import type { ObjectConfiguration, ObjectEndpointPort, ObjectNode, ObjectService } from '../read-object.ts';
import type { ObjectDocument, ValuePath } from './document.ts';
import { slicePorts } from './endpoint-slice.ts';
import { subsetPorts } from './endpoints.ts';
import { at, type Json, listAt, portAt, textAt } from './json-value.ts';
import { nodeOf } from './node.ts';
import { configurationOf } from './proxy-configuration.ts';
import { serviceOf } from './service.ts';
import { yamlDocuments } from './yaml-documents.ts';

/** What was found in the documents of a text. */
export interface FoundObjects {
  readonly services: ObjectService[];
  readonly endpointPorts: ObjectEndpointPort[];
  readonly nodes: ObjectNode[];
  readonly configurations: ObjectConfiguration[];
  readonly diagnostics: Diagnostic[];
  /** How many objects the documents hold, known or not. */
  count: number;
}

/** The kinds that tell something of services. */
const KINDS: ReadonlySet<string> = new Set(['Service', 'EndpointSlice', 'Endpoints', 'Node']);

/** The objects of documents: each by itself, in a list of any kind, or in a plain list. `length` is that of their text. */
export function readObjects(documents: readonly ObjectDocument[], length: number): FoundObjects {
  const found: FoundObjects = { services: [], endpointPorts: [], nodes: [], configurations: [], diagnostics: [], count: 0 };
  for (const document of documents) {
    const { value } = document;
    const list = Array.isArray(value) ? { items: value, path: [], kind: '' } : listIn(value);
    if (list === undefined) readObject(found, document, value, [], '', length);
    else for (const [index, item] of list.items.entries()) readObject(found, document, item, [...list.path, index], list.kind, length);
  }
  return found;
}

function listIn(value: Json): { readonly items: readonly Json[]; readonly path: ValuePath; readonly kind: string } | undefined {
  const items = at(value, 'items');
  // Items of a typed list, a ServiceList, do not repeat their kind.
  return Array.isArray(items)
    ? { items: items as readonly Json[], path: ['items'], kind: (textAt(value, 'kind') ?? '').replace(/List$/, '') }
    : undefined;
}

function readObject(found: FoundObjects, document: ObjectDocument, object: Json, path: ValuePath, listed: string, length: number): void {
  const span = { start: 0, end: length };
  const live = at(object, 'kubeproxy.config.k8s.io');
  const kind = live === undefined ? (textAt(object, 'kind') ?? listed) : 'KubeProxyConfiguration';
  const configuration = configurationOf(kind, live ?? object, document, live === undefined ? path : [...path, 'kubeproxy.config.k8s.io']);
  if (configuration !== undefined) found.configurations.push(configuration);
  const held = configuration === undefined && (kind === 'ConfigMap' || kind === '') ? heldConfigurations(found, document, object, path) : 0;
  if (configuration !== undefined || held > 0) {
    found.count++;
    return;
  }
  const hasName = textAt(object, 'metadata', 'name') !== undefined;
  if (!hasName && !KINDS.has(kind)) return;
  found.count++;
  const line = document.lineAt(path);
  if (!hasName) found.diagnostics.push(badObject(`a ${kind} has no name`, span));
  else if (kind === 'Service') found.services.push(serviceOf(object, line));
  else if (kind === 'EndpointSlice') append(found.endpointPorts, slicePorts(object, line));
  else if (kind === 'Endpoints') append(found.endpointPorts, subsetPorts(object, line));
  else if (kind === 'Node') found.nodes.push(nodeOf(object, line));
  else found.diagnostics.push(unknownObject(kind, span));
  for (const port of hasName ? wrongPorts(kind, object) : [])
    found.diagnostics.push(
      badObject(`a port of ${kind} ${textAt(object, 'metadata', 'name')} is no number from 1 to 65535: ${port}`, span),
    );
}

/** Ports that Kubernetes would not take, as they are written: they are left out. A slice may have one without a number, for every port. */
function wrongPorts(kind: string, object: Json): string[] {
  const ports = {
    Service: listAt(object, 'spec', 'ports'),
    EndpointSlice: listAt(object, 'ports').filter((port) => (at(port, 'port') ?? undefined) !== undefined),
    Endpoints: listAt(object, 'subsets').flatMap((subset) => listAt(subset, 'ports')),
  }[kind];
  return (ports ?? []).flatMap((port) => (portAt(port, 'port') === undefined ? [JSON.stringify(at(port, 'port') ?? null)] : []));
}

/** The configurations in the texts of a ConfigMap, or of a part of one that somebody pasted without its kind; gives how many. */
function heldConfigurations(found: FoundObjects, document: ObjectDocument, object: Json, path: ValuePath): number {
  const before = found.configurations.length;
  const data = at(object, 'data');
  const inside = typeof data === 'object' && data !== null ? ['data'] : [];
  const texts = at(object, ...inside);
  if (typeof texts !== 'object' || texts === null || Array.isArray(texts)) return 0;
  for (const [key, text] of Object.entries(texts)) {
    if (typeof text !== 'string' || !/\b(?:KubeProxy|Cluster|Master)Configuration\b/.test(text)) continue;
    const read = yamlDocuments(text);
    for (const inner of read.documents) {
      const lineAt: ObjectDocument['lineAt'] = (place) => document.lineInside([...path, ...inside, key], inner.lineAt(place));
      const configuration = configurationOf(textAt(inner.value, 'kind') ?? '', inner.value, { lineAt }, []);
      if (configuration !== undefined) found.configurations.push(configuration);
    }
  }
  return found.configurations.length - before;
}
