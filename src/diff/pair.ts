import type { Table } from '../schema/schema.ts';

/** What finds the counterpart of a thing: its name, or, where its author left it unnamed, its slot. */
export interface Marks<T> {
  readonly name: (one: T) => string | null;
  /** What identifies it where the name does not count. */
  readonly slot: (one: T) => string;
  /** What it has in common with those that differ from it by the text of expressions only; `null`: it has no text. */
  readonly kin: (one: T) => string | null;
}

export interface Sides<T> {
  readonly wanted: T;
  readonly actual: T;
}

/** A table that stays: before renames, after them, and as it should be. Lists of the first two stand in the same order. */
export interface TableSides {
  readonly origin: Table;
  readonly actual: Table;
  readonly wanted: Table;
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
 * then what is named on one side only with what is unnamed in the same slot; then what is unnamed on one side with its
 * kin, whose text a server may have spelled in its own way.
 */
export function pairUp<T>(wanted: readonly T[], actual: readonly T[], marks: Marks<T>): Pairing<T> {
  const partner = new Map<T, T>();
  const taken = new Set<T>();
  const byName = groupBy(actual, marks.name);
  const bySlot = groupBy(actual, marks.slot);
  const byKin = groupBy(actual, marks.kin);
  const isUnnamed = (one: T) => marks.name(one) === null;
  const free = (group: readonly T[] | undefined, fits: (other: T) => boolean) =>
    group?.find((other) => !taken.has(other) && fits(other));
  const rounds: readonly ((one: T) => T | undefined)[] = [
    (one) => free(byName.get(marks.name(one) ?? ''), () => !isUnnamed(one)),
    (one) => free(bySlot.get(marks.slot(one)), (other) => isUnnamed(one) && isUnnamed(other)),
    (one) => free(bySlot.get(marks.slot(one)), (other) => isUnnamed(one) || isUnnamed(other)),
    (one) => free(byKin.get(marks.kin(one) ?? ''), (other) => isUnnamed(one) || isUnnamed(other)),
  ];
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
