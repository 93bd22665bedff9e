import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { textOf } from '../../../src/dialect/rows.ts';
import { completeAndApply } from '../../../src/operations/apply.ts';
import type { Operation } from '../../../src/operations/operation.ts';
import { t, toColumn, toForeignKey } from '../../../src/schema/column-builder.ts';
import { openDraft } from '../../../src/schema/draft.ts';
import type { Column } from '../../../src/schema/schema.ts';
import { toIndex, toUnique } from '../../../src/schema/table-builder.ts';
import { type Bench, mysqlEngines, naming, openBench } from './support.ts';

const item = { namespace: null, name: 'item' };
const alter = (column: string, changes: Partial<Omit<Column, 'name'>>): Operation => ({
  kind: 'alterColumn',
  table: item,
  column,
  changes,
  was: null,
  using: null,
});
const renamed: Operation = { kind: 'renameColumn', table: item, from: 'name', to: 'label' };
const moved: Operation = { kind: 'renameTable', from: item, to: { namespace: null, name: 'thing' } };

/** Operations, and the rows that stand in the way of the last once the others are done: by key. */
const rows: readonly (readonly [string, readonly Operation[], readonly string[]])[] = [
  [
    'unique over letters of either case',
    [{ kind: 'addUnique', table: item, unique: toUnique(['name']) }],
    ['id = 1', 'id = 2'],
  ],
  ['unique in a binary collation', [{ kind: 'addUnique', table: item, unique: toUnique(['code']) }], []],
  ['unique with nulls', [{ kind: 'addUnique', table: item, unique: toUnique(['parent']) }], []],
  ['unique over two columns', [{ kind: 'addUnique', table: item, unique: toUnique(['price', 'name']) }], []],
  [
    'unique over a prefix',
    [
      {
        kind: 'createIndex',
        table: item,
        index: toIndex([{ column: 'code', length: 1 }], { unique: true }),
        concurrently: false,
      },
    ],
    ['id = 1', 'id = 3'],
  ],
  [
    'unique after renames',
    [
      renamed,
      moved,
      { kind: 'addUnique', table: { namespace: null, name: 'thing' }, unique: toUnique(['label']) },
    ],
    ['id = 1', 'id = 2'],
  ],
  [
    'unique over a column that is new',
    [
      { kind: 'addColumn', table: item, column: toColumn('x', t.integer()) },
      { kind: 'addUnique', table: item, unique: toUnique(['x']) },
    ],
    [],
  ],
  [
    'primary key',
    [
      { kind: 'dropPrimaryKey', table: item, was: null },
      {
        kind: 'addPrimaryKey',
        table: item,
        primaryKey: { name: null, columns: ['parent'] },
        nullable: ['parent'],
      },
    ],
    ['a row without a primary key'],
  ],
  ['not null', [alter('parent', { nullable: false })], ['id = 1', 'id = 2']],
  ['shorter text', [alter('name', { type: { kind: 'varchar', length: 3 } })], ['id = 3']],
  ['shorter number', [alter('price', { type: { kind: 'numeric', precision: 4, scale: 2 } })], ['id = 3']],
  ['smaller number', [alter('big', { type: { kind: 'smallint' } })], ['id = 2']],
  [
    'fewer values of an enum',
    [alter('mood', { type: { kind: 'enum', namespace: null, name: null, values: ['ok'] } })],
    ['id = 1'],
  ],
  [
    'foreign key',
    [
      {
        kind: 'addForeignKey',
        table: item,
        foreignKey: toForeignKey(['parent'], { table: 'item', columns: ['id'] }),
      },
    ],
    ['id = 3'],
  ],
  [
    'check',
    [{ kind: 'addCheck', table: item, check: { name: null, sql: 'price > 2', valid: true } }],
    ['id = 1', 'id = 2'],
  ],
  [
    'required column',
    [{ kind: 'addColumn', table: item, column: toColumn('y', t.integer().notNull()) }],
    ['id = 1', 'id = 2', 'id = 3'],
  ],
  [
    'required column with a default',
    [{ kind: 'addColumn', table: item, column: toColumn('y', t.integer().notNull().default(1)) }],
    [],
  ],
];

