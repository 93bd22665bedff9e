import type { Operation } from '../../operations/operation.ts';
import type { Column, Ref, Schema, TableRef } from '../../schema/schema.ts';
import { refKey, sameRef } from '../../schema/schema.ts';

/** A column that holds values of a named enum. */
export interface EnumColumn {
  readonly table: TableRef;
  readonly column: string;
}

/** Columns of each named enum that is known, by `refKey` of the enum. */
export type EnumColumns = Map<string, readonly EnumColumn[]>;

function note(columns: EnumColumns, table: TableRef, { name, type }: Pick<Column, 'name' | 'type'>): void {
  if (type.kind !== 'enum' || type.name === null) return;
  const key = refKey({ namespace: type.namespace, name: type.name });
  const others = (columns.get(key) ?? []).filter((one) => !sameRef(one.table, table) || one.column !== name);
  columns.set(key, [...others, { table: { namespace: table.namespace, name: table.name }, column: name }]);
}

function moveAll(columns: EnumColumns, move: (place: EnumColumn) => EnumColumn): void {
  for (const [key, places] of columns) columns.set(key, places.map(move));
}

function moveTable(columns: EnumColumns, from: Ref, to: Ref): void {
  moveAll(columns, (place) => (sameRef(place.table, from) ? { ...place, table: to } : place));
}

/** Keeps the book while operations go by. */
export function followEnums(columns: EnumColumns, operation: Operation): void {
  switch (operation.kind) {
    case 'createEnum': {
      const key = refKey(operation.enum);
      columns.set(key, columns.get(key) ?? []);
      break;
    }
    case 'createTable':
      for (const column of operation.table.columns) note(columns, operation.table, column);
      break;
    case 'addColumn':
      note(columns, operation.table, operation.column);
      break;
    case 'alterColumn':
      if (operation.changes.type)
        note(columns, operation.table, { name: operation.column, type: operation.changes.type });
      break;
    case 'renameTable':
      moveTable(columns, operation.from, operation.to);
      break;
    case 'renameColumn':
      moveAll(columns, (place) =>
        sameRef(place.table, operation.table) && place.column === operation.from
          ? { ...place, column: operation.to }
          : place,
      );
  }
}

/** Columns of the enums that are known: by name, or, as a server gives them back, by exactly the same values. */
export function enumsOf(schema: Schema): EnumColumns {
  const columns: EnumColumns = new Map(schema.enums.map((one) => [refKey(one), []]));
  const byValues = new Map(schema.enums.map((one) => [JSON.stringify(one.values), one]));
  for (const table of schema.tables) {
    for (const column of table.columns) {
      if (column.type.kind !== 'enum') continue;
      const known = column.type.name === null ? byValues.get(JSON.stringify(column.type.values)) : undefined;
      const type = known ? { ...column.type, namespace: known.namespace, name: known.name } : column.type;
      note(columns, table, { name: column.name, type });
    }
  }
  return columns;
}
