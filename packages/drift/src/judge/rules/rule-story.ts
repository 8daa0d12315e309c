import type { Detail } from '../../report.ts';
import type { PendingChange } from '../pending-change.ts';
import type { FlowDifference } from '../packets/flow-differences.ts';
import type { Comparison } from '../comparison.ts';
import type { TableRule } from './story-subjects.ts';

/** What a story is told from. */
export interface StoryContext extends TableRule {
  /** The chain that the rule is, or was, in. */
  readonly chain: string;
  readonly because: Detail;
  readonly comparison: Comparison;
}

/** A story, and the packet that proves it. */
export type Story = Pick<PendingChange, 'id' | 'severity' | 'effect' | 'certainty' | 'text' | 'details' | 'alike'> & {
  readonly proof: FlowDifference;
};

/** A story with its proof for programs. */
export type ProvenStory = Omit<Story, 'proof'> & Pick<PendingChange, 'witness'>;
