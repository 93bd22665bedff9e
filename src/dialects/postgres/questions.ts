// What operations would do to present rows, as questions.
// In: operations and the schema before them. Out: SELECTs, each true to the moment right before its operation.
// Must not know a connection, or what is done with the answers.

import type { CompileInput, LossQuestion, RowQuestion } from '../../dialect/dialect.ts';
import type { Operation, OperationOf } from '../../operations/operation.ts';
import { findValidated, isCheck } from '../../operations/validate-constraint.ts';
import type { Check, Column, ForeignKey, Index, Table, TableRef } from '../../schema/schema.ts';
import { displayRef, refKey } from '../../schema/schema.ts';
import type { Server } from './compile.ts';
import { foldOperations } from './compile.ts';
import type { Context } from './pieces.ts';
import { isNew } from './pieces.ts';
import { brokenBy, lossBy } from './question-conversion.ts';
import { quoteIdentifier, quoteLiteral, quoteRef } from './quote.ts';
import { serialBase } from './types.ts';

const limit = 6;

interface Question {
  readonly subject: string;
  readonly sql: string;
}

/** A text that names a row by its primary key, or by its place where it has none. */
function rowName(table: Table, alias: string): string {
  const keys = table.primaryKey?.columns ?? [];
  if (keys.length === 0) return `'row at ' || ${alias}.ctid::text`;
  const parts = keys.map((key) => `${quoteLiteral(`${key}=`)} || ${alias}.${quoteIdentifier(key)}::text`);
  return parts.length === 1 ? parts.join('') : `concat_ws(', ', ${parts.join(', ')})`;
}

/** Rows for which a condition holds. The table keeps its own name, so that expressions may qualify columns with it. */
function rowsWhere(table: Table, condition: string | null): string {
  const name = rowName(table, quoteIdentifier(table.name));
  const where = condition === null ? '' : ` WHERE ${condition}`;
  return `SELECT ${name} AS "row" FROM ${quoteRef(table)}${where} LIMIT ${limit}`;
}

interface Uniqueness {
  readonly parts: readonly string[];
  readonly where: string | null;
  readonly nullsNotDistinct: boolean;
}

function duplicates(table: Table, { parts, where, nullsNotDistinct }: Uniqueness): string {
  const present = nullsNotDistinct ? [] : parts.map((part) => `${part} IS NOT NULL`);
  const conditions = [...(where === null ? [] : [`(${where})`]), ...present];
  const filter = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const same = `count(*) OVER (PARTITION BY ${parts.join(', ')}) AS same`;
  const name = rowName(table, quoteIdentifier(table.name));
  const inner = `SELECT ${name} AS "row", ${same} FROM ${quoteRef(table)}${filter}`;
  return `SELECT "row" FROM (${inner}) AS found WHERE same > 1 LIMIT ${limit}`;
}

function uniqueQuestion(table: Table, columns: readonly string[], nullsNotDistinct: boolean): Question {
  const parts = columns.map(quoteIdentifier);
  return {
    subject: `duplicate values of (${columns.join(', ')}) in ${displayRef(table)}`,
    sql: duplicates(table, { parts, where: null, nullsNotDistinct }),
  };
}

function indexQuestion(table: Table, index: Index): Question {
  const parts = index.parts.map((part) =>
    part.column === null ? `(${part.sql ?? ''})` : quoteIdentifier(part.column),
  );
  const names = index.parts.map((part) => part.column ?? part.sql ?? '');
  return {
    subject: `duplicate values of (${names.join(', ')}) in ${displayRef(table)}`,
    sql: duplicates(table, { parts, where: index.where, nullsNotDistinct: index.nullsNotDistinct }),
  };
}

function nullQuestion(table: Table, column: string): Question {
  return {
    subject: `rows of ${displayRef(table)} without ${column}`,
    sql: rowsWhere(table, `${quoteIdentifier(column)} IS NULL`),
  };
}

function primaryKeyQuestions(table: Table, columns: readonly string[]): readonly Question[] {
  const nullable = table.columns.filter((column) => column.nullable && columns.includes(column.name));
  return [
    ...nullable.map((column) => nullQuestion(table, column.name)),
    uniqueQuestion(table, columns, true),
  ];
}

function orphanQuestion(table: Table, key: ForeignKey, context: Context): readonly Question[] {
  const parent = context.draft.tables.get(refKey(key.references.table));
  const { columns: given } = key.references;
  const columns = given.length > 0 ? given : (parent?.primaryKey?.columns ?? []);
  if (parent === undefined || columns.length !== key.columns.length) return [];
  const present = key.columns.map((column) => `child.${quoteIdentifier(column)} IS NOT NULL`);
  const pairs = key.columns.map((column, i) => {
    return `parent.${quoteIdentifier(columns[i] ?? '')} = child.${quoteIdentifier(column)}`;
  });
  const match = `SELECT FROM ${quoteRef(parent)} AS parent WHERE ${pairs.join(' AND ')}`;
  return [
    {
      subject: `rows of ${displayRef(table)} whose (${key.columns.join(', ')}) has no row in ${displayRef(parent)}`,
      sql: `SELECT ${rowName(table, 'child')} AS "row" FROM ${quoteRef(table)} AS child WHERE ${present.join(' AND ')} AND NOT EXISTS (${match}) LIMIT ${limit}`,
    },
  ];
}

