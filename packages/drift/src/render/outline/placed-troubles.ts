import type { Side } from '../../report.ts';
import type { Outline } from './outline-model.ts';

interface Told {
  readonly code: string;
  readonly message: string;
  readonly help?: string;
  /** Missing = the snapshot, or the side, as a whole. */
  readonly source?: string | undefined;
  /** Missing where there is one side alone. */
  readonly side?: Side;
}

/** Why inputs cannot be compared, each at the first line of its input, or under the name of its side. */
export function placedTroubles(troubles: readonly Told[]): Outline['troubles'] {
  return troubles.map(({ code, message, help, source, side }) => {
    const needed = help === undefined ? {} : { help };
    if (source === undefined) return { code, message: side === undefined ? message : `${side} ${message}`, ...needed };
    return { code, message, ...needed, place: { ...(side === undefined ? {} : { side }), source, lines: [1, 1] } };
  });
}
