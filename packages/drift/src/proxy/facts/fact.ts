import type { Origin } from '../../state/origin.ts';

/** A fact told from a snapshot, and where it was read. */
export interface Fact<Value> {
  readonly value: Value;
  /** What it was told from, in a few words. */
  readonly because: string;
  readonly origins: readonly Origin[];
  /** `likely` = something the listings hide could make it wrong; missing = `certain`. */
  readonly confidence?: 'certain' | 'likely';
}

/** How packets to services get to endpoints. */
export type ProxyMode = 'ipvs' | 'iptables' | 'nftables' | 'userspace' | 'mixed';

/** How kube-proxy is configured, as far as a snapshot shows it. A missing key = the listings do not tell. */
export interface ProxyFacts {
  readonly proxyMode?: Fact<ProxyMode>;
  /** Whether every connection to a cluster IP is masqueraded. */
  readonly masqueradeAll?: Fact<boolean>;
  /** The range whose connections to cluster IPs are not masqueraded; `none` where no range is excepted. */
  readonly clusterCidr?: Fact<string>;
  readonly masqueradeBit?: Fact<number>;
  /** The scheduler of most virtual services. */
  readonly scheduler?: Fact<string>;
}
