// Operations as the SQL of MySQL and MariaDB.
// In: completed operations, the schema before, the project's naming. Out: segments of statements.
// Must not know a connection, a revision or a plan.

import type { CompileInput } from '../../dialect/dialect.ts';
import type { Hazard, Segment, Statement } from '../../dialect/statement.ts';
import type { OperationHandlers } from '../../operations/operation.ts';
import { dispatch } from '../../operations/operation.ts';
import { refKey } from '../../schema/schema.ts';
import { alterationOf } from './alteration.ts';
import * as column from './compile-column.ts';
import * as rows from './compile-data.ts';
import * as object from './compile-objects.ts';
import * as part from './compile-parts.ts';
import * as table from './compile-table.ts';
import { withEndWait } from './end-wait.ts';
import type { Clause, Moment, Piece, Whole } from './pieces.ts';
import { hazard } from './pieces.ts';
import { quoteRef } from './quote.ts';
import { renameColumn } from './rename-column.ts';
import { simulate } from './simulate.ts';
import type { MysqlTraits } from './traits.ts';
import { backfill } from './walk.ts';

const handlers: OperationHandlers<Moment, readonly Piece[]> = {
  createTable: table.createTable,
  dropTable: table.dropTable,
  renameTable: table.renameTable,
  setTableComment: table.setTableComment,
  addColumn: column.addColumn,
  dropColumn: column.dropColumn,
  renameColumn,
  alterColumn: column.alterColumn,
  setColumnComment: column.setColumnComment,
  createIndex: part.createIndex,
  dropIndex: part.dropIndex,
  addPrimaryKey: part.addPrimaryKey,
  dropPrimaryKey: part.dropPrimaryKey,
  addUnique: part.addUnique,
  dropUnique: part.dropUnique,
  addForeignKey: part.addForeignKey,
  dropForeignKey: part.dropForeignKey,
  addCheck: part.addCheck,
  dropCheck: part.dropCheck,
  validateConstraint: part.validateConstraint,
  createEnum: object.nothing,
  dropEnum: object.nothing,
  addEnumValue: column.addEnumValue,
  createNamespace: object.refuseNamespace,
  dropNamespace: object.refuseNamespace,
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

/** A statement on its way: an ALTER TABLE may still grow. */
interface Growing {
  readonly operation: number;
  readonly clauses: readonly Clause[];
  readonly whole: Whole | null;
  /** True: nobody uses its table yet. */
  readonly isNew: boolean;
}

/** True if the clause may join an ALTER TABLE: same table, same family, nothing that it needs touched already. */
function joins(growing: Growing | undefined, clause: Clause): boolean {
  const [first] = growing?.clauses ?? [];
  if (!growing || !first || first.family !== clause.family) return false;
  if (refKey(first.table) !== refKey(clause.table)) return false;
  const touched = growing.clauses.flatMap((one) => one.touches);
  return !clause.after.some((name) => touched.includes(name));
}

function grow(
  all: Growing[],
  piece: Piece,
  { operation, isNew }: Pick<Growing, 'operation' | 'isNew'>,
): void {
  const last = all.at(-1);
  if (piece.form === 'whole') all.push({ operation, clauses: [], whole: piece, isNew });
  else if (last && joins(last, piece)) {
    all[all.length - 1] = { ...last, operation, clauses: [...last.clauses, piece] };
  } else all.push({ operation, clauses: [piece], whole: null, isNew });
}

function alterSql(clauses: readonly Clause[]): string {
  const [first] = clauses;
  if (!first) return '';
  const head = `ALTER TABLE ${quoteRef(first.table)}`;
  return clauses.length === 1
    ? `${head} ${first.sql}`
    : `${head}\n  ${clauses.map((one) => one.sql).join(',\n  ')}`;
}

const rebuilt = hazard('table-rewrite', 'every row is written again');

/** A column comes instantly and an index in place; to do both in one statement, the server writes the table again. */
function mixesWays({ clauses, isNew }: Growing): boolean {
  const says = (word: RegExp) => clauses.some(({ sql }) => word.test(sql));
  return !isNew && says(/^ADD COLUMN /) && says(/^ADD (?:UNIQUE |FULLTEXT |SPATIAL )?(?:INDEX|KEY) /);
}

/** To take a primary key away is a copy, unless another comes in the same statement. */
function hazardsOf(clauses: readonly Clause[]): readonly Hazard[] {
  const isReplaced = clauses.some(({ sql }) => sql.startsWith('ADD PRIMARY KEY'));
  return clauses.flatMap(({ sql, hazards }) =>
    isReplaced && sql.startsWith('DROP PRIMARY KEY') ? [] : hazards,
  );
}

function statementOf(growing: Growing, traits: MysqlTraits): Statement {
  const { operation, clauses, whole, isNew } = growing;
  if (whole) {
    const { sql, kind, hazards, walk } = whole;
    return { sql, parameters: [], operation, kind, hazards, ...(walk ? { walk } : {}) };
  }
  const hazards = new Map(
    [...hazardsOf(clauses), ...(mixesWays(growing) ? [rebuilt] : [])].map((one) => [
      `${one.code} ${one.message}`,
      one,
    ]),
  );
  const alteration = isNew ? null : alterationOf(clauses, traits);
  return {
    sql: alterSql(clauses),
    parameters: [],
    operation,
    kind: 'ddl',
    hazards: [...hazards.values()],
    ...(alteration ? { alteration } : {}),
  };
}

const commits = hazard('not-transactional', 'commits by itself: a failure later leaves it done');

function segmentsOf(all: readonly Growing[], traits: MysqlTraits): readonly Segment[] {
  const segments: { readonly mode: Segment['mode']; readonly statements: Statement[] }[] = [];
  for (const growing of all) {
    const mode = growing.whole?.mode ?? 'autocommit';
    const plain = withEndWait(statementOf(growing, traits));
    const isDdl = plain.kind === 'ddl' && all.length > 1;
    const statement = isDdl ? { ...plain, hazards: [...plain.hazards, commits] } : plain;
    const last = segments.at(-1);
    if (last?.mode === mode && mode !== 'batches') last.statements.push(statement);
    else segments.push({ mode, statements: [statement] });
  }
  return segments;
}

/**
 * Compiles operations. Alterations of one table that follow each other become one ALTER TABLE, which is atomic, as far
 * as the server lets their clauses stand together; DDL stands outside of transactions, since it would end them.
 */
export function compile(input: CompileInput, traits: MysqlTraits): readonly Segment[] {
  const all: Growing[] = [];
  for (const { operation, position, moment } of simulate(input, traits)) {
    for (const piece of dispatch(handlers, operation, moment)) {
      grow(all, piece, { operation: position, isNew: moment.isNew });
    }
  }
  return segmentsOf(all, traits);
}
