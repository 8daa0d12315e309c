import { findingKinds } from '../../finding.ts';

/** Rules for services that are missing, or that kube-proxy does not write: found in several ways. */
export const { kinds: ruleKinds, finding: ruleFinding } = findingKinds([
  {
    id: 'x.rule-missing',
    severity: 'critical',
    title: 'a rule that kube-proxy writes is missing',
    why: 'packets of services are treated otherwise',
    needs: ['nat', 'filter', 'mangle'],
    bearsOnAll: true,
  },
  {
    id: 'x.rule-not-expected',
    severity: 'warning',
    title: 'a rule in a chain of kube-proxy that it does not write',
    why: 'packets of services are treated otherwise',
    bearsOnAll: true,
  },
]);
