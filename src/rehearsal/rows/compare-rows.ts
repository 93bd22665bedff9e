// What became of rows: which are gone, which values are others.
// In: rows before and after, what the revision says it does. Out: losses, in words. Must not know how it ran.

import type { Row } from '../../dialect/connection.ts';
import type { Operation } from '../../operations/operation.ts';
import { mentions } from '../../schema/identifiers-in-sql.ts';
import type { Column, Schema, Table, TableRef } from '../../schema/schema.ts';
import { displayRef, findTable, refKey, sameRef } from '../../schema/schema.ts';
import type { Stage } from '../rehearsal.ts';
import { countRows } from './make-rows.ts';

/** What is in a table: every row where they are few, otherwise how many they are. */
export interface Rows {
  readonly count: number;
  readonly all: readonly Row[] | null;
}

/** The rows of each table, by the table's key. */
export type Contents = ReadonlyMap<string, Rows>;

/** Tables of more rows are counted, not compared. */
const few = 5000;

const plain = (value: unknown): string => {
  if (value === null || value === undefined) return 'null';
  if (value instanceof Uint8Array) return `x${Buffer.from(value).toString('hex')}`;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value);
};

/** Everything that is in the tables. */
export async function readContents(schema: Schema, stage: Stage): Promise<Contents> {
  const contents = new Map<string, Rows>();
  for (const table of schema.tables) {
    const name = [...(table.namespace === null ? [] : [table.namespace]), table.name]
      .map(stage.dialect.quote)
      .join('.');
    const columns = table.columns.map(({ name: column }) => stage.dialect.quote(column)).join(', ');
    const count = await countRows(table, stage);
    const all = count > few ? null : await stage.query(`SELECT ${columns} FROM ${name}`);
    contents.set(refKey(table), { count, all });
  }
  return contents;
}

/** What a revision says about rows. */
export interface Claims {
  readonly operations: readonly Operation[];
  /** The text of the file, where its data steps stand. */
  readonly text: string;
  /** Under which names it may speak of what has another name now; absent: `operations` say it. */
  readonly renames?: readonly Operation[];
}

/** What a table and a column are called at any time of the operations. */
function aliases(table: string, column: string | null, { operations, renames = operations }: Claims) {
  const tables = new Set([table]);
  const columns = new Set(column === null ? [] : [column]);
  const note = (names: Set<string>, one: string, other: string) => {
    if (names.has(one) || names.has(other)) names.add(one).add(other);
  };
  for (const one of [...renames, ...renames.toReversed()]) {
    if (one.kind === 'renameTable') note(tables, one.from.name, one.to.name);
    if (one.kind === 'renameColumn') note(columns, one.from, one.to);
  }
  return column === null ? [tables] : [tables, columns];
}

/** The name of a table after the operations, and of its columns. */
function renamed(table: TableRef, column: string, operations: readonly Operation[]) {
  let place = { table, column };
  for (const one of operations) {
    if (one.kind === 'renameTable' && sameRef(one.from, place.table)) place = { ...place, table: one.to };
    if (one.kind === 'renameColumn' && sameRef(one.table, place.table) && one.from === place.column)
      place = { ...place, column: one.to };
  }
  return place;
}

/** A text that speaks of tables and columns, and how it is searched for a name. */
interface Saying {
  readonly text: string;
  names(name: string): boolean;
}

const inSql = (text: string): Saying => ({ text, names: (name) => mentions(text, name) });

/** Code holds its SQL in strings, whose quotes mean nothing in SQL. */
function inCode(text: string): Saying {
  const letter = String.raw`[\p{L}\p{N}_$]`;
  const literal = (name: string) => name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return {
    text,
    names: (name) => new RegExp(`(?<!${letter})${literal(name)}(?!${letter})`, 'iu').test(text),
  };
}

/** What its data steps say, step by step; SQL of operations is not among it. */
function sayingsOf({ operations, text }: Claims): readonly Saying[] {
  return operations.flatMap((one) => {
    if (one.kind === 'execute') return [inSql(one.sql)];
    if (one.kind === 'backfill')
      return one.change.set.map(({ column }) => inSql(`update ${one.table.name} ${column}`));
    return one.kind === 'run' ? [inCode(text)] : [];
  });
}

/** True if a step says one of these words, and a name of each of these. */
const says = (sayings: readonly Saying[], words: RegExp, names: readonly ReadonlySet<string>[]): boolean =>
  sayings.some((saying) => words.test(saying.text) && names.every((some) => [...some].some(saying.names)));

const changing = /\b(?:update|replace|merge)/i;
const removing = /\b(?:delete|truncate)/i;

interface Pair {
  readonly before: Table;
  readonly after: Table;
  /** Columns that both have and whose values mean the same: before → after. */
  readonly columns: ReadonlyMap<string, string>;
  /** Columns, as they are called after, that the server writes by itself when a row is changed. */
  readonly written: ReadonlySet<string>;
}

/** A time of the last change, by the column itself or by a trigger. */
function writtenColumns(table: Table, { triggers, routines }: Schema): ReadonlySet<string> {
  const own = triggers.filter((trigger) => sameRef(trigger.table, table)).map(({ sql }) => inCode(sql));
  const called = own.length === 0 ? [] : routines.map(({ sql }) => inCode(sql));
  const isWritten = ({ name, onUpdate }: Column) =>
    onUpdate !== null || [...own, ...called].some(({ names }) => names(name));
  return new Set(table.columns.filter(isWritten).map(({ name }) => name));
}

