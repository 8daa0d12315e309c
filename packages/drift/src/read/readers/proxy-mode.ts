import type { Reader } from './reader.ts';

/** Reads the answer of kube-proxy's `/proxyMode` (port 10249): one word. */
export const proxyMode: Reader = {
  title: '/proxyMode',
  read: (text) => {
    const mode = text.trim();
    return ['ipvs', 'iptables', 'userspace', 'nftables', 'kernelspace', 'winuserspace'].includes(mode)
      ? { kind: 'ProxyMode', mode }
      : undefined;
  },
};
