import type { TargetExtension } from '../extension.ts';
import { savedRow } from '../row.ts';

/** `-j TRACE`: the kernel reports every rule the packet comes by. */
export interface TraceTarget {
  readonly kind: 'TraceTarget';
  readonly name: 'TRACE';
}

const TRACE: TraceTarget = { kind: 'TraceTarget', name: 'TRACE' };

/** `-j TRACE`, which has no text of its own. */
export const traceTarget: TargetExtension<TraceTarget> = {
  type: 'target',
  name: 'TRACE',
  kind: 'TraceTarget',
  listing: { starts: [], grammar: () => ({ build: () => TRACE, parts: [] }) },
  print: () => '',
  save: savedRow([], () => TRACE),
  printSave: () => '',
  plain: TRACE,
  samples: [],
};
