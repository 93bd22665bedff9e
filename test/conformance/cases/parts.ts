import { t, toForeignKey } from '../../../src/schema/column-builder.ts';
import type { Deferrable, ReferentialAction } from '../../../src/schema/schema.ts';
import type { IndexOptions, IndexPartInput } from '../../../src/schema/table-builder.ts';
import type { Written } from '../world.ts';
import type { Case, Cases, Reasons } from './case.ts';
import { both, item, owner } from './case.ts';

const index = (
  name: string,
  columns: readonly IndexPartInput[],
  options: IndexOptions & { readonly concurrently?: boolean } = {},
  more: Partial<Case> = {},
): Case => ({ name, before: item, up: (op) => op.createIndex('item', columns, options), ...more });

// What only makes an index faster (INCLUDE, a method, an operator class) is left out where a server does not have it.
const onlyPostgres = (what: string): Reasons => ({
  sqlite: `SQLite has no ${what}`,
  mysql: `MySQL has no ${what}`,
});

const created: readonly Case[] = [
  index('unnamed', ['name']),
  index('named', ['name', 'n'], { name: 'by name' }),
  index('unique', ['n', 'code'], { unique: true }),
  index('descending', [{ column: 'n', descending: true }, 'name']),
  index(
    'over an expression',
    [{ sql: 'lower(name)' }],
    { name: 'ix_lower' },
    {
      unsupported: { mariadb: 'MariaDB has no indexes over expressions' },
    },
  ),
  index(
    'over an expression and a column, unique',
    [{ sql: 'lower(name)' }, 'n'],
    { name: 'ix_lower', unique: true },
    {
      unsupported: { mariadb: 'MariaDB has no indexes over expressions' },
    },
  ),
  index(
    'partial',
    ['name'],
    { where: 'n > 3', name: 'ix_some' },
    {
      unsupported: { mysql: 'MySQL has no partial indexes' },
    },
  ),
  index(
    'nulls first and last',
    [
      { column: 'n', nulls: 'first' },
      { column: 'price', descending: true, nulls: 'last' },
    ],
    {},
  ),
  index('with more columns', ['name'], { include: ['n', 'code'] }),
  index(
    'nulls not distinct',
    ['code'],
    { unique: true, nullsNotDistinct: true },
    {
      unsupported: { ...onlyPostgres('NULLS NOT DISTINCT'), postgres14: 'it came with PostgreSQL 15' },
    },
  ),
  index('of a method', ['n'], { method: 'hash' }),
  index('concurrently', ['n'], { concurrently: true }),
  {
    name: 'over a prefix',
    before: item,
    up: (op) => op.createIndex('item', [{ column: 'name', length: 5 }]),
  },
  {
    name: 'with an operator class',
    before: item,
    up: (op) => op.createIndex('item', [{ column: 'name', operatorClass: 'text_pattern_ops' }]),
  },
  {
    name: 'with a collation',
    before: item,
    up: (op, { dialect }) =>
      op.createIndex('item', [{ column: 'name', collation: dialect === 'sqlite' ? 'NOCASE' : 'C' }]),
  },
  {
    name: 'of a method that is not for order',
    before: item,
    up: (op, { dialect }) => {
      const method = { sqlite: 'fulltext', postgres: 'brin', mysql: 'fulltext' }[dialect];
      op.createIndex('item', [dialect === 'postgres' ? 'n' : 'name'], { method });
    },
  },
];

const actions: readonly ReferentialAction[] = ['no-action', 'restrict', 'cascade', 'set-null', 'set-default'];

/** An action on both sides: what a server does not have, it refuses. */
const acting = (action: ReferentialAction): Case => ({
  name: `on delete and on update ${action}`,
  before: both(owner, item),
  up: (op) => {
    op.alterColumn('item', 'n', { default: 1 });
    op.execute('UPDATE item SET n = 1', { inverse: [], effect: 'none' });
    op.addForeignKey('item', ['n'], { table: 'owner', columns: ['id'], onDelete: action, onUpdate: action });
  },
  ...(action === 'set-default' ? { unsupported: { mysql: 'InnoDB has no SET DEFAULT' } } : {}),
});

const deferring = (deferrable: Deferrable): Case => ({
  name: `deferrable: ${deferrable}`,
  before: both(owner, item),
  up: (op) => {
    op.addColumn('item', 'x', t.integer());
    op.addForeignKey('item', ['x'], { table: 'owner', columns: ['id'], deferrable, name: 'fk_x' });
  },
  ...(deferrable === 'no' ? {} : { unsupported: { mysql: 'MySQL checks at once' } }),
});

