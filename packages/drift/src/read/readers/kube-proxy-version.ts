import type { Reader } from './reader.ts';

/** Reads `kube-proxy --version`: `Kubernetes v1.30.3`. */
export const kubeProxyVersion: Reader = {
  title: 'kube-proxy --version',
  read: (text) => {
    const found = /^Kubernetes (v\d+\.\d+\S*)$/.exec(text.trim());
    return found === null ? undefined : { kind: 'ProxyVersion', version: found[1] as string };
  },
};
