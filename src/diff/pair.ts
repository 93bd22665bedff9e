/** What finds the counterpart of a thing: its name, or, where its author left it unnamed, its slot. */
export interface Marks<T> {
  readonly name: (one: T) => string | null;
  /** What identifies it where the name does not count. */
  readonly slot: (one: T) => string;
}

export interface Sides<T> {
  readonly wanted: T;
  readonly actual: T;
}

/** Two lists side by side: each thing has one counterpart at most. */
export interface Pairing<T> {
  readonly pairs: readonly Sides<T>[];
  readonly missing: readonly T[];
  readonly extra: readonly T[];
}

function groupBy<T>(list: readonly T[], key: (one: T) => string | null): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of list) {
    const at = key(one);
    if (at === null) continue;
    const group = groups.get(at);
    if (group) group.push(one);
    else groups.set(at, [one]);
  }
  return groups;
}

/**
 * Pairs by name first, so that no unnamed thing takes the place of a named one; then the unnamed with each other;
 * then what is named on one side only with what is unnamed in the same slot.
 */
export function pairUp<T>(wanted: readonly T[], actual: readonly T[], marks: Marks<T>): Pairing<T> {
  const partner = new Map<T, T>();
  const taken = new Set<T>();
  const byName = groupBy(actual, marks.name);
  const bySlot = groupBy(actual, marks.slot);
  const rounds: readonly ((one: T) => T | undefined)[] = [
    (one) =>
      byName.get(marks.name(one) ?? '')?.find((other) => marks.name(one) !== null && !taken.has(other)),
    (one) => inSlot(one, (other) => marks.name(one) === null && marks.name(other) === null),
    (one) => inSlot(one, (other) => marks.name(one) === null || marks.name(other) === null),
  ];
  const inSlot = (one: T, fits: (other: T) => boolean) =>
    bySlot.get(marks.slot(one))?.find((other) => !taken.has(other) && fits(other));
  for (const find of rounds) {
    for (const one of wanted) {
      const other = partner.has(one) ? undefined : find(one);
      if (other === undefined) continue;
      partner.set(one, other);
      taken.add(other);
    }
  }
  return {
    pairs: [...partner].map(([one, other]) => ({ wanted: one, actual: other })),
    missing: wanted.filter((one) => !partner.has(one)),
    extra: actual.filter((other) => !taken.has(other)),
  };
}
