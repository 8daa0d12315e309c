import type { SectionTool } from './section.ts';

const TOOLS: readonly (readonly [program: RegExp, tools: readonly SectionTool[]])[] = [
  [/^(?:.*\/)?ipvsadm(?:-save)?$/, ['ipvsadm']],
  [/^\/proc\/net\/ip_vs(?:_conn|_stats)?$/, ['ipvsadm']],
  [/^(?:.*\/)?(?:ip6?tables|xtables)(?:-(?:legacy|nft))?(?:-save)?$/, ['iptables']],
  [/^(?:.*\/)?ipset$/, ['ipset']],
  [/^(?:.*\/)?nft$/, ['nft']],
  [/^(?:.*\/)?(?:lsmod|modprobe|modinfo)$|modules\.builtin$|^\/proc\/modules$/, ['modules']],
  [/^(?:.*\/)?uname$/, ['uname']],
  [/^(?:.*\/)?sysctl$/, ['sysctl']],
  [/^(?:.*\/)?ip$/, ['ip']],
  [/^(?:.*\/)?ss$/, ['ss']],
  [/proxyMode$/, ['kube-proxy']],
  [/^(?:.*\/)?(?:kubectl|k|oc)$/, ['kubectl', 'kubernetes', 'kube-proxy']],
  [/^(?:journalctl|stern)$/, ['kube-proxy']],
];

/** The tools whose output a program of this name, or a file, gives; none where it is not one of them. */
export function toolsOf(program: string): readonly SectionTool[] {
  return TOOLS.find(([name]) => name.test(program))?.[1] ?? [];
}
