/** What one of the small readers found in a text that is no listing of a packet tool. Lines count from 1 in the text read. */
export type ReaderValue =
  | { readonly kind: 'Services'; readonly services: readonly ReadService[] }
  | { readonly kind: 'Endpoints'; readonly endpoints: readonly ReadEndpoints[] }
  | { readonly kind: 'InterfaceAddresses'; readonly interfaces: readonly ReadInterface[] }
  | { readonly kind: 'ProxyMode'; readonly mode: string };

/** One row of `kubectl get svc`. */
export interface ReadService {
  /** `default` where the table has no such column. */
  readonly namespace: string;
  readonly name: string;
  readonly type?: string;
  readonly clusterIps: readonly string[];
  readonly externalIps: readonly string[];
  readonly ports: readonly ReadPort[];
  readonly line: number;
}

/** A port of a service: `80:30080/TCP`. The protocol is in lower case. */
export interface ReadPort {
  readonly port: number;
  readonly protocol: string;
  readonly nodePort?: number;
}

/** One row of `kubectl get endpoints`. */
export interface ReadEndpoints {
  readonly namespace: string;
  readonly name: string;
  /** As `10.244.0.2:53`. */
  readonly addresses: readonly string[];
  /** The table shows only the first three. */
  readonly cut: boolean;
  readonly line: number;
}

/** The addresses of one interface, by `ip addr`. */
export interface ReadInterface {
  readonly name: string;
  readonly addresses: readonly { readonly address: string; readonly line: number }[];
}

/** A small reader: recognises its text and reads it, in one pass. */
export interface Reader {
  /** What it reads, as `kubectl get svc`. */
  readonly title: string;
  /** What it found, or undefined when the text is of another kind. */
  readonly read: (text: string) => ReaderValue | undefined;
}
