import type { FailOn } from '../command-line/options.ts';
import type { ColorChoice } from '../output/color.ts';

/** Options of `netdrift diff`. */
export interface DiffOptions {
  readonly format: string;
  readonly failOn: FailOn;
  readonly color: ColorChoice;
  /** The policy file; missing = `netdrift.config.json` of this folder, where there is one. */
  readonly config?: string;
  /** Paths of ignore files. */
  readonly ignore: readonly string[];
  /** Paths of stored reports. */
  readonly known: readonly string[];
  /** `ID=LEVEL`, or the path of a file of such pairs. */
  readonly severity: readonly string[];
  /** Snapshots of nodes of one cluster, to be compared with each other. */
  readonly nodes?: readonly string[];
  /** A transcript that holds both sides. */
  readonly split?: string;
}
