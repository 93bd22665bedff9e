// What operations would do to present rows, as questions.
// In: operations and the schema before them. Out: SELECTs, each true to the moment right before its operation.
// Must not know a connection, or what is done with the answers.

import type { CompileInput, LossQuestion, RowQuestion } from '../../dialect/dialect.ts';
import type { Operation, OperationOf } from '../../operations/operation.ts';
import { openDraft } from '../../schema/draft.ts';
import type { Column, ForeignKey, Index, Table } from '../../schema/schema.ts';
import { displayRef, refKey } from '../../schema/schema.ts';
import { foldExpression, namesOf } from './expressions.ts';
import { foldTable } from './normalize.ts';
import { type Context, lookupOf } from './pieces.ts';
import { literal, quote, quoteRef } from './quote.ts';
import { hiddenRowid, isRowidAlias } from './rowid.ts';
import { simulate } from './simulate.ts';
import { enumCheck } from './types.ts';

const limit = 6;

interface Question {
  readonly subject: string;
  readonly sql: string;
}

/** A text that names the row by its key, or by its place where it has none. */
function rowName(table: Table): string {
  const own = (name: string) => `${quote(table.name)}.${name}`;
  const keys = table.primaryKey?.columns ?? [];
  const rowid = hiddenRowid(table);
  if (keys.length === 0) return rowid === null ? `'a row'` : `'row ' || ${own(rowid)}`;
  const parts = keys.map((key) => `${literal(`${key}=`)} || coalesce(${own(quote(key))}, 'NULL')`);
  return parts.join(` || ', ' || `);
}

/** Rows for which a condition holds. The table keeps its name, so that expressions may qualify columns with it. */
function rowsWhere(table: Table, condition: string | null): string {
  const where = condition === null ? '' : ` WHERE ${condition}`;
  return `SELECT ${rowName(table)} AS "row" FROM ${quoteRef(table)}${where} LIMIT ${limit}`;
}

interface Uniqueness {
  readonly parts: readonly string[];
  readonly where: string | null;
}

function duplicates(table: Table, { parts, where }: Uniqueness): string {
  const present = parts.map((part) => `${part} IS NOT NULL`);
  const conditions = [...(where === null ? [] : [`(${where})`]), ...present].join(' AND ');
  const same = `count(*) OVER (PARTITION BY ${parts.join(', ')}) AS "same"`;
  const inner = `SELECT ${rowName(table)} AS "row", ${same} FROM ${quoteRef(table)} WHERE ${conditions}`;
  return `SELECT "row" FROM (${inner}) WHERE "same" > 1 LIMIT ${limit}`;
}

function uniqueQuestion(table: Table, columns: readonly string[]): Question {
  return {
    subject: `duplicate values of (${columns.join(', ')}) in ${displayRef(table)}`,
    sql: duplicates(table, { parts: columns.map(quote), where: null }),
  };
}

function indexQuestion(table: Table, index: Index): Question {
  const parts = index.parts.map(({ column, sql, collation }) => {
    const value = column === null ? `(${sql ?? ''})` : quote(column);
    return collation === null ? value : `${value} COLLATE ${quote(collation)}`;
  });
  const names = index.parts.map((part) => part.column ?? part.sql ?? '');
  return {
    subject: `duplicate values of (${names.join(', ')}) in ${displayRef(table)}`,
    sql: duplicates(table, { parts, where: index.where }),
  };
}

function nullQuestion(table: Table, column: string): Question {
  return {
    subject: `rows of ${displayRef(table)} without ${column}`,
    sql: rowsWhere(table, `${quote(column)} IS NULL`),
  };
}

/** A single INTEGER key becomes the rowid, which holds nothing but integers. */
function primaryKeyQuestions(
  { primaryKey }: OperationOf<'addPrimaryKey'>,
  table: Table,
): readonly Question[] {
  const after = foldTable({ ...table, primaryKey }, () => undefined);
  const nullable = table.columns.filter((one) => one.nullable && primaryKey.columns.includes(one.name));
  const questions = [
    ...nullable.map(({ name }) => nullQuestion(table, name)),
    uniqueQuestion(table, primaryKey.columns),
  ];
  if (!isRowidAlias(after)) return questions;
  const column = quote(primaryKey.columns[0] ?? '');
  const subject = `values of ${displayRef(table)}.${primaryKey.columns[0]} that are no integers`;
  const wrong = `${column} IS NOT NULL AND typeof(${column}) <> 'integer'`;
  return [...questions, { subject, sql: rowsWhere(table, wrong) }];
}

function orphanQuestion(table: Table, given: ForeignKey, context: Context): readonly Question[] {
  const lookup = lookupOf(context.draft);
  const [key] = foldTable({ ...table, foreignKeys: [given] }, lookup).foreignKeys;
  const parent = lookup(given.references.table);
  if (!key || !parent || key.references.columns.length !== key.columns.length) return [];
  const own = (column: string) => `${quote(table.name)}.${quote(column)}`;
  const present = key.columns.map((column) => `${own(column)} IS NOT NULL`);
  const pairs = key.columns.map(
    (column, at) => `"_parent".${quote(key.references.columns[at] ?? '')} = ${own(column)}`,
  );
  const match = `SELECT 1 FROM ${quoteRef(parent)} AS "_parent" WHERE ${pairs.join(' AND ')}`;
  return [
    {
      subject: `rows of ${displayRef(table)} whose (${key.columns.join(', ')}) has no row in ${displayRef(parent)}`,
      sql: rowsWhere(table, `${present.join(' AND ')} AND NOT EXISTS (${match})`),
    },
  ];
}

