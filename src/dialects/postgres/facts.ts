import type { Connection } from '../../dialect/connection.ts';
import type { ServerFacts } from '../../dialect/dialect.ts';
import { textOf } from '../../dialect/rows.ts';
import { assertSupported, postgresTraits, versionOf } from './traits.ts';

const query = `SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS version,
  current_database()::text AS database, current_schema()::text AS namespace,
  session_user::text || coalesce('@' || host(inet_client_addr()), '') AS "user",
  current_setting('default_transaction_read_only') AS read_only, pg_is_in_recovery()::text AS replica`;

/** What the server says of itself, in one query. Refuses one that is too old. */
export async function readFacts(connection: Connection): Promise<ServerFacts> {
  const row = (await connection.query(query)).rows[0];
  const database = textOf(row, 'database') ?? '';
  const version = versionOf(Number(textOf(row, 'number')));
  assertSupported(version, database);
  const replica = textOf(row, 'replica') === 'true';
  return {
    traits: postgresTraits(version),
    database,
    namespace: textOf(row, 'namespace'),
    readOnly: replica || textOf(row, 'read_only') === 'on',
    replica,
    user: textOf(row, 'user') ?? '',
    product: `PostgreSQL ${textOf(row, 'version') ?? ''}`,
  };
}
