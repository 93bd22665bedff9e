// CREATE TABLE as SQLite keeps it, read back into the model. Names of constraints, checks, conflict clauses,
// deferrable, collations and options live nowhere else.
// In: the text of sqlite_schema. Out: Table. Must not know a connection; throws 'schema/invalid' where it cannot read.

import type { Table } from '../../schema/schema.ts';
import {
  accept,
  acceptSymbol,
  type Cursor,
  expectSymbol,
  fail,
  openCursor,
  peek,
  readName,
} from './cursor.ts';
import { readColumn } from './parse-column.ts';
import { readTableConstraint } from './parse-constraint.ts';
import { emptyParts, type TableParts } from './table-parts.ts';
import { isWord } from './tokens.ts';

function readHead(cursor: Cursor): string {
  if (!accept(cursor, 'CREATE', 'TABLE')) fail(cursor, 'CREATE TABLE');
  accept(cursor, 'IF', 'NOT', 'EXISTS');
  const name = readName(cursor);
  return acceptSymbol(cursor, '.') ? readName(cursor) : name;
}

const constraintWords = ['CONSTRAINT', 'PRIMARY', 'UNIQUE', 'CHECK', 'FOREIGN'];

function startsConstraint(cursor: Cursor): boolean {
  return constraintWords.some((word) => isWord(peek(cursor), word));
}

function readBody(cursor: Cursor, parts: TableParts): void {
  expectSymbol(cursor, '(');
  do {
    if (startsConstraint(cursor)) break;
    readColumn(cursor, parts);
  } while (acceptSymbol(cursor, ','));
  // SQLite takes table constraints without commas between them, too.
  while (startsConstraint(cursor)) {
    readTableConstraint(cursor, parts);
    acceptSymbol(cursor, ',');
  }
  expectSymbol(cursor, ')');
}

function readOptions(cursor: Cursor, parts: TableParts): void {
  while (peek(cursor) !== undefined && !acceptSymbol(cursor, ';')) {
    if (accept(cursor, 'WITHOUT', 'ROWID')) parts.options['withoutRowid'] = true;
    else if (accept(cursor, 'STRICT')) parts.options['strict'] = true;
    else if (!acceptSymbol(cursor, ',')) fail(cursor, 'a table option');
  }
}

function readTable(cursor: Cursor, name: string): Table {
  const parts = emptyParts();
  readBody(cursor, parts);
  readOptions(cursor, parts);
  return { namespace: null, name, indexes: [], comment: null, ...parts };
}

/** The table that the text creates; its indexes are elsewhere. */
export function parseTable(sql: string): Table {
  const cursor = openCursor(sql);
  return readTable(cursor, readHead(cursor));
}
