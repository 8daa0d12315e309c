import type { Format } from '../format.ts';

/** What a tool says of itself; `detail` is what it adds in brackets, `nf_tables`. */
export interface ToolVersion {
  readonly kind: 'ToolVersion';
  readonly tool: string;
  readonly version: string;
  readonly detail?: string;
}

/** `v1.30.3` of kube-proxy. */
export interface ProxyVersion {
  readonly kind: 'ProxyVersion';
  readonly version: string;
}

/** `ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)`, `iptables v1.8.9 (nf_tables)`, `ipset v7.17, protocol version: 7` */
const LINES = [
  ['ipvsadm', /^ipvsadm v\d\S* \d{4}\/\d\d\/\d\d/],
  ['iptables', /^ip6?tables(?:-\w+)* v\d\S*(?: \(\w+\))?\s*$/],
  ['ipset', /^ipset v\d[\d.]*, protocol version/],
  ['nft', /^nftables v\d[\d.]*(?: \(.*\))?\s*$/],
] as const;
const TOOL = /^(ipvsadm|ip6?tables(?:-\w+)*|ipset|nftables) v(\d[\w.-]*)(?:,| \d{4}\/\d\d\/\d\d)? ?(?:\((.*)\)|(protocol version: .*))?$/;

function readTool(text: string): ToolVersion | undefined {
  const [, tool, version, bracketed, told] = TOOL.exec(text) ?? [];
  if (tool === undefined || version === undefined) return undefined;
  const detail = bracketed ?? told;
  return { kind: 'ToolVersion', tool, version, ...(detail === undefined ? {} : { detail }) };
}

type VersionFormat = Format & {
  readonly tool: (typeof LINES)[number][0];
  readonly form: 'version';
  readonly title: string;
  read(text: string): ToolVersion | undefined;
};

/** What packet tools print for `--version`. */
export const toolVersions: readonly VersionFormat[] = LINES.map(([tool, line]) => ({
  tool,
  form: 'version',
  blank: 'end',
  starts: (text) => (line.test(text) ? 'title' : undefined),
  continues: () => false,
  title: `${tool} --version`,
  read: (text) => (line.test(text.trim()) ? readTool(text.trim()) : undefined),
}));

const PROXY = /^Kubernetes (v\d+\.\d+\.\d+\S*)\s*$/;

/** `kube-proxy --version`: `Kubernetes v1.30.3` */
export const proxyVersion = {
  tool: 'kube-proxy',
  form: 'version',
  blank: 'end',
  starts: (line) => (PROXY.test(line) ? 'title' : undefined),
  continues: () => false,
  title: 'kube-proxy --version',
  read: (text): ProxyVersion | undefined => {
    const version = PROXY.exec(text.trim())?.[1];
    return version === undefined ? undefined : { kind: 'ProxyVersion', version };
  },
} as const satisfies Format;
