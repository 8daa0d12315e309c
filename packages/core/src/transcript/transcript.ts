import type { ParseResult } from '../diagnostic.ts';
import type { Section } from './section.ts';
import type { SetAside } from './set-aside.ts';

/** What a transcript holds. */
export interface Transcript {
  /** The outputs, in the order of the text. */
  readonly sections: readonly Section[];
  /** Lines that are in no section, in the order of the text. */
  readonly setAside: readonly SetAside[];
}

/** What `readTranscript` gives. */
export interface TranscriptResult extends Transcript {
  readonly diagnostics: ParseResult<Transcript>['diagnostics'];
}
