import type { ProxySettings } from '../settings.ts';

/** Table, built-in chain, what a packet has to be, target, first version. */
type Anchor = readonly [table: 'nat' | 'filter', chain: string, condition: string, target: string, from: number];

const NEW = '-m conntrack --ctstate NEW ';

/** `iptablesJumpChains` of `iptables/proxier.go`. */
const ANCHORS: readonly Anchor[] = [
  ['nat', 'OUTPUT', '', 'KUBE-SERVICES', 0],
  ['nat', 'PREROUTING', '', 'KUBE-SERVICES', 0],
  ['nat', 'POSTROUTING', '', 'KUBE-POSTROUTING', 0],
  ['filter', 'INPUT', NEW, 'KUBE-EXTERNAL-SERVICES', 0],
  ['filter', 'FORWARD', NEW, 'KUBE-EXTERNAL-SERVICES', 19],
  ['filter', 'INPUT', '', 'KUBE-NODEPORTS', 21],
  ['filter', 'FORWARD', NEW, 'KUBE-SERVICES', 0],
  ['filter', 'OUTPUT', NEW, 'KUBE-SERVICES', 0],
  ['filter', 'FORWARD', '', 'KUBE-FORWARD', 0],
  ['filter', 'INPUT', NEW, 'KUBE-PROXY-FIREWALL', 25],
  ['filter', 'FORWARD', NEW, 'KUBE-PROXY-FIREWALL', 25],
  ['filter', 'OUTPUT', NEW, 'KUBE-PROXY-FIREWALL', 25],
];

/**
 * The rules of kube-proxy's iptables mode that hang on no service, by table, as `iptables-save` prints them without comments: those that
 * lead to its chains, masquerade, and let answers pass. The rule that drops invalid packets hangs on a kernel setting and is left out.
 */
export function fixedIptablesRules({ minor, masqueradeBit = 14 }: ProxySettings): readonly string[] {
  const mark = `0x${(2 ** masqueradeBit).toString(16)}`;
  const answers = '-A KUBE-FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT';
  const anchors = (name: 'nat' | 'filter'): string[] =>
    ANCHORS.flatMap(([table, chain, condition, target, from]) =>
      table === name && minor >= from ? [`-A ${chain} ${condition}-j ${target}`] : [],
    );
  return [
    '*nat',
    ...anchors('nat'),
    `-A KUBE-POSTROUTING -m mark ! --mark ${mark}/${mark} -j RETURN`,
    `-A KUBE-POSTROUTING -j MARK --set-xmark ${mark}/0x0`,
    '-A KUBE-POSTROUTING -j MASQUERADE --random-fully',
    `-A KUBE-MARK-MASQ -j MARK --set-xmark ${mark}/${mark}`,
    '*filter',
    ...anchors('filter'),
    `-A KUBE-FORWARD -m mark --mark ${mark}/${mark} -j ACCEPT`,
    answers,
    ...(minor < 23 ? [answers] : []),
  ];
}
