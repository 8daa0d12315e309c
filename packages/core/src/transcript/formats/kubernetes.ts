import type { Format } from '../format.ts';

/** `NAMESPACE  NAME  TYPE  CLUSTER-IP  EXTERNAL-IP  PORT(S)  AGE` */
const TABLE_TITLE = /^(?:NAMESPACE +)?NAME(?: +[A-Z(][A-Z()-]*)+\s*$/;

/** The table of `kubectl get`. */
export const kubectlTable = {
  tool: 'kubectl',
  form: 'table',
  blank: 'end',
  loose: true,
  starts: (line) => (TABLE_TITLE.test(line) ? 'title' : undefined),
  continues: (line) => /^[a-z0-9][\w.:/-]* {1,}\S/.test(line) && / {2,}/.test(line),
} as const satisfies Format;

/** `kubectl describe`: `Name:` is followed by a column of blanks, which ipset's is not. */
export const kubectlDescribe = {
  tool: 'kubectl',
  form: 'describe',
  blank: 'end',
  loose: true,
  starts: (line) => (/^Name: {2,}\S+\s*$/.test(line) ? 'title' : undefined),
  continues: (line) => /^(?:[A-Z][\w() /.-]*:(?:\s|$)|\s+\S)/.test(line),
  once: (line) => (line.startsWith('Name:') ? 'Name' : undefined),
} as const satisfies Format;

/** What a YAML document of Kubernetes begins with: one of its two first keys, plain or quoted. */
const OBJECT_KEY = /^["']?(apiVersion|kind)["']? *: *["'A-Za-z]/;

/**
 * Manifests and configuration: objects of `kubectl get -o yaml`, a KubeProxyConfiguration, a kubeadm file. Each document is a section;
 * a blank line belongs to it, as inside the files of a ConfigMap.
 */
export const kubernetesYaml = {
  tool: 'kubernetes',
  form: 'yaml',
  blank: 'keep',
  loose: true,
  starts: (line, { next }) =>
    OBJECT_KEY.test(line) || (/^---(?:\s|$)/.test(line) && /^(?:["']?(?:apiVersion|kind|metadata)\b|#|%|$)/.test(next()))
      ? 'title'
      : undefined,
  continues: (line) => /^(?:- ?\S|\s*#|["']?[\w./-]+["']? *:(?:\s|$)|[\]}]|\s+\S)/.test(line),
  once: (line) => OBJECT_KEY.exec(line)?.[1],
} as const satisfies Format;

/** `kubectl get -o json`, told by its brackets. */
export const kubernetesJson = {
  tool: 'kubernetes',
  form: 'json',
  blank: 'keep',
  starts: () => undefined,
  continues: () => false,
} as const satisfies Format;