const losses: readonly (readonly [string, readonly Operation[], readonly number[]])[] = [
  ['drop a table', [{ kind: 'dropTable', table: item, was: null, triggers: [] }], [3]],
  [
    'drop a column',
    [
      {
        kind: 'dropColumn',
        table: item,
        column: 'parent',
        was: null,
        lost: { uniques: [], foreignKeys: [], checks: [], indexes: [] },
      },
    ],
    [1],
  ],
  [
    'drop a renamed column',
    [
      renamed,
      {
        kind: 'dropColumn',
        table: item,
        column: 'label',
        was: null,
        lost: { uniques: [], foreignKeys: [], checks: [], indexes: [] },
      },
    ],
    [3],
  ],
  ['fewer decimals', [alter('price', { type: { kind: 'numeric', precision: 10, scale: 1 } })], [1]],
  ['a date without its time', [alter('at', { type: { kind: 'date' } })], [2]],
  [
    'fewer fractions of a second',
    [alter('at', { type: { kind: 'timestamp', zone: false, precision: null } })],
    [1],
  ],
  ['longer text', [alter('name', { type: { kind: 'varchar', length: 99 } })], []],
];

describe.skipIf(mysqlEngines.length === 0).each(mysqlEngines)('questions about rows on %s', (engine) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench(engine);
    await bench.connection.query(`CREATE TABLE item (id int PRIMARY KEY, name varchar(40) COLLATE utf8mb4_general_ci,
      code varchar(9) COLLATE utf8mb4_bin, parent int, price decimal(10,2), big bigint, mood enum('sad','ok'), at datetime(3))`);
    await bench.connection.query(`INSERT INTO item VALUES
      (1, 'abc', 'x1', NULL, 1.50, 5, 'sad', '2020-01-01 00:00:00'),
      (2, 'ABC', 'X', NULL, 2.00, 70000, 'ok', '2020-01-01 10:00:00.5'),
      (3, 'four', 'x2', 77, 100.25, NULL, 'ok', '2020-01-01 11:00:00')`);
  });
  afterAll(async () => {
    await bench.close();
  });

  const inputOf = async (operations: readonly Operation[]) => {
    const before = await bench.introspect();
    return { before, naming, operations: completeAndApply(operations, openDraft(before)) };
  };
  const answers = async (queries: readonly { readonly sql: string }[]) => {
    const found: (string | null)[] = [];
    for (const { sql } of queries) {
      const result = await bench.connection.query(sql);
      for (const row of result.rows) found.push(textOf(row, Object.keys(row)[0] ?? ''));
    }
    return found;
  };

  /** Runs all operations but the last on a copy, which takes the place of the table until the end. */
  const beforeTheLast = async (operations: readonly Operation[], work: () => Promise<void>) => {
    await bench.connection.query('CREATE TABLE kept LIKE item');
    await bench.connection.query('INSERT INTO kept SELECT * FROM item');
    try {
      await bench.run(operations.slice(0, -1));
      await work();
    } finally {
      await bench.connection.query('DROP TABLE IF EXISTS item, thing');
      await bench.connection.query('RENAME TABLE kept TO item');
    }
  };

  test.each(rows)('%s', async (_name, operations, expected) => {
    const questions = bench.dialect.rowQuestions(await inputOf(operations));
    for (const question of questions) expect(question.operation).toBe(operations.length - 1);
    await beforeTheLast(operations, async () => {
      expect([...new Set(await answers(questions))].sort()).toEqual(expected);
    });
  });

  test.each(losses)('%s', async (_name, operations, expected) => {
    const questions = bench.dialect.lossQuestions(await inputOf(operations));
    await beforeTheLast(operations, async () => {
      expect((await answers(questions)).map(Number)).toEqual(expected);
    });
  });

  test('the server refuses exactly where rows were found', async () => {
    for (const [name, operations, expected] of rows) {
      if (name === 'required column') continue;
      const input = await inputOf(operations);
      await bench.connection.query('DROP TABLE IF EXISTS kept');
      await bench.connection.query('CREATE TABLE kept LIKE item');
      await bench.connection.query('INSERT INTO kept SELECT * FROM item');
      let failed = false;
      for (const segment of bench.dialect.compile(input)) {
        for (const statement of segment.statements) {
          if (failed) break;
          await bench.connection.query(statement.sql).catch(() => {
            failed = true;
          });
        }
      }
      expect(failed, name).toBe(expected.length > 0);
      await bench.connection.query('DROP TABLE IF EXISTS item, thing');
      await bench.connection.query('RENAME TABLE kept TO item');
    }
  });
});
