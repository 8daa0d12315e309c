/**
 * Writes to standard output and waits while the reader is slow. A reader that has gone (`| head`) is a quiet end: the rest
 * is dropped, as every tool of a pipeline does.
 */
export class StandardOutput {
  private closed = false;

  constructor() {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      this.closed = true;
    });
  }

  /** Whether the reader has gone. */
  get isClosed(): boolean {
    return this.closed;
  }

  async write(text: string | Uint8Array): Promise<void> {
    if (this.closed || text.length === 0) return;
    if (process.stdout.write(text)) return;
    await new Promise<void>((resolve) => {
      process.stdout.once('drain', resolve).once('error', () => resolve()).once('close', resolve);
    });
  }
}
