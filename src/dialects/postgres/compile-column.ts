// Columns in SQL: add, drop, rename, and the alterations that a change of definition needs.
// In: operations on columns, the column before. Out: pieces in the order the server accepts. Must not know segments.

import { applyTo } from '../../operations/apply.ts';
import type { OperationOf } from '../../operations/operation.ts';
import { copyDraft } from '../../schema/draft.ts';
import type { Column, TableRef, View } from '../../schema/schema.ts';
import { displayRef, refKey, sameRef } from '../../schema/schema.ts';
import { columnComment, columnSql, defaultSql, identityMode, identitySql } from './column-sql.ts';
import { recompute } from './compile-generation.ts';
import { enterSerial, leaveSerial, plainType } from './compile-serial.ts';
import { parseType } from './parse-type.ts';
import type { Context, Piece } from './pieces.ts';
import { columnBefore, data, ddl, hazard, isNew, onPresent, tableBefore } from './pieces.ts';
import { quoteCollation, quoteIdentifier, quoteLiteral, quoteRef } from './quote.ts';
import { conversionOf, sameType } from './type-change.ts';
import { nativeSql, serialBase, typeSql } from './types.ts';
import { viewsGiving } from './view-columns.ts';

/** A column on its way from one definition to the other. */
interface Change {
  readonly table: TableRef;
  readonly from: Column;
  readonly to: Column;
  readonly using: string | null;
  readonly context: Context;
}

