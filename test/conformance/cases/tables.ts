import { sql, t } from '../../../src/schema/column-builder.ts';
import type { Written } from '../world.ts';
import type { Cases } from './case.ts';
import { both, item, owner } from './case.ts';

/** A trigger on `item`, in each family's words. */
export const trigger: Written = (op, { dialect }) => {
  if (dialect === 'postgres') {
    op.createFunction(
      'touch',
      `CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.n := 7; RETURN NEW; END $$`,
    );
    op.createTrigger(
      'item',
      'tr_item',
      `CREATE TRIGGER tr_item BEFORE INSERT ON item FOR EACH ROW EXECUTE FUNCTION touch()`,
    );
  } else if (dialect === 'mysql') {
    op.createTrigger(
      'item',
      'tr_item',
      `CREATE TRIGGER tr_item BEFORE INSERT ON item FOR EACH ROW SET NEW.n = 7`,
    );
  } else {
    op.createTrigger(
      'item',
      'tr_item',
      `CREATE TRIGGER tr_item AFTER INSERT ON item BEGIN UPDATE item SET n = 7 WHERE id = NEW.id; END`,
    );
  }
};

/** All that hangs on `item`: keys both ways, checks, indexes, a view. */
export const dependants: Written = both(owner, item, (op) => {
  op.addColumn('item', 'owner_id', t.integer().references('owner', 'id', { onDelete: 'cascade' }));
  op.addColumn('item', 'parent', t.integer().references('item', 'id'));
  op.addUnique('item', ['code', 'n'], { name: 'uq_item_code_n' });
  op.createIndex('item', ['name', { column: 'n', descending: true }]);
  op.addCheck('item', 'n > 0');
  op.addCheck('item', "code <> 'x'", { name: 'ck_code' });
  op.createTable('part', { id: t.integer().primaryKey(), item_id: t.integer().references('item', 'id') });
});

/** Every portable type, with null, not null, a literal default and an expression where one is usual. */
const everyType: Written = (op) => {
  const types = {
    smallint: [t.smallint(), -3],
    integer: [t.integer(), 7],
    bigint: [t.bigint(), 9007199254740993n],
    varchar: [t.varchar(30), 'it\'s \\ "q" ü'],
    char: [t.char(4), 'abcd'],
    boolean: [t.boolean(), true],
    numeric: [t.numeric(12, 3), '12.500'],
    whole: [t.numeric(9), 4],
    real: [t.real(), 0.5],
    double: [t.double(), 2.25],
    date: [t.date(), '2024-02-29'],
    time: [t.time(), '12:30:00'],
    time3: [t.time({ precision: 3 }), '12:30:00.125'],
    timestamp: [t.timestamp(), '2024-02-29 12:30:00'],
    timestamp6: [t.timestamp({ precision: 6 }), '2024-02-29 12:30:00.000001'],
    timestamptz: [t.timestamptz(), '2024-02-29 12:30:00'],
    uuid: [t.uuid(), '00000000-0000-0000-0000-0000000000ab'],
    mood: [t.enum('mood', ['sad', "o'k", 'glad']), "o'k"],
    fixed: [t.binary(8), null],
    text: [t.text(), null],
    json: [t.json(), null],
    binary: [t.binary(), null],
  } as const;
  op.createEnum('mood', ['sad', "o'k", 'glad']);
  const columns = Object.entries(types).flatMap(([name, [type, value]]) => [
    [`${name}_null`, type] as const,
    [`${name}_required`, type.notNull()] as const,
    ...(value === null
      ? []
      : [
          [`${name}_default`, type.default(value)] as const,
          [`${name}_both`, type.notNull().default(value)] as const,
        ]),
  ]);
  op.createTable('every', {
    id: t.integer().primaryKey(),
    ...Object.fromEntries(columns),
    now: t.timestamp().default(sql('CURRENT_TIMESTAMP')),
    today: t.date().default(sql('(CURRENT_DATE)')),
    sum: t.integer().default(sql('(1 + 2)')),
    text: t.text(),
  });
};

const odd = '"it\'s" `odd` größe select';

