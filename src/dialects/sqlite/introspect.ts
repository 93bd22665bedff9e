// A database's schema, read from the texts that SQLite keeps and checked against what its pragmas say.
// In: a connection. Out: Schema, normalised. Must not know operations, and never fails on odd DDL: it names it.

import type { Connection, Row } from '../../dialect/connection.ts';
import type { Scope } from '../../dialect/dialect.ts';
import { isKeptName } from '../../dialect/keeping.ts';
import { numberOf, textOf } from '../../dialect/rows.ts';
import { isSurefootError } from '../../kernel/errors.ts';
import type { Schema, Table, Trigger, UnsupportedObject, View } from '../../schema/schema.ts';
import { normalize } from './normalize.ts';
import { parseIndex, parseView } from './parse-index.ts';
import { parseTable } from './parse-table.ts';
import { foldName } from './quote.ts';
import { isWord, tokenize } from './tokens.ts';
import { disagreement, type TableFacts } from './verify-table.ts';

/** A row of sqlite_schema. */
interface Entry {
  readonly type: string;
  readonly name: string;
  readonly table: string;
  readonly sql: string;
}

const entriesSql = `
  SELECT type, name, tbl_name, sql FROM main.sqlite_schema
  WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND sql IS NOT NULL ORDER BY rowid`;

// A virtual table is left out: asking for its columns fails where its module is not loaded.
const realTables = `
  main.sqlite_schema AS m WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
  AND m.sql NOT LIKE 'CREATE VIRTUAL%'`;

const columnsSql = `
  SELECT m.name AS owner, x.name AS name, x."notnull" AS required, x.pk AS pk, x.hidden AS hidden
  FROM ${realTables.replace(' WHERE', ' JOIN pragma_table_xinfo(m.name) AS x WHERE')} ORDER BY m.rowid, x.cid`;

const foreignKeysSql = `
  SELECT m.name AS owner, f.id AS id, f."table" AS target, f."from" AS source
  FROM ${realTables.replace(' WHERE', ' JOIN pragma_foreign_key_list(m.name) AS f WHERE')} ORDER BY m.rowid, f.id, f.seq`;

const uniquesSql = `
  SELECT m.name AS owner, count(*) AS uniques
  FROM ${realTables.replace(' WHERE', ' JOIN pragma_index_list(m.name) AS i WHERE')} AND i.origin = 'u' GROUP BY m.name`;

const shadowsSql = `
  SELECT m.name AS name FROM main.sqlite_schema AS m JOIN pragma_table_list(m.name) AS l
  WHERE m.type = 'table' AND l.schema = 'main' AND l.type = 'shadow'
  AND EXISTS (SELECT 1 FROM main.sqlite_schema AS v WHERE v.sql LIKE 'CREATE VIRTUAL%'
    AND m.name LIKE replace(replace(v.name, '\\', '\\\\'), '_', '\\_') || '\\_%' ESCAPE '\\')`;

function toEntry(row: Row): Entry {
  return {
    type: textOf(row, 'type') ?? '',
    name: textOf(row, 'name') ?? '',
    table: textOf(row, 'tbl_name') ?? '',
    sql: textOf(row, 'sql') ?? '',
  };
}

function groupByOwner(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  return Map.groupBy(rows, (row) => textOf(row, 'owner') ?? '');
}

async function readFacts(connection: Connection): Promise<(table: string) => TableFacts> {
  const columns = groupByOwner((await connection.query(columnsSql)).rows);
  const foreignKeys = groupByOwner((await connection.query(foreignKeysSql)).rows);
  const uniques = groupByOwner((await connection.query(uniquesSql)).rows);
  return (table) => ({
    columns: columns.get(table) ?? [],
    foreignKeys: foreignKeys.get(table) ?? [],
    uniques: numberOf(uniques.get(table)?.[0], 'uniques') ?? 0,
  });
}

function isVirtual(sql: string): boolean {
  return isWord(tokenize(sql.slice(0, 200))[1], 'VIRTUAL');
}