/** Columns that the revision gives another type hold other values; those it drops and makes anew are meant to stay. */
function pairsOf(from: Schema, to: Schema, { operations }: Claims): readonly Pair[] {
  const retyped = operations.flatMap((one) =>
    one.kind === 'alterColumn' && one.changes.type !== undefined
      ? [`${refKey(one.table)}\u0001${one.column}`]
      : [],
  );
  return from.tables.flatMap((before) => {
    const { table } = renamed(before, '', operations);
    const after = findTable(to, table);
    if (!after) return [];
    const columns = before.columns.flatMap(({ name }): readonly (readonly [string, string])[] => {
      const { column } = renamed(before, name, operations);
      const isThere = after.columns.some((one) => one.name === column && one.generated === null);
      const isRetyped = [name, column].some((one) => retyped.includes(`${refKey(table)}\u0001${one}`));
      return isThere && !isRetyped ? [[name, column]] : [];
    });
    return [{ before, after, columns: new Map(columns), written: writtenColumns(after, to) }];
  });
}

const keyOf = (row: Row, columns: readonly string[]): string =>
  JSON.stringify(columns.map((column) => plain(row[column])));

/** The columns that tell rows apart, before and after; all of them where the key is none of them. */
function keyColumns({ before, columns }: Pair): readonly (readonly [string, string])[] {
  const key = before.primaryKey?.columns ?? [];
  const all = [...columns];
  const own = all.filter(([name]) => key.includes(name));
  return key.length > 0 && own.length === key.length ? own : all;
}

/** Of tables that are too large to compare, the numbers. */
function countLoss(before: Rows, after: Rows, name: string): readonly string[] {
  const gone = before.count - after.count;
  return gone > 0 ? [`${gone} of ${before.count} rows of ${name} are gone`] : [];
}

function lossesOf(pair: Pair, rows: readonly [Rows, Rows], claims: Claims): readonly string[] {
  const [{ all: before }, { all: after }] = rows;
  const name = displayRef(pair.after);
  const texts = sayingsOf(claims);
  const ofTable = aliases(pair.after.name, null, claims);
  const mayGo =
    claims.operations.some((one) => one.kind === 'deleteRows' && sameRef(one.table, pair.after)) ||
    says(texts, removing, ofTable);
  if (before === null || after === null) return mayGo ? [] : countLoss(rows[0], rows[1], name);
  const key = keyColumns(pair);
  const found = new Map(
    after.map((row) => [
      keyOf(
        row,
        key.map(([, to]) => to),
      ),
      row,
    ]),
  );
  const kept = before.map(
    (row) =>
      [
        row,
        found.get(
          keyOf(
            row,
            key.map(([from]) => from),
          ),
        ),
      ] as const,
  );
  const gone = kept.filter(([, row]) => row === undefined).length;
  // Without a key a row with another value is another row.
  const mayBecomeOthers = key.length === pair.columns.size && says(texts, changing, ofTable);
  const lines =
    gone > 0 && !mayGo && !mayBecomeOthers ? [`${gone} of ${before.length} rows of ${name} are gone`] : [];
  for (const [from, to] of pair.columns) {
    const changed = kept.filter(([old, row]) => row !== undefined && plain(old[from]) !== plain(row[to]));
    const names = pair.written.has(to) ? ofTable : aliases(pair.after.name, to, claims);
    if (changed.length === 0 || says(texts, changing, names)) continue;
    lines.push(
      `values of ${name}.${to} are not what they were, in ${changed.length} of ${before.length} rows`,
    );
  }
  return lines;
}

const nothing: Rows = { count: 0, all: [] };

/** What is lost of what both schemas have, and the revision does not say it takes away. */
export function lostRows(
  [from, to]: readonly [Schema, Schema],
  [before, after]: readonly [Contents, Contents],
  claims: Claims,
): readonly string[] {
  return pairsOf(from, to, claims).flatMap((pair) =>
    lossesOf(
      pair,
      [before.get(refKey(pair.before)) ?? nothing, after.get(refKey(pair.after)) ?? nothing],
      claims,
    ),
  );
}

/** The part of a schema that still means the same after the revision: what it drops, comes back only where it was kept. */
export function surviving(from: Schema, to: Schema, claims: Claims): Schema {
  const tables = pairsOf(from, to, claims).map(({ before, columns }) => ({
    ...before,
    columns: before.columns.filter(({ name }) => columns.has(name)),
  }));
  return { ...from, tables };
}

/** The part of a schema that was put aside, with the keys by which its rows are found. */
export function keptPart(schema: Schema, kept: readonly string[]): Schema {
  const tables = schema.tables.flatMap((table) => {
    const name = displayRef(table);
    if (kept.includes(`rows of ${name}`)) return [table];
    const isKept = (column: string) => kept.includes(`values of ${name}.${column}`);
    if (!table.columns.some((column) => isKept(column.name))) return [];
    const key = table.primaryKey?.columns ?? [];
    const columns = table.columns.filter((column) => isKept(column.name) || key.includes(column.name));
    return [{ ...table, columns }];
  });
  return { ...schema, tables };
}
