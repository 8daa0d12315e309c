import { textLines } from '@netdrift/core';
import { jsonDocument } from './objects/json-document.ts';
import { readObjects } from './objects/read-objects.ts';
import { yamlDocuments } from './objects/yaml-documents.ts';
import type { Reader } from './reader.ts';

/** How much of a text is looked at to tell whether it is JSON of Kubernetes. */
const LOOKED_AT = 4096;

const JSON_SIGN = /"(?:apiVersion|kind|kubeproxy\.config\.k8s\.io)"/;
// --- · apiVersion: v1 · - apiVersion: v1 · "kind": Service
const YAML_START = /^\s*(?:---|- |["']?[\w./-]+["']? *:(?:\s|$))/;
const YAML_SIGN = /^[ \t]*(?:- +)?["']?kind["']? *: *["']?[A-Z]|\b(?:KubeProxy|Cluster|Master)Configuration\b/m;

/**
 * Reads objects of Kubernetes as `kubectl get -o json` and `-o yaml` print them and manifests hold them: Services, Endpoints,
 * EndpointSlices, Nodes, and how kube-proxy is configured, by a KubeProxyConfiguration, its ConfigMap, its `/configz` or kubeadm's files.
 *
 * One object, several documents, a `List`, a `ServiceList` or a plain list; objects of other kinds are passed over.
 */
export const kubernetesObjects: Reader = {
  title: 'Kubernetes objects',
  read: (text) => {
    const start = text.trimStart().slice(0, LOOKED_AT);
    const isJson = /^[[{]/.test(start) && JSON_SIGN.test(start);
    if (!isJson && !isYaml(text)) return undefined;
    const { documents, diagnostics: faults } = isJson ? jsonDocument(text) : yamlDocuments(text);
    const { count, configurations, diagnostics: remarks, ...objects } = readObjects(documents, text.length);
    const isFaulty = faults.length > 0 && (isJson || /^(?:apiVersion|kind)\s*:/.test(start));
    if (count === 0 && !isFaulty) return undefined;
    const diagnostics = [...faults, ...remarks];
    const [first] = configurations;
    // A configuration alone is what the text is; among objects it is one of them.
    if (first !== undefined && configurations.length === count)
      return { kind: 'ProxyConfiguration', ...strongest(configurations), diagnostics };
    return { kind: 'Objects', ...objects, ...(first === undefined ? {} : { configurations }), diagnostics };
  },
};

/** Whether the first line that is not empty and no comment looks like YAML, and some line like an object. */
function isYaml(text: string): boolean {
  for (const { text: line } of textLines(text)) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    return YAML_START.test(line) && YAML_SIGN.test(text);
  }
  return false;
}

/** kube-proxy's own configuration decides over kubeadm's, which one file may hold beside it. */
function strongest<Configuration extends { readonly file: string }>(configurations: readonly Configuration[]): Configuration {
  return (configurations.find(({ file }) => file === 'KubeProxyConfiguration') ?? configurations.at(-1)) as Configuration;
}
