import type { Commented } from './comment-as-whole.ts';
/** What a format may look at beside the line itself. */
export interface LineContext {
  /** The next line of the input that is not empty, as it stands; `skip` tells of lines that do not count either. */
  next(skip?: (line: string) => boolean): string;
  /** The command line that the output follows, where there is one. */
  readonly command: string | undefined;
  /** Whether that command runs a tool, or reads the file that stands for it; without `tool`, any whose output is known. */
  runs(tool?: string): boolean;
  /** Whether blank lines stand between this line and the section's last one. */
  readonly afterBlank: boolean;
  /** Which lines of a save behind the sign of a comment are not commented out. */
  commented(): Commented;
}

/**
 * How one output is told from others. It is told by titles and first words alone: whether a row is valid is the parser's
 * matter. Lines are given without what was taken off, cut at {@link HEAD} characters.
 */
export interface Format {
  readonly tool: string;
  readonly form: string;
  /** Programs, by their names, and files that print it, where their names tell the tool alone. */
  readonly programs?: readonly string[];
  /** What it is called, as `ip route`: only of an output that needs no grammar and is read here. */
  readonly title?: string;
  /** Reads such an output; undefined for any other text. */
  read?(text: string): { readonly kind: string; readonly unread?: readonly UnreadLine[] } | undefined;
  /**
   * Whether a section can begin with this line: `title` – nothing else looks like it; `row` – it looks like a row whose
   * titles are missing.
   */
  starts(line: string, context: LineContext): 'title' | 'row' | undefined;
  /** Whether a section that has begun can go on with this line. */
  continues(line: string, context: LineContext): boolean;
  /** What an output has once only, as a banner or a chain of one name: a second one begins a new section. */
  once?(line: string, context: LineContext): string | undefined;
  /** Whether a line belongs to one above it, so that nobody knows where it belongs when lines between were left out. */
  belongsAbove?(line: string): boolean;
  /** Whether a line that the output could have cannot stand behind what it has shown, by what it has once only: another output begins. */
  restarts?(line: string, seen: ReadonlySet<string>): boolean;
  /** What the next line has once only: a comment that belongs before it begins the new section then. */
  announces?(line: string, context: LineContext): string | undefined;
  /**
   * How many of the following lines belong to this one whatever they look like: a comment or a message that holds line
   * feeds.
   */
  carries?(line: string, following: (index: number) => string | undefined): number;
  /**
   * Whether a line that follows one as wide as the terminal is the rest of it. Only a format whose lines are of many lengths
   * can tell: rows of figures in columns are all as wide.
   */
  isRestOfLine?(line: string): boolean;
  /** What a blank line inside means: part of the text, nothing, or the end. */
  readonly blank: 'keep' | 'drop' | 'end';
  /** A line that begins with `#` is a comment in this format: a row behind it is commented out, and no output. */
  readonly hashComments?: true;
  /** Rows of this format look like many things, so the title of any other format ends it. */
  readonly loose?: true;
}

/** A line of an output that could not be read. */
export interface UnreadLine {
  readonly text: string;
  /** Where it stands in the text of the output. */
  readonly start: number;
  readonly end: number;
  /** What was expected in its place. */
  readonly expected: string;
}

/** Characters of a line that are looked at to tell what it is. */
export const HEAD = 400;
