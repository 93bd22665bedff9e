// Questions about present rows that an operation would break or destroy.
// In: operations, the schema before. Out: SQL that only reads. Must not know the answers.

import type { CompileInput, LossQuestion, RowQuestion } from '../../dialect/dialect.ts';
import type { Operation, OperationHandlers, OperationOf } from '../../operations/operation.ts';
import { findValidated, isCheck } from '../../operations/validate-constraint.ts';
import type { Column, Index, Table } from '../../schema/schema.ts';
import { displayRef, refKey } from '../../schema/schema.ts';
import type { Moment } from './pieces.ts';
import { countWhere, duplicateRows, misfit, orphanRows, rounding, rowsWhere } from './question-sql.ts';
import { quote } from './quote.ts';
import { simulate } from './simulate.ts';
import type { MysqlTraits } from './traits.ts';

type Question = Omit<RowQuestion, 'operation'>;

/** The operation's table right before it, and all else that is known of the moment. */
interface Inquiry {
  readonly table: Table;
  readonly moment: Moment;
}

type Askers = Partial<OperationHandlers<Inquiry, readonly Question[]>>;

const columnIn = (table: Table | undefined, name: string): Column | undefined =>
  table?.columns.find((one) => one.name === name);

const list = (names: readonly string[]): string => names.join(', ');

/** The values that an index compares. */
function indexValues(index: Index): readonly string[] {
  return index.parts.map((part) => {
    if (part.column === null) return `(${part.sql})`;
    return part.length === null ? quote(part.column) : `LEFT(${quote(part.column)}, ${part.length})`;
  });
}

function duplicates(index: Index | undefined, { table }: Inquiry): readonly Question[] {
  if (!index?.unique) return [];
  const names = list(index.parts.map((part) => part.column ?? part.sql ?? ''));
  const subject = `duplicate values of (${names}) in ${displayRef(table)}`;
  return [{ subject, sql: duplicateRows(table, indexValues(index)) }];
}

function nulls(name: string, { table }: Inquiry): readonly Question[] {
  if (!columnIn(table, name)?.nullable) return [];
  const condition = `${quote(name)} IS NULL`;
  return [{ subject: `nulls in ${displayRef(table)}.${name}`, sql: rowsWhere(table, condition) }];
}

function afterIndex({ moment }: Inquiry, name: string | null): Index | undefined {
  return moment.after?.indexes.find((index) => index.name === name);
}

function primaryKey(operation: OperationOf<'addPrimaryKey'>, inquiry: Inquiry): readonly Question[] {
  const { table } = inquiry;
  const { columns } = operation.primaryKey;
  const subject = `duplicate values of (${list(columns)}) in ${displayRef(table)}`;
  return [
    { subject, sql: duplicateRows(table, columns.map(quote)) },
    ...columns.flatMap((column) => nulls(column, inquiry)),
  ];
}

function orphans(
  { foreignKey }: OperationOf<'addForeignKey'>,
  { table, moment }: Inquiry,
): readonly Question[] {
  const target = foreignKey.references;
  const parent = moment.draft.tables.get(refKey(target.table));
  if (!parent) return [];
  const subject = `rows of ${displayRef(table)} whose (${list(foreignKey.columns)}) is not in ${displayRef(parent)}`;
  const child = { table, columns: foreignKey.columns };
  return [{ subject, sql: orphanRows(child, { table: parent, columns: target.columns }) }];
}

function violations({ check }: OperationOf<'addCheck'>, { table, moment }: Inquiry): readonly Question[] {
  const made = moment.after?.checks.find((one) => one.name === check.name);
  if (!made?.valid) return [];
  const subject = `rows of ${displayRef(table)} that break the check ${made.name}`;
  return [{ subject, sql: rowsWhere(table, `NOT (${made.sql})`) }];
}

/** Only a check can be unenforced here. */
function validations(operation: OperationOf<'validateConstraint'>, { table }: Inquiry): readonly Question[] {
  const found = findValidated(table, operation);
  if (!found || found.valid || !isCheck(found)) return [];
  const subject = `rows of ${displayRef(table)} that break the check ${found.name}`;
  return [{ subject, sql: rowsWhere(table, `NOT (${found.sql})`) }];
}

