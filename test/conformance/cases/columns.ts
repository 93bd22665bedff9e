import type { ColumnBuilder } from '../../../src/schema/column-builder.ts';
import { sql, t } from '../../../src/schema/column-builder.ts';
import type { Case, Cases } from './case.ts';
import { both, item, owner } from './case.ts';
import { dependants, trigger } from './tables.ts';

const kept = ['1|5', '2|NULL'];
const keepsRows: NonNullable<Case['rows']> = () => ({
  up: ['SELECT id, n FROM item ORDER BY id', kept],
  down: ['SELECT id, n FROM item ORDER BY id', kept],
});

const add = (name: string, type: ColumnBuilder, more: Partial<Case> = {}): Case => ({
  name,
  before: both(owner, item),
  up: (op) => op.addColumn('item', 'x', type),
  rows: keepsRows,
  ...more,
});

/** Types for a new column with the default that its rows get. */
const added: readonly Case[] = [
  add('nullable', t.integer()),
  add('required with a default', t.varchar(10).notNull().default('x'), {
    rows: () => ({ up: ['SELECT id, x FROM item ORDER BY id', ['1|x', '2|x']] }),
  }),
  add('with an expression for its default', t.timestamp().default(sql('CURRENT_TIMESTAMP'))),
  add('unique', t.integer().unique()),
  add('unique by name', t.varchar(10).unique('uq_x')),
  add('with an index', t.integer().index()),
  add('with a check', t.integer().check('x > 0')),
  add('with a named check', t.integer().check('x > 0', 'ck_x')),
  add('with a reference', t.integer().references('owner', 'id', { onDelete: 'set-null', name: 'fk_x' })),
  add('of an enum without a name', t.enum(null, ['a', 'b']), {
    unsupported: { postgres: 'PostgreSQL has no enum without a name' },
  }),
  add('json', t.json()),
  add('generated and stored', t.integer().generatedAs('n * 2'), {
    rows: () => ({ up: ['SELECT id, x FROM item ORDER BY id', ['1|10', '2|NULL']] }),
  }),
  add('generated and virtual', t.integer().generatedAs('n * 2', { stored: false }), {
    unsupported: { postgres14: 'virtual columns came with PostgreSQL 18' },
    rows: () => ({ up: ['SELECT id, x FROM item ORDER BY id', ['1|10', '2|NULL']] }),
  }),
  add('of its own type on each server', t.native({ sqlite: 'CLOB', postgres: 'inet', mysql: 'mediumint' })),
  {
    name: 'where there is a trigger',
    before: both(item, trigger),
    up: (op) => op.addColumn('item', 'x', t.integer()),
  },
  {
    name: 'with a collation',
    before: item,
    up: (op, { dialect }) => {
      const collation = { sqlite: 'NOCASE', postgres: 'C', mysql: 'utf8mb4_bin' }[dialect];
      op.addColumn('item', 'x', t.varchar(10).collate(collation));
    },
  },
  {
    name: 'with ON UPDATE',
    before: item,
    up: (op) =>
      op.addColumn(
        'item',
        'x',
        t.timestamp().default(sql('CURRENT_TIMESTAMP')).onUpdate(sql('CURRENT_TIMESTAMP')),
      ),
  },
];

const dropped: readonly Case[] = [
  {
    name: 'its values are lost, the others stay',
    before: item,
    up: (op) => op.dropColumn('item', 'code'),
    rows: keepsRows,
  },
  {
    name: 'required with a default',
    before: item,
    up: (op) => op.dropColumn('item', 'name'),
    rows: keepsRows,
  },
  {
    name: 'with the indexes and constraints that mention it',
    before: dependants,
    up: (op) => {
      op.dropColumn('item', 'code');
      op.dropColumn('item', 'owner_id');
      op.dropColumn('item', 'parent');
    },
    rows: keepsRows,
  },
  {
    name: 'with a check and an index of its own',
    before: dependants,
    up: (op) => op.dropColumn('item', 'n'),
  },
  {
    name: 'a generated one',
    before: both(item, (op) => op.addColumn('item', 'x', t.integer().generatedAs('n * 2'))),
    up: (op) => op.dropColumn('item', 'x'),
    rows: keepsRows,
  },
];

