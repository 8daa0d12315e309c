import { ctTarget } from './ct.ts';
import { dnatTarget } from './dnat.ts';
import { logTarget } from './log.ts';
import { markTarget } from './mark.ts';
import { masqueradeTarget } from './masquerade.ts';
import { notrackTarget } from './notrack.ts';
import { redirectTarget } from './redirect.ts';
import { rejectTarget } from './reject.ts';
import { snatTarget } from './snat.ts';

/** Every target with options this package knows. Adding one is a file beside this one and a line in this list. */
export const TARGETS = [
  ctTarget,
  dnatTarget,
  logTarget,
  markTarget,
  masqueradeTarget,
  notrackTarget,
  redirectTarget,
  rejectTarget,
  snatTarget,
] as const;
