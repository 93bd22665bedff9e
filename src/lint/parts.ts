// Parts of the schema that rules ask for. In: a subject. Out: its tables, columns, siblings. Must not know any rule.

import { roleOf } from '../operations/apply.ts';
import type { Operation, OperationKind, OperationOf } from '../operations/operation.ts';
import { isPlainName } from '../schema/identifiers-in-sql.ts';
import type { Column, ForeignKey, Index, Table, TableRef } from '../schema/schema.ts';
import { displayRef, refKey, refOf, sameRef } from '../schema/schema.ts';
import type { LintSubject } from './rule.ts';

/** The table before the operation, as far as history knows it. */
export function tableBefore(subject: LintSubject, ref: TableRef): Table | undefined {
  return subject.before.tables.get(refKey(ref));
}

/** The column before the operation. */
export function columnBefore(subject: LintSubject, ref: TableRef, name: string): Column | undefined {
  return tableBefore(subject, ref)?.columns.find((column) => column.name === name);
}

/** The operations of one kind that come later in the revision. */
export function laterOf<K extends OperationKind>(subject: LintSubject, kind: K): readonly OperationOf<K>[] {
  return subject.siblings.slice(subject.index + 1).filter((one): one is OperationOf<K> => one.kind === kind);
}

/** The operations of one kind that came before in the revision. */
export function earlierOf<K extends OperationKind>(subject: LintSubject, kind: K): readonly OperationOf<K>[] {
  return subject.siblings.slice(0, subject.index).filter((one): one is OperationOf<K> => one.kind === kind);
}

/** The columns that each key and index of a table begins with, in order: those of expressions are left out. */
export function keysOf(table: Table): readonly (readonly string[])[] {
  return [
    ...(table.primaryKey ? [table.primaryKey.columns] : []),
    ...table.uniques.map(({ columns }) => columns),
    ...table.indexes.map(columnsOf),
  ];
}

/** The columns of an index up to its first expression; none if it holds a part of the rows only. */
export function columnsOf({ parts, where }: Index): readonly string[] {
  if (where !== null) return [];
  const end = parts.findIndex(({ column }) => column === null);
  return parts.slice(0, end < 0 ? parts.length : end).map(({ column }) => column ?? '');
}

/** True if the first columns of the longer list are the shorter one. */
export function isPrefix(columns: readonly string[], of: readonly string[]): boolean {
  return columns.length > 0 && columns.every((column, i) => of[i] === column);
}

/** True if the operation changes tables that were there before the revision: it takes their locks. */
export function locksOldTable(operation: Operation, subject: LintSubject): boolean {
  if (operation.kind === 'renameTable') return !subject.isNew(operation.from);
  if (!('table' in operation) || operation.kind === 'createTable' || roleOf(operation) === 'data')
    return false;
  return !subject.isNew(operation.table);
}

/** The foreign keys that an operation makes, each with its table. */
export function foreignKeysOf(operation: Operation): readonly { table: TableRef; key: ForeignKey }[] {
  if (operation.kind === 'addForeignKey') return [{ table: operation.table, key: operation.foreignKey }];
  if (operation.kind !== 'createTable') return [];
  return operation.table.foreignKeys.map((key) => ({ table: refOf(operation.table), key }));
}

/** The name of a table as people write it; the table itself where an operation holds it whole. */
export const nameOf = (table: TableRef): string => displayRef(refOf(table));

/** True if both are of the same table. */
export const isSameTable = (a: TableRef, b: TableRef): boolean => sameRef(refOf(a), refOf(b));

/** A name as SQL says it: without quotes where it needs none. */
export function sqlName(name: string, { syntax }: Pick<LintSubject, 'syntax'>): string {
  if (isPlainName(name)) return name;
  const quote = syntax.doubleQuotedStrings ? '`' : '"';
  return `${quote}${name.replaceAll(quote, quote + quote)}${quote}`;
}

/** A table as SQL says it. */
export function sqlTable({ namespace, name }: TableRef, subject: Pick<LintSubject, 'syntax'>): string {
  return [...(namespace === null ? [] : [namespace]), name].map((one) => sqlName(one, subject)).join('.');
}

/** A text as TypeScript says it. */
export const inText = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** The words of a name in quotes, for a step of TypeScript. */
export const quoted = (names: readonly string[]): string => names.map(inText).join(', ');
