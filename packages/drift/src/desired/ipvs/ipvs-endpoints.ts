import type { DesiredPort } from '../desired-ports.ts';
import type { DesiredEndpoint } from '../endpoint-lists.ts';

/**
 * The real servers of a virtual service, by whether its policy is Local (`syncEndpoint` in `ipvs/proxier.go`).
 *
 * From 1.25 on policy Local without a local endpoint gives the cluster list, so that pods of the node still reach the service; a service
 * that is not reachable from outside never fills that list, and stays empty.
 */
export function ipvsEndpoints(
  { lists, separateLists }: Pick<DesiredPort, 'lists' | 'separateLists'>,
  onlyLocal: boolean,
): readonly DesiredEndpoint[] {
  if (!onlyLocal) return lists.cluster;
  return lists.local.length > 0 || !separateLists ? lists.local : lists.cluster;
}
