// Walking through a table of PostgreSQL.
// In: a backfill, its table. Out: a piece, and SQL for each batch. Must not know who sends it.

import type { Walking, WalkWords } from '../../dialect/walk.ts';
import { keyToWalk, walkingIn, wholeUpdate } from '../../dialect/walk.ts';
import type { OperationOf } from '../../operations/operation.ts';
import type { Column } from '../../schema/schema.ts';
import { plainType } from './compile-serial.ts';
import type { Context, Piece } from './pieces.ts';
import { data, tableBefore } from './pieces.ts';
import { quoteIdentifier, quoteLiteral, quoteRef } from './quote.ts';
import { postgresReplication } from './replication.ts';
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

export const postgresWalking: Walking = {
  ...walkingIn(words),
  estimate: (
    table,
  ) => `SELECT greatest(c.reltuples::float8, coalesce(pg_stat_get_live_tuples(c.oid), 0), 0)::bigint AS n
  FROM pg_class c WHERE c.oid = ${quoteLiteral(quoteRef(table))}::regclass`,
  replication: postgresReplication,
};
