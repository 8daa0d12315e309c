/** Adds all items to the end of a list, however many: `list.push(...items)` overflows the stack from about 100,000 on. */
export function append<Item>(list: Item[], ...groups: readonly Iterable<Item>[]): void {
  for (const items of groups) for (const item of items) list.push(item);
}
