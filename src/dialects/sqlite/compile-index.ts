import type { OperationHandlers } from '../../operations/operation.ts';
import { refuseIndex } from './lacking.ts';
import { foldTable } from './normalize.ts';
import { nameTable } from './part-names.ts';
import { type Context, ddl, hazard, lookupOf, type Piece, tableOf } from './pieces.ts';
import { quoteRef } from './quote.ts';
import { spellIndex } from './spelling.ts';

type Handlers = OperationHandlers<Context, readonly Piece[]>;

export const createIndex: Handlers['createIndex'] = ({ table: ref, index }, context) => {
  refuseIndex('createIndex', index);
  const before = tableOf('createIndex', ref, context);
  // Alone in its table the index is found again, whatever name it gets.
  const alone = foldTable({ ...before, indexes: [index] }, lookupOf(context.draft));
  const all = [...before.indexes, ...alone.indexes];
  const [named] = nameTable({ ...before, indexes: all }, before, context.naming).indexes.slice(-1);
  if (named === undefined) return [];
  const hazards = index.unique ? [hazard('fails-on-rows', 'fails on rows with equal values')] : [];
  return [ddl(spellIndex(named, before), ...hazards)];
};

/** Its target is a name by now: every index of a table that is there has one. */
export const dropIndex: Handlers['dropIndex'] = ({ table: { namespace }, target }) =>
  'name' in target ? [ddl(`DROP INDEX ${quoteRef({ namespace, name: target.name })}`)] : [];
