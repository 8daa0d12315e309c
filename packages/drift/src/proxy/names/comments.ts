/** Which of its addresses a rule of a service is for. */
export type FrontendPurpose = 'cluster IP' | 'external IP' | 'load-balancer IP' | 'node port';

/** What the comment of a rule tells of the service it belongs to. */
export interface ServiceComment {
  /** `namespace/name:port`, or `namespace/name` where the port has no name. */
  readonly servicePort: string;
  readonly purpose?: FrontendPurpose;
  /** `10.244.0.5:8080` of `default/web:http -> 10.244.0.5:8080`. */
  readonly endpoint?: string;
  /** Why there is nothing to send to. */
  readonly refusal?: 'no endpoints' | 'no local endpoints';
}

const SERVICE_PORT = '[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?/[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?(?::[A-Za-z0-9][-A-Za-z0-9._]*)?:?';
const LEADING = new RegExp(`^(${SERVICE_PORT})(?: (.*))?$`, 's');
const INSIDE = new RegExp(
  `^(?:masquerade traffic for|pod traffic for|masquerade LOCAL traffic for|route LOCAL traffic for|other traffic to) (${SERVICE_PORT})(?: |$)`,
);

/** Reads a comment as kube-proxy writes them; undefined for one that names no service. */
export function serviceComment(comment: string): ServiceComment | undefined {
  // Most begin with it, and none does both.
  const found = LEADING.exec(comment);
  if (found === null) {
    const inside = INSIDE.exec(comment);
    return inside === null ? undefined : { servicePort: withoutColon(inside[1] as string) };
  }
  const [, written = '', rest = ''] = found;
  const servicePort = withoutColon(written);
  if (rest === '') return { servicePort };
  if (rest === 'cluster IP') return { servicePort, purpose: 'cluster IP' };
  if (rest === 'external IP') return { servicePort, purpose: 'external IP' };
  if (rest === 'loadbalancer IP') return { servicePort, purpose: 'load-balancer IP' };
  if (rest === 'has no endpoints') return { servicePort, refusal: 'no endpoints' };
  if (rest === 'has no local endpoints') return { servicePort, refusal: 'no local endpoints' };
  const endpoint = rest.startsWith('-> ') ? rest.slice(3) : '';
  if (endpoint !== '' && !/\s/.test(endpoint)) return { servicePort, endpoint };
  return /^(?:health check node port|traffic not accepted by )/.test(rest) ? { servicePort } : undefined;
}

/** The service ports that comments of a rule name. */
export function servicePortsOf(comments: readonly string[]): string[] {
  return comments.flatMap((comment) => serviceComment(comment)?.servicePort ?? []);
}

/** A port without a name, of which earlier versions write the colon: `shop/cart:`, `shop/cart: cluster IP`. */
function withoutColon(servicePort: string): string {
  return servicePort.endsWith(':') ? servicePort.slice(0, -1) : servicePort;
}
