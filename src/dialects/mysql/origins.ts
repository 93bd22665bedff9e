import type { Operation } from '../../operations/operation.ts';
import type { Table, TableRef } from '../../schema/schema.ts';
import { refKey } from '../../schema/schema.ts';

/** Where a table stood before the first operation, and what its columns were called. */
export interface Origin {
  readonly ref: TableRef;
  /** New name → old name; `null`: the column was not there. A name that is absent is unchanged. */
  readonly columns: ReadonlyMap<string, string | null>;
}

/** Follows tables and columns back through renames, so that a question can be asked before anything runs. */
export interface Origins {
  /** `null`: the table was not there. */
  of(ref: TableRef): Origin | null;
  /** The old names of columns; `null`: one of them was not there. */
  columns(ref: TableRef, names: readonly string[]): readonly string[] | null;
  advance(operation: Operation): void;
}

/** Opens the book for tables that are there. */
export function openOrigins(tables: readonly Table[]): Origins {
  const book = new Map<string, Origin>(
    tables.map((table) => [
      refKey(table),
      { ref: { namespace: table.namespace, name: table.name }, columns: new Map() },
    ]),
  );
  const of = (ref: TableRef): Origin | null => book.get(refKey(ref)) ?? null;
  const columnIn = (origin: Origin, name: string): string | null =>
    origin.columns.has(name) ? (origin.columns.get(name) ?? null) : name;
  const note = (ref: TableRef, changes: readonly (readonly [string, string | null])[]): void => {
    const origin = of(ref);
    if (origin) book.set(refKey(ref), { ...origin, columns: new Map([...origin.columns, ...changes]) });
  };
  const advance = (operation: Operation): void => {
    switch (operation.kind) {
      case 'createTable':
        book.delete(refKey(operation.table));
        break;
      case 'renameTable': {
        const origin = of(operation.from);
        book.delete(refKey(operation.from));
        if (origin) book.set(refKey(operation.to), origin);
        break;
      }
      case 'addColumn':
        note(operation.table, [[operation.column.name, null]]);
        break;
      case 'renameColumn': {
        const origin = of(operation.table);
        if (origin)
          note(operation.table, [
            [operation.to, columnIn(origin, operation.from)],
            [operation.from, null],
          ]);
        break;
      }
    }
  };
  const columns = (ref: TableRef, names: readonly string[]): readonly string[] | null => {
    const origin = of(ref);
    const old = origin ? names.map((name) => columnIn(origin, name)) : [null];
    return old.every((name) => name !== null) ? old : null;
  };
  return { of, columns, advance };
}
