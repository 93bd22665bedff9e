import type { Table } from '../../schema/schema.ts';
import { partsOf } from './clauses.ts';
import { sameName } from './quote.ts';

/** True for a table whose single key column is the rowid itself: INTEGER PRIMARY KEY, in a normalised table. */
export function isRowidAlias(table: Table): boolean {
  const columns = table.primaryKey?.columns ?? [];
  if (columns.length !== 1 || table.options['withoutRowid'] === true) return false;
  if (partsOf(table, 'primaryKey.parts', columns)[0] === 'DESC') return false;
  return table.columns.find(({ name }) => name === columns[0])?.type.kind === 'integer';
}

/**
 * The name by which the hidden rowid of a table is reached, if it has one that no column holds or hides; else `null`.
 */
export function hiddenRowid(table: Table): string | null {
  if (isRowidAlias(table) || table.options['withoutRowid'] === true) return null;
  const free = ['rowid', '_rowid_', 'oid'].find((name) =>
    table.columns.every((column) => !sameName(column.name, name)),
  );
  return free ?? null;
}
