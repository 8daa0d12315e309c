import type { NodeView } from '../services/node-facts.ts';
import { findingKinds, type FoundThing } from './finding.ts';
import type { FindingRule } from './finding-rule.ts';

const { kinds, finding } = findingKinds([
  {
    id: 'snapshot.views-disagree',
    severity: 'none',
    title: 'two listings of one table differ',
    why: 'they were captured at different times',
  },
]);

export const disagreements: FindingRule = { kinds, find: disagreementFindings };

/** Two listings of one table in a snapshot that do not say the same. */
function disagreementFindings({ model }: NodeView): FoundThing[] {
  return model.disagreements.map(({ subject, text, origins }) =>
    finding('snapshot.views-disagree', { subject: { kind: 'config', name: subject }, text, origins }),
  );
}
