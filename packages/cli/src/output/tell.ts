import { displayText } from '@netdrift/core';
import { tellsNotes, tellsWork } from './loudness.ts';

/** One line on standard error. Names of files may hold anything, so it is escaped for a terminal. */
export function tell(message: string): void {
  process.stderr.write(`netdrift: ${displayText(message)}\n`);
}

/** A remark that changes no result, as that a file was not used; `--quiet` leaves it out. */
export function tellNote(message: string): void {
  if (tellsNotes()) tell(message);
}

/** What was done, for `--verbose`. */
export function tellWork(message: string): void {
  if (tellsWork()) tell(message);
}
