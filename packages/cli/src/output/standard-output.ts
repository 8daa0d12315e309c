/**
 * Writes to standard output and waits while the reader is slow. A reader that has gone (`| head`) is a quiet end: the rest
 * is dropped, as every tool of a pipeline does.
 */
export class StandardOutput {
  private closed = false;
  private goOn: (() => void) | undefined;

  constructor() {
    const { stdout } = process;
    stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      this.closed = true;
      this.goOn?.();
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