export const tables: Cases<'createTable' | 'dropTable' | 'renameTable' | 'setTableComment'> = {
  createTable: [
    { name: 'every portable type', up: everyType },
    {
      name: 'keys, checks and indexes of its own',
      before: owner,
      up: (op) =>
        op.createTable(
          'item',
          {
            a: t.integer(),
            b: t.varchar(20).notNull().unique(),
            c: t.integer().index().check('c > 1'),
            d: t.integer().references('owner', 'id'),
            e: t.integer().notNull().unique('uq_e'),
          },
          {
            primaryKey: { name: 'pk_of_item', columns: ['a', 'b'] },
            uniques: [['c', 'd'], { name: 'uq_named', columns: ['d', 'e'] }],
            foreignKeys: [
              {
                name: 'fk_pair',
                columns: ['d', 'e'],
                references: { table: 'owner', columns: ['a', 'b'] },
                onDelete: 'cascade',
              },
            ],
            checks: ["b <> ''", { name: 'ck_named', sql: 'c + d < 100' }],
            indexes: [['b', 'c'], { name: 'ix_named', columns: [{ column: 'e', descending: true }] }],
          },
        ),
    },
    {
      name: 'hostile names',
      up: (op, { q }) => {
        op.createTable(
          { namespace: null, name: odd },
          Object.fromEntries([
            ['select', t.integer().primaryKey()],
            ['a "b" `c`', t.varchar(10).default("'; --")],
            ['Größe', t.integer().check(`${q('Größe')} > 0`, 'ck "x" `y`')],
            ['__proto__', t.integer()],
            ['constructor', t.integer()],
          ]),
        );
        op.createIndex({ namespace: null, name: odd }, ['a "b" `c`'], { name: 'ix "x" `y`' });
      },
    },
    {
      name: 'a table that refers to itself',
      up: (op) =>
        op.createTable('node', {
          id: t.integer().primaryKey(),
          up: t.integer().references('node', 'id', { onDelete: 'set-null' }),
        }),
    },
    {
      name: 'in a namespace',
      up: (op) => {
        op.createNamespace('app');
        op.createTable('app.item', { id: t.integer().primaryKey(), n: t.integer().index() });
      },
      unsupported: { sqlite: 'SQLite has no namespaces', mysql: 'a namespace of MySQL is another database' },
    },
    { name: 'without a key', up: (op) => op.createTable('log', { line: t.text(), at: t.timestamp() }) },
    {
      name: 'generated columns',
      up: (op) =>
        op.createTable('g', {
          id: t.integer().primaryKey(),
          a: t.integer(),
          s: t.integer().generatedAs('a * 2'),
        }),
    },
    {
      name: 'virtual generated columns',
      up: (op) =>
        op.createTable('g', {
          id: t.integer().primaryKey(),
          a: t.integer(),
          v: t.integer().generatedAs('a + 1', { stored: false }),
        }),
      unsupported: { postgres14: 'virtual columns came with PostgreSQL 18' },
    },
    {
      name: 'identity',
      up: (op) => op.createTable('i', { id: t.integer().identity().primaryKey(), n: t.integer() }),
    },
    {
      name: 'identity of a bigint, always',
      up: (op) =>
        op.createTable('i', { id: t.bigint().identity({ mode: 'always' }).primaryKey(), n: t.integer() }),
    },
    {
      name: 'comments',
      up: (op) =>
        op.createTable(
          'c',
          { id: t.integer().primaryKey().comment("the 'key' \\") },
          { comment: 'a "table"' },
        ),
    },
  ],
  dropTable: [
    { name: 'with its rows', before: item, up: (op) => op.dropTable('item') },
    {
      name: 'with all that hangs on it',
      before: dependants,
      up: (op) => {
        op.dropTable('part');
        op.dropTable('item');
      },
    },
    { name: 'with its trigger', before: both(item, trigger), up: (op) => op.dropTable('item') },
  ],
  renameTable: [
    {
      name: 'rows stay',
      before: item,
      up: (op) => op.renameTable('item', 'thing'),
      rows: () => ({
        up: ['SELECT id, n FROM thing ORDER BY id', ['1|5', '2|NULL']],
        down: ['SELECT id, name FROM item ORDER BY id', ["1|it's", '2|two']],
      }),
    },
    { name: 'with all that hangs on it', before: dependants, up: (op) => op.renameTable('item', 'thing') },
    {
      name: 'with a view',
      before: both(item, (op) => op.createView('cheap', 'SELECT id, name FROM item WHERE price < 5')),
      up: (op) => op.renameTable('item', 'thing'),
    },
    { name: 'with a trigger', before: both(item, trigger), up: (op) => op.renameTable('item', 'thing') },
    {
      name: 'to a hostile name',
      before: item,
      up: (op) => op.renameTable('item', { namespace: null, name: odd }),
    },
    { name: 'in letters of the other case', before: item, up: (op) => op.renameTable('item', 'Item') },
  ],
  setTableComment: [
    {
      name: 'set',
      before: item,
      up: (op) => op.setTableComment('item', 'it\'s \\ a "comment"\nof two lines'),
      ignored: { sqlite: 'SQLite has no comments' },
    },
    {
      name: 'taken away',
      before: both(item, (op) => op.setTableComment('item', 'x')),
      up: (op) => op.setTableComment('item', null),
      ignored: { sqlite: 'SQLite has no comments' },
    },
  ],
};
