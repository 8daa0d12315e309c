import type { Format } from '../format.ts';

/** `NAMESPACE  NAME  TYPE  CLUSTER-IP  EXTERNAL-IP  PORT(S)  AGE` */
const TABLE_TITLE = /^(?:NAMESPACE +)?NAME(?: +[A-Z(][A-Z()-]*)+\s*$/;

/** The table of `kubectl get`. */
export const kubectlTable: Format = {
  tool: 'kubectl',
  form: 'table',
  blank: 'end',
  loose: true,
  starts: (line) => (TABLE_TITLE.test(line) ? 'title' : undefined),
  continues: (line) => /^[a-z0-9][\w.:/-]* {1,}\S/.test(line) && / {2,}/.test(line),
};

/** `kubectl describe`: `Name:` is followed by a column of blanks, which ipset's is not. */
export const kubectlDescribe: Format = {
  tool: 'kubectl',
  form: 'describe',
  blank: 'end',
  loose: true,
  starts: (line) => (/^Name: {2,}\S+\s*$/.test(line) ? 'title' : undefined),
  continues: (line) => /^(?:[A-Z][\w() /.-]*:(?:\s|$)|\s+\S)/.test(line),
  once: (line) => (line.startsWith('Name:') ? 'Name' : undefined),
};

/** Manifests and configuration: a KubeProxyConfiguration, a kubeadm file. */
export const kubernetesYaml: Format = {
  tool: 'kubernetes',
  form: 'yaml',
  blank: 'end',
  loose: true,
  starts: (line) => (/^(?:apiVersion|kind): [A-Za-z][\w./-]*\s*$/.test(line) ? 'title' : undefined),
  continues: (line) => /^(?:---\s*$|\s*- ?\S|\s*#|\s*"?[\w./-]+"?:(?:\s|$)|\s{2,}\S)/.test(line),
};

/** `kubectl get -o json`, told by its brackets. */
export const kubernetesJson: Format = {
  tool: 'kubernetes',
  form: 'json',
  blank: 'keep',
  starts: () => undefined,
  continues: () => false,
};
