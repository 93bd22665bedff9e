// What a subject of lint does, in one form for operations and raw SQL.
// In: a subject. Out: acts. Must not know rules.

import { serialBase } from '../../../../dialects/postgres/types.ts';
import type { Operation, OperationHandlers, OperationKind } from '../../../../operations/operation.ts';
import { dispatch } from '../../../../operations/operation.ts';
import type { Column, TableRef } from '../../../../schema/schema.ts';
import { displayRef, refKey, refOf } from '../../../../schema/schema.ts';
import type { LintSubject } from '../../../rule.ts';
import type { Act, ActOf, SaidColumn } from './act.ts';
import { readSql } from './read-sql.ts';

const said = (column: Column): SaidColumn => ({
  name: column.name,
  type: column.type,
  defaultSql: column.default?.kind === 'expression' ? column.default.sql : null,
  identity: column.identity !== null || serialBase(column.type) !== null,
  stored: column.generated?.stored === true,
  check: false,
  unique: false,
  primaryKey: false,
});

/** A column that is computed in another way is dropped and added again. */
const recomputed = (table: TableRef, name: string): Act => ({
  kind: 'add-column',
  table,
  column: {
    name,
    type: { kind: 'text' },
    defaultSql: null,
    identity: false,
    stored: true,
    check: false,
    unique: false,
    primaryKey: false,
  },
});

type Readers = { readonly [K in OperationKind]?: OperationHandlers<LintSubject, readonly Act[]>[K] };

const other = ({ table }: { readonly table: TableRef }): readonly Act[] => [{ kind: 'alter-table', table }];

const readers: Readers = {
  createTable: ({ table }) => [
    { kind: 'create-table', table: refOf(table), columns: table.columns.map(said) },
    ...(table.options['unlogged'] === true ? [{ kind: 'unlogged', table: refOf(table) } as const] : []),
    ...table.indexes.map(({ method }): Act => {
      return { kind: 'create-index', table: refOf(table), concurrently: false, method, only: false };
    }),
  ],
  addColumn: ({ table, column }) => [{ kind: 'add-column', table, column: said(column) }],
  dropColumn: other,
  renameColumn: other,
  alterColumn: ({ table, column, changes, was, using }): readonly Act[] => [
    ...(changes.type === undefined
      ? []
      : [{ kind: 'change-type', table, column, to: changes.type, using } as const]),
    ...(changes.nullable === false && was?.nullable !== false
      ? [{ kind: 'set-not-null', table, column } as const]
      : []),
    ...(changes.generated?.stored ? [recomputed(table, column)] : []),
    { kind: 'alter-table', table },
  ],
  createIndex: ({ table, index: { method }, concurrently }) => [
    { kind: 'create-index', table, concurrently, method, only: false },
  ],
  dropIndex: ({ table, target, concurrently }) => [
    {
      kind: 'drop-index',
      table,
      name: 'name' in target ? target.name : `(${target.columns.join(', ')})`,
      concurrently,
    },
  ],
  addPrimaryKey: ({ table }) => [{ kind: 'add-primary-key', table, usesIndex: false }],
  addUnique: ({ table }) => [{ kind: 'add-unique', table, usesIndex: false }],
  dropPrimaryKey: other,
  dropUnique: other,
  dropForeignKey: other,
  dropCheck: other,
  addForeignKey: ({ table, foreignKey }) => [
    { kind: 'add-foreign-key', table, parent: foreignKey.references.table, valid: foreignKey.valid },
  ],
  addCheck: ({ table, check: { valid } }) => [{ kind: 'add-check', table, valid }],
  addEnumValue: (one) => [
    {
      kind: 'add-enum-value',
      enum: displayRef(one.enum),
      value: one.value,
      isPlaced: one.before !== null || one.after !== null,
    },
  ],
  createRoutine: ({ routine }) => [{ kind: 'create-routine', name: displayRef(routine) }],
  execute: ({ sql }, { syntax }) => readSql(sql, syntax),
};

/**
 * What the subject does. Raw SQL is read by its words, which say more than its effect (`CONCURRENTLY`); where no act is
 * read from them (`DO`, a function that is called), its effect speaks.
 */
export function actsOf(subject: LintSubject): readonly Act[] {
  const { operation, sql, syntax } = subject;
  if (sql !== null && operation.kind !== 'execute' && readSql(sql, syntax).length > 0) return [];
  const all = readers as OperationHandlers<LintSubject, readonly Act[]>;
  return Object.hasOwn(readers, operation.kind) ? dispatch(all, operation, subject) : [];
}

/** What an operation does that stands elsewhere in the subject's revision. */
export function actsIn(operation: Operation, subject: LintSubject): readonly Act[] {
  return actsOf({ ...subject, operation, sql: operation.kind === 'execute' ? operation.sql : null });
}

/** The acts of some kinds. */
export function actsOfKind<K extends Act['kind']>(
  subject: LintSubject,
  ...kinds: readonly K[]
): readonly ActOf<K>[] {
  const isOne = (act: Act): act is ActOf<K> => (kinds as readonly Act['kind'][]).includes(act.kind);
  return actsOf(subject).filter(isOne);
}

/** True: nobody uses the table yet, as the same plan has made it, be it by raw SQL. */
export function isNewTable(subject: LintSubject, table: TableRef): boolean {
  const { operation } = subject;
  if (operation.kind === 'createTable' && refKey(operation.table) === refKey(table)) return true;
  if (subject.isNew(table)) return true;
  const before = subject.siblings.slice(0, subject.index);
  return before.some(
    (one) =>
      one.kind === 'execute' &&
      readSql(one.sql, subject.syntax).some(
        (act) =>
          (act.kind === 'create-table' || act.kind === 'create-partition') &&
          refKey(act.table) === refKey(table),
      ),
  );
}

type OnTable = Extract<Act, { readonly table: TableRef }>;
type OnOldTable<K extends Act['kind']> = Extract<OnTable, { readonly kind: K }>;

/** The acts of some kinds on tables that were there before. */
export function onOldTable<K extends OnTable['kind']>(
  subject: LintSubject,
  ...kinds: readonly K[]
): readonly OnOldTable<K>[] {
  const isOne = (act: Act): act is OnOldTable<K> =>
    (kinds as readonly Act['kind'][]).includes(act.kind) && 'table' in act && act.table !== null;
  return actsOf(subject)
    .filter(isOne)
    .filter(({ table }) => !isNewTable(subject, table));
}
