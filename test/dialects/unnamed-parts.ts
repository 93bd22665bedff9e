// Parts that their author left unnamed, several of them over the same columns.
// Out: a table, what is added to it one by one, the way back. Must not know a dialect.

import { invert } from '../../src/operations/apply.ts';
import type { Operation } from '../../src/operations/operation.ts';
import { t } from '../../src/schema/column-builder.ts';
import type { Index, Unique } from '../../src/schema/schema.ts';
import { toIndex, toTable } from '../../src/schema/table-builder.ts';

const id = t.integer().notNull().primaryKey();
export const parent = toTable('parent', { id });
export const child = toTable(
  'child',
  {
    id,
    x: t.integer(),
    y: t.integer(),
    name: t.varchar(40),
    one: t.integer(),
    two: t.integer(),
  },
  { checks: ['x > 0'], indexes: [['name']] },
);
const table = { namespace: null, name: 'child' };

const check = (sql: string): Operation => ({
  kind: 'addCheck',
  table,
  check: { name: null, sql, valid: true },
});
const index = (one: Index): Operation => ({ kind: 'createIndex', table, index: one, concurrently: false });
const unique = (columns: readonly string[]): Operation => {
  const one: Unique = { name: null, columns, nullsNotDistinct: false, deferrable: 'no' };
  return { kind: 'addUnique', table, unique: one };
};
const key = (column: string): Operation => ({
  kind: 'addForeignKey',
  table,
  foreignKey: {
    name: null,
    columns: [column],
    references: { table: { namespace: null, name: 'parent' }, columns: ['id'] },
    onDelete: column === 'one' ? 'cascade' : 'no-action',
    onUpdate: 'no-action',
    deferrable: 'no',
    valid: true,
  },
});

/** Beside those that the table has. */
export const additions: Readonly<Record<string, readonly Operation[]>> = {
  'a check that is spelled otherwise': [check('not x is null')],
  'a check with a range': [check('y between 1 and 5')],
  'checks over one column, one of them spelled otherwise': [check('not x is null'), check('x < 200')],
  'checks with operators': [check('x != 7'), check('x <> 8 or not (y > x)')],
  'a check with strings': [check("name <> 'A'"), check("name <> 'a''b'"), check("name in ('x', 'y')")],
  'an index over the same column': [index({ ...toIndex(['name']), unique: true })],
  'a descending index': [
    index(toIndex([{ column: 'name', descending: true }])),
    index(toIndex(['x', 'name'])),
  ],
  uniques: [unique(['x']), unique(['x', 'y']), unique(['y'])],
  'foreign keys': [key('one'), key('two')],
};

/** For servers that have them. */
export const expressions: Readonly<Record<string, readonly Operation[]>> = {
  'indexes of expressions': [
    index(toIndex([{ sql: 'lower(name)' }])),
    index(toIndex([{ sql: 'upper(name)' }])),
  ],
};
export const partial: Readonly<Record<string, readonly Operation[]>> = {
  'partial indexes': [
    index({ ...toIndex(['name']), where: 'x > 5 and not y is null' }),
    index({ ...toIndex(['name']), where: 'x > 6' }),
  ],
};

/** What undoes them, in the order in which they were made: the earlier ones go while the later ones are there. */
export const undoing = (operations: readonly Operation[]): readonly Operation[] =>
  operations.flatMap((operation) => invert(operation) ?? []);

/** The operations that make the two tables. */
export const base: readonly Operation[] = [
  { kind: 'createTable', table: parent },
  { kind: 'createTable', table: child },
];
