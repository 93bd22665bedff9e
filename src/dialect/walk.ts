// How the rows of a table are changed batch by batch, in the order of a key.
// In: a walk, the words of a family. Out: SQL. Must not know who sends it, or when.

import { SurefootError } from '../kernel/errors.ts';
import type { OperationOf, RowChange, WalkPace } from '../operations/operation.ts';
import type { Column, Table, TableRef } from '../schema/schema.ts';
import { displayRef } from '../schema/schema.ts';
import type { Connection } from './connection.ts';

/** A column of the key. `as` is the family's own word for how its values are written down and read again. */
export interface KeyColumn {
  readonly name: string;
  readonly as: string;
}

/** Rows to be changed, and the key by whose order they are gone through. Plain data: it stands in a plan. */
export interface Walk {
  readonly table: TableRef;
  readonly key: readonly KeyColumn[];
  readonly change: RowChange;
  readonly pace: WalkPace;
}

/** The values of the key's columns, as texts. */
export type KeyText = readonly string[];

/** What a family knows of walking through a table. */
export interface Walking {
  /**
   * The key of the last of the next `size` rows (columns `k0`, `k1`, …) and how many there are (`counted`); no row where
   * none is left.
   */
  window(walk: Walk, after: KeyText | null, size: number): string;
  /** Changes those of the rows behind one key, up to another, that are meant. */
  update(walk: Walk, after: KeyText | null, upTo: KeyText): string;
  /** One row with one column: about how many rows the table has. */
  estimate(table: TableRef): string;
  /** `null`: the family has no replicas. */
  readonly replication: Replication | null;
}

/** How far a server is behind the one that it follows. */
export interface Lag {
  /** `null`: it is behind, and nobody can say how far. */
  readonly ms: number | null;
  /** Why it does not follow; `null`: it does. */
  readonly problem: string | null;
}

/** A replica that is seen from elsewhere. */
export interface SeenReplica extends Lag {
  readonly name: string;
}

/** What a family knows of replicas. */
export interface Replication {
  /** Those that can be seen from the server that is written to. */
  seen(connection: Connection): Promise<readonly SeenReplica[]>;
  /** How many follow that server of which `seen` cannot tell how far behind they are. */
  unseen(connection: Connection): Promise<number>;
  /** What would have to be so for them to be seen, in words. */
  readonly sight: string;
  /** How far the server that is written to has come, in its own words; `null`: replicas are not asked about it. */
  place(connection: Connection): Promise<string | null>;
  /** How far the server of this session is behind its source, or behind that place; `null`: it follows nobody. */
  own(connection: Connection, place: string | null): Promise<Lag | null>;
}

/** What differs from family to family. */
export interface WalkWords {
  readonly quote: (identifier: string) => string;
  readonly table: (ref: TableRef) => string;
  /** A column of the key; mostly its quoted name. */
  readonly column: (column: KeyColumn) => string;
  /** An expression: the value as a text which `value` writes into SQL again. */
  readonly text: (expression: string, column: KeyColumn) => string;
  readonly value: (text: string, column: KeyColumn) => string;
  /** True: `(a, b) > (1, 2)` uses an index. */
  readonly comparesRows: boolean;
}

