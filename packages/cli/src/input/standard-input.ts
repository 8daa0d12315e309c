import { Trouble } from '../trouble.ts';
import { wholeOf } from './input-limit.ts';

/** Standard input, which can be read once: `-` for both sides of a diff would leave the second empty. */
export class StandardInput {
  private taken = false;

  /** Takes standard input as a stream of chunks. */
  stream(): AsyncIterable<Uint8Array> {
    if (this.taken) throw new Trouble('standard input (-) can be read once, and is named twice');
    this.taken = true;
    return process.stdin;
  }

  /** Takes standard input whole. */
  async bytes(): Promise<Uint8Array> {
    return wholeOf('-', this.stream());
  }
}
