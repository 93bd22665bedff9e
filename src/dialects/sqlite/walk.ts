// Walking through a table of SQLite.
// In: a backfill, its table. Out: a piece, and SQL for each batch. Must not know who sends it.

import type { KeyColumn, Walking, WalkWords } from '../../dialect/walk.ts';
import { keyToWalk, walkingIn, wholeUpdate } from '../../dialect/walk.ts';
import type { OperationOf } from '../../operations/operation.ts';
import type { Table } from '../../schema/schema.ts';
import type { Context, Piece } from './pieces.ts';
import { data, tableOf } from './pieces.ts';
import { quote, quoteRef, sameName } from './quote.ts';
import { hiddenRowid } from './rowid.ts';

// Values have types of their own, whatever their column says: quote() writes each down as the literal that it is.
const words: WalkWords = {
  quote,
  table: quoteRef,
  column: ({ name, as }) => (as === 'rowid' ? name : quote(name)),
  text: (expression) => `quote(${expression})`,
  value: (text) => text,
  comparesRows: true,
};

/** Most tables have a rowid, which is unique and never NULL, whatever the declared key holds. */
function keyOf(operation: OperationOf<'backfill'>, table: Table): readonly KeyColumn[] {
  const rowid = hiddenRowid(table);
  const declared = () => keyToWalk({ operation, table, form: () => 'literal', sameName });
  if (rowid === null) return declared();
  const isWritten = operation.change.set.some(({ column }) => sameName(column, rowid));
  return isWritten ? declared() : [{ name: rowid, as: 'rowid' }];
}

/** An UPDATE, batch by batch. */
export function backfill(operation: OperationOf<'backfill'>, context: Context): readonly Piece[] {
  const { table: ref, change, pace } = operation;
  const key = keyOf(operation, tableOf('backfill', ref, context));
  const whole = data(wholeUpdate({ table: ref, change }, words));
  return [{ ...whole, mode: 'batches', walk: { table: ref, key, change, pace } }];
}

export const sqliteWalking: Walking = {
  ...walkingIn(words),
  estimate: (table) => `SELECT count(*) AS n FROM ${quoteRef(table)}`,
  replication: null,
};
