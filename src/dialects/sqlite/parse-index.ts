// CREATE INDEX, CREATE VIEW and CREATE TRIGGER as SQLite keeps them.

import type { Index, IndexPart, Table } from '../../schema/schema.ts';
import {
  accept,
  type Cursor,
  fail,
  openCursor,
  peek,
  readList,
  readName,
  skipExpression,
  textBetween,
} from './cursor.ts';
import { type Names, namesOf } from './expressions.ts';
import { foldName } from './quote.ts';
import { isSymbol, isWord, trimStatement } from './tokens.ts';

const plainPart = { nulls: null, operatorClass: null, length: null } as const;

/** A column with its collation; anything else is an expression, its collation included. */
function readPart(cursor: Cursor, names: Names): IndexPart {
  const from = cursor.at;
  skipExpression(cursor);
  let end = cursor.at;
  const descending = isWord(cursor.tokens[end - 1], 'DESC');
  if (end - from > 1 && (descending || isWord(cursor.tokens[end - 1], 'ASC'))) end -= 1;
  const [first, second, third] = cursor.tokens.slice(from, end);
  const collation = end - from === 3 && isWord(second, 'COLLATE') ? (third?.value ?? null) : null;
  const alone = end - from === 1 || collation !== null;
  const column =
    alone && first?.kind !== 'number' ? names.columns.get(foldName(first?.value ?? '')) : undefined;
  if (column !== undefined) return { ...plainPart, column, sql: null, descending, collation };
  return { ...plainPart, column: null, sql: textBetween(cursor, from, end), descending, collation: null };
}

/** The index that the text creates on the table. */
export function parseIndex(sql: string, table: Table): Index {
  const cursor = openCursor(trimStatement(sql));
  const names = namesOf(table);
  if (!accept(cursor, 'CREATE')) fail(cursor, 'CREATE');
  const unique = accept(cursor, 'UNIQUE');
  if (!accept(cursor, 'INDEX')) fail(cursor, 'INDEX');
  accept(cursor, 'IF', 'NOT', 'EXISTS');
  const name = readName(cursor);
  if (!accept(cursor, 'ON')) fail(cursor, 'ON');
  readName(cursor);
  const parts = readList(cursor, (inner) => readPart(inner, names));
  const where = accept(cursor, 'WHERE') ? textBetween(cursor, cursor.at, cursor.tokens.length) : null;
  return { name, parts, unique, where, method: null, include: [], nullsNotDistinct: false, valid: true };
}

/**
 * The SELECT of a view. Names given in parentheses after the view's own move into the SELECT, where the model can
 * hold them.
 */
export function parseView(sql: string): string {
  const cursor = openCursor(trimStatement(sql));
  if (!accept(cursor, 'CREATE', 'VIEW')) fail(cursor, 'CREATE VIEW');
  accept(cursor, 'IF', 'NOT', 'EXISTS');
  readName(cursor);
  const from = cursor.at;
  if (isSymbol(peek(cursor), '(')) readList(cursor, readName);
  const columns = textBetween(cursor, from, cursor.at);
  if (!accept(cursor, 'AS')) fail(cursor, 'AS');
  const select = textBetween(cursor, cursor.at, cursor.tokens.length);
  return columns === ''
    ? select
    : `WITH "_surefoot_columns" ${columns} AS (${select}) SELECT * FROM "_surefoot_columns"`;
}

/** The text of a trigger as SQLite keeps it: without IF NOT EXISTS and without a semicolon at its end. */
export function foldTrigger(sql: string): string {
  const cursor = openCursor(trimStatement(sql));
  if (!accept(cursor, 'CREATE', 'TRIGGER')) return cursor.sql;
  accept(cursor, 'IF', 'NOT', 'EXISTS');
  return `CREATE TRIGGER ${textBetween(cursor, cursor.at, cursor.tokens.length)}`;
}
