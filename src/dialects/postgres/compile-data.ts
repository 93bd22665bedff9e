// Rows, raw SQL, code and assertions as pieces.
// In: data operations, the table before for its types. Out: pieces with bound values. Must not know segments.

import type { SqlValue } from '../../dialect/connection.ts';
import type { CellValue, OperationOf } from '../../operations/operation.ts';
import type { ColumnType, Table, TableRef } from '../../schema/schema.ts';
import { displayRef, refKey } from '../../schema/schema.ts';
import { plainType } from './compile-serial.ts';
import { parseType } from './parse-type.ts';
import type { Context, Piece } from './pieces.ts';
import { alone, data, ddl, hazard, unsupported } from './pieces.ts';
import { quoteIdentifier, quoteRef } from './quote.ts';
import { nativeSql, typeSql } from './types.ts';

type DataRow = Readonly<Record<string, CellValue>>;

/** Room for other statements' habits: the server allows 65535. */
const maxValues = 30_000;

/** A value as text; the placeholder's cast makes of it what the column holds. */
function bound(value: CellValue): SqlValue {
  if (value === null) return null;
  if (typeof value !== 'object') return String(value);
  return 'hex' in value ? value.hex : JSON.stringify(value.json);
}

/**
 * The type that a value is cast to: never one with a length, which a written cast would cut to in silence
 * where an assignment complains.
 */
function castType(type: ColumnType): string {
  const plain = plainType(type.kind === 'native' ? parseType(nativeSql(type)) : type);
  if (plain.kind === 'varchar' || plain.kind === 'char') return 'text';
  if (plain.kind !== 'native') return typeSql(plain);
  return /^bit\b/.test(nativeSql(plain)) ? 'bit varying' : nativeSql(plain);
}

function placeholder(position: number, value: CellValue | undefined, type: ColumnType | undefined): string {
  const isHex = typeof value === 'object' && value !== null && 'hex' in value;
  if (isHex) return `decode($${position}::text, 'hex')`;
  if (type === undefined) return `$${position}`;
  const cast = castType(type);
  return cast === 'text' ? `$${position}::text` : `$${position}::text::${cast}`;
}

function typesOf(table: Table | undefined): ReadonlyMap<string, ColumnType> {
  return new Map((table?.columns ?? []).map((column) => [column.name, column.type]));
}

function chunks<T>(rows: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(rows.length / size);
  return Array.from({ length: count }, (_, i) => rows.slice(i * size, (i + 1) * size));
}

/** Neighbours with the same columns, in the order given. */
function grouped(rows: readonly DataRow[]): readonly (readonly DataRow[])[] {
  const groups: DataRow[][] = [];
  let last = '';
  for (const row of rows) {
    const shape = JSON.stringify(Object.keys(row));
    const group = groups.at(-1);
    if (group === undefined || shape !== last) groups.push([row]);
    else group.push(row);
    last = shape;
  }
  return groups;
}

interface RowTarget {
  readonly ref: TableRef;
  readonly table: Table | undefined;
  readonly types: ReadonlyMap<string, ColumnType>;
}

function insertChunk(rows: readonly DataRow[], columns: readonly string[], target: RowTarget): Piece {
  const parameters: SqlValue[] = [];
  const tuples = rows.map((row) => {
    const cells = columns.map((column) => {
      const value = row[column] ?? null;
      parameters.push(bound(value));
      return placeholder(parameters.length, value, target.types.get(column));
    });
    return `(${cells.join(', ')})`;
  });
  const always = target.table?.columns.some(
    (one) => one.identity?.mode === 'always' && columns.includes(one.name),
  );
  const names = columns.map(quoteIdentifier).join(', ');
  const override = always === true ? ' OVERRIDING SYSTEM VALUE' : '';
  return data(
    `INSERT INTO ${quoteRef(target.ref)} (${names})${override} VALUES ${tuples.join(', ')}`,
    parameters,
  );
}

function insertGroup(rows: readonly DataRow[], target: RowTarget): readonly Piece[] {
  const columns = Object.keys(rows[0] ?? {});
  if (columns.length === 0) return rows.map(() => data(`INSERT INTO ${quoteRef(target.ref)} DEFAULT VALUES`));
  const size = Math.max(1, Math.floor(maxValues / columns.length));
  return chunks(rows, size).map((chunk) => insertChunk(chunk, columns, target));
}

function targetOf(ref: TableRef, context: Context): RowTarget {
  const table = context.draft.tables.get(refKey(ref));
  return { ref, table, types: typesOf(table) };
}

