// RENAME COLUMN, with what MySQL refuses to take along: it goes before, and comes again after.
// In: the operation, its moment. Out: pieces. Must not know segments.

import type { OperationOf } from '../../operations/operation.ts';
import { mentions } from '../../schema/identifiers-in-sql.ts';
import type { Check, Column, ForeignKey, Index, Table } from '../../schema/schema.ts';
import { displayRef, sameRef } from '../../schema/schema.ts';
import { checkSql, columnSql, indexSql } from './column-sql.ts';
import { touch } from './compile-column.ts';
import { addHazards, indexHazards } from './hazards.ts';
import { columnCheck } from './mariadb.ts';
import type { Clause, Moment, Piece } from './pieces.ts';
import { clause, columnOf, tableAfter, tableBefore, unsupported } from './pieces.ts';
import { literal, quote } from './quote.ts';
import { respelled } from './respelled.ts';

/** What computes with the column, and what rests on that. */
interface Computed {
  readonly columns: readonly Column[];
  readonly indexes: readonly Index[];
  readonly checks: readonly Check[];
}

function computedWith(table: Table, name: string): Computed {
  const columns = table.columns.filter(({ generated }) => generated && mentions(generated.sql, name));
  const isComputed = (column: string | null) => columns.some((one) => one.name === column);
  return {
    columns,
    indexes: table.indexes.filter(({ parts }) =>
      parts.some(({ column, sql }) => isComputed(column) || (sql !== null && mentions(sql, name))),
    ),
    checks: table.checks.filter(({ sql }) => columns.some((column) => mentions(sql, column.name))),
  };
}

/** The column that cannot go for a moment: a key rests on it, or another computed one. */
function heldColumn(table: Table, { columns, indexes }: Computed): string | null {
  const keyed = new Set([
    ...(table.primaryKey?.columns ?? []),
    ...table.foreignKeys.flatMap((key) => key.columns),
  ]);
  const serves = indexes.find(({ parts: [first] }) => first?.column != null && keyed.has(first.column));
  const isHeld = ({ name }: Column) =>
    keyed.has(name) || table.columns.some(({ generated }) => generated && mentions(generated.sql, name));
  return columns.find(isHeld)?.name ?? serves?.name ?? null;
}

function demandRenamable({ table: ref, from, kind }: OperationOf<'renameColumn'>, held: string | null): void {
  if (held === null) return;
  throw unsupported(
    kind,
    `MySQL does not rename ${displayRef(ref)}.${from} while ${held} computes with it`,
    'drop what computes with it in an operation before, and make it again in one after',
  );
}

function placeOf(column: Column, { columns }: Table): string {
  const before = columns[columns.indexOf(column) - 1];
  return before === undefined ? ' FIRST' : ` AFTER ${quote(before.name)}`;
}

function goClause({ table }: OperationOf<'renameColumn'>, { columns, indexes, checks }: Computed): Clause {
  const sql = [
    ...checks.map((check) => `DROP CONSTRAINT ${quote(check.name ?? '')}`),
    ...indexes.map((index) => `DROP INDEX ${quote(index.name ?? '')}`),
    ...columns.map((column) => `DROP COLUMN ${quote(column.name)}`),
  ];
  const touches = columns.map((column) => touch(column.name));
  return clause({ table, sql: sql.join(', '), family: 'drop-key', touches });
}

function comeClauses(
  { table: ref }: OperationOf<'renameColumn'>,
  gone: Computed,
  moment: Moment,
): readonly Clause[] {
  const { after: table, traits } = moment;
  if (!table) return [];
  const named = <T extends { readonly name: string | null }>(parts: readonly T[], before: readonly T[]) =>
    parts.filter((part) => before.some((one) => one.name === part.name));
  const columns = named(table.columns, gone.columns);
  const indexes = named(table.indexes, gone.indexes);
  const adds = columns.map((column) =>
    clause({
      table: ref,
      sql: `ADD COLUMN ${columnSql(column, table, traits)}${placeOf(column, table)}`,
      touches: [touch(column.name)],
      hazards: moment.isNew ? [] : addHazards(column, table, traits),
    }),
  );
  const parts = [
    ...named(table.checks, gone.checks).map((check) => `ADD ${checkSql(check)}`),
    ...indexes.map((index) => `ADD ${indexSql(index, table, traits)}`),
  ];
  if (parts.length === 0) return adds;
  const hazards = moment.isNew ? [] : indexes.flatMap((index) => indexHazards(index, table));
  return [...adds, clause({ table: ref, sql: parts.join(', '), family: 'add-key', touches: [], hazards })];
}

/**
 * MariaDB renames no column in the expressions of a table that a session has opened under another name (FROM t AS x), and
 * writes the old name into the definition or refuses. Any ALTER TABLE closes what is open: the comment that it has already
 * is the least.
 */
function freshly({ table, from }: OperationOf<'renameColumn'>, before: Table): readonly Clause[] {
  const computes = [
    ...before.checks.map(({ sql }) => sql),
    ...before.columns.flatMap(({ name, type, generated, default: value }) => [
      generated?.sql ?? '',
      value?.kind === 'expression' ? value.sql : '',
      // A check of the server's own.
      type.kind === 'json' ? quote(name) : '',
    ]),
  ];
  if (!computes.some((sql) => mentions(sql, from))) return [];
  return [clause({ table, sql: `COMMENT=${literal(before.comment ?? '')}`, touches: ['comment'] })];
}

/** RENAME COLUMN; on MySQL with the checks that mention it written anew, and all that computes with it made again. */
export function renameColumn(operation: OperationOf<'renameColumn'>, moment: Moment): readonly Piece[] {
  const before = tableBefore(operation, moment);
  const after = tableAfter(operation, moment);
  columnOf(before, operation.from, operation.kind);
  const isMysql = moment.traits.flavor === 'mysql';
  const gone = isMysql ? computedWith(before, operation.from) : { columns: [], indexes: [], checks: [] };
  demandRenamable(operation, heldColumn(before, gone));
  const inKey = isInKey(operation, moment);
  // MariaDB writes checks anew by itself, but not along with a key, nor for what views have open.
  const isSeen = [...moment.draft.views.values()].some((view) => mentions(view.sql, before.name));
  const isSaid = (check: Check) =>
    isMysql || ((inKey || isSeen) && !columnCheck(before, check.name ?? '', moment.traits));
  const isChanged = (check: Check) =>
    mentions(check.sql, operation.to) &&
    before.checks.some((one) => one.name === check.name && one.sql !== check.sql);
  // With some checks MySQL copies the table, and the column of a foreign key is renamed in place only.
  const isInTheWay = (check: Check) => isChanged(check) || (isMysql && inKey);
  const moved = after.checks.filter(
    (check) => isSaid(check) && isInTheWay(check) && !gone.checks.some((one) => one.name === check.name),
  );
  const isComputed = gone.columns.length + gone.indexes.length > 0;
  return [
    ...(isMysql ? [] : freshly(operation, before)),
    ...(isComputed ? [goClause(operation, gone)] : []),
    ...renaming(operation, moved, inKey),
    ...(isComputed ? comeClauses(operation, gone, moment) : []),
    ...respelled(moment),
  ];
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
