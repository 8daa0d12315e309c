import { readTranscript } from '@netdrift/core';
import { parseSection } from '@netdrift/drift';
import { expect, it } from 'vitest';

it('the version that a tool tells of itself is a fact of its own', () => {
  const text =
    '# ipvsadm --version\nipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)\n# iptables -V\niptables v1.8.9 (nf_tables)\n# ip6tables -V\nip6tables v1.4.21\n# ipset -v\nipset v7.17, protocol version: 7\n# kube-proxy --version\nKubernetes v1.30.3\n';
  expect(readTranscript(text).sections.map((section) => parseSection(section).value)).toEqual([
    { kind: 'ToolVersion', tool: 'ipvsadm', version: '1.31', detail: 'compiled with popt and IPVS v1.2.1' },
    { kind: 'ToolVersion', tool: 'iptables', version: '1.8.9', detail: 'nf_tables' },
    { kind: 'ToolVersion', tool: 'ip6tables', version: '1.4.21' },
    { kind: 'ToolVersion', tool: 'ipset', version: '7.17', detail: 'protocol version: 7' },
    { kind: 'ProxyVersion', version: 'v1.30.3' },
  ]);
});
