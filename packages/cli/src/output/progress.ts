import { displayText } from '@netdrift/core';
import { tellsNotes } from './loudness.ts';

/** What is shorter than this needs no word of comfort. */
const PATIENCE = 1000;
const CLEAR_LINE = '\r\u001b[K';

/**
 * Says on a terminal how far work has come that lasts longer than a second, on one line that goes away when it is done. Elsewhere, and
 * with `--quiet`, it says nothing.
 */
export class Progress {
  private readonly began = Date.now();
  private readonly isShown = process.stderr.isTTY === true && tellsNotes();
  private written = false;

  /** What is done next. */
  step(what: string): void {
    if (!this.isShown || Date.now() - this.began < PATIENCE) return;
    process.stderr.write(`${CLEAR_LINE}netdrift: ${displayText(what)} …`);
    this.written = true;
  }

  /** Takes the line away. */
  done(): void {
    if (this.written) process.stderr.write(CLEAR_LINE);
    this.written = false;
  }
}
