import { canonicalJson } from '../../kernel/hash.ts';
import type { OperationOf } from '../../operations/operation.ts';
import { mentions } from '../../schema/identifiers-in-sql.ts';
import type { Check, Column, ForeignKey, Index, Table, TableRef } from '../../schema/schema.ts';
import { displayRef, refKey, sameRef } from '../../schema/schema.ts';
import { checkSql, columnSql } from './column-sql.ts';
import { addHazards, alterHazards } from './hazards.ts';
import { orphanedIndex, uncovered } from './key-indexes.ts';
import { columnCheck } from './mariadb.ts';
import type { Clause, Moment, Piece } from './pieces.ts';
import { clause, columnOf, hazard, tableAfter, tableBefore, unsupported } from './pieces.ts';
import { quote, quoteList } from './quote.ts';
import { respelled } from './respelled.ts';

const touch = (name: string): string => `column:${name.toLowerCase()}`;

/** ADD COLUMN at the end of the table. */
export function addColumn(operation: OperationOf<'addColumn'>, moment: Moment): readonly Piece[] {
  const table = tableAfter(operation, moment);
  const column = columnOf(table, operation.column.name, operation.kind);
  return [
    clause({
      table: operation.table,
      sql: `ADD COLUMN ${columnSql(column, table, moment.traits)}`,
      touches: [touch(column.name)],
      hazards: moment.isNew ? [] : addHazards(column, moment.traits),
    }),
  ];
}

/** Parts that `after` no longer has. */
function gone<T extends { readonly name: string | null }>(
  before: readonly T[],
  after: readonly T[],
): readonly T[] {
  const kept = new Set(after.map((part) => part.name));
  return before.filter((part) => !kept.has(part.name));
}

/** The clauses that give foreign keys an index of their own where the one that served them goes. */
export function replacementIndexes(before: Table, after: Table): readonly string[] {
  return uncovered(before, after).map(
    (key) => `ADD INDEX ${quote(key.name ?? '')} (${quoteList(key.columns)})`,
  );
}

/** The server would shorten an index that loses a column, and refuse what a constraint mentions: all is said. */
function dropClauses(before: Table, after: Table): readonly string[] {
  const keys = gone(before.foreignKeys, after.foreignKeys);
  const own = keys.map((key) => orphanedIndex(before, after, key)).filter((name) => name !== null);
  return [
    ...keys.map((key) => `DROP FOREIGN KEY ${quote(key.name ?? '')}`),
    ...own.map((name) => `DROP INDEX ${quote(name)}`),
    ...gone(before.indexes, after.indexes).map((index) => `DROP INDEX ${quote(index.name ?? '')}`),
    ...(before.primaryKey && !after.primaryKey ? ['DROP PRIMARY KEY'] : []),
    ...replacementIndexes(before, after),
  ];
}

/** DROP COLUMN, with every index and constraint that goes with it said. */
export function dropColumn(operation: OperationOf<'dropColumn'>, moment: Moment): readonly Piece[] {
  const before = tableBefore(operation, moment);
  const after = tableAfter(operation, moment);
  const column = columnOf(before, operation.column, operation.kind);
  const checks = gone(before.checks, after.checks)
    .filter((check) => !columnCheck(before, check.name ?? '', moment.traits))
    .map((check) => `DROP CONSTRAINT ${quote(check.name ?? '')}`);
  const loss = hazard('data-loss', `every value of ${displayRef(operation.table)}.${column.name} is lost`);
  const parts = [...dropClauses(before, after), ...checks];
  return [
    clause({
      table: operation.table,
      sql: [...parts, `DROP COLUMN ${quote(column.name)}`].join(', '),
      touches: [
        touch(column.name),
        ...gone(before.indexes, after.indexes).map((index) => `index:${index.name}`),
      ],
      after: [touch(column.name)],
      // What it takes along must not have been made in the same statement.
      family: parts.length === 0 ? 'shape' : 'drop-key',
      hazards: moment.isNew || column.generated ? [] : [loss],
    }),
  ];
}

function indexMentions(index: Index, column: string): boolean {
  return index.parts.some((part) => part.sql !== null && mentions(part.sql, column));
}

/** MySQL refuses to rename a column that an expression mentions; of those it only lets checks be written anew. */
function demandRenamable(before: Table, operation: OperationOf<'renameColumn'>): void {
  const { from } = operation;
  const generated = before.columns.find((column) => column.generated && mentions(column.generated.sql, from));
  const index = before.indexes.find((one) => indexMentions(one, from));
  if (!generated && !index) return;
  const what = generated ? `generated column ${generated.name}` : `index ${index?.name}`;
  throw unsupported(
    operation.kind,
    `MySQL does not rename ${displayRef(operation.table)}.${from} while ${what} computes with it`,
    'drop what computes with it in an operation before, and make it again in one after',
  );
}

/** RENAME COLUMN; on MySQL with the checks that mention it written anew. */
export function renameColumn(operation: OperationOf<'renameColumn'>, moment: Moment): readonly Piece[] {
  const before = tableBefore(operation, moment);
  const after = tableAfter(operation, moment);
  columnOf(before, operation.from, operation.kind);
  const isMysql = moment.traits.flavor === 'mysql';
  if (isMysql) demandRenamable(before, operation);
  const checks = isMysql ? after.checks.filter((check) => mentions(check.sql, operation.to)) : [];
  const moved = checks.filter((check) =>
    before.checks.some((one) => one.name === check.name && one.sql !== check.sql),
  );
  return [...renaming(operation, moved, isInKey(operation, moment)), ...respelled(moment)];
}