function checkQuestion(table: Table, sql: string): Question {
  return {
    subject: `rows of ${displayRef(table)} that break the check (${sql})`,
    sql: rowsWhere(table, `NOT (${foldExpression(sql, namesOf(table))})`),
  };
}

/** Values that a STRICT column of each type surely refuses. A text without letters may be a number. */
const refusals: Readonly<Partial<Record<Column['type']['kind'], (column: string) => string>>> = {
  integer: (column) =>
    `typeof(${column}) = 'blob' OR (typeof(${column}) = 'real' AND ${column} <> CAST(${column} AS INTEGER)) OR ${wordy(column)}`,
  real: (column) => `typeof(${column}) = 'blob' OR ${wordy(column)}`,
};

const wordy = (column: string) => `(typeof(${column}) = 'text' AND ${column} GLOB '*[a-df-zA-DF-Z]*')`;

/** A narrower type only matters to a STRICT table: any other keeps whatever it is given. */
function typeQuestion(operation: OperationOf<'alterColumn'>, table: Table): readonly Question[] {
  const { column, changes } = operation;
  if (changes.type?.kind === 'enum') return [checkQuestion(table, enumCheck(column, changes.type.values))];
  if (changes.type === undefined || table.options['strict'] !== true) return [];
  const type = changes.type;
  const columns = table.columns.map((one) => (one.name === column ? { ...one, type } : one));
  const after = foldTable({ ...table, columns }, () => undefined).columns.find(({ name }) => name === column);
  const refused = after && refusals[after.type.kind];
  if (refused === undefined) return [];
  const subject = `values of ${displayRef(table)}.${column} that do not fit`;
  return [{ subject, sql: rowsWhere(table, refused(quote(column))) }];
}

function alterQuestions(operation: OperationOf<'alterColumn'>, table: Table): readonly Question[] {
  const column = table.columns.find(({ name }) => name === operation.column);
  if (!column) return [];
  const required = operation.changes.nullable === false && column.nullable;
  return [...(required ? [nullQuestion(table, column.name)] : []), ...typeQuestion(operation, table)];
}

function addColumnQuestions(column: Column, table: Table): readonly Question[] {
  const filled = column.default !== null || column.generated !== null;
  if (column.nullable || filled) return [];
  const subject = `rows of ${displayRef(table)} that would have no ${column.name}`;
  return [{ subject, sql: rowsWhere(table, null) }];
}

function questionsOf(operation: Operation, table: Table, context: Context): readonly Question[] {
  switch (operation.kind) {
    case 'addColumn':
      return addColumnQuestions(operation.column, table);
    case 'alterColumn':
      return alterQuestions(operation, table);
    case 'addPrimaryKey':
      return primaryKeyQuestions(operation, table);
    case 'addUnique':
      return [uniqueQuestion(table, operation.unique.columns)];
    case 'createIndex':
      return operation.index.unique ? [indexQuestion(table, operation.index)] : [];
    case 'addForeignKey':
      return orphanQuestion(table, operation.foreignKey, context);
    case 'addCheck':
      return [checkQuestion(table, operation.check.sql)];
    default:
      return [];
  }
}

function lossesOf(operation: Operation, table: Table): readonly Question[] {
  const count = (what: string, subject: string): Question => ({
    subject,
    sql: `SELECT count(${what}) AS "lost" FROM ${quoteRef(table)}`,
  });
  if (operation.kind === 'dropTable') return [count('*', `rows of ${displayRef(table)}`)];
  if (operation.kind !== 'dropColumn' && operation.kind !== 'alterColumn') return [];
  const column = table.columns.find(({ name }) => name === operation.column);
  if (!column || column.generated !== null) return [];
  const replaced = operation.kind === 'alterColumn' && !operation.changes.generated;
  if (replaced) return [];
  return [count(quote(column.name), `values of ${displayRef(table)}.${column.name}`)];
}

/** Asks about each operation on a table that was there before all of them. */
function ask(
  { operations, before, naming }: CompileInput,
  about: (operation: Operation, table: Table, context: Context) => readonly Question[],
): readonly (Question & { readonly operation: number })[] {
  const context: Context = { draft: openDraft(before), naming, maxParameters: 1 };
  const created = new Set<string>();
  return operations.flatMap((operation, position) => {
    const lookup = lookupOf(context.draft);
    const found = 'table' in operation && operation.kind !== 'createTable' ? lookup(operation.table) : null;
    const questions =
      found && !created.has(refKey(found)) ? about(operation, foldTable(found, lookup), context) : [];
    simulate(operation, context);
    noteCreated(created, operation);
    return questions.map((question) => ({ ...question, operation: position }));
  });
}

/** A new table has no rows of anybody's. */
function noteCreated(created: Set<string>, operation: Operation): void {
  if (operation.kind === 'createTable') created.add(refKey(operation.table));
  if (operation.kind === 'dropTable') created.delete(refKey(operation.table));
  if (operation.kind !== 'renameTable' || !created.delete(refKey(operation.from))) return;
  created.add(refKey(operation.to));
}

/** `Dialect.rowQuestions` of SQLite. */
export function rowQuestions(input: CompileInput): readonly RowQuestion[] {
  return ask(input, questionsOf);
}

/** `Dialect.lossQuestions` of SQLite. */
export function lossQuestions(input: CompileInput): readonly LossQuestion[] {
  return ask(input, lossesOf);
}
