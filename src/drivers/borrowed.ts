// Sessions that belong to the user: given back as they were found.
// In: a connection and the way to remember how it stands. Out: Database, or the way back. Must not know any library.

import type { Connection, Database } from '../dialect/connection.ts';
import { isSurefootError } from '../kernel/errors.ts';

/** Reads how a session stands; what it gives puts the session back there. */
export type Remember = (connection: Connection) => Promise<() => Promise<void>>;

/** A session which the user keeps: `open` begins to listen to it, `close` of the result ends that. */
export interface BorrowedSession {
  readonly description: string;
  readonly open: () => Promise<Connection>;
  readonly remember: Remember;
}

/** A database with the one session that the user lends. It is restored when the database is closed. */
export function borrowedDatabase({ description, open, remember }: BorrowedSession): Database {
  const begin = async () => {
    const connection = await open();
    return { connection, restore: await remember(connection) };
  };
  let lent: ReturnType<typeof begin> | null = null;
  return {
    description,
    sessions: 'one',
    async connect() {
      lent ??= begin();
      const { connection } = await lent;
      return { ...connection, close: async () => undefined };
    },
    async close() {
      const ending = lent;
      lent = null;
      if (ending === null) return;
      const { connection, restore } = await ending;
      await unlessLost(restore);
      await connection.close();
    },
  };
}

async function unlessLost(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    // Nothing is left to be given back, and whoever used the session knows.
    if (!isSurefootError(error, 'database/lost')) throw error;
  }
}

/** A session of a pool of the user's. `release` gives it back; a broken one is to be thrown away. */
export interface LentSession {
  readonly connection: Connection;
  readonly remember: Remember;
  readonly release: (state: 'whole' | 'broken') => void;
}

/** The same session, restored and released when it is closed. */
export async function lentConnection({ connection, remember, release }: LentSession): Promise<Connection> {
  const giveBack = async (state: 'whole' | 'broken') => {
    await connection.close();
    release(state);
  };
  const restore = await remember(connection).catch(async (error: unknown) => {
    await giveBack('broken');
    throw error;
  });
  let closed = false;
  return {
    ...connection,
    async close() {
      if (closed) return;
      closed = true;
      // What cannot be restored must not serve the application again; the pool opens another one.
      const restored = await connection
        .query('ROLLBACK')
        .then(restore)
        .then(
          () => true,
          () => false,
        );
      await giveBack(restored ? 'whole' : 'broken');
    },
  };
}

/** PostgreSQL: the settings made by SET in the session. */
export const rememberPostgres: Remember = async (connection) => {
  const made = await connection.query("SELECT name, setting FROM pg_settings WHERE source = 'session'");
  return async () => {
    await connection.query('RESET ALL');
    for (const { name, setting } of made.rows) {
      await connection.query('SELECT set_config($1, $2, false)', [String(name), String(setting)]);
    }
  };
};

const mysqlVariables = [
  'autocommit',
  'character_set_client',
  'character_set_connection',
  'character_set_results',
  'collation_connection',
  'default_storage_engine',
  'foreign_key_checks',
  'group_concat_max_len',
  'information_schema_stats_expiry',
  'innodb_lock_wait_timeout',
  'innodb_strict_mode',
  'lock_wait_timeout',
  'max_execution_time',
  'max_statement_time',
  'sql_mode',
  'sql_quote_show_create',
  'sql_safe_updates',
  'time_zone',
  'transaction_isolation',
  'tx_isolation',
  'unique_checks',
  'wait_timeout',
];

/** MySQL and MariaDB: the variables that a migration has reason to set. */
export const rememberMysql: Remember = async (connection) => {
  const before = await readMysqlVariables(connection);
  return async () => {
    const after = await readMysqlVariables(connection);
    const changed = [...before].filter(([name, value]) => after.get(name) !== value);
    if (changed.length === 0) return;
    const assignments = changed.map(([name, value]) => `SESSION ${name} = ${mysqlValue(value)}`);
    await connection.query(`SET ${assignments.join(', ')}`);
  };
};

async function readMysqlVariables(connection: Connection): Promise<ReadonlyMap<string, string>> {
  const names = mysqlVariables.map((name) => `'${name}'`).join(', ');
  const { rows } = await connection.query(`SHOW SESSION VARIABLES WHERE Variable_name IN (${names})`);
  return new Map(rows.map((row) => [String(row['Variable_name']), String(row['Value'])]));
}

function mysqlValue(value: string): string {
  return /^\d+(?:\.\d+)?$/.test(value) ? value : `'${value.replaceAll("'", "''")}'`;
}

const sqlitePragmas = [
  'foreign_keys',
  'legacy_alter_table',
  'recursive_triggers',
  'ignore_check_constraints',
  'busy_timeout',
];

/** SQLite: the pragmas of the connection that a migration has reason to set. */
export const rememberSqlite: Remember = async (connection) => {
  const read = async (pragma: string) => {
    const [row] = (await connection.query(`PRAGMA ${pragma}`)).rows;
    return Number(Object.values(row ?? {})[0]);
  };
  const before: (readonly [string, number])[] = [];
  for (const pragma of sqlitePragmas) before.push([pragma, await read(pragma)]);
  return async () => {
    for (const [pragma, value] of before) await connection.query(`PRAGMA ${pragma} = ${value}`);
  };
};
