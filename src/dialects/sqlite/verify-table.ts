import type { Row } from '../../dialect/connection.ts';
import { numberOf, textOf } from '../../dialect/rows.ts';
import type { Table } from '../../schema/schema.ts';
import { foldName, sameName } from './quote.ts';

/** What the pragmas say about a table: rows of table_xinfo and foreign_key_list, and the number of unique constraints. */
export interface TableFacts {
  readonly columns: readonly Row[];
  readonly foreignKeys: readonly Row[];
  readonly uniques: number;
}

const generatedKinds = new Map([
  [2, false],
  [3, true],
]);

function columnDisagreement(table: Table, rows: readonly Row[]): string | null {
  if (rows.length !== table.columns.length) return 'its definition reads as another number of columns';
  const at = table.columns.findIndex((column, place) => {
    const row = rows[place];
    const stored = generatedKinds.get(numberOf(row, 'hidden') ?? 0);
    return textOf(row, 'name') !== column.name || stored !== column.generated?.stored;
  });
  return at < 0 ? null : `its definition reads differently at column ${textOf(rows[at], 'name')}`;
}

function nullDisagreement(table: Table, rows: readonly Row[]): string | null {
  // SQLite reports key columns of a STRICT or WITHOUT ROWID table as NOT NULL, written or not.
  const at = table.columns.findIndex(({ nullable }, place) => {
    const required = numberOf(rows[place], 'required') === 1;
    return required === nullable && (numberOf(rows[place], 'pk') ?? 0) === 0;
  });
  return at < 0 ? null : `its definition reads differently at NOT NULL of ${textOf(rows[at], 'name')}`;
}

function keyDisagreement(table: Table, rows: readonly Row[]): string | null {
  const key = rows
    .filter((row) => (numberOf(row, 'pk') ?? 0) > 0)
    .sort((a, b) => (numberOf(a, 'pk') ?? 0) - (numberOf(b, 'pk') ?? 0))
    .map((row) => foldName(textOf(row, 'name') ?? ''));
  const read = (table.primaryKey?.columns ?? []).map(foldName);
  return JSON.stringify(key) === JSON.stringify([...new Set(read)])
    ? null
    : 'its primary key reads differently';
}

function foreignKeyDisagreement(table: Table, rows: readonly Row[]): string | null {
  const ids = Map.groupBy(rows, (row) => numberOf(row, 'id'));
  if (ids.size !== table.foreignKeys.length) return 'its definition reads as another number of foreign keys';
  // The pragma counts them from the last to the first.
  const wrong = table.foreignKeys.some((key, at) => {
    const parts = ids.get(table.foreignKeys.length - 1 - at) ?? [];
    const sources = parts.map((row) => textOf(row, 'source') ?? '');
    return (
      !sameName(textOf(parts[0], 'target') ?? '', key.references.table.name) ||
      sources.length !== key.columns.length ||
      sources.some((source, place) => !sameName(source, key.columns[place] ?? ''))
    );
  });
  return wrong ? 'a foreign key reads differently' : null;
}

/** Where the definition as read is not the table as SQLite has it; `null`: they agree. */
export function disagreement(table: Table, facts: TableFacts): string | null {
  return (
    columnDisagreement(table, facts.columns) ??
    nullDisagreement(table, facts.columns) ??
    keyDisagreement(table, facts.columns) ??
    foreignKeyDisagreement(table, facts.foreignKeys) ??
    (facts.uniques > table.uniques.length ? 'it has a unique constraint that was not read' : null)
  );
}
