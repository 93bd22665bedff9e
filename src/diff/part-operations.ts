import { indexColumns, targetOf } from '../operations/match.ts';
import type { Operation } from '../operations/operation.ts';
import type { Check, ForeignKey, Index, PrimaryKey, TableRef, Unique } from '../schema/schema.ts';

/** The operation that drops a part, with what it was: a part without a name may share its columns with others. */
export const dropping = {
  primaryKey: (table: TableRef, was: PrimaryKey): Operation => ({ kind: 'dropPrimaryKey', table, was }),
  unique: (table: TableRef, was: Unique): Operation => ({
    kind: 'dropUnique',
    table,
    target: targetOf(was, was.columns),
    was,
  }),
  foreignKey: (table: TableRef, was: ForeignKey): Operation => ({
    kind: 'dropForeignKey',
    table,
    target: targetOf(was, was.columns),
    was,
  }),
  check: (table: TableRef, was: Check): Operation => ({
    kind: 'dropCheck',
    table,
    target: was.name === null ? { sql: was.sql } : { name: was.name },
    was,
  }),
  index: (table: TableRef, was: Index): Operation => ({
    kind: 'dropIndex',
    table,
    target: targetOf(was, indexColumns(was)),
    was,
    concurrently: false,
  }),
} as const;

/** The operation that adds a part. */
export const adding = {
  primaryKey: (table: TableRef, primaryKey: PrimaryKey): Operation => ({
    kind: 'addPrimaryKey',
    table,
    primaryKey,
    nullable: [],
  }),
  unique: (table: TableRef, unique: Unique): Operation => ({ kind: 'addUnique', table, unique }),
  foreignKey: (table: TableRef, foreignKey: ForeignKey): Operation => ({
    kind: 'addForeignKey',
    table,
    foreignKey,
  }),
  check: (table: TableRef, check: Check): Operation => ({ kind: 'addCheck', table, check }),
  index: (table: TableRef, index: Index): Operation => ({
    kind: 'createIndex',
    table,
    index,
    concurrently: false,
  }),
} as const;

/** The operation that checks present rows against a constraint. */
export const validating = (table: TableRef, was: ForeignKey | Check): Operation => ({
  kind: 'validateConstraint',
  table,
  target:
    was.name === null ? ('sql' in was ? { sql: was.sql } : { columns: was.columns }) : { name: was.name },
  was,
});
