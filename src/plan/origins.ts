import type { Operation } from '../operations/operation.ts';
import type { SchemaDraft } from '../schema/draft.ts';
import type { Table, TableRef } from '../schema/schema.ts';
import { refKey } from '../schema/schema.ts';

/** A table as it stands before the plan, and what its columns are called there. */
interface Origin {
  readonly table: Table;
  /** New name → old name; `null`: the column was not there. A name that is absent is unchanged. */
  readonly columns: ReadonlyMap<string, string | null>;
}

/** Follows tables and columns back through the operations of a plan to where they stand before it. */
export interface Origins {
  /** `null`: the table is not there yet. */
  table(ref: TableRef): Table | null;
  /** The column's name there; `null`: it is not there yet. */
  column(ref: TableRef, name: string): string | null;
  advance(operation: Operation): void;
}

/** Opens the book on the live schema. */
export function openOrigins(live: Pick<SchemaDraft, 'tables'>): Origins {
  const book = new Map<string, Origin>(
    [...live.tables].map(([key, table]) => [key, { table, columns: new Map() }]),
  );
  const oldName = ({ table, columns }: Origin, name: string): string | null => {
    if (columns.has(name)) return columns.get(name) ?? null;
    return table.columns.some((column) => column.name === name) ? name : null;
  };
  const note = (
    ref: TableRef,
    changes: (origin: Origin) => readonly (readonly [string, string | null])[],
  ) => {
    const origin = book.get(refKey(ref));
    if (!origin) return;
    book.set(refKey(ref), { ...origin, columns: new Map([...origin.columns, ...changes(origin)]) });
  };
  const move = (from: TableRef, to: TableRef) => {
    const origin = book.get(refKey(from));
    book.delete(refKey(from));
    if (origin) book.set(refKey(to), origin);
  };
  const advanceColumn = (operation: Operation): void => {
    if (operation.kind === 'addColumn') note(operation.table, () => [[operation.column.name, null]]);
    if (operation.kind === 'dropColumn') note(operation.table, () => [[operation.column, null]]);
    if (operation.kind !== 'renameColumn') return;
    const { from, to } = operation;
    note(operation.table, (origin) => [
      [to, oldName(origin, from)],
      [from, null],
    ]);
  };
  const advance = (operation: Operation): void => {
    if (operation.kind === 'createTable' || operation.kind === 'dropTable')
      book.delete(refKey(operation.table));
    if (operation.kind === 'renameTable') move(operation.from, operation.to);
    advanceColumn(operation);
    if (operation.kind !== 'execute' && operation.kind !== 'run') return;
    for (const one of operation.effect ?? []) advance(one);
  };
  return {
    table: (ref) => book.get(refKey(ref))?.table ?? null,
    column: (ref, name) => {
      const origin = book.get(refKey(ref));
      return origin ? oldName(origin, name) : null;
    },
    advance,
  };
}
