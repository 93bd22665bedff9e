import { SurefootError } from '../../kernel/errors.ts';
import { findTarget, indexColumns } from '../../operations/match.ts';
import type { OperationHandlers } from '../../operations/operation.ts';
import { foldTable } from './normalize.ts';
import { nameTable } from './part-names.ts';
import { type Context, ddl, hazard, lookupOf, type Piece, tableOf } from './pieces.ts';
import { quoteRef } from './quote.ts';
import { spellIndex } from './spelling.ts';

type Handlers = OperationHandlers<Context, readonly Piece[]>;

export const createIndex: Handlers['createIndex'] = ({ table: ref, index }, { draft, naming }) => {
  const before = tableOf('createIndex', ref, draft);
  // Alone in its table the index is found again, whatever name it gets.
  const alone = foldTable({ ...before, indexes: [index] }, lookupOf(draft));
  const all = [...before.indexes, ...alone.indexes];
  const [named] = nameTable({ ...before, indexes: all }, before, naming).indexes.slice(-1);
  if (named === undefined) return [];
  const hazards = index.unique ? [hazard('fails-on-rows', 'fails on rows with equal values')] : [];
  return [ddl(spellIndex(named, before), ...hazards)];
};

export const dropIndex: Handlers['dropIndex'] = ({ table: ref, target }, { draft }) => {
  const table = tableOf('dropIndex', ref, draft);
  const found = findTarget(table.indexes, target, indexColumns);
  if (found?.name) return [ddl(`DROP INDEX ${quoteRef({ namespace: table.namespace, name: found.name })}`)];
  const object = 'name' in target ? target.name : `${table.name} (${target.columns.join(', ')})`;
  throw new SurefootError('operation/unknown-object', `dropIndex: there is no index ${object}.`, {
    details: { operation: 'dropIndex', object },
    hint: 'Compare the revision with the schema that the database has at this point.',
  });
};
