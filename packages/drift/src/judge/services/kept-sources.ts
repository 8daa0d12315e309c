import type { Frontend } from '../../services/frontends.ts';
import type { Detail } from '../../report.ts';
import type { Comparison } from '../comparison.ts';
import { suppositionDetails } from '../rules/supposition-words.ts';
import { witnessDetails } from '../words.ts';
import { externalPolicy, policyIndex } from './policy-changes.ts';

/**
 * What is wrong with new places for clients from outside that lead to endpoints of all nodes and keep the address of the client: an
 * endpoint of another node answers the client directly, and the connection fails. Empty where nothing is.
 */
export function keptSources(frontends: readonly Frontend[], { after, flows }: Comparison): Detail[] {
  const kept = frontends
    .filter(({ purpose }) => purpose !== undefined && purpose !== 'cluster IP')
    .flatMap(({ key }) => flows.byFrontend.get(key) ?? [])
    .filter(
      ({ sender, onlyIf, after: { endpoints, masqueraded } }) =>
        sender.kind === 'outside' && onlyIf.length === 0 && endpoints.length > 0 && masqueraded === false,
    );
  if (kept.length === 0) return [];
  const index = policyIndex(after.model);
  const proof = kept.find(({ frontend }) => frontend !== undefined && externalPolicy(frontend, after, index) !== 'Local');
  if (proof === undefined) return [];
  return [
    {
      label: 'effect',
      text: 'connections from outside are not masqueraded there: an endpoint on another node answers the client directly instead of through this node, so they fail; endpoints on this node work',
    },
    ...witnessDetails(proof, ['nat']),
    ...suppositionDetails(proof.supposing),
  ];
}
