import { namedPrograms } from '../formats.ts';
import type { SectionTool } from '../section.ts';

/** Programs and files whose names say more than one tool, or are written in more than one way. */
const TOOLS: readonly (readonly [program: RegExp, tools: readonly SectionTool[]])[] = [
  [/^(?:.*\/)?ipvsadm(?:-save)?$/, ['ipvsadm', 'dpvs']],
  [/^\/proc\/net\/ip_vs(?:_conn|_stats)?$/, ['ipvsadm']],
  [/^(?:.*\/)?(?:ip6?tables|xtables)(?:-(?:legacy|nft))?(?:-save)?$/, ['iptables']],
  [/^(?:.*\/)?(?:lsmod|modprobe|modinfo)$|modules\.builtin$|^\/proc\/modules$/, ['modules']],
  [/proxyMode$/, ['kube-proxy']],
  [/^(?:.*\/)?(?:kubectl|k|oc)$/, ['kubectl', 'kubernetes', 'kube-proxy']],
  [/^(?:journalctl|stern)$/, ['kube-proxy']],
];

/** The tools whose output a program of this name, or a file, gives; none where it is not one of them. */
export function toolsOf(program: string): readonly SectionTool[] {
  const known = TOOLS.find(([name]) => name.test(program))?.[1];
  if (known !== undefined) return known;
  const named = namedPrograms.get(program.startsWith('/proc/') ? program : program.slice(program.lastIndexOf('/') + 1));
  return named === undefined ? [] : [named];
}
