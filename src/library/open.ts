import { connectDialect, openDatabase } from '../config/choose-dialect.ts';
import type { Connection, Database } from '../dialect/connection.ts';
import type { BookkeepingNames, Dialect, Scope, ServerFacts } from '../dialect/dialect.ts';
import { textOf } from '../dialect/rows.ts';
import { schemaOfUrl } from '../drivers/url-text.ts';
import type { Store } from '../journal/store.ts';
import { SurefootError } from '../kernel/errors.ts';
import type { Plan } from '../plan/plan.ts';
import type { Schema } from '../schema/schema.ts';
import type { SurefootOptions } from './api.ts';

/** One session of the project's database, and all that is known of it. */
export interface Opened {
  readonly database: Database;
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly facts: ServerFacts;
  readonly names: BookkeepingNames;
  readonly store: Store;
  close(): Promise<void>;
}

export function bookkeepingNames(options: SurefootOptions): BookkeepingNames {
  return {
    namespace: options.versionNamespace ?? null,
    version: options.versionTable ?? 'surefoot_version',
    journal: 'surefoot_journal',
    lock: 'surefoot_lock',
  };
}

/** What a session is for: whoever only looks creates no file, nor does whoever needs what is in it. */
export interface Access {
  readonly reading: boolean;
  readonly create?: boolean;
}

function targetOf(
  options: SurefootOptions,
  folder: string,
  { reading, create = true }: Access,
): Parameters<typeof openDatabase>[0] {
  if (options.connection !== undefined) return { connection: options.connection };
  // A reader needs nothing that a pooler cannot give.
  const url = reading ? options.url : (options.directUrl ?? options.url);
  if (url !== undefined) return { url, folder, reading, create };
  throw new SurefootError('config/no-database', 'no database is named', {
    details: {},
    hint: 'Give --url, or `url` in surefoot.config.ts, or DATABASE_URL.',
  });
}

/** Opens a session and pins its settings. */
export async function openSession(
  options: SurefootOptions,
  folder: string,
  access: Access = { reading: false },
): Promise<Opened> {
  const { database, dialectName } = await openDatabase(targetOf(options, folder, access));
  const opened = await database.connect();
  const names = bookkeepingNames(options);
  const close = async () => {
    await opened.close();
    await database.close();
  };
  try {
    const { dialect, facts } = await connectDialect(dialectName, opened);
    refuseMissingSchema(options, database, facts);
    const connection = await prepareSession(database, opened, dialect);
    return { database, connection, dialect, facts, names, store: { connection, dialect, names }, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A schema that a URL names, and that is not there: nothing could be created in it. */
function refuseMissingSchema(
  { url, connection, versionNamespace }: SurefootOptions,
  { description }: Database,
  { namespace }: ServerFacts,
): void {
  if (namespace !== null || versionNamespace || connection !== undefined) return;
  const schema = url === undefined ? null : schemaOfUrl(url);
  if (schema === null) return;
  const problem = `${description} has no schema ${JSON.stringify(schema)}, or this user may not use it`;
  throw new SurefootError('database/no-schema', problem, {
    details: { database: description, schema },
    hint: 'Create the schema, grant USAGE on it, or correct the name: in the URL it is `schema`.',
  });
}

/** The replicas that the config names. No session is begun yet. */
export async function replicasOf({
  options: { online },
  folder,
}: {
  readonly options: Pick<SurefootOptions, 'online'>;
  readonly folder: string;
}): Promise<readonly Database[]> {
  const opened = (online?.replicas ?? []).map((url) => openDatabase({ url, folder, reading: true }));
  return (await Promise.all(opened)).map(({ database }) => database);
}

/** Pins the settings of a session; where a pooler lends it for a transaction, those of each transaction. */
async function prepareSession(
  database: Database,
  connection: Connection,
  { sessionSetup, waiting: { pooler } }: Dialect,
): Promise<Connection> {
  const second = database.sessions === 'many' ? () => database.connect() : null;
  if (await pooler?.isBetween(connection, second)) return pooler?.pooled(connection) ?? connection;
  await connection.script(sessionSetup);
  return connection;
}

/** Refuses a plan with statements that need a session of their own, where a pooler lends sessions. */
export function refuseUnpoolable({ connection, dialect, database }: Opened, plan: Plan): void {
  const { pooler } = dialect.waiting;
  if (connection.isPooled !== true || pooler === null) return;
  const statements = plan.steps.flatMap(({ revision, segments }) =>
    segments
      .flatMap((segment) => segment.statements)
      .filter(({ kind, sql }) => kind !== 'code' && pooler.needsSession(sql))
      .map(({ sql }) => ({ revision, sql })),
  );
  const [first] = statements;
  if (first === undefined) return;
  throw new SurefootError(
    'plan/needs-direct-url',
    `revision ${first.revision}: behind a pooler that lends sessions for a transaction, this cannot run: ${first.sql.slice(0, 200)}`,
    {
      details: { database: database.description, statements },
      hint: 'Nothing was changed. Name the server itself with --direct-url, or `directUrl` in the config.',
    },
  );
}

/** Refuses a server that cannot be written to. */
export function refuseReadOnly({ facts, database }: Opened): void {
  if (facts.replica) {
    throw new SurefootError('database/replica', `${database.description} is a replica`, {
      details: { database: database.description },
      hint: 'Run against the primary server; its replicas follow.',
    });
  }
  if (!facts.readOnly) return;
  throw new SurefootError('database/read-only', `${database.description} is read-only`, {
    details: { database: database.description },
    hint: 'Use a user or a connection that may write.',
  });
}

/** What to read: everything but Surefoot's own tables, in the default namespace and in those that history names. */
export function scopeOf(names: BookkeepingNames, namespaces: readonly string[]): Scope {
  const { version, journal, lock, namespace } = names;
  return { hidden: [version, journal, lock], hiddenIn: namespace, namespaces };
}

/** The live schema, as the dialect spells it. */
export async function readSchema({ dialect, connection }: Opened, scope: Scope): Promise<Schema> {
  return dialect.normalize(await dialect.introspect(connection, scope));
}

/** The server's fingerprint of its schema. */
export async function readFingerprint({ dialect, connection }: Opened): Promise<string> {
  const { rows } = await connection.query(dialect.bookkeeping.fingerprint);
  return textOf(rows[0], 'fingerprint') ?? '';
}
