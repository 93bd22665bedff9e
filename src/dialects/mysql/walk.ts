// Walking through a table of MySQL or MariaDB.
// In: a backfill, its table. Out: a piece, and SQL for each batch. Must not know who sends it.

import type { Walking, WalkWords } from '../../dialect/walk.ts';
import { keyToWalk, walkingIn, wholeUpdate } from '../../dialect/walk.ts';
import type { OperationOf } from '../../operations/operation.ts';
import type { Column } from '../../schema/schema.ts';
import { displayRef } from '../../schema/schema.ts';
import { isTransactional } from './data-guard.ts';
import type { Moment, Piece } from './pieces.ts';
import { data, tableBefore, unsupported } from './pieces.ts';
import { literal, quote, quoteRef } from './quote.ts';
import { replicationFor } from './replication.ts';
import type { MysqlTraits } from './traits.ts';
import { familyOf } from './types.ts';

// The server goes through an index in the order of `a > 1 OR (a = 1 AND b > 2)`, not of `(a, b) > (1, 2)`.
const words: WalkWords = {
  quote,
  table: quoteRef,
  column: ({ name }) => quote(name),
  text: (expression, { as }) => (as === 'bytes' ? `HEX(${expression})` : `CAST(${expression} AS CHAR)`),
  value: (text, { as }) => (as === 'bytes' ? `x'${text}'` : as === 'number' ? text : literal(text)),
  comparesRows: false,
};

/** Values of an enum have another order as texts, and those of a float are not written down exactly. */
function form({ type }: Column): string | null {
  switch (familyOf(type)) {
    case 'boolean':
    case 'integer':
    case 'decimal':
      return 'number';
    case 'text':
      return type.kind === 'varchar' || type.kind === 'char' ? 'text' : null;
    case 'temporal':
      return 'text';
    case 'binary':
      return 'bytes';
    default:
      return type.kind === 'uuid' ? 'text' : null;
  }
}

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** An UPDATE, batch by batch. */
export function backfill(operation: OperationOf<'backfill'>, moment: Moment): readonly Piece[] {
  const { table: ref, change, pace } = operation;
  const table = tableBefore(operation, moment);
  if (!isTransactional(table)) {
    const engine = String(table.options['engine']);
    throw unsupported(
      'backfill',
      `backfill: table ${displayRef(ref)} has the engine ${engine}, which knows no transactions: a batch and its place in the journal could not be kept together`,
      'Move the table to InnoDB first, or use op.run with `repeatable: true`.',
    );
  }
  const key = keyToWalk({ operation, table, form, sameName });
  const whole = data(wholeUpdate({ table: ref, change }, words));
  return [{ ...whole, mode: 'batches', walk: { table: ref, key, change, pace } }];
}

export function walkingFor(traits: MysqlTraits): Walking {
  return {
    ...walkingIn(words),
    estimate: ({ namespace, name }) =>
      `SELECT TABLE_ROWS AS n FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${namespace === null ? 'DATABASE()' : literal(namespace)} AND TABLE_NAME = ${literal(name)}`,
    replication: replicationFor(traits),
  };
}
