import type { Snapshot } from '@netdrift/drift';
import { tell } from './tell.ts';

/** What one side lacks names no file of that side: its `source` is the file of the other one, which the message tells. */
const OF_THE_OTHER_SIDE: ReadonlySet<string> = new Set(['snapshot/part-missing', 'snapshot/file-missing']);

/** Tells what of the snapshot that an argument names cannot be read or compared, with its file and reason. */
export function tellTroubles(troubles: Snapshot['troubles'], argument: string): void {
  for (const { code, source, message } of troubles) {
    const place = source === undefined || OF_THE_OTHER_SIDE.has(code) ? argument : placeOf(source, argument);
    tell(`${place}: ${message}`);
  }
}

/** A file of a folder is told with its folder; a file that was named itself, also as `KIND=file`, stands alone. */
function placeOf(source: string, argument: string): string {
  return argument === source || argument.endsWith(`=${source}`) ? source : `${argument}: ${source}`;
}
