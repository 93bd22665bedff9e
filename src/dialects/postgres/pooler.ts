// Poolers such as PgBouncer that lend a session of the server for a transaction at a time.
// In: a connection. Out: whether one stands between; the connection as it must be used then. Must not know what is sent.

import type { Connection, QueryResult, SqlValue } from '../../dialect/connection.ts';
import { numberOf } from '../../dialect/rows.ts';
import type { Pooler } from '../../dialect/waiting.ts';
import { firstKeywords } from '../../kernel/sql-text.ts';
import { runsOutsideTransactions } from './compile-data.ts';
import { transactionSetup } from './session.ts';
import { postgresSyntax } from './traits.ts';

async function pidOf(connection: Connection): Promise<number | null> {
  return numberOf((await connection.query('SELECT pg_backend_pid() AS pid')).rows[0], 'pid');
}

const rounds = 3;

/**
 * A pooler cannot hand on the number that a server gives its session for cancelling, and invents one: where it is not that
 * of the session that answers, something stands between. It lends by transaction if a transaction of a second session
 * takes the first one's place. Others who use the pooler can hide that, hence several rounds; one that never shows it lends
 * whole sessions, and needs no care.
 */
async function isBetween(
  connection: Connection,
  second: (() => Promise<Connection>) | null,
): Promise<boolean> {
  const { login } = connection;
  if (login === undefined) return false;
  if (login.saysPooler) return true;
  const first = await pidOf(connection);
  if (login.session === null || first === login.session) return false;
  // Who has no other session to try with takes care.
  if (second === null) return true;
  const other = await second();
  try {
    for (let round = 0; round < rounds; round += 1) {
      const own = await pidOf(connection);
      if (own !== first || (await takesPlace(other, { connection, own }))) return true;
    }
    return false;
  } finally {
    await other.close();
  }
}

/** Where the pool has one session only, the first is not asked: it would wait for the second. */
async function takesPlace(
  other: Connection,
  { connection, own }: { readonly connection: Connection; readonly own: number | null },
): Promise<boolean> {
  await other.query('BEGIN');
  try {
    return (await pidOf(other)) === own || (await pidOf(connection)) !== own;
  } finally {
    await other.query('ROLLBACK');
  }
}

const begins = new Set(['begin', 'start']);
const ends = new Set(['commit', 'end', 'rollback', 'abort']);

/** Where a statement stands: it begins a transaction, ends one, or neither. */
function roleOf(sql: string): 'begins' | 'ends' | 'plain' {
  const [first = '', ...rest] = firstKeywords(sql.slice(0, 500), postgresSyntax);
  if (begins.has(first)) return 'begins';
  // ROLLBACK TO goes on; what is PREPARED belongs to nobody.
  return ends.has(first) && !rest.includes('to') && !rest.includes('prepared') ? 'ends' : 'plain';
}

function pooled(connection: Connection, major: number): Connection {
  const setup = transactionSetup(major);
  let isOpen = false;
  const alone = async <T>(work: () => Promise<T>): Promise<T> => {
    await connection.script(['BEGIN', setup]);
    try {
      const result = await work();
      await connection.query('COMMIT');
      return result;
    } catch (error) {
      // What stopped the statement is the news; a session that was lost needs no end.
      await connection.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  };
  const query = async (sql: string, parameters: readonly SqlValue[] = []): Promise<QueryResult> => {
    const role = roleOf(sql);
    if (role === 'begins') {
      isOpen = true;
      const result = await connection.query(sql, parameters);
      await connection.query(setup);
      return result;
    }
    if (role === 'ends') isOpen = false;
    if (role === 'ends' || isOpen || runsOutsideTransactions(sql))
      return await connection.query(sql, parameters);
    return await alone(() => connection.query(sql, parameters));
  };
  // Each transaction has its settings pinned at its beginning, which only `query` sees.
  const { batch: _, ...single } = connection;
  return {
    ...single,
    isPooled: true,
    query,
    script: async (statements) => {
      if (isOpen) await connection.script(statements);
      else if (statements.length > 0) await alone(() => connection.script(statements));
    },
  };
}

/** Poolers before a server of this version. */
export function poolerFor(major: number): Pooler {
  return {
    isBetween,
    needsSession: runsOutsideTransactions,
    pooled: (connection) => pooled(connection, major),
  };
}
