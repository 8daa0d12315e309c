import type { Asked } from './asked.ts';
import type { Field, Intervals } from './field.ts';

/**
 * A condition that no listing decides. Equal identity = it holds of the same packets, but where it counts (`limit`, `recent`, `quota`),
 * when each place it is asked at is another condition.
 */
export interface UnknownTest {
  readonly kind: 'unknown';
  /** Equal for conditions that hold of the same packets, negation left out. */
  readonly identity: string;
  /** As the rule spells it, without its sign: `-m owner --uid-owner 1000`. */
  readonly text: string;
  readonly asks?: Asked;
  readonly not: boolean;
  /** Whether asking changes the answer of the next one. */
  readonly counts: boolean;
  /** Being asked about a packet leaves something that others read, though not its own next answer: an address on a list, a label. */
  readonly remembers?: true;
  /** Fields whose translation makes it another condition; `every` where it may look at anything. */
  readonly about: readonly Field[] | 'every';
  /** What is taken of a packet of which nothing more is known: `limit` has room, no socket is open, nobody is on a `recent` list. */
  readonly usually: boolean;
  /** Where it asks for the values of a quantity: tests of one quantity exclude or imply one another. */
  readonly quantity?: Quantity;
  /** Where raising an amount can only let more packets match. */
  readonly amounts?: Amounts;
}

/** How a condition behaves that no listing decides. */
export type UnknownTraits = Partial<Pick<UnknownTest, 'about' | 'asks' | 'counts' | 'remembers' | 'usually' | 'quantity' | 'amounts'>>;

/** Something that a packet has one value of, or a connection, and that no listing shows: its length, the user that sends it. */
export interface Quantity {
  readonly name: string;
  /** The values for which the test holds. */
  readonly in: Intervals;
  /** It is how much two tests let match that differ in their amounts. */
  readonly ofAmounts?: true;
}

/** How much a test lets match: a rate and its burst, a number of connections. */
export interface Amounts {
  /** Equal for tests of which one lets more match if it has more: `limit`, `connlimit source/32 up-to`. */
  readonly of: string;
  /** The larger, the more packets match. */
  readonly most: readonly number[];
}
