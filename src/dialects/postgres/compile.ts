// Operations as PostgreSQL's SQL.
// In: completed operations, the schema before, the project's naming. Out: segments of statements.
// Must not know a connection, a revision or a plan.

import type { CompileInput } from '../../dialect/dialect.ts';
import type { Segment, Statement } from '../../dialect/statement.ts';
import { applyTo } from '../../operations/apply.ts';
import { resolveDrop } from '../../operations/living-part.ts';
import type { Operation, OperationHandlers } from '../../operations/operation.ts';
import { dispatch } from '../../operations/operation.ts';
import { openDraft } from '../../schema/draft.ts';
import type { Table } from '../../schema/schema.ts';
import { refKey } from '../../schema/schema.ts';
import * as column from './compile-column.ts';
import * as constraint from './compile-constraint.ts';
import * as rows from './compile-data.ts';
import * as object from './compile-objects.ts';
import * as table from './compile-table.ts';
import { foldTable, frameOf } from './normalize.ts';
import { named, namedTable } from './part-names.ts';
import type { Context, Piece } from './pieces.ts';
import { backfill } from './walk.ts';

const handlers: OperationHandlers<Context, readonly Piece[]> = {
  createTable: table.createTable,
  dropTable: table.dropTable,
  renameTable: table.renameTable,
  setTableComment: table.setTableComment,
  addColumn: column.addColumn,
  dropColumn: column.dropColumn,
  renameColumn: column.renameColumn,
  alterColumn: column.alterColumn,
  setColumnComment: column.setColumnComment,
  createIndex: constraint.createIndex,
  dropIndex: constraint.dropIndex,
  addPrimaryKey: constraint.addPrimaryKey,
  dropPrimaryKey: constraint.dropPrimaryKey,
  addUnique: constraint.addUnique,
  dropUnique: constraint.dropUnique,
  addForeignKey: constraint.addForeignKey,
  dropForeignKey: constraint.dropForeignKey,
  addCheck: constraint.addCheck,
  dropCheck: constraint.dropCheck,
  validateConstraint: constraint.validateConstraint,
  createEnum: object.createEnum,
  dropEnum: object.dropEnum,
  addEnumValue: object.addEnumValue,
  createNamespace: object.createNamespace,
  dropNamespace: object.dropNamespace,
  createView: object.createView,
  dropView: object.dropView,
  createTrigger: object.createTrigger,
  dropTrigger: object.dropTrigger,
  createRoutine: object.createRoutine,
  dropRoutine: object.dropRoutine,
  createSequence: object.createSequence,
  dropSequence: object.dropSequence,
  execute: rows.execute,
  run: rows.run,
  insertRows: rows.insertRows,
  deleteRows: rows.deleteRows,
  backfill,
  assert: rows.assert,
};

/** What compile knows of the server besides the schema. */
export interface Server {
  readonly major: number;
  /** Name of the default namespace. */
  readonly home: string;
}

/** A piece with the operation it belongs to. */
interface Placed {
  readonly piece: Piece;
  readonly operation: number;
}

/** Keeps track of which tables are new, across renames. */
function noteCreated(created: Set<string>, operation: Operation): void {
  if (operation.kind === 'createTable') created.add(refKey(operation.table));
  if (operation.kind === 'renameTable' && created.delete(refKey(operation.from)))
    created.add(refKey(operation.to));
  if (operation.kind === 'dropTable') created.delete(refKey(operation.table));
}

/** What a drop takes away, by the name that it has on the server: the draft's table gets these names. */
function resolved(operation: Operation, { draft, naming, home }: Context): Operation {
  if (!('target' in operation)) return operation;
  const table = draft.tables.get(refKey(operation.table));
  if (!table) return operation;
  const frame = frameOf([...draft.enums.values()], home);
  const form = (one: Table) => namedTable(foldTable(one, frame), naming);
  const living = form(table);
  draft.tables.set(refKey(table), living);
  return resolveDrop(operation, { table: living, form });
}

/** Calls `each` with every operation, its parts named, and the schema as it stands before it. */
export function foldOperations(
  input: CompileInput,
  server: Server,
  each: (operation: Operation, context: Context, position: number) => void,
): void {
  const created = new Set<string>();
  const context: Context = { ...server, draft: openDraft(input.before), naming: input.naming, created };
  input.operations.forEach((given, position) => {
    const operation = resolved(named(given, context.draft, input.naming), context);
    each(operation, context, position);
    applyTo(context.draft, operation);
    noteCreated(created, operation);
  });
}

function statementOf({ piece, operation }: Placed): Statement {
  const { sql, parameters, kind, hazards, walk } = piece;
  return { sql, parameters, operation, kind, hazards, ...(walk ? { walk } : {}) };
}

/** Neighbours that may share a transaction form one segment. */
function segmentsOf(placed: readonly Placed[]): readonly Segment[] {
  const segments: { mode: Segment['mode']; statements: Statement[] }[] = [];
  let open: Statement[] | null = null;
  for (const one of placed) {
    const statement = statementOf(one);
    const { place } = one.piece;
    if (place === 'alone' || place === 'batches') {
      segments.push({ mode: place === 'alone' ? 'autocommit' : place, statements: [statement] });
      open = null;
      continue;
    }
    if (open === null) {
      open = [];
      segments.push({ mode: 'transaction', statements: open });
    }
    open.push(statement);
    if (place === 'last') open = null;
  }
  return segments;
}

/** The operations as segments, in the order given. */
export function compile(input: CompileInput, server: Server): readonly Segment[] {
  const placed: Placed[] = [];
  foldOperations(input, server, (operation, context, position) => {
    const pieces = dispatch(handlers, operation, context);
    placed.push(...pieces.map((piece) => ({ piece, operation: position })));
  });
  return segmentsOf(placed);
}
