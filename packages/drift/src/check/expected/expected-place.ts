import type { FrontendPurpose } from '../../proxy/names/comments.ts';
import type { ServicePath } from '../../proxy/service-table.ts';
import type { Origin } from '../../state/origin.ts';
import type { Family } from '../../desired/settings.ts';

/** A place where a service of the cluster has to answer on this node. */
export interface ExpectedPlace {
  /** `tcp 10.96.0.1:443`, or `tcp *:30080` for a node port where the addresses of the node are not known. */
  readonly key: string;
  /** The service port: `default/web:http`, or `default/web 80/TCP` where port names are not known. */
  readonly name: string;
  /** `default/web` */
  readonly service: string;
  readonly purpose: FrontendPurpose;
  readonly family: Family;
  /** Endpoints it has to lead to, whatever is not known; missing = endpoints are not known. */
  readonly endpoints?: readonly string[];
  /** Endpoints it may lead to. */
  readonly allowed?: readonly string[];
  /**
   * The endpoints under each reading of what is not known, where readings differ; missing = they do not, or which are local is not known.
   */
  readonly choices?: readonly (readonly string[])[];
  /** True when a traffic policy that the text does not show could keep some endpoints away. */
  readonly policyUnknown: boolean;
  /** False where one reading of what is not known has this place and another has not. */
  readonly certain: boolean;
  /** What may become of connections, for each reading of what is not known; empty where that is not known. */
  readonly paths: readonly (readonly ServicePath[])[];
  readonly affinitySeconds?: number;
  /** When the endpoints of the service last changed, where the objects tell. */
  readonly changedAt?: string;
  readonly origin: Origin;
}
