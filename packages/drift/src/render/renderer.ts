import type { CheckReport } from '../check/check.ts';
import type { Explanation } from '../explain/explain.ts';
import type { NodesReport } from '../nodes/compare-nodes.ts';
import type { Report, Severity } from '../report.ts';

/** What a command tells; `command` says which one made it. */
export type AnyReport = Report | CheckReport | NodesReport | Explanation;

/** How a report is shown; every key may be left out, and a format takes what it has a use for. */
export interface RenderOptions {
  /** Colours for a terminal. Default: none. */
  readonly color?: boolean;
  /** Characters that Markdown may have. Default: 60,000. */
  readonly maxLength?: number;
  /** Lowest severity that a test fails with. Default: `notice`. */
  readonly failOn?: Severity | 'none';
  /** Version of the program, for formats that name it. Default: left out. */
  readonly version?: string;
  /** Where the files of a side stand, as a path of the reader's: a folder without its final slash. Default: names as in the report. */
  readonly folders?: { readonly before?: string; readonly after?: string };
}

/** One format of a report, for all commands that make one: one file, and one line in `renderers.ts`. */
export interface Renderer {
  /** What `--format` calls it. */
  readonly name: string;
  /** What it is for, in the few words that help and docs/formats.md say of it. */
  readonly about: string;
  /** Its media type, as RFC 6838 registers it where it does. */
  readonly mediaType: string;
  /** Set where `explain` has it too, which finds nothing wrong: a list of what is wrong has nothing to say of it. */
  readonly explains?: true;
  /**
   * The report as text with a final newline. Text of the inputs is escaped for the format.
   *
   * @example
   * rendererOf('lines')?.render(report) // => 'none verdict=no-change\n'
   */
  readonly render: (report: AnyReport, options?: RenderOptions) => string;
}
