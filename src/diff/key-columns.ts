import type { ColumnChanges } from '../operations/operation.ts';
import type { AlteredColumn } from './columns.ts';
import type { TablePlan } from './table-plan.ts';

/** The changes of a column, before its table's primary key changes and after it. */
export interface Moments {
  readonly before: ColumnChanges;
  readonly after: ColumnChanges;
}

interface KeyChange {
  /** Columns of the key that goes. */
  readonly released: ReadonlySet<string>;
  /** Columns of the key that comes. */
  readonly taken: ReadonlySet<string>;
}

/**
 * Adding a key makes its columns NOT NULL, so that this alone needs no alteration before; they are loosened after it where
 * a server lets a key hold nulls (SQLite).
 */
function withKey({ wanted, changes }: AlteredColumn, { before, after }: Moments): Moments {
  const { nullable, ...rest } = before;
  const { nullable: _, ...later } = after;
  const loosened = wanted.nullable && (changes.nullable === undefined || changes.nullable);
  // A column that is spelled anew right before (MySQL) must not say NULL any more.
  const isSaid = nullable === false && Object.keys(rest).length > 0;
  return {
    before: isSaid ? { ...rest, nullable } : rest,
    after: loosened ? { ...later, nullable: true } : later,
  };
}

/**
 * A column of the key that goes changes when it has gone: it may be null then, be of a type that no key can have, and is no
 * longer the row's own number (SQLite). But what counts by itself must be a key as long as it does (MySQL), and what comes
 * to count has lost its default by then, so that the way back finds the default again.
 */
function withoutKey({ identity, ...rest }: ColumnChanges): Moments {
  if (identity === undefined) return { before: {}, after: rest };
  return identity === null ? { before: { identity }, after: rest } : { before: rest, after: { identity } };
}

function momentsOf(column: AlteredColumn, key: KeyChange): Moments {
  const { name } = column.wanted;
  // What comes to be computed waits until all that it is computed from is as it should be.
  if (column.changes.generated && !key.taken.has(name) && !key.released.has(name))
    return { before: {}, after: column.changes };
  const moments = key.released.has(name) ? withoutKey(column.changes) : { before: column.changes, after: {} };
  return key.taken.has(name) ? withKey(column, moments) : moments;
}

/** A key that only gets another name, or its columns in another order, holds its columns all the while. */
function keyChange({ primaryKey }: TablePlan): KeyChange {
  const released = new Set(primaryKey.dropped.flatMap((one) => one.columns));
  const taken = new Set(primaryKey.added.flatMap((one) => one.columns));
  const isSame = released.size === taken.size && [...released].every((column) => taken.has(column));
  return { released: isSame ? new Set() : released, taken };
}

/** When each column of a table changes, seen from its primary key; by the column's name. */
export function changesByMoment(plan: TablePlan): ReadonlyMap<string, Moments> {
  const key = keyChange(plan);
  const altered = new Map(plan.columns.altered.map((one) => [one.wanted.name, one]));
  return new Map(
    plan.sides.wanted.columns.map((column) => {
      const one = altered.get(column.name) ?? { wanted: column, actual: column, changes: {} };
      return [column.name, momentsOf(one, key)];
    }),
  );
}
