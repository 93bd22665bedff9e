// One column of CREATE TABLE, with the constraints that stand at it.

import type { Column, ColumnDefault } from '../../schema/schema.ts';
import { clauseKey } from './clauses.ts';
import { accept, type Cursor, fail, peek, readName, readParenthesised, textBetween } from './cursor.ts';
import { readConflict, readDeferrable, readReferences } from './parse-constraint.ts';
import { keepConflict, type TableParts } from './table-parts.ts';
import { isName, isSymbol, isWord } from './tokens.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What a constraint's reader gets: the place, the parts found so far, the column and the constraint's name. */
interface Reading {
  readonly cursor: Cursor;
  readonly parts: TableParts;
  readonly column: Mutable<Column>;
  readonly name: string | null;
}

const constraintStart = new Set([
  'CONSTRAINT',
  'PRIMARY',
  'NOT',
  'NULL',
  'UNIQUE',
  'CHECK',
  'DEFAULT',
  'COLLATE',
  'REFERENCES',
  'AS',
]);

function endsType(cursor: Cursor): boolean {
  const token = peek(cursor);
  if (token?.kind === 'quoted' || token?.kind === 'string') return false;
  if (token?.kind !== 'word') return true;
  // GENERATED is no reserved word: it ends the type only before ALWAYS.
  if (isWord(token, 'GENERATED')) return isWord(peek(cursor, 1), 'ALWAYS');
  return constraintStart.has(token.text.toUpperCase());
}

function readType(cursor: Cursor): string {
  const from = cursor.at;
  while (!endsType(cursor)) cursor.at += 1;
  if (cursor.at > from && isSymbol(peek(cursor), '(')) readParenthesised(cursor);
  return textBetween(cursor, from, cursor.at);
}

function readDefault(cursor: Cursor): ColumnDefault {
  const from = cursor.at;
  if (isSymbol(peek(cursor), '(')) {
    readParenthesised(cursor);
    return { kind: 'expression', sql: textBetween(cursor, from, cursor.at) };
  }
  const token = peek(cursor);
  // A bare or quoted word is a string here, whatever it names.
  const spoken = token?.kind === 'word' && /^(NULL|TRUE|FALSE|CURRENT_\w+)$/i.test(token.text);
  if (isName(token) && !spoken) return { kind: 'literal', value: readName(cursor) };
  cursor.at += isSymbol(token, '-') || isSymbol(token, '+') ? 2 : 1;
  return { kind: 'expression', sql: textBetween(cursor, from, cursor.at) };
}

function readPrimaryKey({ cursor, parts, column, name }: Reading): void {
  const columns = [column.name];
  const descending = accept(cursor, 'DESC');
  if (!descending) accept(cursor, 'ASC');
  // Only here DESC keeps INTEGER from being the rowid; in a table constraint it means nothing.
  if (descending) parts.options[clauseKey('primaryKey.parts', columns)] = JSON.stringify(['DESC']);
  keepConflict(parts, 'primaryKey', { columns, conflict: readConflict(cursor) });
  if (accept(cursor, 'AUTOINCREMENT')) parts.options['autoincrement'] = true;
  parts.primaryKey = { name, columns };
}

function readNotNull({ cursor, parts, column, name }: Reading): void {
  const columns = [column.name];
  column.nullable = false;
  if (name !== null) parts.options[clauseKey('notNull.name', columns)] = name;
  keepConflict(parts, 'notNull', { columns, conflict: readConflict(cursor) });
}

function readUnique({ cursor, parts, column, name }: Reading): void {
  const columns = [column.name];
  parts.uniques.push({ name, columns, nullsNotDistinct: false, deferrable: 'no' });
  keepConflict(parts, 'unique', { columns, conflict: readConflict(cursor) });
}

function readGenerated({ cursor, column }: Reading): void {
  const sql = readParenthesised(cursor);
  const stored = accept(cursor, 'STORED');
  if (!stored) accept(cursor, 'VIRTUAL');
  column.generated = { sql, stored };
}

function readForeignKey({ cursor, parts, column, name }: Reading): void {
  parts.foreignKeys.push(readReferences(cursor, name, [column.name]));
}

type Reader = readonly [words: readonly string[], read: (reading: Reading) => void];

const readers: readonly Reader[] = [
  [['PRIMARY', 'KEY'], readPrimaryKey],
  [['NOT', 'NULL'], readNotNull],
  [['NULL'], ({ cursor }) => void readConflict(cursor)],
  [['UNIQUE'], readUnique],
  [
    ['CHECK'],
    ({ cursor, parts, name }) => parts.checks.push({ name, sql: readParenthesised(cursor), valid: true }),
  ],
  [
    ['DEFAULT'],
    (reading) => {
      reading.column.default = readDefault(reading.cursor);
    },
  ],
  [
    ['COLLATE'],
    (reading) => {
      reading.column.collation = readName(reading.cursor);
    },
  ],
  [['REFERENCES'], readForeignKey],
  [['GENERATED', 'ALWAYS', 'AS'], readGenerated],
  [['AS'], readGenerated],
];

function readConstraint(reading: Reading): boolean {
  const found = readers.find(([words]) => accept(reading.cursor, ...words));
  found?.[1](reading);
  return found !== undefined;
}

function endsColumn(cursor: Cursor): boolean {
  return isSymbol(peek(cursor), ',') || isSymbol(peek(cursor), ')');
}

/** One column definition, up to the comma or parenthesis after it. */
export function readColumn(cursor: Cursor, parts: TableParts): void {
  const column: Mutable<Column> = {
    name: readName(cursor),
    type: { kind: 'native', sql: readType(cursor) },
    nullable: true,
    default: null,
    onUpdate: null,
    identity: null,
    generated: null,
    collation: null,
    comment: null,
  };
  while (!endsColumn(cursor)) {
    const name = accept(cursor, 'CONSTRAINT') ? readName(cursor) : null;
    const late = readDeferrable(cursor);
    const last = parts.foreignKeys.at(-1);
    if (late !== null && last) parts.foreignKeys.splice(-1, 1, { ...last, deferrable: late });
    else if (!readConstraint({ cursor, parts, column, name }) && name === null) {
      fail(cursor, 'a column constraint');
    }
  }
  parts.columns.push(column);
}
