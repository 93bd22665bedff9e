import { canonicalJson } from '../../kernel/hash.ts';
import type { OperationOf } from '../../operations/operation.ts';
import { mentions } from '../../schema/identifiers-in-sql.ts';
import type { Column, ColumnType, Table, TableRef } from '../../schema/schema.ts';
import { displayRef, refKey } from '../../schema/schema.ts';
import { columnSql } from './column-sql.ts';
import type { Impact } from './hazards.ts';
import { addHazards, alterHazards, hasFulltext, impactHazards } from './hazards.ts';
import { orphanedIndex, uncovered } from './key-indexes.ts';
import { refuseVarying } from './lacking.ts';
import { columnCheck } from './mariadb.ts';
import type { Clause, Moment, Piece } from './pieces.ts';
import { clause, columnOf, hazard, tableAfter, tableBefore, unsupported } from './pieces.ts';
import { quote, quoteList } from './quote.ts';
import type { MysqlTraits } from './traits.ts';
import { familyOf } from './types.ts';

/** A column, as what a clause touches. */
export const touch = (name: string): string => `column:${name.toLowerCase()}`;

/** ADD COLUMN at the end of the table. */
export function addColumn(operation: OperationOf<'addColumn'>, moment: Moment): readonly Piece[] {
  const table = tableAfter(operation, moment);
  const column = columnOf(table, operation.column.name, operation.kind);
  refuseVarying(column, moment.traits);
  return [
    clause({
      table: operation.table,
      sql: `ADD COLUMN ${columnSql(column, table, moment.traits)}`,
      touches: [touch(column.name)],
      hazards: moment.isNew ? [] : addHazards(column, table, moment.traits),
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

interface Loss {
  readonly before: Table;
  readonly after: Table;
  readonly column: Column;
}

/** Instant by itself; MySQL writes the table again where an index goes along, and so does everyone beside a fulltext index. */
function dropImpact({ before, after, column }: Loss, { flavor }: MysqlTraits): Impact {
  if (column.generated?.stored !== false && hasFulltext(after)) return 'copy';
  const losesIndex = gone(before.indexes, after.indexes).length > 0;
  return losesIndex && flavor === 'mysql' ? 'rebuild' : 'instant';
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
  const impact = moment.isNew ? 'instant' : dropImpact({ before, after, column }, moment.traits);
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
      hazards: moment.isNew
        ? []
        : [...(column.generated ? [] : [loss]), ...impactHazards(impact, moment.traits)],
    }),
  ];
}

interface Change {
  readonly table: TableRef;
  readonly before: Column;
  readonly after: Column;
}

/** MySQL computes a row from left to right, defaults included: what computes with a column that is computed stands behind it. */
function movedBehind({ name, generated }: Column, { columns }: Table, { flavor }: MysqlTraits): string {
  if (flavor !== 'mysql' || generated === null) return '';
  const own = columns.findIndex((column) => column.name === name);
  const last = columns.findLast(
    (column, i) =>
      i > own &&
      (column.generated !== null || column.default?.kind === 'expression') &&
      mentions(generated.sql, column.name),
  );
  return last === undefined ? '' : ` AFTER ${quote(last.name)}`;
}

/** The clause that gives a column its new definition. */
export function modifyClause({ table, before, after }: Change, moment: Moment): Clause {
  const { after: whole, traits } = moment;
  const sql = whole ? columnSql(after, whole, traits) + movedBehind(after, whole, traits) : '';
  return clause({
    table,
    sql: `MODIFY COLUMN ${sql}`,
    touches: [touch(after.name)],
    hazards: moment.isNew ? [] : alterHazards({ before, after, table: whole }, traits),
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
  return isRecomputed(change) ? recreate(change, moment) : modify(change, moment);
}

/** A uuid is read from text and bytes only, and becomes nothing else. */
function needsText({ before, after }: Change): boolean {
  const readable = (type: ColumnType) =>
    type.kind === 'uuid' || ['text', 'long', 'binary'].includes(familyOf(type));
  if (before.generated || before.type.kind === after.type.kind) return false;
  const isUuid = before.type.kind === 'uuid' || after.type.kind === 'uuid';
  return isUuid && !(readable(before.type) && readable(after.type));
}

function modify(change: Change, moment: Moment): readonly Piece[] {
  const modified = modifyClause(change, moment);
  if (!needsText(change)) return [modified];
  const sql = `MODIFY COLUMN ${quote(change.before.name)} varchar(255)`;
  return [{ ...modified, sql, hazards: [] }, modified];
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