/** A comment at the end of an expression must not reach into what follows. */
const enclosed = (sql: string): string => (/--|#/.test(sql) ? `(${sql.trim()}\n)` : sql.trim());

/** The statement that does all at once: for people, for scripts, and for a trial on a throw-away database. */
export function wholeUpdate({ table, change }: Omit<Walk, 'key' | 'pace'>, words: WalkWords): string {
  const set = change.set.map(({ column, sql }) => `${words.quote(column)} = ${enclosed(sql)}`).join(',\n  ');
  const where = change.where === null ? '' : `\nWHERE ${enclosed(change.where)}`;
  return `UPDATE ${words.table(table)} SET\n  ${set}${where}`;
}

interface Bound {
  readonly sign: '>' | '<=';
  readonly at: KeyText;
  /** What stands before the columns. */
  readonly of?: string;
}

function inSteps(columns: readonly string[], values: readonly string[], sign: Bound['sign']): string {
  const [column = '', ...others] = columns;
  const [value = '', ...rest] = values;
  if (others.length === 0) return `${column} ${sign} ${value}`;
  const strict = sign === '>' ? '>' : '<';
  return `${column} ${strict}= ${value} AND (${column} ${strict} ${value} OR ${inSteps(others, rest, sign)})`;
}

function compared({ key }: Walk, { sign, at, of = '' }: Bound, words: WalkWords): string {
  const columns = key.map((column) => `${of}${words.column(column)}`);
  const values = key.map((column, i) => words.value(at[i] ?? '', column));
  if (columns.length === 1 || !words.comparesRows) return inSteps(columns, values, sign);
  return `(${columns.join(', ')}) ${sign} (${values.join(', ')})`;
}

/** Walking, in the words of a family. */
export function walkingIn(words: WalkWords): Pick<Walking, 'window' | 'update'> {
  const behind = (walk: Walk, after: KeyText | null, of = ''): readonly string[] =>
    after === null ? [] : [compared(walk, { sign: '>', at: after, of }, words)];
  return {
    window: (walk, after, size) => {
      const own = walk.key.map((column, i) => `w.${words.column(column)} AS k${i}`).join(', ');
      const order = walk.key.map((column) => `w.${words.column(column)}`).join(', ');
      const [where] = behind(walk, after, 'w.');
      const rows = `SELECT ${own} FROM ${words.table(walk.table)} w${where ? ` WHERE ${where}` : ''} ORDER BY ${order} LIMIT ${size}`;
      const texts = walk.key.map((column, i) => `${words.text(`b.k${i}`, column)} AS k${i}`).join(', ');
      const back = walk.key.map((_, i) => `b.k${i} DESC`).join(', ');
      return `SELECT ${texts}, count(*) OVER () AS counted FROM (${rows}) b ORDER BY ${back} LIMIT 1`;
    },
    update: (walk, after, upTo) => {
      const { set, where } = walk.change;
      const bounds = [...behind(walk, after), compared(walk, { sign: '<=', at: upTo }, words)];
      const meant = where === null ? bounds : [...bounds, `(${enclosed(where)})`];
      return wholeUpdate({ table: walk.table, change: { set, where: meant.join(' AND ') } }, words);
    },
  };
}

/** The keys of a table that no two rows share and that no row lacks: the primary key first. */
export function keysOf(table: Table): readonly (readonly string[])[] {
  const isPresent = (name: string | null) =>
    table.columns.some((column) => column.name === name && !column.nullable);
  const uniques = [
    ...table.uniques.filter(({ deferrable }) => deferrable === 'no').map(({ columns }) => columns),
    ...table.indexes
      .filter(({ unique, valid, where }) => unique && valid && where === null)
      .filter(({ parts }) => parts.every(({ length }) => length === null))
      .map(({ parts }) => parts.map(({ column }) => column ?? '')),
  ];
  const primary = table.primaryKey ? [table.primaryKey.columns] : [];
  return [...primary, ...uniques.filter((columns) => columns.every(isPresent))];
}

/** What a family says of the keys that rows can be walked by. */
export interface KeyRequest {
  readonly operation: OperationOf<'backfill'>;
  readonly table: Table;
  /** How a column's values are written down; `null`: it cannot be walked by. */
  readonly form: (column: Column) => string | null;
  readonly sameName: (a: string, b: string) => boolean;
}

/** The columns that are written, which must be there. */
function refuseUnknownColumns({ operation, table, sameName }: KeyRequest): void {
  const written = operation.change.set.find(
    ({ column }) => !table.columns.some(({ name }) => sameName(name, column)),
  );
  if (written === undefined) return;
  const object = `column ${displayRef(table)}.${written.column}`;
  throw new SurefootError('operation/unknown-object', `backfill: there is no ${object}`, {
    details: { operation: 'backfill', object },
    hint: 'Add the column in this revision or an earlier one, or correct the name.',
  });
}

/** The key that a backfill walks by: one whose columns it does not write, and whose values can be written down. */
export function keyToWalk(request: KeyRequest): readonly KeyColumn[] {
  const { operation, table, form, sameName } = request;
  refuseUnknownColumns(request);
  const isWritten = (name: string) => operation.change.set.some(({ column }) => sameName(column, name));
  for (const columns of keysOf(table)) {
    if (columns.some(isWritten)) continue;
    const forms = columns.map((name) => {
      const column = table.columns.find((one) => sameName(one.name, name));
      return column ? form(column) : null;
    });
    const key = columns.flatMap((name, i) => (forms[i] ? [{ name, as: forms[i] }] : []));
    if (key.length > 0 && key.length === columns.length) return key;
  }
  throw new SurefootError(
    'operation/no-key',
    `backfill: table ${displayRef(table)} has no primary key, nor another unique key without NULL, that the backfill leaves alone and whose order can be kept`,
    {
      details: { operation: 'backfill', table: displayRef(table) },
      hint: 'Give the table a primary key first, or write the rows with op.run or op.execute, in one transaction.',
    },
  );
}