const volatile =
  /\b(random|gen_random_uuid|uuidv[47]|uuid_generate_v\d\w*|clock_timestamp|timeofday|nextval|statement_timestamp)\s*\(/i;

function rewritesOnAdd(column: Column): boolean {
  if (column.identity !== null || serialBase(column.type) !== null) return true;
  if (column.generated !== null) return column.generated.stored;
  return column.default?.kind === 'expression' && volatile.test(column.default.sql);
}

export function addColumn({ table, column }: OperationOf<'addColumn'>, context: Context): readonly Piece[] {
  const rewrite = rewritesOnAdd(column)
    ? [
        hazard(
          'table-rewrite',
          `every row of ${displayRef(table)} is written anew while reads and writes wait`,
        ),
      ]
    : [];
  const fails =
    !column.nullable && column.default === null && column.identity === null && column.generated === null
      ? [
          hazard(
            'fails-on-rows',
            `fails if ${displayRef(table)} has rows: ${column.name} has no value for them`,
          ),
        ]
      : [];
  const needsRows = serialBase(column.type) === null ? fails : [];
  const sql = `ALTER TABLE ${quoteRef(table)} ADD COLUMN ${columnSql(column, context)}`;
  return [
    ddl(sql, ...onPresent(context, table, [...rewrite, ...needsRows])),
    ...(column.comment === null ? [] : [columnComment(table, column.name, column.comment)]),
  ];
}

export function dropColumn({ table, column }: OperationOf<'dropColumn'>): readonly Piece[] {
  const sql = `ALTER TABLE ${quoteRef(table)} DROP COLUMN ${quoteIdentifier(column)}`;
  return [ddl(sql, hazard('data-loss', `the values of ${displayRef(table)}.${column} are gone`))];
}

/** What else a view has, and would lose. */
const hasMore = (view: View, { draft }: Context): boolean =>
  draft.unsupported.some((one) => sameRef(one, view));

export function renameColumn(operation: OperationOf<'renameColumn'>, context: Context): readonly Piece[] {
  const { table, from, to } = operation;
  const sql = `ALTER TABLE ${quoteRef(table)} RENAME COLUMN ${quoteIdentifier(from)} TO ${quoteIdentifier(to)}`;
  const broken = hazard('blocks-reads', `code that says ${displayRef(table)}.${from} fails from now on`);
  // History's views say the new name; ALTER VIEW … RENAME COLUMN: https://www.postgresql.org/docs/current/sql-alterview.html
  const giving = viewsGiving(table, from, context);
  const after = copyDraft(context.draft);
  applyTo(after, operation);
  const views = giving.views.map((view) =>
    ddl(
      `ALTER ${view.materialized ? 'MATERIALIZED VIEW' : 'VIEW'} ${quoteRef(view)} RENAME COLUMN ${quoteIdentifier(from)} TO ${quoteIdentifier(to)}`,
    ),
  );
  const inside = giving.inside
    .filter((view) => !view.materialized && !hasMore(view, context))
    .map((view) => {
      const { sql: text } = after.views.get(refKey(view)) ?? view;
      return ddl(`CREATE OR REPLACE VIEW ${quoteRef(view)} AS ${text}`);
    });
  return [ddl(sql, ...onPresent(context, table, [broken])), ...views, ...inside];
}

export function setColumnComment({ table, column, to }: OperationOf<'setColumnComment'>): readonly Piece[] {
  return [columnComment(table, column, to)];
}

function alter({ table, from }: Change, action: string): string {
  return `ALTER TABLE ${quoteRef(table)} ALTER COLUMN ${quoteIdentifier(from.name)} ${action}`;
}

function rewriteHazards({ context, table }: Change) {
  return onPresent(context, table, [
    hazard('table-rewrite', `every row of ${displayRef(table)} is written anew while reads and writes wait`),
  ]);
}

function typeChanges({ from, to }: Change): boolean {
  return !sameType(from.type, to.type) || from.collation !== to.collation;
}

function typeHazards(change: Change) {
  const { table, from, to, context } = change;
  const { rewrites, narrows } = conversionOf(from.type, to.type);
  const fails = hazard('fails-on-rows', `fails if a value of ${displayRef(table)}.${from.name} does not fit`);
  const present = onPresent(context, table, narrows ? [fails] : []);
  return [...(rewrites || change.using !== null ? rewriteHazards(change) : []), ...present];
}

function retype(change: Change): readonly Piece[] {
  const { from, to } = change;
  if (!typeChanges(change)) return [];
  const column = quoteIdentifier(from.name);
  const { cast } = conversionOf(from.type, to.type);
  const type = typeSql(to.type);
  const using = change.using ?? (cast === null ? null : cast.replaceAll('?', column));
  const collation = to.collation === null ? '' : ` COLLATE ${quoteCollation(to.collation)}`;
  const conversion = using === null ? '' : ` USING ${using}`;
  return [ddl(alter(change, `TYPE ${type}${collation}${conversion}`), ...typeHazards(change))];
}

function nullability(change: Change): readonly Piece[] {
  const { from, to, table, context } = change;
  if (from.nullable === to.nullable) return [];
  if (to.nullable) return [ddl(alter(change, 'DROP NOT NULL'))];
  const hazards = [
    hazard('fails-on-rows', `fails if ${displayRef(table)}.${from.name} is null anywhere`),
    hazard('blocks-reads', `${displayRef(table)} is read through while reads and writes wait`),
  ];
  return [ddl(alter(change, 'SET NOT NULL'), ...onPresent(context, table, hazards))];
}

/** The default must go first where the server cannot convert it along with the type, or would go on to need the enum. */
function dropsDefaultFirst({ from, to }: Change): boolean {
  if (from.default === null || sameType(from.type, to.type)) return false;
  return from.type.kind === 'enum' || conversionOf(from.type, to.type).cast !== null;
}

function defaultText(column: Column): string | null {
  return column.default === null ? null : defaultSql(column.default, column.type);
}

function defaults(change: Change): readonly Piece[] {
  const { from, to } = change;
  const stands = dropsDefaultFirst(change) ? null : defaultText(from);
  const wanted = to.identity !== null || to.generated !== null ? null : defaultText(to);
  if (stands === wanted) return [];
  return [ddl(alter(change, wanted === null ? 'DROP DEFAULT' : `SET DEFAULT ${wanted}`))];
}

/** Puts the sequence of a new identity behind the numbers that are there. */
function beyondPresent({ table, from }: Change): Piece {
  const sequence = `pg_get_serial_sequence(${quoteLiteral(quoteRef(table))}, ${quoteLiteral(from.name)})`;
  const next = `(SELECT coalesce(max(${quoteIdentifier(from.name)}), 0) + 1 FROM ${quoteRef(table)})`;
  return data(`SELECT setval(${sequence}, ${next}, false)`);
}

function addIdentity(change: Change): readonly Piece[] {
  const { to, table, context } = change;
  if (to.identity === null) return [];
  const piece = ddl(alter(change, `ADD ${identitySql(to.identity)}`));
  return to.identity.start !== null || isNew(context, table) ? [piece] : [piece, beyondPresent(change)];
}

function identity(change: Change): readonly Piece[] {
  const before = change.from.identity;
  const after = change.to.identity;
  if (after === null) return [];
  if (before === null) return addIdentity(change);
  const settings = [
    ...(before.mode === after.mode ? [] : [`SET GENERATED ${identityMode(after)}`]),
    ...(before.increment === after.increment ? [] : [`SET INCREMENT BY ${after.increment ?? 1}`]),
    ...(before.start === after.start ? [] : [`SET START WITH ${after.start ?? 1}`]),
  ];
  return settings.length === 0 ? [] : [ddl(alter(change, settings.join(' ')))];
}

function comment({ table, from, to }: Change): readonly Piece[] {
  return from.comment === to.comment ? [] : [columnComment(table, from.name, to.comment)];
}

/** The definition before and after, a serial spelled in one way. */
function changeOf(operation: OperationOf<'alterColumn'>, context: Context): Change {
  const table = tableBefore(context, operation.table, 'alterColumn');
  const from = folded(columnBefore(table, operation.column, 'alterColumn'));
  const to = folded({ ...from, ...operation.changes });
  const keyed = table.primaryKey?.columns.includes(from.name) || to.identity !== null;
  const nullable = keyed || serialBase(to.type) !== null ? false : to.nullable;
  return { table: operation.table, from, to: { ...to, nullable }, using: operation.using, context };
}

function folded(column: Column): Column {
  return column.type.kind === 'native' ? { ...column, type: parseType(nativeSql(column.type)) } : column;
}

/** Defaults stand back where numbers come from a sequence. */
function values(change: Change): readonly Piece[] {
  const { from, to } = change;
  if (to.identity === null) return defaults(change);
  const inTheWay = from.default !== null && from.identity === null;
  return [...(inTheWay ? [ddl(alter(change, 'DROP DEFAULT'))] : []), ...identity(change)];
}

/** Everything but what computes the column. */
function alterations(change: Change): readonly Piece[] {
  const { from, to } = change;
  const plain = {
    ...change,
    from: { ...from, type: plainType(from.type) },
    to: { ...to, type: plainType(to.type) },
  };
  const drops = from.identity !== null && to.identity === null;
  return [
    ...(drops ? [ddl(alter(change, 'DROP IDENTITY'))] : []),
    ...leaveSerial(change),
    ...(dropsDefaultFirst(plain) ? [ddl(alter(change, 'DROP DEFAULT'))] : []),
    ...retype(plain),
    ...nullability(change),
    ...values(plain),
    ...enterSerial(change),
    ...comment(change),
  ];
}

export function alterColumn(operation: OperationOf<'alterColumn'>, context: Context): readonly Piece[] {
  const change = changeOf(operation, context);
  const { pieces, column, parts } = recompute(change);
  return [...pieces, ...alterations({ ...change, from: column }), ...parts];
}
