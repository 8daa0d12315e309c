import type { NodeView } from '../services/node-facts.ts';
import type { Expectation } from './expected/expectation.ts';
import type { FindingRow, FoundThing } from './finding.ts';

/** What finds some kinds of findings in a snapshot. */
export interface FindingRule {
  readonly kinds: readonly FindingRow[];
  /** `expectation`: what the objects of the cluster ask for, where they are known. */
  readonly find: (view: NodeView, expectation: Expectation | undefined) => readonly FoundThing[];
}
