import type { Span } from '../text/span.ts';

/**
 * Why lines are in no section:
 * - `command` – a prompt with or without a command; `title` – a line that names the machine or the command of what follows
 * - `message` – what a program wrote to standard error beside an output; `other-program` – a line of another program between those of
 *   kube-proxy's log
 * - `blank`; `fence` – a mark of Markdown or HTML around an output
 * - `comment` – commented out in a save or a file of settings
 * - `left-out` – stands for lines that somebody left out; `other` – no output of a known tool
 * - `long-line`, `too-many-sections` – beyond a limit; a diagnostic says so
 */
export type SetAsideReason =
  | 'command'
  | 'title'
  | 'message'
  | 'other-program'
  | 'blank'
  | 'fence'
  | 'left-out'
  | 'comment'
  | 'other'
  | 'long-line'
  | 'too-many-sections';

/** Neighbouring lines of the input that are in no section, for one reason. */
export interface SetAside {
  readonly reason: SetAsideReason;
  readonly span: Span;
}
