import { reasonOf } from '../trouble.ts';
import { tell } from './tell.ts';

/** Exit status of a result that could not be written: half a report must not read as "no drift", nor as "drift". */
const NOT_WRITTEN = 2;

/**
 * Writes to standard output and waits while the reader is slow. A reader that has gone (`| head`) is a quiet end: the rest
 * is dropped, as every tool of a pipeline does. Any other failure, as a full disk, is told and ends with exit status 2.
 */
export class StandardOutput {
  private closed = false;
  private goOn: (() => void) | undefined;

  constructor() {
    const { stdout } = process;
    stdout.on('error', (error: NodeJS.ErrnoException) => {
      this.closed = true;
      this.goOn?.();
      if (error.code === 'EPIPE') return;
      tell(`cannot write the result: ${reasonOf(error)}`);
      // The command gives its own status when it ends, and may not learn of this.
      process.once('exit', () => {
        process.exitCode = NOT_WRITTEN;
      });
    });
    stdout.on('drain', () => this.goOn?.());
  }

  /** Whether the reader has gone. */
  get isClosed(): boolean {
    return this.closed;
  }

  /** Ends when there is room for more. */
  async write(text: string | Uint8Array): Promise<void> {
    if (this.closed || text.length === 0 || process.stdout.write(text)) return;
    await new Promise<void>((resolve) => {
      this.goOn = resolve;
    });
    this.goOn = undefined;
  }
}
