/** How kube-proxy runs, as far as it decides what it programs. A missing key counts as the default of that version. */
export interface ProxySettings {
  readonly mode: 'ipvs' | 'iptables' | 'nftables';
  /** Second number of its version: 30 for 1.30. */
  readonly minor: number;
  /** Name of the node it runs on: its endpoints are the local ones. Empty where it is not known: then no endpoint is local. */
  readonly nodeName: string;
  /** Label `topology.kubernetes.io/zone` of the node. */
  readonly zone?: string;
  /** The node's addresses, as its Node object or the log names them: the first of a family is its node IP. */
  readonly nodeAddresses: readonly string[];
  /** Every address on the node's interfaces but kube-ipvs0; missing = not known, and `nodeAddresses` stand for them. */
  readonly localAddresses?: readonly string[];
  /** Ranges of pods' addresses (`--cluster-cidr`, or the node's pod range with `--detect-local-mode=NodeCIDR`); none where not set. */
  readonly podRanges: readonly string[];
  /** `--detect-local-mode` by interface: pods are told by where their packets come in, whatever `podRanges` holds. */
  readonly podInterface?: { readonly bridge: string } | { readonly namePrefix: string };
  readonly masqueradeAll: boolean;
  /** `--iptables-masquerade-bit`; 14 where it is not given. */
  readonly masqueradeBit?: number;
  /** `--ipvs-scheduler`; `rr` where it is not given. */
  readonly scheduler?: string;
  /** `--nodeport-addresses`: ranges, or the word `primary`. */
  readonly nodePortAddresses?: readonly string[];
  /** `--ipvs-exclude-cidrs`. */
  readonly excludeCidrs?: readonly string[];
  /** Feature gates that were set, by name. */
  readonly gates?: Readonly<Record<string, boolean>>;
  /** Families kube-proxy works for; both where it is not given, IPv4 alone before 1.21. */
  readonly families?: readonly Family[];
}

export type Family = 'ipv4' | 'ipv6';

/** The family of an address or a range. */
export function familyOf(address: string): Family {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}

/** The families kube-proxy works for: before 1.21 it has one proxier, later one for each family (`IPv6DualStack`). */
export function familiesOf({ families, minor, nodeAddresses }: ProxySettings): readonly Family[] {
  if (families !== undefined) return families;
  return minor < 21 ? [familyOf(nodeAddresses[0] ?? '')] : ['ipv4', 'ipv6'];
}

/** Whether kube-proxy can tell pods of this node or cluster from others in a family. */
export function knowsPods({ podRanges, podInterface }: ProxySettings, family: Family): boolean {
  return podInterface !== undefined || podRanges.some((range) => familyOf(range) === family);
}

/**
 * How pods are told from others in a family: by their addresses, or by the interface that their packets come in by (`veth+`: any that
 * begins so).
 */
export type PodSource = { readonly kind: 'range'; readonly range: string } | { readonly kind: 'interface'; readonly name: string };

/** How rules ask for a pod as the source; undefined where kube-proxy cannot tell. */
export function podSource({ podRanges, podInterface }: ProxySettings, family: Family): PodSource | undefined {
  if (podInterface !== undefined)
    return { kind: 'interface', name: 'bridge' in podInterface ? podInterface.bridge : `${podInterface.namePrefix}+` };
  const range = podRanges.find((candidate) => familyOf(candidate) === family);
  return range === undefined ? undefined : { kind: 'range', range };
}

/** The condition of iptables for it: `-s 10.244.0.0/16`, `-i cni0`. */
export function podCondition(source: PodSource): string {
  return source.kind === 'range' ? `-s ${source.range}` : `-i ${source.name}`;
}