const pair = both(owner, (op) => {
  op.createTable('item', { id: t.integer().primaryKey(), a: t.integer(), b: t.integer() });
  op.insertRows('item', [{ id: 1, a: 1, b: 1 }]);
});

const unchecked = { table: 'owner', columns: ['id'], valid: false } as const;

const looked = 'present rows are looked at when it is added';
const alwaysValid = { sqlite: looked, mariadb: looked } as const;

const keyed: Written = (op) => {
  op.createTable('k', { a: t.integer().notNull(), b: t.integer().notNull(), c: t.integer() });
  op.insertRows('k', [
    { a: 1, b: 1, c: null },
    { a: 1, b: 2, c: 5 },
  ]);
};

export const parts: Cases<
  | 'createIndex'
  | 'dropIndex'
  | 'addPrimaryKey'
  | 'dropPrimaryKey'
  | 'addUnique'
  | 'dropUnique'
  | 'addForeignKey'
  | 'dropForeignKey'
  | 'addCheck'
  | 'dropCheck'
  | 'validateConstraint'
> = {
  createIndex: created,
  dropIndex: [
    {
      name: 'by name',
      before: both(item, (op) => op.createIndex('item', ['n'], { name: 'by_n' })),
      up: (op) => op.dropIndex('item', 'by_n'),
    },
    {
      name: 'by columns',
      before: both(item, (op) => op.createIndex('item', ['n', 'name'])),
      up: (op) => op.dropIndex('item', { columns: ['n', 'name'] }),
    },
    {
      name: 'concurrently',
      before: both(item, (op) => op.createIndex('item', ['n'])),
      up: (op) => op.dropIndex('item', { columns: ['n'] }, { concurrently: true }),
    },
    {
      name: 'one that a foreign key uses',
      before: both(pair, (op) => {
        op.createIndex('item', ['a'], { name: 'ix_a' });
        op.addForeignKey('item', ['a'], { table: 'owner', columns: ['id'] });
      }),
      up: (op) => op.dropIndex('item', 'ix_a'),
    },
  ],
  addPrimaryKey: [
    {
      name: 'over one column',
      before: (op) => {
        op.createTable('k', { a: t.integer().notNull(), c: t.integer() });
        op.insertRows('k', [{ a: 1 }, { a: 2 }], { key: ['a'] });
      },
      up: (op) => op.addPrimaryKey('k', ['a']),
    },
    {
      name: 'over several, named',
      before: keyed,
      up: (op) => op.addPrimaryKey('k', ['b', 'a'], { name: 'pk_of_k' }),
    },
    {
      name: 'over a column that was nullable',
      before: (op) => {
        op.createTable('k', { a: t.integer(), c: t.integer() });
        op.insertRows('k', [{ a: 1, c: 2 }], { key: ['a'] });
      },
      up: (op) => op.addPrimaryKey('k', ['a']),
    },
  ],
  dropPrimaryKey: [
    { name: 'of one column', before: item, up: (op) => op.dropPrimaryKey('item') },
    {
      name: 'of several, and another one',
      before: both(keyed, (op) => op.addPrimaryKey('k', ['a', 'b'])),
      up: (op) => {
        op.dropPrimaryKey('k');
        op.addPrimaryKey('k', ['b']);
      },
    },
  ],
  addUnique: [
    { name: 'unnamed', before: item, up: (op) => op.addUnique('item', ['n']) },
    {
      name: 'named, of two columns',
      before: item,
      up: (op) => op.addUnique('item', ['name', 'code'], { name: 'uq both' }),
    },
    {
      name: 'nulls not distinct',
      before: item,
      up: (op) => op.addUnique('item', ['code'], { nullsNotDistinct: true }),
      unsupported: { ...onlyPostgres('NULLS NOT DISTINCT'), postgres14: 'it came with PostgreSQL 15' },
    },
    {
      name: 'deferrable',
      before: item,
      up: (op) => op.addUnique('item', ['code'], { deferrable: 'initially-deferred' }),
      unsupported: onlyPostgres('deferrable unique constraints'),
    },
  ],
  dropUnique: [
    {
      name: 'by name',
      before: both(item, (op) => op.addUnique('item', ['n'], { name: 'uq_n' })),
      up: (op) => op.dropUnique('item', 'uq_n'),
    },
    {
      name: 'by columns',
      before: both(item, (op) => op.addUnique('item', ['n', 'code'])),
      up: (op) => op.dropUnique('item', { columns: ['n', 'code'] }),
    },
    {
      name: 'one that came with its column',
      before: (op) => op.createTable('item', { id: t.integer().primaryKey(), x: t.varchar(9).unique() }),
      up: (op) => op.dropUnique('item', { columns: ['x'] }),
    },
  ],
  addForeignKey: [
    ...actions.map(acting),
    ...(['no', 'initially-immediate', 'initially-deferred'] as const).map(deferring),
    {
      name: 'over two columns',
      before: pair,
      up: (op) => op.addForeignKey('item', ['a', 'b'], { table: 'owner', columns: ['a', 'b'] }),
    },
    {
      name: 'to its own table',
      before: item,
      up: (op) => {
        op.addColumn('item', 'x', t.integer());
        op.addForeignKey('item', ['x'], { table: 'item', columns: ['id'], name: 'fk_self' });
      },
    },
    {
      name: 'without looking at present rows, where it can',
      before: both(owner, item, (op) => op.addColumn('item', 'parent', t.integer())),
      up: (op) =>
        op.add({
          kind: 'addForeignKey',
          table: { namespace: null, name: 'item' },
          foreignKey: toForeignKey(['parent'], { table: 'owner', columns: ['id'] }, { valid: false }),
        }),
    },
  ],
  dropForeignKey: [
    {
      name: 'by name',
      before: both(pair, (op) =>
        op.addForeignKey('item', ['a'], { table: 'owner', columns: ['id'], name: 'fk_a' }),
      ),
      up: (op) => op.dropForeignKey('item', 'fk_a'),
    },
    {
      name: 'by columns',
      before: both(pair, (op) =>
        op.addForeignKey('item', ['a', 'b'], { table: 'owner', columns: ['a', 'b'], onDelete: 'cascade' }),
      ),
      up: (op) => op.dropForeignKey('item', { columns: ['a', 'b'] }),
    },
  ],
  addCheck: [
    { name: 'unnamed', before: item, up: (op) => op.addCheck('item', 'n > 0') },
    {
      name: 'named, of strings and functions',
      before: item,
      up: (op) =>
        op.addCheck(
          'item',
          "length(name) > 0 AND name <> 'it''s not' OR code IN ('a', 'b') AND n BETWEEN 1 AND 9",
          { name: 'ck "x"' },
        ),
    },
    {
      name: 'without looking at present rows, where it can',
      before: item,
      up: (op, { flavor }) => {
        const sql = flavor === 'sqlite' || flavor === 'mariadb' ? 'n > 0' : 'n > 99';
        op.addCheck('item', sql, { name: 'ck_n', valid: false });
      },
    },
  ],
  dropCheck: [
    {
      name: 'by name',
      before: both(item, (op) => op.addCheck('item', 'n > 0', { name: 'ck_n' })),
      up: (op) => op.dropCheck('item', 'ck_n'),
    },
    {
      name: 'by its text',
      before: both(item, (op) => op.addCheck('item', 'n > 0')),
      up: (op) => op.dropCheck('item', { sql: 'n > 0' }),
    },
    {
      name: 'one that came with its column',
      before: (op) => op.createTable('item', { id: t.integer().primaryKey(), x: t.integer().check('x < 9') }),
      up: (op) => op.dropCheck('item', { sql: 'x < 9' }),
    },
  ],
  validateConstraint: [
    {
      name: 'of a check',
      before: both(item, (op) => op.addCheck('item', 'n > 0', { name: 'ck "n"', valid: false })),
      up: (op) => op.validateConstraint('item', 'ck "n"'),
      ignored: alwaysValid,
    },
    {
      name: 'of an unnamed check, by its text',
      before: both(item, (op) => op.addCheck('item', 'n > 0', { valid: false })),
      up: (op) => op.validateConstraint('item', { sql: 'n > 0' }),
      ignored: alwaysValid,
    },
    {
      name: 'of a foreign key, by its columns',
      before: both(pair, (op) => op.addForeignKey('item', ['a'], unchecked)),
      up: (op) => op.validateConstraint('item', { columns: ['a'] }),
      ignored: { ...alwaysValid, mysql: alwaysValid.sqlite },
    },
    {
      name: 'right after it was added',
      before: pair,
      up: (op) => {
        op.addForeignKey('item', ['a'], { ...unchecked, name: 'fk_a' });
        op.validateConstraint('item', 'fk_a');
        op.addCheck('item', 'b IS NOT NULL', { name: 'ck_b', valid: false });
        op.validateConstraint('item', 'ck_b');
      },
    },
    {
      name: 'on a new table',
      up: (op) => {
        op.createTable('fresh', { id: t.integer().primaryKey(), n: t.integer() });
        op.addCheck('fresh', 'n > 0', { name: 'ck_n', valid: false });
        op.validateConstraint('fresh', 'ck_n');
      },
    },
  ],
};
