/** At least one. */
export type Group<T> = readonly [T, ...T[]];

/** Items that have the same key, in the order in which the keys appear first. */
export const groups = <T>(items: Iterable<T>, key: (item: T) => unknown): Group<T>[] =>
  [...Map.groupBy(items, key).values()] as unknown as Group<T>[];