function alterQuestions(
  operation: OperationOf<'alterColumn'>,
  table: Table,
  { major }: Context,
): readonly Question[] {
  const column = table.columns.find((one) => one.name === operation.column);
  if (column === undefined) return [];
  const { nullable, identity, type, generated } = operation.changes;
  // Present values are not asked for any more.
  if (generated) return [];
  const required = nullable === false || (identity !== undefined && identity !== null);
  const broken = type === undefined || operation.using !== null ? null : brokenBy(column, type, major);
  return [
    ...(required && column.nullable ? [nullQuestion(table, column.name)] : []),
    ...(broken === null
      ? []
      : [
          {
            subject: `values of ${displayRef(table)}.${column.name} that do not fit`,
            sql: rowsWhere(table, broken),
          },
        ]),
  ];
}

function needsValue(column: Column): boolean {
  const filled = column.default !== null || column.identity !== null || column.generated !== null;
  return !column.nullable && !filled && serialBase(column.type) === null;
}

function checkQuestion(table: Table, { sql }: Check): readonly Question[] {
  return [
    {
      subject: `rows of ${displayRef(table)} that break the check (${sql})`,
      sql: rowsWhere(table, `NOT (${sql})`),
    },
  ];
}

function validationQuestion(
  operation: OperationOf<'validateConstraint'>,
  table: Table,
  context: Context,
): readonly Question[] {
  const found = findValidated(table, operation);
  if (!found || found.valid) return [];
  return isCheck(found) ? checkQuestion(table, found) : orphanQuestion(table, found, context);
}

/** The questions of one operation on the table as it stands before it. */
function questionsOf(operation: Operation, table: Table, context: Context): readonly Question[] {
  switch (operation.kind) {
    case 'addUnique':
      return [uniqueQuestion(table, operation.unique.columns, operation.unique.nullsNotDistinct)];
    case 'createIndex':
      return operation.index.unique ? [indexQuestion(table, operation.index)] : [];
    case 'addPrimaryKey':
      return primaryKeyQuestions(table, operation.primaryKey.columns);
    case 'addForeignKey':
      return operation.foreignKey.valid ? orphanQuestion(table, operation.foreignKey, context) : [];
    case 'addCheck':
      return operation.check.valid ? checkQuestion(table, operation.check) : [];
    case 'validateConstraint':
      return validationQuestion(operation, table, context);
    case 'alterColumn':
      return alterQuestions(operation, table, context);
    case 'addColumn':
      return needsValue(operation.column)
        ? [
            {
              subject: `rows of ${displayRef(table)}, for which ${operation.column.name} has no value`,
              sql: rowsWhere(table, null),
            },
          ]
        : [];
    default:
      return [];
  }
}

const writesRows = new Set<Operation['kind']>(['execute', 'run', 'insertRows', 'backfill']);

function tableOf(operation: Operation): TableRef | null {
  return 'table' in operation && operation.kind !== 'createTable' ? operation.table : null;
}

/** Calls `each` for operations on tables that may have rows by then. */
function onRows(
  input: CompileInput,
  server: Server,
  each: (operation: Operation, table: Table, at: { context: Context; position: number }) => void,
): void {
  let written = false;
  foldOperations(input, server, (operation, context, position) => {
    written ||= writesRows.has(operation.kind);
    const ref = tableOf(operation);
    const table = ref === null ? undefined : context.draft.tables.get(refKey(ref));
    if (table === undefined || (isNew(context, table) && !written)) return;
    each(operation, table, { context, position });
  });
}

/** Which rows each operation would break on. */
export function rowQuestions(input: CompileInput, server: Server): readonly RowQuestion[] {
  const questions: RowQuestion[] = [];
  onRows(input, server, (operation, table, { context, position }) => {
    const found = questionsOf(operation, table, context);
    questions.push(...found.map((question) => ({ ...question, operation: position })));
  });
  return questions;
}

function lossOf(operation: Operation, table: Table): Question | null {
  if (operation.kind === 'dropTable') {
    return {
      subject: `rows of ${displayRef(table)}`,
      sql: `SELECT count(*) AS lost FROM ${quoteRef(table)}`,
    };
  }
  if (operation.kind !== 'dropColumn' && operation.kind !== 'alterColumn') return null;
  const column = table.columns.find((one) => one.name === operation.column);
  if (column === undefined || column.generated !== null) return null;
  const subject = `values of ${displayRef(table)}.${column.name}`;
  if (operation.kind === 'dropColumn' || operation.changes.generated) {
    return { subject, sql: `SELECT count(${quoteIdentifier(column.name)}) AS lost FROM ${quoteRef(table)}` };
  }
  const lost = operation.changes.type === undefined ? null : lossBy(column, operation.changes.type);
  if (lost === null) return null;
  return {
    subject: `${subject} that lose digits`,
    sql: `SELECT count(*) AS lost FROM ${quoteRef(table)} WHERE ${lost}`,
  };
}

/** How much each operation would destroy. */
export function lossQuestions(input: CompileInput, server: Server): readonly LossQuestion[] {
  const questions: LossQuestion[] = [];
  onRows(input, server, (operation, table, { position }) => {
    const question = lossOf(operation, table);
    if (question !== null) questions.push({ ...question, operation: position });
  });
  return questions;
}
