import type { TextContext } from '../rule/rule-line.ts';
import { ListingReader, type ListingSink } from './read-listing.ts';

/** A reader of listings. In a build its vocabulary and grammar are made at the first call: see `scripts/deferred-modules.js`. */
export function listingReader(context: TextContext, sink?: ListingSink): ListingReader {
  return new ListingReader(context, sink);
}
