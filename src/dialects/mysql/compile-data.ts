import type { CellValue, OperationOf } from '../../operations/operation.ts';
import type { TableRef } from '../../schema/schema.ts';
import { isDataStatement } from './data-guard.ts';
import type { Moment, Piece, Whole } from './pieces.ts';
import { data, ddl } from './pieces.ts';
import { cellSql, quote, quoteList, quoteRef } from './quote.ts';

type Cells = Readonly<Record<string, CellValue>>;

/** Statements stay well below the smallest max_allowed_packet in use (1 MB). */
const maxBatch = { rows: 500, length: 250_000 };

interface Batch {
  readonly columns: readonly string[];
  readonly values: string[];
  length: number;
}

function isFull(batch: Batch): boolean {
  return batch.values.length >= maxBatch.rows || batch.length >= maxBatch.length;
}

/** Rows of the same columns that follow each other share a statement. */
function batches(rows: readonly Cells[]): readonly Batch[] {
  const all: Batch[] = [];
  for (const row of rows) {
    const columns = Object.keys(row);
    let batch = all.at(-1);
    if (!batch || isFull(batch) || columns.join('\0') !== batch.columns.join('\0')) {
      batch = { columns, values: [], length: 0 };
      all.push(batch);
    }
    const value = `(${Object.values(row).map(cellSql).join(', ')})`;
    batch.values.push(value);
    batch.length += value.length;
  }
  return all;
}

/** INSERT, many rows at a time. */
export function insertRows(operation: OperationOf<'insertRows'>): readonly Piece[] {
  return batches(operation.rows).map(({ columns, values }) =>
    data(
      `INSERT INTO ${quoteRef(operation.table)} (${quoteList(columns)}) VALUES\n  ${values.join(',\n  ')}`,
    ),
  );
}

function condition(row: Cells, columns: readonly string[]): string {
  const terms = columns.map((column) => {
    const value = row[column] ?? null;
    return value === null ? `${quote(column)} IS NULL` : `${quote(column)} = ${cellSql(value)}`;
  });
  return terms.length > 1 ? `(${terms.join(' AND ')})` : terms.join('');
}

function deleteSql(table: TableRef, conditions: readonly string[]): string {
  return `DELETE FROM ${quoteRef(table)} WHERE ${conditions.join(' OR ')}`;
}

/** The columns by which a row is found: those given, the primary key, or all that are there. */
function keyOf(operation: OperationOf<'deleteRows'>, row: Cells, moment: Moment): readonly string[] {
  const key = operation.key ?? moment.before?.primaryKey?.columns ?? [];
  return key.length > 0 && key.every((column) => Object.hasOwn(row, column)) ? key : Object.keys(row);
}

/** DELETE by the key of each row. */
export function deleteRows(operation: OperationOf<'deleteRows'>, moment: Moment): readonly Piece[] {
  const pieces: Whole[] = [];
  for (let from = 0; from < operation.rows.length; from += maxBatch.rows) {
    const rows = operation.rows.slice(from, from + maxBatch.rows);
    pieces.push(
      data(
        deleteSql(
          operation.table,
          rows.map((row) => condition(row, keyOf(operation, row, moment))),
        ),
      ),
    );
  }
  return pieces;
}

/** A statement of the user: in a transaction if it does not end one. */
export function execute(operation: OperationOf<'execute'>): readonly Piece[] {
  const sql = operation.sql.trim();
  if (!isDataStatement(sql)) return [ddl(sql)];
  return [operation.transaction ? data(sql) : { ...data(sql), mode: 'autocommit' }];
}

/** A place for code; its text is a description. */
export function run(operation: OperationOf<'run'>): readonly Piece[] {
  return [{ ...data(operation.run.description), kind: 'code' }];
}

/** A question whose answer must hold. */
export function assert(operation: OperationOf<'assert'>): readonly Piece[] {
  return [{ ...data(operation.sql), kind: 'assert' }];
}
