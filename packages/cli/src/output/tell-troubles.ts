import type { Snapshot } from '@netdrift/drift';
import { tell } from './tell.ts';

/** A file that one side lacks is none of that side's. */
const LACKING = 'snapshot/file-missing';

/** Tells what of the snapshot that an argument names cannot be read or compared, with its file and reason. */
export function tellTroubles(troubles: Snapshot['troubles'], argument: string): void {
  for (const { code, source, message, help } of troubles) {
    const place = source === undefined || code === LACKING ? argument : placeOf(source, argument);
    tell(`${place}: ${message}${help === undefined ? '' : `; ${help}`}`);
  }
}

/** A file of a folder is told with its folder; a file that was named itself, also as `KIND=file`, stands alone. */
function placeOf(source: string, argument: string): string {
  return argument === source || argument.endsWith(`=${source}`) ? source : `${argument}: ${source}`;
}
