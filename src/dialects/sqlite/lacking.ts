// What SQLite does not have, and would not have meant the same without: refused rather than left out.
// In: parts of tables. Out: nothing, or a refusal. Must not know compile.

import type { Operation } from '../../operations/operation.ts';
import type { Index, Table, Unique } from '../../schema/schema.ts';
import { unsupported } from './pieces.ts';

type Kind = Operation['kind'];

/** Rows that a unique key of the author's would keep out, or let in until the end of a transaction. */
export function refuseUnique(kind: Kind, unique: Unique): void {
  const columns = unique.columns.join(', ');
  if (unique.nullsNotDistinct) throw nullsDistinct(kind, columns);
  if (unique.deferrable === 'no') return;
  throw unsupported(
    kind,
    `SQLite checks unique constraints at once: the one over (${columns}) cannot be deferred.`,
    'Leave `deferrable` out for SQLite.',
  );
}

/** A unique index that compares otherwise than its author says. What only makes an index faster is left out. */
export function refuseIndex(kind: Kind, index: Index): void {
  if (!index.unique) return;
  const parts = index.parts.map((part) => part.column ?? part.sql ?? '').join(', ');
  if (index.nullsNotDistinct) throw nullsDistinct(kind, parts);
  if (index.parts.every((part) => part.length === null)) return;
  throw unsupported(
    kind,
    `SQLite has no indexes over the beginning of a column: the unique one over (${parts}) would let in other rows.`,
    "Use an expression, like { sql: 'substr(name, 1, 5)' }.",
  );
}

function nullsDistinct(kind: Kind, columns: string): ReturnType<typeof unsupported> {
  return unsupported(
    kind,
    `In SQLite nulls are always distinct: (${columns}) would take several of them.`,
    'Leave `nullsNotDistinct` out, or add a unique index over an expression, like { sql: "coalesce(name, \'\')" }.',
  );
}

/** The same for all parts of a new table. */
export function refuseTable(kind: Kind, table: Table): void {
  for (const unique of table.uniques) refuseUnique(kind, unique);
  for (const index of table.indexes) refuseIndex(kind, index);
}
