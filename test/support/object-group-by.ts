/** Chevrotain's grammar validation uses Object.groupBy, which Node 20 lacks; the shim is for tests alone. */
if (!('groupBy' in Object)) {
  Object.assign(Object, {
    groupBy: <T>(items: Iterable<T>, keyOf: (item: T) => string): Record<string, T[]> => {
      const groups = new Map<string, T[]>();
      for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
      return Object.fromEntries(groups);
    },
  });
}