const renamed: readonly Case[] = [
  {
    name: 'rows stay',
    before: item,
    up: (op) => op.renameColumn('item', 'n', 'm'),
    rows: () => ({
      up: ['SELECT id, m FROM item ORDER BY id', kept],
      down: ['SELECT id, n FROM item ORDER BY id', kept],
    }),
  },
  {
    name: 'with all that hangs on it',
    before: dependants,
    up: (op) => {
      op.renameColumn('item', 'n', 'm');
      op.renameColumn('item', 'id', 'key');
      op.renameColumn('owner', 'id', 'number');
      op.renameColumn('item', 'code', 'the code');
    },
  },
  {
    name: 'with a view',
    before: both(item, (op) => op.createView('cheap', 'SELECT id, name FROM item WHERE price < 5')),
    up: (op) => op.renameColumn('item', 'price', 'cost'),
  },
  {
    name: 'that a view gives',
    before: both(item, (op) => op.createView('prices', 'SELECT id, price FROM item')),
    up: (op) => op.renameColumn('item', 'price', 'cost'),
  },
  {
    name: 'that a trigger sets',
    before: both(item, trigger),
    up: (op, { dialect }) => {
      if (dialect !== 'postgres') op.renameColumn('item', 'n', 'order');
      else op.renameColumn('item', 'code', 'order');
    },
  },
  {
    name: 'with a trigger on the table',
    before: both(item, trigger),
    up: (op) => op.renameColumn('item', 'code', 'label'),
  },
  {
    name: 'with a generated column',
    before: both(item, (op) => op.addColumn('item', 'x', t.integer().generatedAs('n * 2'))),
    up: (op) => op.renameColumn('item', 'n', 'm'),
  },
  {
    name: 'to a hostile name',
    before: dependants,
    up: (op) => op.renameColumn('item', 'n', 'select "x" `y`'),
  },
  {
    name: 'two changing places',
    before: item,
    up: (op) => {
      op.renameColumn('item', 'name', 'swap');
      op.renameColumn('item', 'code', 'name');
      op.renameColumn('item', 'swap', 'code');
    },
    rows: () => ({
      up: ['SELECT id, code FROM item ORDER BY id', ["1|it's", '2|two']],
      down: ['SELECT id, name FROM item ORDER BY id', ["1|it's", '2|two']],
    }),
  },
];

const altered = (
  name: string,
  changes: Parameters<Parameters<Case['up']>[0]['alterColumn']>[2],
  column = 'code',
): Case => ({
  name,
  before: dependants,
  up: (op) => op.alterColumn('item', column, changes),
  rows: keepsRows,
});

const alterations: readonly Case[] = [
  altered('longer', { type: t.varchar(99) }),
  {
    name: 'to text',
    before: item,
    up: (op) => op.alterColumn('item', 'name', { type: t.text() }),
    rows: keepsRows,
  },
  altered('to a larger integer', { type: t.bigint() }, 'n'),
  altered('more digits', { type: t.numeric(14, 4) }, 'price'),
  {
    name: 'required where it was not, and back',
    before: both(item, (op) => {
      op.execute(`UPDATE item SET code = 'b', n = 1 WHERE id = 2`, { inverse: [], effect: 'none' });
    }),
    up: (op) => {
      op.alterColumn('item', 'code', { nullable: false });
      op.alterColumn('item', 'n', { nullable: false });
    },
  },
  altered('nullable where it was required', { nullable: true }, 'name'),
  altered('a default', { default: "it's" }),
  altered('another default', { default: 'other' }, 'name'),
  altered('no default', { default: null }, 'name'),
  altered('a type with its default', { type: t.varchar(60), default: 'long' }, 'name'),
  altered('an expression for a default', { default: sql('(1 + 2)') }, 'n'),
  altered(
    'everything at once',
    { type: t.varchar(50), nullable: true, default: null, comment: 'changed' },
    'name',
  ),
  {
    name: 'from number to text and back',
    before: item,
    up: (op, { dialect }) =>
      op.alterColumn(
        'item',
        'n',
        { type: t.varchar(20) },
        dialect === 'postgres' ? { using: 'n::varchar' } : {},
      ),
    down: (op, { dialect }) =>
      op.alterColumn(
        'item',
        'n',
        { type: t.integer() },
        dialect === 'postgres' ? { using: 'n::integer' } : {},
      ),
    rows: keepsRows,
  },
  {
    name: 'a collation',
    before: item,
    up: (op, { dialect }) => {
      const collation = { sqlite: 'NOCASE', postgres: 'C', mysql: 'utf8mb4_bin' }[dialect];
      op.alterColumn('item', 'code', { collation });
    },
    rows: keepsRows,
  },
  {
    name: 'identity, and none',
    before: item,
    up: (op) =>
      op.alterColumn('item', 'id', { identity: { mode: 'by-default', start: null, increment: null } }),
    ignored: { sqlite: 'an INTEGER PRIMARY KEY counts by itself' },
    rows: keepsRows,
  },
  {
    name: 'more values of an enum',
    before: both(item, (op, { dialect }) => {
      if (dialect !== 'postgres') op.addColumn('item', 'x', t.enum(null, ['a', 'b']));
    }),
    up: (op, { dialect }) => {
      if (dialect === 'postgres') op.addColumn('item', 'x', t.enum(null, ['a', 'b']));
      else op.alterColumn('item', 'x', { type: t.enum(null, ['a', 'm', 'b']) });
    },
    unsupported: { postgres: 'PostgreSQL has no enum without a name' },
  },
];

const comment = (name: string, from: string | null, to: string | null): Case => ({
  name,
  before: both(item, (op) => op.setColumnComment('item', 'code', from)),
  up: (op) => op.setColumnComment('item', 'code', to),
  ignored: { sqlite: 'SQLite has no comments' },
  rows: keepsRows,
});

export const columns: Cases<
  'addColumn' | 'dropColumn' | 'renameColumn' | 'alterColumn' | 'setColumnComment'
> = {
  addColumn: added,
  dropColumn: dropped,
  renameColumn: renamed,
  alterColumn: alterations,
  setColumnComment: [
    comment('set', null, 'it\'s \\ a "comment"\nof two lines'),
    comment('changed', 'x', 'y'),
    comment('taken away', 'x', null),
  ],
};
