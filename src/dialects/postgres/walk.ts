// Walking through a table of PostgreSQL.
// In: a backfill, its table. Out: a piece, and SQL for each batch. Must not know who sends it.

import type { Connection } from '../../dialect/connection.ts';
import { numberOf } from '../../dialect/rows.ts';
import type { Walking, WalkWords } from '../../dialect/walk.ts';
import { keyToWalk, walkingIn, wholeUpdate } from '../../dialect/walk.ts';
import { isSurefootError } from '../../kernel/errors.ts';
import type { OperationOf } from '../../operations/operation.ts';
import type { Column } from '../../schema/schema.ts';
import { plainType } from './compile-serial.ts';
import type { Context, Piece } from './pieces.ts';
import { data, tableBefore } from './pieces.ts';
import { quoteIdentifier, quoteLiteral, quoteRef } from './quote.ts';
import { typeSql } from './types.ts';

const words: WalkWords = {
  quote: quoteIdentifier,
  table: quoteRef,
  column: ({ name }) => quoteIdentifier(name),
  text: (expression) => `${expression}::text`,
  value: (text, { as }) => `${quoteLiteral(text)}::${as}`,
  comparesRows: true,
};

/** Without a length, at which a value that is written down would be cut. */
function form({ type }: Column): string {
  const plain = plainType(type);
  if (plain.kind === 'varchar') return 'text';
  return plain.kind === 'char' ? 'bpchar' : typeSql(plain);
}

/** An UPDATE, batch by batch. */
export function backfill(operation: OperationOf<'backfill'>, context: Context): readonly Piece[] {
  const { table: ref, change, pace } = operation;
  const table = tableBefore(context, ref, 'backfill');
  const key = keyToWalk({ operation, table, form, sameName: (a, b) => a === b });
  const whole = data(wholeUpdate({ table: ref, change }, words));
  return [{ ...whole, place: 'batches', walk: { table: ref, key, change, pace } }];
}

const lag = `SELECT extract(epoch FROM max(coalesce(replay_lag, '0'))) * 1000 AS ms FROM pg_stat_replication
  WHERE state = 'streaming'`;

/** Who may not see the replicas sees none. */
async function lagMs(connection: Connection): Promise<number | null> {
  try {
    return numberOf((await connection.query(lag)).rows[0], 'ms');
  } catch (error) {
    if (isSurefootError(error, 'database/query-failed')) return null;
    throw error;
  }
}

export const postgresWalking: Walking = {
  ...walkingIn(words),
  estimate: (
    table,
  ) => `SELECT greatest(c.reltuples::float8, coalesce(pg_stat_get_live_tuples(c.oid), 0), 0)::bigint AS n
  FROM pg_class c WHERE c.oid = ${quoteLiteral(quoteRef(table))}::regclass`,
  lagMs,
};
