// Operations on rows, raw SQL, code and assertions.

import type { SqlValue } from '../../dialect/connection.ts';
import type { CellValue, OperationHandlers, OperationOf } from '../../operations/operation.ts';
import { type Context, data, lookupOf, type Piece, unsupported } from './pieces.ts';
import { quote, quoteList, quoteRef } from './quote.ts';
import { isWord, tokenize } from './tokens.ts';

type Handlers = OperationHandlers<Context, readonly Piece[]>;
type RowOf = OperationOf<'insertRows'>['rows'][number];

/** Rows in one statement: many, but far from the limits of expression depth and of bound values. */
const rowsPerStatement = 100;

function bind(value: CellValue | undefined): SqlValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'object') return value;
  return 'hex' in value ? Uint8Array.from(Buffer.from(value.hex, 'hex')) : JSON.stringify(value.json);
}

function chunk<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(list.length / size);
  return Array.from({ length: count }, (_, at) => list.slice(at * size, (at + 1) * size));
}

/** Neighbouring rows with the same columns, in pieces that a statement can hold. */
function batches(rows: readonly RowOf[], columnsOf: (row: RowOf) => readonly string[], limit: number) {
  const groups: { columns: readonly string[]; rows: RowOf[] }[] = [];
  for (const row of rows) {
    const columns = columnsOf(row);
    const last = groups.at(-1);
    if (last && JSON.stringify(last.columns) === JSON.stringify(columns)) last.rows.push(row);
    else groups.push({ columns, rows: [row] });
  }
  return groups.flatMap(({ columns, rows: group }) => {
    const fitting = Math.max(1, Math.floor(limit / Math.max(1, columns.length)));
    return chunk(group, Math.min(rowsPerStatement, fitting)).map((part) => ({ columns, rows: part }));
  });
}

function values(columns: readonly string[], rows: readonly RowOf[]): readonly SqlValue[] {
  return rows.flatMap((row) => columns.map((column) => bind(row[column])));
}

export const insertRows: Handlers['insertRows'] = ({ table, rows }, { maxParameters }) =>
  batches(rows, (row) => Object.keys(row), maxParameters).flatMap(({ columns, rows: batch }) => {
    if (columns.length === 0) return batch.map(() => data(`INSERT INTO ${quoteRef(table)} DEFAULT VALUES`));
    const places = `(${columns.map(() => '?').join(', ')})`;
    const sql = `INSERT INTO ${quoteRef(table)} (${quoteList(columns)}) VALUES ${batch.map(() => places).join(', ')}`;
    return [data(sql, values(columns, batch))];
  });

/** The columns that find a row: those given, else the primary key, else all that the row has. */
function keyOf({ table, key }: OperationOf<'deleteRows'>, row: RowOf, context: Context): readonly string[] {
  const primary = lookupOf(context.draft)(table)?.primaryKey?.columns;
  const columns = key ?? primary ?? Object.keys(row);
  const missing = columns.find((column) => !Object.hasOwn(row, column));
  if (columns.length > 0 && missing === undefined) return columns;
  const message = `deleteRows: a row of ${table.name} does not give its key ${missing ?? ''}.`;
  throw unsupported('deleteRows', message, 'Give the key columns in every row.');
}

export const deleteRows: Handlers['deleteRows'] = (operation, context) =>
  batches(operation.rows, (row) => keyOf(operation, row, context), context.maxParameters).map(
    ({ columns, rows }) => {
      // IS finds NULL too.
      const one = `(${columns.map((column) => `${quote(column)} IS ?`).join(' AND ')})`;
      const where = rows.map(() => one).join(' OR ');
      return data(`DELETE FROM ${quoteRef(operation.table)} WHERE ${where}`, values(columns, rows));
    },
  );

const changing = ['INSERT', 'UPDATE', 'DELETE', 'REPLACE', 'WITH'];

export const execute: Handlers['execute'] = ({ sql, transaction }) => {
  const [first] = tokenize(sql);
  const kind = changing.some((word) => isWord(first, word)) ? 'data' : 'ddl';
  return [{ ...data(sql), kind, mode: transaction ? 'transaction' : 'autocommit' }];
};

export const run: Handlers['run'] = ({ run: code }) => [{ ...data(code.description), kind: 'code' }];

export const assert: Handlers['assert'] = ({ sql }) => [{ ...data(sql), kind: 'assert' }];
