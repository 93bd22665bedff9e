// What pg_dump, pg_restore and psql need to be told.
// In: an address, the facts of a server. Out: arguments, environment, SQL. Must not know processes or files.

import type { Connection } from '../../dialect/connection.ts';
import type { ServerFacts } from '../../dialect/dialect.ts';
import type {
  ConnectedSessions,
  LineRewrite,
  Login,
  NativeProgram,
  Reading,
  RestoreGround,
  ServerAddress,
  ToolBackup,
  ToolRequest,
} from '../../dialect/native-backup.ts';
import { textOf } from '../../dialect/rows.ts';
import { postgresScript } from './backup-script.ts';
import { quoteIdentifier } from './quote.ts';
import { writeMark } from './write-mark.ts';

/** `pg_dump (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)`, `18beta1`. */
function readVersion(text: string): readonly number[] | null {
  const [, major, minor] = /\(PostgreSQL\) (\d+)(?:\.(\d+))?/.exec(text) ?? [];
  return major === undefined ? null : [Number(major), Number(minor ?? 0)];
}

const program = (name: string): NativeProgram => ({ names: [name], readVersion });

function tlsEnv({ tls }: ServerAddress): Readonly<Record<string, string>> {
  if (tls === null) return { PGSSLMODE: 'disable' };
  return {
    PGSSLMODE: tls.mode,
    ...(tls.ca === null ? {} : { PGSSLROOTCERT: tls.ca }),
    ...(tls.cert === null ? {} : { PGSSLCERT: tls.cert }),
    ...(tls.key === null ? {} : { PGSSLKEY: tls.key }),
  };
}

function login(server: ServerAddress, facts: ServerFacts): Login {
  const { host, port, socket, user, password, options, connectTimeoutMs } = server;
  const env = {
    PGHOST: socket ?? host,
    PGPORT: String(port),
    PGDATABASE: facts.database,
    PGAPPNAME: 'surefoot',
    PGCLIENTENCODING: 'UTF8',
    PGCONNECT_TIMEOUT: String(Math.max(2, Math.ceil(connectTimeoutMs / 1000))),
    ...(user === null ? {} : { PGUSER: user }),
    ...(password === null ? {} : { PGPASSWORD: password }),
    ...(options === null ? {} : { PGOPTIONS: options }),
    ...tlsEnv(server),
  };
  return { env, optionFile: null };
}

/** A pattern that means exactly one table: nothing between double quotes is a wildcard. */
const onlyTable = (facts: ServerFacts, { names }: Pick<ToolRequest, 'names'>): string => {
  const namespace = names.namespace ?? facts.namespace;
  return `${namespace === null ? '' : `${quoteIdentifier(namespace)}.`}${quoteIdentifier(names.lock)}`;
};

const sessionsSql = `SELECT pid::text AS id, coalesce(usename::text, '') || coalesce('@' || host(client_addr), '') AS "user",
  concat_ws(' ', nullif(application_name, ''), coalesce(state, '')) AS doing
FROM pg_catalog.pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' ORDER BY pid`;

async function sessions(connection: Connection): Promise<ConnectedSessions> {
  const { rows } = await connection.query(sessionsSql);
  const found = rows.map((row) => ({
    id: textOf(row, 'id') ?? '',
    user: textOf(row, 'user') ?? '',
    doing: textOf(row, 'doing') ?? '',
  }));
  return { sessions: found, isComplete: true };
}

const namesOf = async (connection: Connection, sql: string): Promise<readonly string[]> =>
  (await connection.query(sql)).rows.map((row) => textOf(row, 'name') ?? '');

async function inventory(connection: Connection) {
  return {
    extensions: await namesOf(
      connection,
      'SELECT extname::text AS name FROM pg_catalog.pg_extension ORDER BY 1',
    ),
    namespaces: await namesOf(
      connection,
      `SELECT nspname::text AS name FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY 1`,
    ),
  };
}

const timeout = 'SET transaction_timeout';

/** What a newer program sets and an older server does not know, at the head of what it writes. */
const headRewrite: LineRewrite = { starts: [timeout], rewrite: () => '', until: 'SET client_encoding' };

/** Large objects come in a transaction of their own, whose end would be the end of ours. */
const largeObjectRewrite: LineRewrite = {
  starts: [timeout, 'BEGIN;', 'COMMIT;'],
  rewrite: () => '',
  until: null,
};

const isLargeObjects = (entry: string): boolean => /^\d+; \d+ \d+ BLOBS /.test(entry);

/**
 * The namespace that holds the lock stays where it is, so that the dump must not create it; `public` it never creates. An
 * entry of the list: `7; 2615 16390 SCHEMA - name owner`.
 */
function chooseEntries(list: string, { facts, names }: RestoreGround): readonly Reading[] {
  const home = names.namespace ?? facts.namespace ?? '';
  const shown = home.replace(/[\r\n]/g, ' ');
  const isHome = (entry: string) =>
    /^\d+; 2615 \d+ SCHEMA - (.*)$/.exec(entry)?.[1]?.startsWith(`${shown} `) === true;
  const entries = list.split('\n').filter((entry) => !entry.startsWith(';') && !isHome(entry));
  const [large, others] = [entries.filter(isLargeObjects), entries.filter((one) => !isLargeObjects(one))];
  return [
    { list: others.join('\n'), rewrite: headRewrite },
    ...(large.length === 0 ? [] : [{ list: large.join('\n'), rewrite: largeObjectRewrite }]),
  ];
}

/** Saved by pg_dump in its own format; restored by psql from what pg_restore reads, all in one transaction. */
export const postgresBackup: ToolBackup = {
  kind: 'tools',
  extension: 'dump',
  dumper: program('pg_dump'),
  reader: program('pg_restore'),
  client: program('psql'),
  versionParts: 1,
  login,
  dumpArguments: (request) => [
    '--format=custom',
    '--no-password',
    '--no-subscriptions',
    `--exclude-table=${onlyTable(request.facts, request)}`,
    ...(request.snapshot === null ? [] : [`--snapshot=${request.snapshot}`]),
  ],
  clientArguments: () => ['--no-psqlrc', '--quiet', '--no-password', '--set=ON_ERROR_STOP=1', '--file=-'],
  reading: {
    list: (file) => ['--list', file],
    choose: chooseEntries,
    read: (file, listFile) => [`--use-list=${listFile}`, '--file=-', file],
  },
  snapshot: {
    begin: 'BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY',
    share: 'SELECT pg_catalog.pg_export_snapshot() AS snapshot',
  },
  counter: null,
  keptJournal: null,
  createHome: 'CREATE SCHEMA IF NOT EXISTS public',
  sessions,
  inventory,
  mark: writeMark,
  isUnwritten: (before, after) => before !== null && before === after,
  script: async (ground) => postgresScript(ground),
};
