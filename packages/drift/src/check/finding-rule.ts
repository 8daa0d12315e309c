import type { NodeView } from '../services/node-facts.ts';
import type { Expectation } from './expected/expectation.ts';
import type { FindingRow, FoundThing } from './finding.ts';

/** What finds some kinds of findings in a snapshot. */
export interface FindingRule {
  readonly kinds: readonly FindingRow[];
  /**
   * `expectation`: what the objects of the cluster ask for, where they are known; `assume`: told what was taken to be so, though not all
   * of it was looked at.
   */
  readonly find: (view: NodeView, expectation: Expectation | undefined, assume: Assume) => readonly FoundThing[];
}

/** Takes a sentence without its full stop for the assumptions of the report. */
export type Assume = (text: string) => void;
