// Questions about present rows that an operation would break or destroy.
// In: operations, the schema before. Out: SQL that only reads. Must not know the answers.

import type { CompileInput, LossQuestion, RowQuestion } from '../../dialect/dialect.ts';
import type { Operation, OperationHandlers, OperationOf } from '../../operations/operation.ts';
import { mentions } from '../../schema/identifiers-in-sql.ts';
import type { Column, Index, Table, TableRef } from '../../schema/schema.ts';
import { displayRef, refKey } from '../../schema/schema.ts';
import type { Origins } from './origins.ts';
import { openOrigins } from './origins.ts';
import type { Moment } from './pieces.ts';
import { countWhere, duplicateRows, misfit, orphanRows, rounding, rowsWhere } from './question-sql.ts';
import { quote } from './quote.ts';
import { simulate } from './simulate.ts';
import type { MysqlTraits } from './traits.ts';

type Question = Omit<RowQuestion, 'operation'>;

interface Inquiry {
  readonly moment: Moment;
  readonly origins: Origins;
  /** The tables as they are before the first operation. */
  readonly tables: ReadonlyMap<string, Table>;
}

type Askers = Partial<OperationHandlers<Inquiry, readonly Question[]>>;

/** The table as it is now, under the name it has now; `undefined`: it is not there yet. */
function present(ref: TableRef, { origins, tables }: Inquiry): Table | undefined {
  const origin = origins.of(ref);
  return origin ? tables.get(refKey(origin.ref)) : undefined;
}

/** A column and its table as they are now. */
interface Place {
  readonly table: Table;
  readonly column: Column;
}

function placeOf(ref: TableRef, name: string, inquiry: Inquiry): Place | null {
  const table = present(ref, inquiry);
  const [old] = inquiry.origins.columns(ref, [name]) ?? [];
  const column = table?.columns.find((one) => one.name === old);
  return table && column ? { table, column } : null;
}

const list = (names: readonly string[]): string => names.join(', ');

/** The values of an index as they are now; `null`: one of them is not there yet. */
function indexValues(ref: TableRef, index: Index, { origins }: Inquiry): readonly string[] | null {
  const values = index.parts.map((part) => {
    // An expression may mention what has been renamed since: then only the server can tell.
    if (part.column === null) return origins.of(ref)?.columns.size === 0 ? `(${part.sql})` : null;
    const [column] = origins.columns(ref, [part.column]) ?? [];
    if (column === undefined) return null;
    return part.length === null ? quote(column) : `LEFT(${quote(column)}, ${part.length})`;
  });
  return values.every((value) => value !== null) ? values : null;
}

function duplicates(ref: TableRef, index: Index | undefined, inquiry: Inquiry): readonly Question[] {
  const table = present(ref, inquiry);
  if (!table || !index?.unique) return [];
  const values = indexValues(ref, index, inquiry);
  const names = list(index.parts.map((part) => part.column ?? part.sql ?? ''));
  const subject = `duplicate values of (${names}) in ${displayRef(ref)}`;
  return values === null ? [] : [{ subject, sql: duplicateRows(table, values) }];
}

function nulls(ref: TableRef, name: string, inquiry: Inquiry): readonly Question[] {
  const place = placeOf(ref, name, inquiry);
  if (!place?.column.nullable) return [];
  const condition = `${quote(place.column.name)} IS NULL`;
  return [{ subject: `nulls in ${displayRef(ref)}.${name}`, sql: rowsWhere(place.table, condition) }];
}

function afterIndex(inquiry: Inquiry, name: string | null): Index | undefined {
  return inquiry.moment.after?.indexes.find((index) => index.name === name);
}

function primaryKey(operation: OperationOf<'addPrimaryKey'>, inquiry: Inquiry): readonly Question[] {
  const { table: ref, primaryKey: key } = operation;
  const table = present(ref, inquiry);
  const columns = inquiry.origins.columns(ref, key.columns);
  if (!table || columns === null) return [];
  const subject = `duplicate values of (${list(key.columns)}) in ${displayRef(ref)}`;
  return [
    { subject, sql: duplicateRows(table, columns.map(quote)) },
    ...key.columns.flatMap((column) => nulls(ref, column, inquiry)),
  ];
}

function orphans(operation: OperationOf<'addForeignKey'>, inquiry: Inquiry): readonly Question[] {
  const { table: ref, foreignKey: key } = operation;
  const target = key.references;
  const [child, parent] = [present(ref, inquiry), present(target.table, inquiry)];
  const columns = inquiry.origins.columns(ref, key.columns);
  const others = inquiry.origins.columns(target.table, target.columns);
  if (!child || !parent || columns === null || others === null) return [];
  const subject = `rows of ${displayRef(ref)} whose (${list(key.columns)}) is not in ${displayRef(target.table)}`;
  return [{ subject, sql: orphanRows({ table: child, columns }, { table: parent, columns: others }) }];
}

/** True if what the expression mentions is there now under the same name. */
function isAskable(ref: TableRef, sql: string, { origins }: Inquiry): boolean {
  const changed = [...(origins.of(ref)?.columns.keys() ?? [])];
  return !changed.some((name) => mentions(sql, name));
}