export function insertRows({ table, rows }: OperationOf<'insertRows'>, context: Context): readonly Piece[] {
  const target = targetOf(table, context);
  return grouped(rows).flatMap((group) => insertGroup(group, target));
}

function keyOf(
  operation: OperationOf<'deleteRows'>,
  table: Table | undefined,
  row: DataRow,
): readonly string[] {
  const key = operation.key ?? table?.primaryKey?.columns ?? [];
  return key.length > 0 && key.every((column) => Object.hasOwn(row, column)) ? key : Object.keys(row);
}

function deleteChunk(
  operation: OperationOf<'deleteRows'>,
  rows: readonly DataRow[],
  target: RowTarget,
): Piece {
  const parameters: SqlValue[] = [];
  const conditions = rows.map((row) => {
    const parts = keyOf(operation, target.table, row).map((column) => {
      const value = row[column] ?? null;
      if (value === null) return `${quoteIdentifier(column)} IS NULL`;
      parameters.push(bound(value));
      return `${quoteIdentifier(column)} = ${placeholder(parameters.length, value, target.types.get(column))}`;
    });
    return `(${parts.join(' AND ')})`;
  });
  return data(`DELETE FROM ${quoteRef(target.ref)} WHERE ${conditions.join(' OR ')}`, parameters);
}

export function deleteRows(operation: OperationOf<'deleteRows'>, context: Context): readonly Piece[] {
  if (operation.rows.some((row) => Object.keys(row).length === 0)) {
    throw unsupported(
      'deleteRows',
      `A row to delete from ${displayRef(operation.table)} has no columns.`,
      'Name its key.',
    );
  }
  const target = targetOf(operation.table, context);
  const lost = hazard('data-loss', `rows of ${displayRef(operation.table)} are deleted`);
  return chunks(operation.rows, 500).map((chunk) => ({
    ...deleteChunk(operation, chunk, target),
    hazards: [lost],
  }));
}

/** What the server refuses inside a transaction. */
const outside = [
  /^vacuum\b/,
  /^(create|drop)\s+database\b/,
  /^(create|drop)\s+tablespace\b/,
  /^alter\s+database\b.*\bset\s+tablespace\b/,
  /^alter\s+system\b/,
  /^create\s+(unique\s+)?index\s+concurrently\b/,
  /^drop\s+index\s+concurrently\b/,
  /^reindex\b.*\bconcurrently\b/,
  /^reindex\s+(\([^)]*\)\s*)?(schema|database|system)\b/,
  /^cluster\s*;?$/,
  /^alter\s+table\b.*\bdetach\s+partition\b.*\bconcurrently\b/,
  /^(create|drop)\s+subscription\b/,
  /^discard\s+all\b/,
  /^(commit|rollback)\s+prepared\b/,
];

function bare(sql: string): string {
  return sql.replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/, '').toLowerCase();
}

/** True for SQL that PostgreSQL refuses between BEGIN and COMMIT. */
export function runsOutsideTransactions(sql: string): boolean {
  const text = bare(sql)
    .replace(/'(?:[^']|'')*'/g, "''")
    .replace(/\s+/g, ' ')
    .trim();
  return outside.some((pattern) => pattern.test(text));
}

const dataVerb =
  /^(insert|update|delete|merge|select|with|values|copy|truncate|call|do|refresh|lock|set|reset)\b/;
const addsEnumValue = /^alter\s+type\b[\s\S]*\badd\s+value\b/;

export function execute({ sql, effect, transaction }: OperationOf<'execute'>): readonly Piece[] {
  const unknown = hazard('unverified', 'raw SQL: what it does is not declared');
  const text = bare(sql);
  const lost = /^truncate\b/.test(text) ? [hazard('data-loss', 'the rows of the table are gone')] : [];
  const piece = ddl(sql, ...(effect === null ? [unknown] : []), ...lost);
  const kind = dataVerb.test(text) ? 'data' : 'ddl';
  if (!transaction || runsOutsideTransactions(sql)) return [alone({ ...piece, kind })];
  return [{ ...piece, kind, place: addsEnumValue.test(text) ? 'last' : 'transaction' }];
}

export function run({ run: reference }: OperationOf<'run'>): readonly Piece[] {
  return [{ ...ddl(reference.description), kind: 'code' }];
}

export function assert({ sql }: OperationOf<'assert'>): readonly Piece[] {
  return [{ ...ddl(sql), kind: 'assert' }];
}
