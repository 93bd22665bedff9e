// The documented way to change what ALTER TABLE cannot: a new table, the rows copied, the old one dropped.
// In: the table before and after, its triggers. Out: statements for a segment in which the runner has switched
// foreign keys off and the old way of ALTER on. Must not know which operation asked for it.
//
// 1. The live table is compared with the one expected: what the model does not know would be lost.
// 2. CREATE TABLE under another name, with all that it had and is to have. The new one is never made by renaming the
//    old one away: other tables' keys, views and triggers would follow the old one.
// 3. INSERT … SELECT names every column that both have and that is not generated; OR ABORT, because a conflict clause
//    of the table would pass over rows in silence. The hidden rowid is copied too: somebody may keep it. Rows stay even
//    where no column does.
// 4. The AUTOINCREMENT sequence is copied: it may be beyond the largest id that is left.
// 5. DROP TABLE, which takes indexes and triggers along, and RENAME.
// 6. Indexes and triggers again, triggers in the words they had. Views are untouched.

import { hashJson } from '../../kernel/hash.ts';
import type { Column, Table, Trigger } from '../../schema/schema.ts';
import { spellDefault } from './defaults.ts';
import type { NamedTable } from './part-names.ts';
import { hazard, type Piece, unlinked } from './pieces.ts';
import { literal, quote, quoteRef } from './quote.ts';
import { hiddenRowid } from './rowid.ts';
import { spellIndex, spellTable } from './spelling.ts';
import { affinityOf, spellType } from './types.ts';

/** A table to be rebuilt. */
export interface Rebuild {
  readonly from: Table;
  readonly to: NamedTable;
  /** Columns of both whose values go over; a column dropped and added again is none of them. */
  readonly kept: ReadonlySet<string>;
  readonly triggers: readonly Trigger[];
}

function list(values: readonly string[]): string {
  return values.length === 0 ? 'NULL' : values.map(literal).join(', ');
}

/** Gives true only where the live table has what the model knows, and nothing besides. */
function guard({ from, triggers }: Rebuild): Piece {
  const name = literal(from.name);
  const columns = from.columns.map((column) => column.name);
  const indexes = from.indexes.map((index) => index.name ?? '');
  const objects = (type: string) =>
    `SELECT count(*) FROM sqlite_schema WHERE tbl_name = ${name} AND type = '${type}'`;
  const sql = [
    `(SELECT count(*) FROM pragma_table_xinfo(${name})) = ${columns.length}`,
    `(SELECT count(*) FROM pragma_table_xinfo(${name}) WHERE name IN (${list(columns)})) = ${columns.length}`,
    `(${objects('index')} AND sql IS NOT NULL) = ${indexes.length}`,
    `(${objects('index')} AND name IN (${list(indexes)})) = ${indexes.length}`,
    `(${objects('trigger')}) = ${triggers.length}`,
    // Whoever renamed something in a trigger may have written quotes around it.
    `(${objects('trigger')} AND replace(sql, '"', '') IN (${list(triggers.map(({ sql }) => sql.replaceAll('"', '')))})) = ${triggers.length}`,
  ].join('\n  AND ');
  return { ...unlinked(`SELECT ${sql} AS "the table is as expected"`), kind: 'assert' };
}

/** The value of a column for the new table. Other types convert by affinity, which never loses anything. */
function value(column: Column, before: Column | undefined, strict: boolean): string {
  const [from, to] = [before, column].map((one) => (one ? affinityOf(spellType(one.type)) : 'blob'));
  const bytes = strict && from !== to && (to === 'blob' || from === 'blob');
  if (!bytes || column.type.kind === 'native') return quote(column.name);
  return `CAST(${quote(column.name)} AS ${spellType(column.type)})`;
}

function copy({ from, to, kept }: Rebuild, temporary: string): Piece {
  const strict = to.options['strict'] === true;
  const columns = to.columns.filter((column) => kept.has(column.name) && column.generated === null);
  const values = columns.map((column) =>
    value(
      column,
      from.columns.find((one) => one.name === column.name),
      strict,
    ),
  );
  const [source, target] = [hiddenRowid(from), hiddenRowid(to)];
  const rowid = source === null || target === null ? null : { source, target };
  const [first] = to.columns.filter((column) => column.generated === null);
  if (columns.length === 0 && rowid === null && first) {
    // No value goes over, but every row does: it begins with what the first column holds by default.
    columns.push(first);
    values.push(first.default === null ? 'NULL' : spellDefault(first.default, first.type));
  }
  const into = [...(rowid ? [rowid.target] : []), ...columns.map((column) => quote(column.name))];
  const select = [...(rowid ? [rowid.source] : []), ...values];
  return unlinked(
    `INSERT OR ABORT INTO ${quote(temporary)} (${into.join(', ')})\nSELECT ${select.join(', ')} FROM ${quoteRef(from)}`,
    hazard('table-rewrite', `copies every row of ${from.name}`),
    hazard('blocks-writes', 'nobody else can write to the database meanwhile'),
  );
}

function copySequence({ from, to }: Rebuild, temporary: string): readonly Piece[] {
  if (from.options['autoincrement'] !== true || to.options['autoincrement'] !== true) return [];
  return [
    unlinked(`DELETE FROM sqlite_sequence WHERE name = ${literal(temporary)}`),
    unlinked(
      `INSERT INTO sqlite_sequence (name, seq)\nSELECT ${literal(temporary)}, seq FROM sqlite_sequence WHERE name = ${literal(from.name)}`,
    ),
  ];
}

/** The statements that turn one table into the other. */
export function rebuildTable(rebuild: Rebuild): readonly Piece[] {
  const { from, to, triggers } = rebuild;
  const temporary = `_surefoot_${hashJson([from, to]).slice(0, 16)}`;
  return [
    guard(rebuild),
    unlinked(spellTable(to, { namespace: to.namespace, name: temporary })),
    copy(rebuild, temporary),
    ...copySequence(rebuild, temporary),
    unlinked(`DROP TABLE ${quoteRef(from)}`),
    unlinked(`ALTER TABLE ${quote(temporary)} RENAME TO ${quote(to.name)}`),
    ...to.indexes.map((index) => unlinked(spellIndex(index, to))),
    ...triggers.map((trigger) => unlinked(trigger.sql)),
  ];
}
