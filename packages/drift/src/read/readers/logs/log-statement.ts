/** Why kube-proxy could not use IPVS. */
export type IpvsObstacle =
  /** Required modules that are neither loaded, built in nor loadable; in no order. */
  | { readonly kind: 'modules'; readonly modules: readonly string[] }
  /** The ipset program is missing or cannot be run. */
  | { readonly kind: 'ipset'; readonly reason: string }
  /** The scheduler asked for does not exist in this kernel, or not at all. */
  | { readonly kind: 'scheduler'; readonly scheduler: string }
  /** The kernel answers no IPVS request. */
  | { readonly kind: 'ipvs' }
  | { readonly kind: 'other'; readonly reason: string };

interface OnLine {
  /** From 1. */
  readonly line: number;
  /** When it was written, as the log has it: `1122 20:54:43`. */
  readonly time?: string;
}

/** One thing a log of kube-proxy says about how it runs. */
export type LogStatement = OnLine & LogFact;

/** A {@link LogStatement} without its place. */
export type LogFact =
  /** A command-line flag as it was set, without its dashes. */
  | { readonly kind: 'flag'; readonly name: string; readonly value: string }
  /** The mode that started. */
  | { readonly kind: 'mode-used'; readonly mode: 'ipvs' | 'iptables' | 'userspace' | 'nftables' }
  /** The mode asked for is not one kube-proxy knows; it goes on with iptables. */
  | { readonly kind: 'mode-unknown'; readonly mode: string }
  /** IPVS mode was asked for and cannot be had. */
  | { readonly kind: 'ipvs-unusable'; readonly obstacle?: IpvsObstacle }
  | { readonly kind: 'module-not-loaded'; readonly module: string }
  | { readonly kind: 'scheduler-defaulted'; readonly scheduler: string }
  | { readonly kind: 'version'; readonly version: string }
  | { readonly kind: 'node-addresses'; readonly addresses: readonly string[] }
  | { readonly kind: 'feature-gates'; readonly gates: Readonly<Record<string, boolean>> }
  | { readonly kind: 'masquerade-mark'; readonly mark: number }
  | { readonly kind: 'no-cluster-cidr' }
  | { readonly kind: 'mode-deprecated'; readonly mode: string }
  /** Something did not work: rules or sets could not be set, a synchronisation failed, something of before could not be taken away. */
  | {
      readonly kind: 'failure';
      readonly what: 'restore' | 'sync' | 'ipset' | 'ipvs' | 'cleanup' | 'other';
      /** The program that failed, as `ip6tables-restore`. */
      readonly command?: string;
      /** The sentence. */
      readonly text: string;
      readonly reason?: string;
      /** The line of its input that the program refused. */
      readonly rejected?: { readonly number: number; readonly text?: string };
      /** When kube-proxy tries again, as `30s`. */
      readonly retryIn?: string;
      readonly time?: string;
    }
  /** kube-proxy ended. */
  | { readonly kind: 'exited'; readonly reason: string };