function violations(operation: OperationOf<'addCheck'>, inquiry: Inquiry): readonly Question[] {
  const table = present(operation.table, inquiry);
  const check = inquiry.moment.after?.checks.find((one) => one.name === operation.check.name);
  if (!table || !check?.valid || !isAskable(operation.table, check.sql, inquiry)) return [];
  const subject = `rows of ${displayRef(operation.table)} that break the check ${check.name}`;
  return [{ subject, sql: rowsWhere(table, `NOT (${check.sql})`) }];
}

function columnAfter({ moment }: Inquiry, name: string): Column | undefined {
  return moment.after?.columns.find((column) => column.name === name);
}

function alteration(operation: OperationOf<'alterColumn'>, inquiry: Inquiry): readonly Question[] {
  const { table: ref, column } = operation;
  const place = placeOf(ref, column, inquiry);
  const after = columnAfter(inquiry, column);
  if (!place || !after || after.generated) return [];
  const condition = misfit(place.column.name, place.column.type, after.type);
  const subject = `values of ${displayRef(ref)}.${column} that do not fit the new type`;
  return [
    ...(condition === null ? [] : [{ subject, sql: rowsWhere(place.table, condition) }]),
    ...(after.nullable ? [] : nulls(ref, column, inquiry)),
  ];
}

/** The server would fill in a zero or an empty text that nobody wrote. */
function required(operation: OperationOf<'addColumn'>, inquiry: Inquiry): readonly Question[] {
  const table = present(operation.table, inquiry);
  const column = columnAfter(inquiry, operation.column.name);
  if (!table || !column || column.nullable) return [];
  if (column.default !== null || column.identity !== null || column.generated !== null) return [];
  const subject = `rows of ${displayRef(operation.table)} that have no value for the required ${column.name}`;
  return [{ subject, sql: rowsWhere(table, null) }];
}

const rowAskers: Askers = {
  createIndex: ({ table, index }, inquiry) => duplicates(table, afterIndex(inquiry, index.name), inquiry),
  addUnique: ({ table, unique }, inquiry) => duplicates(table, afterIndex(inquiry, unique.name), inquiry),
  addPrimaryKey: primaryKey,
  addForeignKey: orphans,
  addCheck: violations,
  alterColumn: alteration,
  addColumn: required,
};

function lostTable(operation: OperationOf<'dropTable'>, inquiry: Inquiry): readonly Question[] {
  const table = present(operation.table, inquiry);
  return table ? [{ subject: `rows of ${displayRef(operation.table)}`, sql: countWhere(table, 'TRUE') }] : [];
}

function lostColumn(operation: OperationOf<'dropColumn'>, inquiry: Inquiry): readonly Question[] {
  const place = placeOf(operation.table, operation.column, inquiry);
  if (!place || place.column.generated) return [];
  const subject = `values of ${displayRef(operation.table)}.${operation.column}`;
  return [{ subject, sql: countWhere(place.table, `${quote(place.column.name)} IS NOT NULL`) }];
}

function lostPrecision(operation: OperationOf<'alterColumn'>, inquiry: Inquiry): readonly Question[] {
  const place = placeOf(operation.table, operation.column, inquiry);
  const after = columnAfter(inquiry, operation.column);
  if (!place || !after || place.column.generated) return [];
  const name = `${displayRef(operation.table)}.${operation.column}`;
  if (after.generated) {
    const condition = `${quote(place.column.name)} IS NOT NULL`;
    return [{ subject: `values of ${name}, computed from now on`, sql: countWhere(place.table, condition) }];
  }
  const condition = rounding(place.column.name, place.column.type, after.type);
  const subject = `values of ${name} that would be rounded or cut`;
  return condition === null ? [] : [{ subject, sql: countWhere(place.table, condition) }];
}

const lossAskers: Askers = { dropTable: lostTable, dropColumn: lostColumn, alterColumn: lostPrecision };

function ask(askers: Askers, operation: Operation, inquiry: Inquiry): readonly Question[] {
  const asker = askers[operation.kind] as
    | ((operation: Operation, inquiry: Inquiry) => readonly Question[])
    | undefined;
  return asker?.(operation, inquiry) ?? [];
}

function questions(input: CompileInput, traits: MysqlTraits, askers: Askers): readonly RowQuestion[] {
  const origins = openOrigins(input.before.tables);
  const tables = new Map(input.before.tables.map((table) => [refKey(table), table]));
  const all: RowQuestion[] = [];
  for (const { operation, position, moment } of simulate(input, traits)) {
    const found = ask(askers, operation, { moment, origins, tables });
    all.push(...found.map((question) => ({ operation: position, ...question })));
    origins.advance(operation);
  }
  return all;
}

/** Questions about rows that operations would trip over, for the schema before the first of them. */
export function rowQuestions(input: CompileInput, traits: MysqlTraits): readonly RowQuestion[] {
  return questions(input, traits, rowAskers);
}

/** Questions about values that operations would destroy, for the schema before the first of them. */
export function lossQuestions(input: CompileInput, traits: MysqlTraits): readonly LossQuestion[] {
  return questions(input, traits, lossAskers);
}
