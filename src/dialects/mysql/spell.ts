// Tables and views as the server spells them.
// In: a connection, a schema. Out: the same schema read back, or nothing. Must leave nothing behind.

import { randomBytes } from 'node:crypto';
import type { Connection } from '../../dialect/connection.ts';
import { textOf } from '../../dialect/rows.ts';
import { isSurefootError } from '../../kernel/errors.ts';
import { routineKey, triggerKey } from '../../schema/draft.ts';
import { defaultNaming } from '../../schema/naming.ts';
import type { Schema } from '../../schema/schema.ts';
import { refKey } from '../../schema/schema.ts';
import { errorNumber } from './bookkeeping.ts';
import { dump } from './dump.ts';
import { introspect } from './introspect.ts';
import { literal, quote } from './quote.ts';
import type { MysqlTraits } from './traits.ts';

/** Denied for the database, denied for the table, a privilege is missing. */
const denials = new Set([1044, 1142, 1227]);

const isDenied = (error: unknown): boolean =>
  isSurefootError(error, 'database/denied') || denials.has(errorNumber(error) ?? 0);

/** Makes an empty database like the current one; `null`: this account may not. */
async function createScratch(connection: Connection): Promise<string | null> {
  const name = `surefoot_scratch_${randomBytes(8).toString('hex')}`;
  const { rows } = await connection.query(
    'SELECT @@character_set_database AS charset, @@collation_database AS collation',
  );
  const charset = textOf(rows[0], 'charset') ?? 'utf8mb4';
  const collation = textOf(rows[0], 'collation');
  const collate = collation === null ? '' : ` COLLATE ${quote(collation)}`;
  try {
    await connection.query(`CREATE DATABASE ${quote(name)} CHARACTER SET ${quote(charset)}${collate}`);
    return name;
  } catch (error) {
    if (isDenied(error)) return null;
    throw error;
  }
}

/** What the server refuses (a view of a table that is not given, a default of looser days) keeps its own spelling. */
async function create(connection: Connection, statements: readonly string[]): Promise<void> {
  for (const sql of statements) {
    try {
      await connection.query(sql);
    } catch (error) {
      if (!isSurefootError(error, 'database/query-failed')) throw error;
    }
  }
}

/** The objects of `given`, each as `spelled` has it where it is there. */
function take<T>(given: readonly T[], spelled: readonly T[], key: (object: T) => string): readonly T[] {
  const known = new Map(spelled.map((object) => [key(object), object]));
  return given.map((object) => known.get(key(object)) ?? object);
}

async function readBack(connection: Connection, schema: Schema, traits: MysqlTraits): Promise<Schema> {
  await create(connection, dump(schema, defaultNaming(traits.maxIdentifier), traits));
  const spelled = await introspect(connection, { hidden: [], namespaces: null }, traits);
  return {
    ...schema,
    tables: take(schema.tables, spelled.tables, refKey),
    views: take(schema.views, spelled.views, refKey),
    routines: take(schema.routines, spelled.routines, routineKey),
    triggers: take(schema.triggers, spelled.triggers, triggerKey),
  };
}

/** The session as it was, and how it is put back. */
async function relax(connection: Connection): Promise<readonly string[]> {
  const { rows } = await connection.query(
    'SELECT DATABASE() AS db, @@sql_mode AS mode, @@foreign_key_checks AS checks',
  );
  await connection.query("SET SESSION sql_mode = 'NO_ENGINE_SUBSTITUTION'");
  await connection.query('SET SESSION foreign_key_checks = 0');
  return [
    `USE ${quote(textOf(rows[0], 'db') ?? '')}`,
    `SET SESSION sql_mode = ${literal(textOf(rows[0], 'mode') ?? '')}`,
    `SET SESSION foreign_key_checks = ${textOf(rows[0], 'checks') ?? '1'}`,
  ];
}

/**
 * Creates the schema in a database of its own, reads it back and drops that database. A server knows no schema inside
 * a database, and temporary tables take neither foreign keys nor views; `null` where a database may not be made.
 */
export async function spell(
  connection: Connection,
  schema: Schema,
  traits: MysqlTraits,
): Promise<Schema | null> {
  const home = textOf((await connection.query('SELECT DATABASE() AS db')).rows[0], 'db');
  const scratch = home === null ? null : await createScratch(connection);
  if (scratch === null) return null;
  const restore = await relax(connection);
  try {
    await connection.query(`USE ${quote(scratch)}`);
    return await readBack(connection, schema, traits);
  } finally {
    for (const sql of restore) await connection.query(sql);
    await connection.query(`DROP DATABASE ${quote(scratch)}`);
  }
}
