// What a program did → what its revision does.
// In: a trace. Out: blocks: operations, and marks for a human. Must not know a connection or a library.

import type { Dialect } from '../../dialect/dialect.ts';
import type { Operation } from '../../operations/operation.ts';
import type { Schema } from '../../schema/schema.ts';
import { operationsBetween, rowSql, unseenSql } from './operations.ts';
import type { Piece, RowsRead } from './session.ts';
import { rowsMoved } from './statement.ts';
import type { Trace } from './walk.ts';

/** A part of a revision. */
export type Block =
  | { readonly kind: 'operations'; readonly before: Schema; readonly operations: readonly Operation[] }
  /** It depends on rows: until a human has looked, it refuses where there are others than there were. */
  | { readonly kind: 'rows'; readonly tables: readonly RowsRead[]; readonly stack: string };

type Names = ReadonlySet<string>;

const namesIn = ({ tables }: Schema): readonly string[] => tables.map(({ name }) => name.toLowerCase());

/** A copy between a table and the one that takes its place: what a server that cannot alter tables needs. */
function isRebuild(piece: Piece, lasting: Names, { syntax }: Dialect): boolean {
  if (piece.kind !== 'rows') return false;
  const moved = rowsMoved(piece.sql, syntax);
  if (moved === null) return false;
  return [moved.into, ...moved.from].some(({ name }) => !lasting.has(name.toLowerCase()));
}

type SchemaPiece = Extract<Piece, { readonly kind: 'schema' }>;

/** With the copies of rebuilds among the changes of the schema that they are a part of. */
function withoutRebuilds({ before, pieces, after }: Trace, dialect: Dialect): readonly Piece[] {
  const lasting = new Set([...namesIn(before), ...namesIn(after)]);
  const kept: Piece[] = [];
  let copied: readonly string[] = [];
  for (const piece of pieces) {
    if (piece.kind === 'rows' && dialect.traits.rebuildsTables && isRebuild(piece, lasting, dialect)) {
      copied = [...copied, piece.sql];
      continue;
    }
    const last = kept.at(-1);
    if (piece.kind !== 'schema') {
      kept.push(piece);
      continue;
    }
    const merged: SchemaPiece = {
      ...piece,
      statements: [...(last?.kind === 'schema' ? last.statements : []), ...copied, ...piece.statements],
    };
    copied = [];
    if (last?.kind === 'schema') kept.pop();
    kept.push(merged);
  }
  return kept;
}

/** True if nothing was changed but the schema. */
export const changesSchemaOnly = (trace: Trace, dialect: Dialect): boolean =>
  withoutRebuilds(trace, dialect).every(({ kind }) => kind === 'schema');

function operationsOf(piece: Piece, now: Schema, dialect: Dialect): readonly Operation[] {
  if (piece.kind === 'schema')
    return operationsBetween({ before: now, after: piece.after }, piece.statements, dialect);
  if (piece.kind === 'rows') return [rowSql(piece.sql, dialect.syntax)];
  return piece.kind === 'other' ? [unseenSql(piece.sql)] : [];
}

type ReadPiece = Extract<Piece, { readonly kind: 'read' }>;

/** Each table is asked for once. */
function addRead({ tables: all, stack }: ReadPiece, blocks: Block[], asked: Set<string>): void {
  const tables = all.filter(({ table }) => !asked.has(JSON.stringify(table)));
  for (const { table } of tables) asked.add(JSON.stringify(table));
  if (tables.length > 0) blocks.push({ kind: 'rows', tables, stack });
}

function addOperations(operations: readonly Operation[], before: Schema, blocks: Block[]): void {
  const last = blocks.at(-1);
  if (last?.kind === 'operations')
    blocks[blocks.length - 1] = { ...last, operations: [...last.operations, ...operations] };
  else if (operations.length > 0) blocks.push({ kind: 'operations', before, operations });
}

/** The blocks of a trace, in order. */
export function blocksOf(trace: Trace, dialect: Dialect): readonly Block[] {
  const blocks: Block[] = [];
  const asked = new Set<string>();
  let now = trace.before;
  for (const piece of withoutRebuilds(trace, dialect)) {
    if (piece.kind === 'read') addRead(piece, blocks, asked);
    else addOperations(operationsOf(piece, now, dialect), now, blocks);
    if (piece.kind === 'schema' || piece.kind === 'other') now = piece.after;
  }
  return blocks;
}
