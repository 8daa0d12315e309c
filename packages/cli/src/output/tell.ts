import { displayText } from '@netdrift/core';

/** One line on standard error. Names of files may hold anything, so it is escaped for a terminal. */
export function tell(message: string): void {
  process.stderr.write(`netdrift: ${displayText(message)}\n`);
}
