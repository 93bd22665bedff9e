import type { Operation } from '../operations/operation.ts';
import type { Column, Table, TableRef } from '../schema/schema.ts';
import { refKey } from '../schema/schema.ts';

type Present = Pick<Column, 'name' | 'type'>;

/** What became of the tables and columns of the live schema in the course of a plan, and where a name comes from. */
export interface Whereabouts {
  /** The table as it stood before the plan; `null`: the plan made it. */
  origin(ref: TableRef): Table | null;
  /** The column's name there; `null`: the plan made it. */
  originColumn(ref: TableRef, name: string): string | null;
  /** What a table of before is called now; `null`: it is gone. */
  table(origin: TableRef): TableRef | null;
  /** What a column of before is called now, and its type; `null`: it is gone. */
  column(origin: TableRef, name: string): Present | null;
  advance(operation: Operation): void;
}

interface Place {
  readonly table: Table;
  ref: TableRef | null;
  /** Columns that are not what they were, by their old names; `null`: gone. */
  readonly changed: Map<string, Present | null>;
}

function presentColumn({ table, changed }: Place, name: string): Present | null {
  const known = changed.get(name);
  if (known !== undefined) return known;
  return table.columns.find((column) => column.name === name) ?? null;
}

/** The old name of what is called so now. */
function oldName({ table, changed }: Place, name: string): string | null {
  for (const [old, now] of changed) if (now?.name === name) return old;
  return !changed.has(name) && table.columns.some((column) => column.name === name) ? name : null;
}

function changeColumn(place: Place, name: string, change: (column: Present) => Present | null): void {
  const old = oldName(place, name);
  const column = old === null ? null : presentColumn(place, old);
  if (old !== null && column !== null) place.changed.set(old, change(column));
}

function advanceColumns(place: Place, operation: Operation): void {
  if (operation.kind === 'dropColumn') changeColumn(place, operation.column, () => null);
  if (operation.kind === 'renameColumn')
    changeColumn(place, operation.from, (column) => ({ ...column, name: operation.to }));
  if (operation.kind !== 'alterColumn') return;
  const { type } = operation.changes;
  if (type !== undefined) changeColumn(place, operation.column, (column) => ({ ...column, type }));
}

interface Book {
  /** By the names of before. */
  readonly places: ReadonlyMap<string, Place>;
  /** By the names of now. */
  readonly present: Map<string, Place>;
}

function leave({ present }: Book, ref: TableRef): Place | undefined {
  const place = present.get(refKey(ref));
  present.delete(refKey(ref));
  return place;
}

function moveTable(book: Book, from: TableRef, to: TableRef | null): void {
  const place = leave(book, from);
  if (!place) return;
  place.ref = to;
  if (to !== null) book.present.set(refKey(to), place);
}

function advance(book: Book, operation: Operation): void {
  if (operation.kind === 'dropTable') moveTable(book, operation.table, null);
  if (operation.kind === 'renameTable') moveTable(book, operation.from, operation.to);
  if (operation.kind === 'execute' || operation.kind === 'run')
    for (const one of operation.effect ?? []) advance(book, one);
  const place =
    'table' in operation && operation.kind !== 'createTable'
      ? book.present.get(refKey(operation.table))
      : undefined;
  if (place) advanceColumns(place, operation);
}

/** Begins with the live schema. */
export function openWhereabouts(tables: readonly Table[]): Whereabouts {
  const places = new Map<string, Place>(
    tables.map((table) => [refKey(table), { table, ref: table, changed: new Map() }]),
  );
  const present = new Map(places);
  return {
    origin: (ref) => present.get(refKey(ref))?.table ?? null,
    originColumn: (ref, name) => {
      const place = present.get(refKey(ref));
      return place ? oldName(place, name) : null;
    },
    table: (origin) => places.get(refKey(origin))?.ref ?? null,
    column: (origin, name) => {
      const place = places.get(refKey(origin));
      return place ? presentColumn(place, name) : null;
    },
    advance: (operation) => advance({ places, present }, operation),
  };
}
