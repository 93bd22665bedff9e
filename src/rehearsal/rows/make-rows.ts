// Rows for a schema: few, different, and such that keys, checks and enums let them in.
// In: a schema, a stage. Out: what could not be filled, and why. Must not know revisions.

import type { Dialect } from '../../dialect/dialect.ts';
import { textOf } from '../../dialect/rows.ts';
import { isSurefootError } from '../../kernel/errors.ts';
import { toposort } from '../../kernel/toposort.ts';
import type { Column, ForeignKey, Schema, Table } from '../../schema/schema.ts';
import { displayRef, refKey, sameRef } from '../../schema/schema.ts';
import type { Stage } from '../rehearsal.ts';
import { valuesFor } from './values.ts';

/** How many rows a table is filled up to. */
export const usualRows = 3;
/** How often a row is made otherwise where the server refuses it. */
const attempts = 48;

/** A table that got no row, and what the server said last. */
export interface Unfilled {
  readonly table: string;
  readonly reason: string;
}

const quoted = (dialect: Dialect, table: Pick<Table, 'namespace' | 'name'>): string =>
  [...(table.namespace === null ? [] : [table.namespace]), table.name].map(dialect.quote).join('.');

/** Parents first; of tables in a circle any order. */
function parentsFirst(tables: readonly Table[]): readonly Table[] {
  const { order } = toposort({
    nodes: tables,
    dependencies: (table) =>
      table.foreignKeys.flatMap((key) =>
        tables.filter((other) => other !== table && sameRef(other, key.references.table)),
      ),
    compare: (a, b) => (refKey(a) < refKey(b) ? -1 : 1),
  });
  return order ?? tables;
}

// A number that the server would draw may be one that a revision gives a row of its own.
const isGiven = ({ identity, generated }: Column): boolean =>
  identity?.mode !== 'always' && generated === null;

/** Literals, or `null`, of the columns of a key, from the rows that its parent has. */
async function parentValues(
  key: ForeignKey,
  place: { readonly index: number; readonly stage: Stage },
): Promise<ReadonlyMap<string, string>> {
  const { dialect } = place.stage;
  const { references } = key;
  const names = references.columns.map((name, i) => `${dialect.quote(name)} AS ${dialect.quote(`c${i}`)}`);
  const rows = await place.stage.query(
    `SELECT ${names.join(', ')} FROM ${quoted(dialect, references.table)} ORDER BY 1`,
  );
  const row = rows[place.index % Math.max(rows.length, 1)];
  return new Map(
    key.columns.map((column, i) => {
      const text = row === undefined ? null : textOf(row, `c${i}`);
      return [column, text === null ? 'NULL' : dialect.literal(text)];
    }),
  );
}

/** The columns of one row with their literals. Its first row leaves defaults to the server; its last has nulls where it may. */
async function rowOf(
  table: Table,
  place: { readonly index: number; readonly attempt: number; readonly stage: Stage },
): Promise<ReadonlyMap<string, string>> {
  const { dialect } = place.stage;
  const inKey = new Set(table.primaryKey?.columns);
  const row = new Map<string, string>();
  for (const column of table.columns.filter(isGiven)) {
    if (place.index === 0 && column.default !== null && !inKey.has(column.name)) continue;
    const isNull = place.index % usualRows === usualRows - 1 && column.nullable && !inKey.has(column.name);
    const value = isNull ? null : valuesFor(column, table, place);
    row.set(column.name, value === null ? 'NULL' : dialect.literal(value));
  }
  for (const key of table.foreignKeys) {
    for (const [column, value] of await parentValues(key, place)) if (row.has(column)) row.set(column, value);
  }
  return row;
}

async function insertOne(table: Table, index: number, stage: Stage): Promise<string | null> {
  const { dialect } = stage;
  let reason = '';
  for (let attempt = 0; attempt < attempts; attempt++) {
    const row = await rowOf(table, { index, attempt, stage });
    if (row.size === 0) return 'it has no column to fill';
    const columns = [...row.keys()].map(dialect.quote).join(', ');
    try {
      await stage.query(
        `INSERT INTO ${quoted(dialect, table)} (${columns}) VALUES (${[...row.values()].join(', ')})`,
      );
      return null;
    } catch (error) {
      if (!isSurefootError(error, 'database/query-failed')) throw error;
      reason = error.message;
    }
  }
  return reason;
}

/** How many rows a table has. */
export async function countRows(table: Pick<Table, 'namespace' | 'name'>, stage: Stage): Promise<number> {
  const [row] = await stage.query(`SELECT count(*) AS n FROM ${quoted(stage.dialect, table)}`);
  return Number(row?.['n'] ?? 0);
}

interface Filling {
  readonly table: Table;
  readonly made: number;
  /** Why it has no row; `null`: it has some. */
  readonly reason: string | null;
}

async function fill(table: Table, upTo: number, stage: Stage): Promise<Filling> {
  const present = await countRows(table, stage);
  let made = 0;
  let reason: string | null = null;
  while (present + made < upTo && reason === null) {
    reason = await insertOne(table, present + made, stage);
    if (reason === null) made += 1;
  }
  return { table, made, reason: present + made === 0 ? reason : null };
}

/** Fills each table up to a few rows. In a circle of tables one that stays empty is tried again when others are filled. */
export async function makeRows(
  schema: Schema,
  stage: Stage,
  upTo: number = usualRows,
): Promise<readonly Unfilled[]> {
  let tables = parentsFirst(schema.tables);
  for (;;) {
    const fillings: Filling[] = [];
    for (const table of tables) fillings.push(await fill(table, upTo, stage));
    const empty = fillings.filter(({ reason }) => reason !== null);
    const goesOn = empty.length > 0 && fillings.some(({ made }) => made > 0);
    if (!goesOn)
      return empty.map(({ table, reason }) => ({ table: displayRef(table), reason: reason ?? '' }));
    tables = empty.map(({ table }) => table);
  }
}