function alteration({ column }: OperationOf<'alterColumn'>, inquiry: Inquiry): readonly Question[] {
  const { table, moment } = inquiry;
  const [before, after] = [columnIn(table, column), columnIn(moment.after, column)];
  if (!before || !after || after.generated) return [];
  const condition = misfit(column, before.type, after.type);
  const subject = `values of ${displayRef(table)}.${column} that do not fit the new type`;
  return [
    ...(condition === null ? [] : [{ subject, sql: rowsWhere(table, condition) }]),
    ...(after.nullable ? [] : nulls(column, inquiry)),
  ];
}

/** The server would fill in a zero or an empty text that nobody wrote. */
function required({ column: given }: OperationOf<'addColumn'>, inquiry: Inquiry): readonly Question[] {
  const { table, moment } = inquiry;
  const column = columnIn(moment.after, given.name);
  if (!column || column.nullable) return [];
  if (column.default !== null || column.identity !== null || column.generated !== null) return [];
  const subject = `rows of ${displayRef(table)} that have no value for the required ${column.name}`;
  return [{ subject, sql: rowsWhere(table, null) }];
}

const rowAskers: Askers = {
  createIndex: ({ index }, inquiry) => duplicates(afterIndex(inquiry, index.name), inquiry),
  addUnique: ({ unique }, inquiry) => duplicates(afterIndex(inquiry, unique.name), inquiry),
  addPrimaryKey: primaryKey,
  addForeignKey: orphans,
  addCheck: violations,
  validateConstraint: validations,
  alterColumn: alteration,
  addColumn: required,
};

function lostColumn({ column: name }: OperationOf<'dropColumn'>, { table }: Inquiry): readonly Question[] {
  const column = columnIn(table, name);
  if (!column || column.generated) return [];
  const subject = `values of ${displayRef(table)}.${name}`;
  return [{ subject, sql: countWhere(table, `${quote(name)} IS NOT NULL`) }];
}

function lostPrecision(operation: OperationOf<'alterColumn'>, inquiry: Inquiry): readonly Question[] {
  const { table, moment } = inquiry;
  const before = columnIn(table, operation.column);
  const after = columnIn(moment.after, operation.column);
  if (!before || !after || before.generated) return [];
  const name = `${displayRef(table)}.${before.name}`;
  if (after.generated) {
    const condition = `${quote(before.name)} IS NOT NULL`;
    return [{ subject: `values of ${name}, computed from now on`, sql: countWhere(table, condition) }];
  }
  const condition = rounding(before.name, before.type, after.type);
  const subject = `values of ${name} that would be rounded or cut`;
  return condition === null ? [] : [{ subject, sql: countWhere(table, condition) }];
}

const lossAskers: Askers = {
  dropTable: (_, { table }) => [{ subject: `rows of ${displayRef(table)}`, sql: countWhere(table, 'TRUE') }],
  dropColumn: lostColumn,
  alterColumn: lostPrecision,
};

function ask(askers: Askers, operation: Operation, inquiry: Inquiry): readonly Question[] {
  const asker = askers[operation.kind] as
    | ((operation: Operation, inquiry: Inquiry) => readonly Question[])
    | undefined;
  return asker?.(operation, inquiry) ?? [];
}

const writesRows: ReadonlySet<Operation['kind']> = new Set<Operation['kind']>([
  'execute',
  'run',
  'insertRows',
  'backfill',
]);

function questions(input: CompileInput, traits: MysqlTraits, askers: Askers): readonly RowQuestion[] {
  const all: RowQuestion[] = [];
  let written = false;
  for (const { operation, position, moment } of simulate(input, traits)) {
    written ||= writesRows.has(operation.kind);
    const table = moment.before;
    if (!table || (moment.isNew && !written)) continue;
    const found = ask(askers, operation, { table, moment });
    all.push(...found.map((question) => ({ operation: position, ...question })));
  }
  return all;
}

/** Questions about rows that operations would trip over, each for the moment right before its operation. */
export function rowQuestions(input: CompileInput, traits: MysqlTraits): readonly RowQuestion[] {
  return questions(input, traits, rowAskers);
}

/** Questions about values that operations would destroy, each for the moment right before its operation. */
export function lossQuestions(input: CompileInput, traits: MysqlTraits): readonly LossQuestion[] {
  return questions(input, traits, lossAskers);
}
