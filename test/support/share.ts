/** Set to try everything that the tests know: `npm run test:whole`. A plain run takes an even share of the longest lists, to stay quick. */
const WHOLE = process.env['NETDRIFT_WHOLE'] !== undefined;

/**
 * At most so many of the items, spread evenly over all of them and the same in every run; all of them where `NETDRIFT_WHOLE` is set.
 *
 * @example
 * shareOf([1, 2, 3, 4, 5, 6], 3) // => [2, 4, 6]
 */
export function shareOf<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (WHOLE || items.length <= most) return items;
  const place = (index: number): number => Math.floor((index * most) / items.length);
  return items.filter((_item, index) => place(index + 1) > place(index));
}

/** A number of things made by chance: `few` in a plain run, `all` where `NETDRIFT_WHOLE` is set. */
export function effort(few: number, all: number): number {
  return WHOLE ? all : few;
}
