import { connectDialect, openDatabase } from '../config/choose-dialect.ts';
import type { Connection, Database } from '../dialect/connection.ts';
import type { BookkeepingNames, Dialect, Scope, ServerFacts } from '../dialect/dialect.ts';
import { textOf } from '../dialect/rows.ts';
import type { Store } from '../journal/store.ts';
import { SurefootError } from '../kernel/errors.ts';
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

/** What a session is for: whoever only looks creates no file. */
export interface Access {
  readonly reading: boolean;
}

function targetOf(
  options: SurefootOptions,
  folder: string,
  { reading }: Access,
): Parameters<typeof openDatabase>[0] {
  if (options.connection !== undefined) return { connection: options.connection };
  if (options.url !== undefined) return { url: options.url, folder, reading };
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
  const connection = await database.connect();
  const names = bookkeepingNames(options);
  const close = async () => {
    await connection.close();
    await database.close();
  };
  try {
    const { dialect, facts } = await connectDialect(dialectName, connection);
    for (const statement of dialect.sessionSetup) await connection.query(statement);
    return { database, connection, dialect, facts, names, store: { connection, dialect, names }, close };
  } catch (error) {
    await close();
    throw error;
  }
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
  return { hidden: [names.version, names.journal, names.lock], namespaces };
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