async function readShadows(connection: Connection, entries: readonly Entry[]): Promise<ReadonlySet<string>> {
  if (!entries.some((entry) => entry.type === 'table' && isVirtual(entry.sql))) return new Set();
  const { rows } = await connection.query(shadowsSql);
  return new Set(rows.map((row) => textOf(row, 'name') ?? ''));
}

/** Reads an object, or names why it cannot be read. */
function attempt<T>(entry: Entry, unsupported: UnsupportedObject[], read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (!isSurefootError(error, 'schema/invalid')) throw error;
    unsupported.push({ kind: entry.type, namespace: null, name: entry.name, reason: error.message });
    return null;
  }
}

function readTable(entry: Entry, facts: TableFacts, unsupported: UnsupportedObject[]): Table | null {
  const table = attempt(entry, unsupported, () => ({ ...parseTable(entry.sql), name: entry.name }));
  const problem = table && disagreement(table, facts);
  if (table === null || problem === null) return table;
  unsupported.push({ kind: 'table', namespace: null, name: entry.name, reason: problem });
  return null;
}

function withIndexes(
  table: Table,
  entries: readonly Entry[],
  unsupported: UnsupportedObject[],
): Table | null {
  const indexes = entries.map((entry) => attempt(entry, unsupported, () => parseIndex(entry.sql, table)));
  const read = indexes.filter((index) => index !== null);
  // A table of which one index is unknown would lose that index when it is rebuilt: it counts as unknown itself.
  return read.length === indexes.length ? { ...table, indexes: read } : null;
}

interface Found {
  readonly entries: readonly Entry[];
  readonly facts: (table: string) => TableFacts;
  readonly unsupported: UnsupportedObject[];
}

function readTables({ entries, facts, unsupported }: Found): readonly Table[] {
  const indexes = Map.groupBy(
    entries.filter(({ type }) => type === 'index'),
    ({ table }) => foldName(table),
  );
  const [virtual, real] = [true, false].map((wanted) =>
    entries.filter(({ type, sql }) => type === 'table' && isVirtual(sql) === wanted),
  );
  for (const { name } of virtual ?? []) {
    unsupported.push({
      kind: 'virtual table',
      namespace: null,
      name,
      reason: 'a virtual table keeps its own storage',
    });
  }
  return (real ?? []).flatMap((entry) => {
    const table = readTable(entry, facts(entry.name), unsupported);
    return (table && withIndexes(table, indexes.get(foldName(entry.name)) ?? [], unsupported)) ?? [];
  });
}

function readViews({ entries, unsupported }: Found): readonly View[] {
  return entries
    .filter(({ type }) => type === 'view')
    .flatMap((entry) => {
      const sql = attempt(entry, unsupported, () => parseView(entry.sql));
      return sql === null ? [] : { namespace: null, name: entry.name, sql, materialized: false };
    });
}

function readTriggers({ entries }: Found): readonly Trigger[] {
  return entries
    .filter(({ type }) => type === 'trigger')
    .map(({ name, table, sql }) => ({ table: { namespace: null, name: table }, name, sql }));
}

/** `Dialect.introspect` of SQLite: five queries, whatever the number of tables. */
export async function introspect(connection: Connection, scope: Scope): Promise<Schema> {
  const all = (await connection.query(entriesSql)).rows.map(toEntry);
  const shadows = await readShadows(connection, all);
  const own = foldName(scope.hiddenIn ?? 'main') === 'main' ? scope.hidden : [];
  const hidden = new Set([...own, ...shadows].map(foldName));
  const entries = all.filter(
    ({ table, name }) =>
      !hidden.has(foldName(table)) && !hidden.has(foldName(name)) && !isKeptName(foldName(table)),
  );
  const unsupported: UnsupportedObject[] = [];
  const found: Found = { entries, facts: await readFacts(connection), unsupported };
  return normalize({
    namespaces: [],
    enums: [],
    sequences: [],
    routines: [],
    tables: readTables(found),
    views: readViews(found),
    triggers: readTriggers(found),
    unsupported,
  });
}
