// Which parts of a table read better at a column.
// In: a table, or operations on one. Out: the parts by column, and the rest. Must not know how they are written.

import { mentions } from '../schema/identifiers-in-sql.ts';
import type { Check, ForeignKey, Index, Table, Unique } from '../schema/schema.ts';
import type { ColumnParts } from './say-column.ts';

/** The only column of the list; `null`: there are several, or none. */
const only = (columns: readonly string[]): string | null =>
  columns.length === 1 ? (columns[0] ?? null) : null;

export const columnOfUnique = ({ columns, nullsNotDistinct, deferrable }: Unique): string | null =>
  nullsNotDistinct || deferrable !== 'no' ? null : only(columns);

export const columnOfForeignKey = ({ columns, valid }: ForeignKey): string | null =>
  valid ? only(columns) : null;

/** The column of an index with nothing special. */
export function columnOfIndex(index: Index): string | null {
  const { parts, where, method, include, nullsNotDistinct, valid } = index;
  const [part] = parts;
  if (parts.length !== 1 || !part || !valid || nullsNotDistinct) return null;
  if (where !== null || method !== null || include.length > 0) return null;
  const { column, descending, nulls, collation, operatorClass, length } = part;
  const isPlain = !descending && nulls === null && collation === null && operatorClass === null;
  return isPlain && length === null ? column : null;
}

/** The only column that a check mentions. */
export function columnOfCheck({ sql, valid }: Check, columns: readonly string[]): string | null {
  return valid ? only(columns.filter((column) => mentions(sql, column))) : null;
}

/** A table's parts: those said at its columns, and those that stand beside them. */
export interface FoldedTable {
  readonly at: ReadonlyMap<string, ColumnParts>;
  readonly rest: Pick<Table, 'primaryKey' | 'uniques' | 'foreignKeys' | 'checks' | 'indexes'>;
}

/** Puts each part at its column, if it has one and nothing of its kind is there yet. */
function take<T extends object>(
  parts: readonly T[],
  columnOf: (part: T) => string | null,
): { readonly at: ReadonlyMap<string, T>; readonly rest: readonly T[] } {
  const at = new Map<string, T>();
  const rest: T[] = [];
  for (const part of parts) {
    const column = columnOf(part);
    if (column === null || at.has(column)) rest.push(part);
    else at.set(column, part);
  }
  return { at, rest };
}

/** The parts of a table by the column at which they are said. */
export function foldTable(table: Table): FoldedTable {
  const names = table.columns.map((column) => column.name);
  const uniques = take(table.uniques, columnOfUnique);
  const foreignKeys = take(table.foreignKeys, columnOfForeignKey);
  const indexes = take(table.indexes, columnOfIndex);
  const checks = take(table.checks, (check) => columnOfCheck(check, names));
  const key = table.primaryKey && only(table.primaryKey.columns);
  const partsAt = (column: string): ColumnParts => ({
    primaryKey: key === column ? table.primaryKey : null,
    isKeyed: table.primaryKey?.columns.includes(column) ?? false,
    unique: uniques.at.get(column),
    foreignKey: foreignKeys.at.get(column),
    index: indexes.at.get(column),
    check: checks.at.get(column),
  });
  return {
    at: new Map(names.map((name) => [name, partsAt(name)])),
    rest: {
      primaryKey: key === null ? table.primaryKey : null,
      uniques: uniques.rest,
      foreignKeys: foreignKeys.rest,
      checks: checks.rest,
      indexes: indexes.rest,
    },
  };
}
