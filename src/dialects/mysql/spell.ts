// Tables and views as the server spells them.
// In: a connection, a schema. Out: the same schema read back, or nothing. Must leave nothing behind.

import { randomBytes } from 'node:crypto';
import type { Connection } from '../../dialect/connection.ts';
import { textOf } from '../../dialect/rows.ts';
import { isSurefootError } from '../../kernel/errors.ts';
import { defaultNaming } from '../../schema/naming.ts';
import type { Schema } from '../../schema/schema.ts';
import { errorNumber } from './bookkeeping.ts';
import { dump } from './dump.ts';
import { introspect } from './introspect.ts';
import { quote } from './quote.ts';
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

async function readBack(connection: Connection, schema: Schema, traits: MysqlTraits): Promise<Schema> {
  const naming = defaultNaming(traits.maxIdentifier);
  for (const sql of dump(schema, naming, traits)) await connection.query(sql);
  return introspect(connection, { hidden: [], namespaces: null }, traits);
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
  if (home === null || scratch === null) return null;
  try {
    await connection.query(`USE ${quote(scratch)}`);
    return await readBack(connection, schema, traits);
  } finally {
    await connection.query(`USE ${quote(home)}`);
    await connection.query(`DROP DATABASE ${quote(scratch)}`);
  }
}
