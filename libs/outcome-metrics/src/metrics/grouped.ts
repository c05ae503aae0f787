/** Items that share a key, in the order in which keys first appear. */
export const groupedBy = <T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly [T, ...T[]])[] => {
  const [only] = items;
  if (only === undefined) return [];
  // As most people have one or none of most things.
  if (items.length === 1) return [[only]];
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
};