/** True if a foreign key stands on the column, on either side. */
function isInKey({ table, from, to }: OperationOf<'renameColumn'>, { before, draft }: Moment): boolean {
  const isTarget = ({ references }: ForeignKey) =>
    sameRef(references.table, table) && references.columns.some((name) => name === from || name === to);
  return (
    (before?.foreignKeys.some(({ columns }) => columns.includes(from)) ?? false) ||
    [...draft.tables.values()].some(({ foreignKeys }) => foreignKeys.some(isTarget))
  );
}

/**
 * The checks go, and come again, with the column. MySQL renames the column of a foreign key only in place, and makes no
 * check in place: then each is a statement of its own.
 */
function renaming(
  { table, from, to }: OperationOf<'renameColumn'>,
  checks: readonly Check[],
  inKey: boolean,
): readonly Clause[] {
  const drops = checks.map((check) => `DROP CONSTRAINT ${quote(check.name ?? '')}`);
  const rename = `RENAME COLUMN ${quote(from)} TO ${quote(to)}`;
  const adds = checks.map((check) => `ADD ${checkSql(check)}`);
  const names = [touch(from), touch(to)];
  const touches = [...names, ...checks.map((check) => `check:${check.name}`)];
  if (checks.length === 0) return [clause({ table, sql: rename, family: 'rename', touches })];
  if (!inKey) {
    return [clause({ table, sql: [...drops, rename, ...adds].join(', '), family: 'rewrite', touches })];
  }
  return [
    clause({ table, sql: drops.join(', '), family: 'drop-key', touches }),
    clause({ table, sql: rename, family: 'rename', touches: names }),
    clause({ table, sql: adds.join(', '), family: 'add-key', touches }),
  ];
}

interface Change {
  readonly table: TableRef;
  readonly before: Column;
  readonly after: Column;
}

/** The clause that gives a column its new definition. */
export function modifyClause({ table, before, after }: Change, moment: Moment): Clause {
  const whole = moment.after;
  return clause({
    table,
    sql: `MODIFY COLUMN ${whole ? columnSql(after, whole, moment.traits) : ''}`,
    touches: [touch(after.name)],
    hazards: moment.isNew ? [] : alterHazards(before, after, moment.traits),
  });
}

/** A virtual column has no place in the rows: no server makes it an ordinary one or the other way round. */
function isRecomputed({ before, after }: Change): boolean {
  const virtual = (column: Column) => column.generated?.stored === false;
  return virtual(before) !== virtual(after);
}

function recreate(change: Change, moment: Moment): readonly Piece[] {
  const table = moment.after;
  const { name } = change.after;
  const isUsed = table?.indexes.some((index) => index.parts.some((part) => part.column === name));
  if (!table || isUsed || table.foreignKeys.some((key) => key.columns.includes(name))) {
    throw unsupported(
      'alterColumn',
      `the server cannot change how ${displayRef(change.table)}.${name} is computed while an index or key covers it`,
      'drop the index or key in an operation before, and make it again in one after',
    );
  }
  const loss = hazard('data-loss', `values of ${name} are given up for those that are computed`);
  const drop = clause({
    table: change.table,
    sql: `DROP COLUMN ${quote(name)}`,
    touches: [touch(name)],
    hazards: change.before.generated ? [] : [loss],
  });
  const add = `ADD COLUMN ${columnSql(change.after, table, moment.traits)}`;
  return [drop, clause({ table: change.table, sql: add, touches: [touch(name)] })];
}

/** MODIFY COLUMN; nothing where the column is that already. */
export function alterColumn(operation: OperationOf<'alterColumn'>, moment: Moment): readonly Piece[] {
  const change: Change = {
    table: operation.table,
    before: columnOf(tableBefore(operation, moment), operation.column, operation.kind),
    after: columnOf(tableAfter(operation, moment), operation.column, operation.kind),
  };
  if (canonicalJson(change.before) === canonicalJson(change.after)) return [];
  return isRecomputed(change) ? recreate(change, moment) : [modifyClause(change, moment)];
}

/** MODIFY COLUMN with another comment. */
export function setColumnComment(
  operation: OperationOf<'setColumnComment'>,
  moment: Moment,
): readonly Piece[] {
  const before = columnOf(tableBefore(operation, moment), operation.column, operation.kind);
  const after = columnOf(tableAfter(operation, moment), operation.column, operation.kind);
  return [modifyClause({ table: operation.table, before, after }, moment)];
}

/** A named enum has no object of its own here: its values stand at each column. */
export function addEnumValue(operation: OperationOf<'addEnumValue'>, moment: Moment): readonly Piece[] {
  const places = moment.enumColumns.get(refKey(operation.enum));
  if (places === undefined) {
    throw unsupported(
      operation.kind,
      `nothing tells which columns use the enum ${displayRef(operation.enum)}: the server keeps its values at each column`,
      'alter the type of each column that uses it',
    );
  }
  return places.flatMap(({ table, column }) => {
    const whole = moment.draft.tables.get(refKey(table));
    const after = whole?.columns.find((one) => one.name === column);
    if (!whole || after?.type.kind !== 'enum') return [];
    const old = after.type.values.filter((value) => value !== operation.value);
    const before = { ...after, type: { ...after.type, values: old } };
    return [modifyClause({ table, before, after }, { ...moment, after: whole })];
  });
}
