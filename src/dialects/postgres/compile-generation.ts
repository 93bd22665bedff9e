// What computes a column, changed: by one statement where the server has it, else by a new column in its place.
// In: the column before and after. Out: pieces, and the column that they leave. Must not know the rest of the alteration.

import { hashJson } from '../../kernel/hash.ts';
import { dependantsOf } from '../../operations/drop-column.ts';
import type { Column, Table, TableRef } from '../../schema/schema.ts';
import { displayRef, sameRef } from '../../schema/schema.ts';
import { columnComment, columnSql } from './column-sql.ts';
import * as part from './compile-constraint.ts';
import { namedTable } from './part-names.ts';
import type { Context, Piece } from './pieces.ts';
import { ddl, hazard, onPresent, tableBefore, unsupported } from './pieces.ts';
import { quoteCollation, quoteIdentifier, quoteRef } from './quote.ts';
import { typeSql } from './types.ts';

/** A column on its way from one way of being computed to another. */
export interface Recomputing {
  readonly table: TableRef;
  readonly from: Column;
  readonly to: Column;
  readonly context: Context;
}

/** What is done about it. */
export interface Recomputed {
  readonly pieces: readonly Piece[];
  /** The column that is there afterwards. */
  readonly column: Column;
  /** What must be made again once the column is as wanted: it went with the old one. */
  readonly parts: readonly Piece[];
}

const alter = (table: TableRef, action: string) => `ALTER TABLE ${quoteRef(table)} ${action}`;

function rewrites({ table, context }: Recomputing) {
  return onPresent(context, table, [
    hazard('table-rewrite', `every row of ${displayRef(table)} is written anew while reads and writes wait`),
  ]);
}

/** A foreign key of another table that rests on the column, or one of its own table. */
function refuseReferenced({ table: ref, from, context }: Recomputing, table: Table): void {
  for (const other of context.draft.tables.values()) {
    for (const { references, name } of other.foreignKeys) {
      if (!sameRef(references.table, ref)) continue;
      const columns = references.columns.length > 0 ? references.columns : (table.primaryKey?.columns ?? []);
      if (!columns.includes(from.name)) continue;
      throw unsupported(
        'alterColumn',
        `alterColumn: foreign key ${name ?? ''} of ${displayRef(other)} rests on ${displayRef(ref)}.${from.name}, which must be made anew.`,
        'Drop the foreign key first, and add it again afterwards.',
      );
    }
  }
}

/** Constraints and indexes that go with the old column, again. */
function partsAgain({ table: ref, from, context }: Recomputing, table: Table): readonly Piece[] {
  const lost = dependantsOf(table, from.name);
  const key = table.primaryKey;
  return [
    ...(key?.columns.includes(from.name)
      ? part.addPrimaryKey({ kind: 'addPrimaryKey', table: ref, primaryKey: key, nullable: [] }, context)
      : []),
    ...lost.uniques.flatMap((unique) => part.addUnique({ kind: 'addUnique', table: ref, unique }, context)),
    ...lost.indexes.flatMap((index) =>
      part.createIndex({ kind: 'createIndex', table: ref, index, concurrently: false }, context),
    ),
    ...lost.checks.flatMap((check) => part.addCheck({ kind: 'addCheck', table: ref, check }, context)),
    ...lost.foreignKeys.flatMap((foreignKey) =>
      part.addForeignKey({ kind: 'addForeignKey', table: ref, foreignKey }, context),
    ),
  ];
}

/** A computed column in the place of the old one, whose values are gone if they were given. */
function computedAgain(change: Recomputing): readonly Piece[] {
  const { table, from, to, context } = change;
  const name = `${displayRef(table)}.${from.name}`;
  const lost =
    from.generated === null
      ? onPresent(context, table, [
          hazard('data-loss', `the values of ${name} are gone: they are computed from now on`),
        ])
      : [];
  const add = alter(table, `ADD COLUMN ${columnSql(to, context)}`);
  return [
    ddl(alter(table, `DROP COLUMN ${quoteIdentifier(from.name)}`), ...lost),
    ddl(add, ...(to.generated?.stored ? rewrites(change) : [])),
    ...(to.comment === null ? [] : [columnComment(table, to.name, to.comment)]),
  ];
}

/** A column that keeps what was computed so far. An UPDATE would call triggers, so its type is changed to what it is. */
function keptValues(change: Recomputing, plain: Column): readonly Piece[] {
  const { table, from, context } = change;
  const temporary = `_surefoot_${hashJson([table, from]).slice(0, 16)}`;
  const [old, fresh] = [quoteIdentifier(from.name), quoteIdentifier(temporary)];
  const collation = from.collation === null ? '' : ` COLLATE ${quoteCollation(from.collation)}`;
  const type = `${typeSql(from.type)}${collation}`;
  return [
    ddl(alter(table, `ADD COLUMN ${columnSql({ ...plain, name: temporary }, context)}`)),
    ddl(
      alter(table, `ALTER COLUMN ${fresh} TYPE ${type} USING (${from.generated?.sql ?? old})`),
      ...rewrites(change),
    ),
    ddl(alter(table, `DROP COLUMN ${old}`)),
    ddl(alter(table, `RENAME COLUMN ${fresh} TO ${old}`)),
  ];
}

function replaced(change: Recomputing): Recomputed {
  const { from, to, context } = change;
  const table = namedTable(tableBefore(context, change.table, 'alterColumn'), context.naming);
  refuseReferenced(change, table);
  const parts = partsAgain(change, table);
  if (to.generated !== null) return { pieces: computedAgain(change), column: to, parts };
  const plain = { ...from, generated: null, default: null, nullable: true, comment: null };
  return { pieces: keptValues(change, plain), column: plain, parts };
}

/** True where the server has SET EXPRESSION for it: not for what it computes on reading in a table with checks. */
function canBeSet({ table, to, context }: Recomputing): boolean {
  if (to.generated?.stored === false && tableBefore(context, table, 'alterColumn').checks.length > 0)
    return false;
  return context.major >= 17;
}

/** Changes what computes the column. */
export function recompute(change: Recomputing): Recomputed {
  const { table, from, to } = change;
  const [before, after] = [from.generated, to.generated];
  const column = { ...from, generated: after };
  const action = (sql: string) => alter(table, `ALTER COLUMN ${quoteIdentifier(from.name)} ${sql}`);
  if (before?.sql === after?.sql && before?.stored === after?.stored)
    return { pieces: [], column, parts: [] };
  if (before?.stored && after === null)
    return { pieces: [ddl(action('DROP EXPRESSION'))], column, parts: [] };
  if (before && after && before.stored === after.stored && canBeSet(change)) {
    const piece = ddl(action(`SET EXPRESSION AS (${after.sql})`), ...rewrites(change));
    return { pieces: [piece], column, parts: [] };
  }
  return replaced(change);
}
