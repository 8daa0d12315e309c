import type { Format } from '../format.ts';
import type { SectionTool } from '../section.ts';

/** `ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)`, `iptables v1.8.9 (nf_tables)`, `ipset v7.17, protocol version: 7` */
const LINES: readonly (readonly [tool: SectionTool, line: RegExp])[] = [
  ['ipvsadm', /^ipvsadm v\d\S* \d{4}\/\d\d\/\d\d/],
  ['iptables', /^ip6?tables(?:-\w+)* v\d\S*(?: \(\w+\))?\s*$/],
  ['ipset', /^ipset v\d[\d.]*, protocol version/],
  ['nft', /^nftables v\d[\d.]*(?: \(.*\))?\s*$/],
  ['kube-proxy', /^Kubernetes v\d+\.\d+\.\d+\S*\s*$/],
];

/** What a tool prints for `--version`. */
export const toolVersions: readonly Format[] = LINES.map(([tool, line]) => ({
  tool,
  form: 'version',
  blank: 'end',
  starts: (text) => (line.test(text) ? 'title' : undefined),
  continues: () => false,
}));
