import type { Snapshot } from '@netdrift/drift';
import { tell } from './tell.ts';

/** Tells what of a snapshot cannot be read, with its file and reason. */
export function tellTroubles(troubles: Snapshot['troubles'], argument: string): void {
  for (const { source, message } of troubles) tell(`${source ?? argument}: ${message}`);
}
