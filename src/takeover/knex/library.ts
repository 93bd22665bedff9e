// Knex on a session that is given to it.
// In: Knex's own code, the user's options, a session. Out: an instance of Knex that can reach nothing else.
// Must not know migrations.

import type { QueryResult } from '../../dialect/connection.ts';
import { SurefootError } from '../../kernel/errors.ts';
import type { DialectName } from '../../schema/schema.ts';
import { lastIdAfter } from '../programs/last-id.ts';
import type { ProgramSession } from '../programs/session.ts';
import { codeOf } from '../programs/statement.ts';

/** An instance, as far as it is used. */
export interface Knex {
  readonly client: { readonly constructor: ClientClass; connectionSettings: unknown };
  transaction<T>(work: (trx: Knex) => Promise<T>): Promise<T>;
  destroy(): Promise<void>;
}

export type KnexOptions = Readonly<Record<string, unknown>>;
export type KnexLibrary = (options: KnexOptions) => Knex;

interface Query {
  readonly sql: string;
  readonly bindings?: readonly unknown[];
  response?: unknown;
  context?: unknown;
}

type ClientClass = new (options: KnexOptions) => object;

const clients: Readonly<Record<DialectName, string>> = {
  postgres: 'pg',
  mysql: 'mysql2',
  sqlite: 'better-sqlite3',
};

/** What Knex calls the databases of a family; others are none that Surefoot knows. */
export function familyOf(client: unknown): DialectName | null {
  const name = typeof client === 'function' ? Reflect.get(client.prototype as object, 'dialect') : client;
  if (typeof name !== 'string') return null;
  if (/^(?:pg|postgres|postgresql|pgnative|pg-native)$/.test(name)) return 'postgres';
  if (/^(?:mysql2?|mariadb)$/.test(name)) return 'mysql';
  return /^(?:sqlite3?|better-sqlite3|node-sqlite3)$/.test(name) ? 'sqlite' : null;
}

/** The options that change what is sent. */
const kept = [
  'searchPath',
  'version',
  'wrapIdentifier',
  'postProcessResponse',
  'useNullAsDefault',
  'userParams',
] as const;

type Shape = (
  result: QueryResult,
  facts: { readonly command: string; readonly id: number },
) => Partial<Query>;

/** What Knex's clients make of an answer of their driver. */
const shapes: Readonly<Record<DialectName, Shape>> = {
  postgres: ({ rows, affected }, { command }) => ({
    response: { rows, rowCount: affected ?? rows.length, command, fields: [] },
  }),
  mysql: ({ rows, affected }, { command, id }) => {
    const asks = ['SELECT', 'SHOW', 'WITH', 'DESCRIBE', 'EXPLAIN'].includes(command);
    return {
      response: [asks ? rows : { affectedRows: affected ?? 0, insertId: id, changedRows: affected ?? 0 }, []],
    };
  },
  sqlite: ({ rows, affected }, { id }) => ({
    response: rows,
    context: { lastID: id, changes: affected ?? 0 },
  }),
};

async function answer(query: Query, session: ProgramSession): Promise<Query> {
  const { dialect } = session;
  const result = await session.send(query.sql, query.bindings ?? []);
  const command = codeOf(query.sql, dialect.syntax)[0]?.text.toUpperCase() ?? '';
  const id = await lastIdAfter(query.sql, session);
  // PostgreSQL's driver says SELECT of all that gives rows by itself.
  return Object.assign(
    query,
    shapes[dialect.name](result, { command: command === 'WITH' ? 'SELECT' : command, id }),
  );
}

/** A client of Knex whose connections are the session. */
function clientOn(base: ClientClass, session: ProgramSession): ClientClass {
  return class extends base {
    acquireConnection(): Promise<object> {
      return Promise.resolve({ __knexUid: 'surefoot' });
    }
    releaseConnection(): Promise<void> {
      return Promise.resolve();
    }
    _query(_connection: object, query: Query): Promise<Query> {
      return answer(query, session);
    }
    _stream(): never {
      throw new SurefootError('operation/not-writable', 'a migration reads rows as a stream', {
        details: { operation: 'stream' },
        hint: 'Write what it does with them as a data step.',
      });
    }
  };
}

const silent = {
  warn: () => undefined,
  error: () => undefined,
  deprecate: () => undefined,
  debug: () => undefined,
};

/** Knex, with the user's options as far as they say how SQL is written. */
export async function knexOn(
  library: KnexLibrary,
  options: KnexOptions,
  session: ProgramSession,
): Promise<Knex> {
  const { name } = session.dialect;
  const client = familyOf(options['client']) === name ? options['client'] : clients[name];
  const told = Object.fromEntries(
    kept.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]])),
  );
  const plain = { ...told, useNullAsDefault: options['useNullAsDefault'] ?? name === 'sqlite', log: silent };
  const base = library({ ...plain, client }).client.constructor;
  const knex = library({ ...plain, client: clientOn(base, session) });
  await session.named((database) => {
    knex.client.connectionSettings = { database };
  });
  return knex;
}
