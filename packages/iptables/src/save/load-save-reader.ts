import type { Family } from '@netdrift/core';
import type { TextContext } from '../rule/rule-line.ts';
import { SaveReader, type SaveSink } from './read-save.ts';

/** A reader of save forms. In a build its vocabulary and grammar are made at the first call: see `scripts/deferred-modules.js`. */
export function saveReader(context: TextContext, family: Family | undefined, sink?: SaveSink): SaveReader {
  return new SaveReader(context, family, sink);
}
