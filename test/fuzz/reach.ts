import { Session } from 'node:inspector/promises';

/** The blocks of our own code that ran, by V8's own count. */
export class Reach {
  private readonly session = new Session();
  private readonly seen = new Set<string>();
  /** Blocks that the last input alone may have reached first. */
  private fresh = new Set<string>();

  /** Starts counting; {@link stop} it. */
  static async start(): Promise<Reach> {
    const reach = new Reach();
    reach.session.connect();
    await reach.session.post('Profiler.enable');
    await reach.session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    return reach;
  }

  /** How many blocks were reached so far. */
  get blocks(): number {
    return this.seen.size;
  }

  /** Whether what ran since the last call reached a block for the first time. */
  async isNew(): Promise<boolean> {
    this.fresh = new Set((await this.blocksRun()).filter((block) => !this.seen.has(block)));
    for (const block of this.fresh) this.seen.add(block);
    return this.fresh.size > 0;
  }

  /** Whether what ran since the last call reached one of the blocks that the last {@link isNew} found; each counts once. */
  async isRare(): Promise<boolean> {
    const reached = (await this.blocksRun()).filter((block) => this.fresh.has(block));
    for (const block of reached) this.fresh.delete(block);
    return reached.length > 0;
  }

  /** Stops counting. */
  async stop(): Promise<void> {
    await this.session.post('Profiler.stopPreciseCoverage');
    this.session.disconnect();
  }

  private async blocksRun(): Promise<string[]> {
    const { result } = await this.session.post('Profiler.takePreciseCoverage');
    return result
      .filter(({ url }) => url.includes('/packages/') && !url.includes('/node_modules/'))
      .flatMap(({ scriptId, functions }) =>
        functions.flatMap(({ ranges }) =>
          ranges
            .filter(({ count }) => count > 0)
            .map(
              ({ startOffset, endOffset, count }) => `${scriptId}:${startOffset}:${endOffset}:${Math.min(4, Math.floor(Math.log2(count)))}`,
            ),
        ),
      );
  }
}
