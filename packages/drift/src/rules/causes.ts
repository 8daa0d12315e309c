import { CAUSE_KINDS } from '../judge/rules.ts';
import type { CauseKind } from '../judge/rule.ts';

export type { CauseKind } from '../judge/rule.ts';

/** Every kind of cause that explains several changes of a report at once: gathered from the rules that name them. */
export const CAUSE_CATALOGUE: readonly CauseKind[] = [...CAUSE_KINDS.values()];
