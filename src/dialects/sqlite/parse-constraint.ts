// Constraints inside CREATE TABLE: those of the table, and the parts that columns share with them.

import type { Deferrable, ForeignKey, ReferentialAction } from '../../schema/schema.ts';
import { clauseKey } from './clauses.ts';
import { accept, type Cursor, fail, peek, readList, readName, readParenthesised } from './cursor.ts';
import { quote, sameName } from './quote.ts';
import { keepConflict, type TableParts } from './table-parts.ts';
import { isSymbol } from './tokens.ts';

/** `ON CONFLICT …`, in upper case. */
export function readConflict(cursor: Cursor): string | null {
  return accept(cursor, 'ON', 'CONFLICT') ? readName(cursor).toUpperCase() : null;
}

const actions: Readonly<Record<string, ReferentialAction>> = {
  RESTRICT: 'restrict',
  CASCADE: 'cascade',
};

function readAction(cursor: Cursor): ReferentialAction {
  if (accept(cursor, 'SET', 'NULL')) return 'set-null';
  if (accept(cursor, 'SET', 'DEFAULT')) return 'set-default';
  if (accept(cursor, 'NO', 'ACTION')) return 'no-action';
  return actions[readName(cursor).toUpperCase()] ?? fail(cursor, 'an action');
}

/** `[NOT] DEFERRABLE …`; `null`: nothing of that kind comes next. */
export function readDeferrable(cursor: Cursor): Deferrable | null {
  const refused = accept(cursor, 'NOT', 'DEFERRABLE');
  if (!refused && !accept(cursor, 'DEFERRABLE')) return null;
  const deferred = accept(cursor, 'INITIALLY', 'DEFERRED');
  if (!deferred) accept(cursor, 'INITIALLY', 'IMMEDIATE');
  if (refused) return 'no';
  return deferred ? 'initially-deferred' : 'initially-immediate';
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Everything after the word REFERENCES. */
export function readReferences(cursor: Cursor, name: string | null, columns: readonly string[]): ForeignKey {
  const table = { namespace: null, name: readName(cursor) };
  const target = isSymbol(peek(cursor), '(') ? readList(cursor, readName) : [];
  const key: Mutable<ForeignKey> = {
    name,
    columns,
    references: { table, columns: target },
    onDelete: 'no-action',
    onUpdate: 'no-action',
    deferrable: 'no',
    valid: true,
  };
  for (;;) {
    const deferrable = readDeferrable(cursor);
    if (deferrable !== null) key.deferrable = deferrable;
    else if (accept(cursor, 'ON', 'DELETE')) key.onDelete = readAction(cursor);
    else if (accept(cursor, 'ON', 'UPDATE')) key.onUpdate = readAction(cursor);
    // SQLite reads these two and does nothing about them.
    else if (accept(cursor, 'ON', 'INSERT')) readAction(cursor);
    else if (accept(cursor, 'MATCH')) readName(cursor);
    else return key;
  }
}

/** A column of a key with what follows its name: collation and order. */
interface KeyPart {
  readonly column: string;
  readonly suffix: string;
}

function readKeyPart(cursor: Cursor): KeyPart {
  const column = readName(cursor);
  const collation = accept(cursor, 'COLLATE') ? `COLLATE ${quote(readName(cursor))}` : '';
  const descending = accept(cursor, 'DESC');
  if (!descending) accept(cursor, 'ASC');
  return { column, suffix: [collation, descending ? 'DESC' : ''].filter(Boolean).join(' ') };
}

interface Key {
  readonly columns: readonly string[];
  readonly conflict: string | null;
}

function readKey(cursor: Cursor, parts: TableParts, clause: 'primaryKey' | 'unique'): Key {
  const found = readList(cursor, (inner) => {
    const part = readKeyPart(inner);
    if (clause === 'primaryKey' && accept(inner, 'AUTOINCREMENT')) parts.options['autoincrement'] = true;
    return part;
  });
  const columns = found.map(({ column }) => declaredName(parts, column));
  const suffixes = found.map(({ suffix }) => suffix);
  if (suffixes.some(Boolean) && !(clause === 'primaryKey' && isRowid(parts, columns))) {
    parts.options[clauseKey(`${clause}.parts`, columns)] = JSON.stringify(suffixes);
  }
  return { columns, conflict: readConflict(cursor) };
}

/** A table constraint over one INTEGER column makes it the rowid, whatever order or collation it asks for. */
function isRowid(parts: TableParts, columns: readonly string[]): boolean {
  const type = parts.columns.find(({ name }) => name === columns[0])?.type;
  return columns.length === 1 && type?.kind === 'native' && /^INTEGER$/i.test(String(type.sql));
}

/** The column's name as its definition writes it. */
function declaredName(parts: TableParts, name: string): string {
  return parts.columns.find((column) => sameName(column.name, name))?.name ?? name;
}

/** One constraint of the table, with its name. */
export function readTableConstraint(cursor: Cursor, parts: TableParts): void {
  const name = accept(cursor, 'CONSTRAINT') ? readName(cursor) : null;
  if (accept(cursor, 'PRIMARY', 'KEY')) {
    const key = readKey(cursor, parts, 'primaryKey');
    parts.primaryKey = { name, columns: key.columns };
    keepConflict(parts, 'primaryKey', key);
  } else if (accept(cursor, 'UNIQUE')) {
    const key = readKey(cursor, parts, 'unique');
    parts.uniques.push({ name, columns: key.columns, nullsNotDistinct: false, deferrable: 'no' });
    keepConflict(parts, 'unique', key);
  } else if (accept(cursor, 'CHECK')) {
    parts.checks.push({ name, sql: readParenthesised(cursor), valid: true });
    readConflict(cursor);
  } else if (accept(cursor, 'FOREIGN', 'KEY')) {
    const columns = readList(cursor, readName).map((column) => declaredName(parts, column));
    if (!accept(cursor, 'REFERENCES')) fail(cursor, 'REFERENCES');
    parts.foreignKeys.push(readReferences(cursor, name, columns));
  } else if (name === null) fail(cursor, 'a constraint');
}
