// Operations as SQLite's SQL.
// In: completed operations, the schema before, the project's naming. Out: segments of statements.
// Must not know a connection, a revision or a plan.

import type { CompileInput, Traits } from '../../dialect/dialect.ts';
import type { Segment, Statement } from '../../dialect/statement.ts';
import { hashJson } from '../../kernel/hash.ts';
import type { Operation, OperationHandlers, OperationKind, OperationOf } from '../../operations/operation.ts';
import { dispatch } from '../../operations/operation.ts';
import { openDraft } from '../../schema/draft.ts';
import type { Table, TableRef } from '../../schema/schema.ts';
import { refOf, sameRef } from '../../schema/schema.ts';
import { addColumn, dropColumn, rebuild, renameColumn } from './compile-column.ts';
import * as rows from './compile-data.ts';
import * as index from './compile-index.ts';
import * as table from './compile-table.ts';
import { refuseUnique } from './lacking.ts';
import { nameTable } from './part-names.ts';
import { type Context, type Piece, tableOf } from './pieces.ts';
import { rebuildTable } from './rebuild.ts';
import { columnsKept, simulate, triggersOf, usesOfEnum } from './simulate.ts';
import { resolve } from './targets.ts';
import { backfill } from './walk.ts';

function rebuildFor(from: Table, to: Table, run: readonly Operation[], context: Context): readonly Piece[] {
  const named = nameTable(to, to, context.naming);
  const triggers = triggersOf(context.draft, from);
  return rebuildTable({ from, to: named, kept: columnsKept(from, run), triggers });
}

function addEnumValue(operation: OperationOf<'addEnumValue'>, context: Context): readonly Piece[] {
  return usesOfEnum(operation, context).flatMap(({ from, to }) => rebuildFor(from, to, [], context));
}

const handlers: OperationHandlers<Context, readonly Piece[] | 'rebuild'> = {
  createTable: table.createTable,
  dropTable: table.dropTable,
  renameTable: table.renameTable,
  setTableComment: table.nothing,
  addColumn,
  dropColumn,
  renameColumn,
  alterColumn: rebuild,
  setColumnComment: table.nothing,
  createIndex: index.createIndex,
  dropIndex: index.dropIndex,
  addPrimaryKey: rebuild,
  dropPrimaryKey: rebuild,
  addUnique: ({ unique }) => {
    refuseUnique('addUnique', unique);
    return 'rebuild';
  },
  dropUnique: rebuild,
  addForeignKey: rebuild,
  dropForeignKey: rebuild,
  addCheck: rebuild,
  dropCheck: rebuild,
  // Every constraint is valid from the start.
  validateConstraint: table.nothing,
  createEnum: table.nothing,
  dropEnum: table.nothing,
  addEnumValue,
  createNamespace: table.createNamespace,
  dropNamespace: table.dropNamespace,
  createView: table.createView,
  dropView: table.dropView,
  createTrigger: table.createTrigger,
  dropTrigger: table.dropTrigger,
  createRoutine: table.createRoutine,
  dropRoutine: table.dropRoutine,
  createSequence: table.createSequence,
  dropSequence: table.dropSequence,
  execute: rows.execute,
  run: rows.run,
  insertRows: rows.insertRows,
  deleteRows: rows.deleteRows,
  backfill,
  assert: rows.assert,
};

/** The kinds that one rebuild can carry out together. A renaming is none: only ALTER changes the texts of others. */
const together: ReadonlySet<OperationKind> = new Set<OperationKind>([
  'setTableComment',
  'setColumnComment',
  'addColumn',
  'dropColumn',
  'alterColumn',
  'createIndex',
  'dropIndex',
  'addPrimaryKey',
  'dropPrimaryKey',
  'addUnique',
  'dropUnique',
  'addForeignKey',
  'dropForeignKey',
  'addCheck',
  'dropCheck',
  'validateConstraint',
]);

/** The table of an operation that may share a rebuild. */
function sharedTable(operation: Operation | undefined): TableRef | null {
  if (operation === undefined || !together.has(operation.kind) || !('table' in operation)) return null;
  return refOf(operation.table);
}

/** The end of the operations from `start` on that may share a rebuild. */
function endOfRun(operations: readonly Operation[], start: number): number {
  const table = sharedTable(operations[start]);
  const isShared = (operation: Operation | undefined) => {
    const other = sharedTable(operation);
    return table !== null && other !== null && sameRef(table, other);
  };
  let end = start + 1;
  while (isShared(operations[end])) end += 1;
  return end;
}

/** A piece with the position of its operation. */
interface Placed {
  readonly piece: Piece;
  readonly operation: number;
}

/** Several changes of one table, by ALTER where it can do them all, else by one rebuild. */
function compileRun(run: readonly Operation[], start: number, context: Context): readonly Placed[] {
  const ref = sharedTable(run[0]);
  const from = ref && tableOf('alterColumn', ref, context);
  const compiled = run.map((given) => {
    const operation = resolve(given, context);
    const pieces = dispatch(handlers, operation, context);
    simulate(operation, context);
    return pieces;
  });
  if (ref === null || from === null || !compiled.includes('rebuild')) {
    return compiled.flatMap((pieces, at) =>
      pieces === 'rebuild' ? [] : pieces.map((piece) => ({ piece, operation: start + at })),
    );
  }
  const to = tableOf('alterColumn', ref, context);
  const same = columnsKept(from, run).size === from.columns.length && hashJson(from) === hashJson(to);
  const pieces = same ? [] : rebuildFor(from, to, run, context);
  return pieces.map((piece) => ({ piece, operation: start + run.length - 1 }));
}

type Mode = Segment['mode'];

const isApart = (mode: Mode | 'any'): boolean => mode === 'autocommit' || mode === 'batches';

/** Neighbours that may share a transaction form one segment. */
function segmentsOf(placed: readonly Placed[]): readonly Segment[] {
  const segments: { mode: Mode | 'any'; statements: Statement[] }[] = [];
  for (const { piece, operation } of placed) {
    const { mode, sql, parameters, kind, hazards, walk } = piece;
    const last = segments.at(-1);
    const joins = last && !isApart(last.mode) && !isApart(mode);
    const fits = joins && (last.mode === mode || mode === 'any' || last.mode === 'any');
    const segment = fits ? last : { mode, statements: [] };
    if (segment.mode === 'any') segment.mode = mode;
    if (segment !== last) segments.push(segment);
    segment.statements.push({ sql, parameters, operation, kind, hazards, ...(walk ? { walk } : {}) });
  }
  return segments.map(({ mode, statements }) => ({
    mode: mode === 'any' ? 'transaction' : mode,
    statements,
  }));
}

/** `Dialect.compile` of SQLite. */
export function compile(input: CompileInput, traits: Traits): readonly Segment[] {
  const context: Context = {
    draft: openDraft(input.before),
    naming: input.naming,
    maxParameters: traits.maxParameters,
  };
  const placed: Placed[] = [];
  for (let start = 0; start < input.operations.length; ) {
    const end = endOfRun(input.operations, start);
    placed.push(...compileRun(input.operations.slice(start, end), start, context));
    start = end;
  }
  return segmentsOf(placed);
}
