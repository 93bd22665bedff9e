import { describe, expect, test } from 'vitest';
import { completeAndApply } from '../../operations/apply.ts';
import type { Operation } from '../../operations/operation.ts';
import { t, toColumn, toForeignKey } from '../../schema/column-builder.ts';
import { defineSchema, table } from '../../schema/define-schema.ts';
import { openDraft } from '../../schema/draft.ts';
import { defaultNaming } from '../../schema/naming.ts';
import type { Schema } from '../../schema/schema.ts';
import { emptySchema } from '../../schema/schema.ts';
import { toIndex, toTable, toUnique } from '../../schema/table-builder.ts';
import { createMysql, defaultMariadbTraits, defaultMysqlTraits } from './index.ts';

const naming = defaultNaming({ length: 64, unit: 'characters' });
const mysql = createMysql(defaultMysqlTraits);
const mariadb = createMysql(defaultMariadbTraits);
const user = { namespace: null, name: 'user' };

const schema: Schema = defineSchema({
  tables: {
    user: table(
      {
        id: t.integer().identity().primaryKey(),
        name: t.varchar(40).notNull().default('x').comment('who'),
        a: t.integer(),
        b: t.integer(),
      },
      { checks: [{ name: 'ck', sql: 'a > b' }] },
    ),
    other: table({ id: t.integer().primaryKey() }),
  },
});

const segments = (operations: readonly Operation[], dialect = mysql, before = schema) =>
  dialect.compile({
    operations: completeAndApply(operations, openDraft(before)),
    before: dialect.normalize(before),
    naming,
  });
const statements = (...given: Parameters<typeof segments>) =>
  segments(...given).flatMap((segment) => segment.statements);
const sql = (...given: Parameters<typeof segments>) => statements(...given).map((statement) => statement.sql);

const add = (name: string, ref = user): Operation => ({
  kind: 'addColumn',
  table: ref,
  column: toColumn(name, t.integer()),
});
const insert = (value: string): Operation => ({
  kind: 'insertRows',
  table: user,
  rows: [{ name: value }],
  key: null,
});

describe('combining', () => {
  test('alterations of one table that follow each other are one statement', () => {
    expect(sql([add('c'), add('d'), { kind: 'setTableComment', table: user, from: null, to: 'x' }])).toEqual([
      "ALTER TABLE `user`\n  ADD COLUMN `c` int NULL DEFAULT NULL,\n  ADD COLUMN `d` int NULL DEFAULT NULL,\n  COMMENT='x'",
    ]);
  });

  test('another table or data between them parts them', () => {
    expect(sql([add('c'), add('d', { namespace: null, name: 'other' }), add('e')])).toHaveLength(3);
    const mixed = segments([add('c'), insert('x'), insert('y'), add('d')]);
    expect(mixed.map((segment) => [segment.mode, segment.statements.length])).toEqual([
      ['autocommit', 1],
      ['transaction', 2],
      ['autocommit', 1],
    ]);
  });

  test('a part that was just made is not touched in the same statement', () => {
    const change: Operation = {
      kind: 'alterColumn',
      table: user,
      column: 'c',
      changes: { nullable: false },
      was: null,
      using: null,
    };
    expect(sql([add('c'), change])).toHaveLength(2);
  });

  test('statements name the last operation that they carry out', () => {
    expect(statements([add('c'), add('d'), insert('x')]).map((one) => one.operation)).toEqual([1, 2]);
  });
});

test('MODIFY repeats the whole definition', () => {
  const wider: Operation = {
    kind: 'alterColumn',
    table: user,
    column: 'name',
    changes: { type: { kind: 'varchar', length: 50 } },
    was: null,
    using: null,
  };
  expect(sql([wider])).toEqual([
    "ALTER TABLE `user` MODIFY COLUMN `name` varchar(50) NOT NULL DEFAULT 'x' COMMENT 'who'",
  ]);
  const same: Operation = { ...wider, changes: { type: { kind: 'native', sql: 'VARCHAR(40)' } } };
  expect(sql([same])).toEqual([]);
});

test('MySQL has what is computed behind what it is computed from, if that has a default of its own', () => {
  const computed: Operation = {
    kind: 'alterColumn',
    table: user,
    column: 'name',
    changes: { default: null, generated: { sql: 'concat(late, `a`)', stored: true } },
    was: null,
    using: null,
  };
  const late = toColumn('late', t.varchar(9).default({ sql: "(upper('x'))" }));
  const added: Operation = { kind: 'addColumn', table: user, column: late };
  const last = (of: typeof mysql) => sql([added, computed], of).at(-1);
  expect(last(mysql)).toMatch(/MODIFY COLUMN `name` .* COMMENT 'who' AFTER `late`$/);
  expect(last(mariadb)).not.toContain('AFTER');
});

test('an index over an expression is not made along with a change of what it computes with', () => {
  const wider: Operation = {
    kind: 'alterColumn',
    table: user,
    column: 'a',
    changes: { nullable: false },
    was: null,
    using: null,
  };
  const index: Operation = {
    kind: 'createIndex',
    table: user,
    index: toIndex([{ sql: 'a % 2' }], { name: 'ix' }),
    concurrently: false,
  };
  expect(sql([wider, index])).toHaveLength(2);
  expect(sql([index, wider])).toHaveLength(2);
  expect(sql([index, { ...wider, column: 'b' }])).toHaveLength(1);
});

test('MySQL adds no column whose default differs from row to row, and is not asked to', () => {
  const uuid: Operation = {
    kind: 'addColumn',
    table: user,
    column: toColumn('code', t.varchar(40).default({ sql: '(uuid())' })),
  };
  expect(() => sql([uuid])).toThrow(/differs from row to row: code/);
  expect(sql([uuid], mariadb)).toHaveLength(1);
});

test('a check is found by what it says', () => {
  const drop: Operation = { kind: 'dropCheck', table: user, target: { sql: '(`A` > b)' }, was: null };
  expect(
    mysql
      .compile({ operations: [drop], before: mysql.normalize(schema), naming })
      .flatMap((one) => one.statements)[0]?.sql,
  ).toBe('ALTER TABLE `user` DROP CONSTRAINT `ck`');
});

test('MariaDB rewrites checks by itself when a column is renamed, MySQL does not', () => {
  const rename: Operation = { kind: 'renameColumn', table: user, from: 'a', to: 'c' };
  expect(sql([rename], mariadb)).toEqual([
    // Closes the table for all who have it open under another name: of those MariaDB would not rewrite the check.
    "ALTER TABLE `user` COMMENT=''",
    'ALTER TABLE `user` RENAME COLUMN `a` TO `c`',
  ]);
  expect(sql([rename])).toEqual([
    'ALTER TABLE `user` DROP CONSTRAINT `ck`, RENAME COLUMN `a` TO `c`, ADD CONSTRAINT `ck` CHECK (`c` > `b`)',
  ]);
});

describe('enums stand at each column', () => {
  const mood = { namespace: null, name: 'mood' };
  const created: readonly Operation[] = [
    { kind: 'createEnum', enum: { ...mood, values: ['sad', 'ok'] } },
    { kind: 'createTable', table: toTable('person', { m: t.enum('mood', ['sad', 'ok']).default('ok') }) },
  ];
  const grow: Operation = { kind: 'addEnumValue', enum: mood, value: 'so-so', before: 'ok', after: null };

  test('a value is added to every column, also after renames', () => {
    const renamed: readonly Operation[] = [
      {
        kind: 'renameTable',
        from: { namespace: null, name: 'person' },
        to: { namespace: null, name: 'human' },
      },
      { kind: 'renameColumn', table: { namespace: null, name: 'human' }, from: 'm', to: 'mood' },
    ];
    expect(sql([...created, ...renamed, grow], mysql, emptySchema).at(-1)).toBe(
      "ALTER TABLE `human` MODIFY COLUMN `mood` enum('sad','so-so','ok') NULL DEFAULT 'ok'",
    );
  });

  test('known by its values where the server has kept no name', () => {
    const live = mysql.normalize(
      defineSchema({ tables: { person: table({ m: t.enum('mood', ['sad', 'ok']) }) } }),
    );
    const before = { ...live, enums: [{ ...mood, values: ['sad', 'ok'] }] };
    const compiled = mysql.compile({ operations: [grow], before, naming });
    expect(compiled[0]?.statements[0]?.sql).toContain("enum('sad','so-so','ok')");
  });

  test('refused where nothing tells', () => {
    expect(() => mysql.compile({ operations: [grow], before: emptySchema, naming })).toThrow(/mood/);
  });
});

describe('refusals come before anything runs', () => {
  const refused: readonly (readonly [string, Operation, typeof mysql])[] = [
    [
      'partial index',
      { kind: 'createIndex', table: user, index: toIndex(['a'], { where: 'a > 1' }), concurrently: false },
      mysql,
    ],
    [
      'nulls as equal',
      { kind: 'addUnique', table: user, unique: toUnique(['a'], { nullsNotDistinct: true }) },
      mysql,
    ],
    [
      'foreign method',
      { kind: 'createIndex', table: user, index: toIndex(['a'], { method: 'gin' }), concurrently: false },
      mysql,
    ],
    [
      'expression on MariaDB',
      { kind: 'createIndex', table: user, index: toIndex([{ sql: 'a + 1' }]), concurrently: false },
      mariadb,
    ],
    [
      'SET DEFAULT',
      {
        kind: 'addForeignKey',
        table: user,
        foreignKey: toForeignKey(['a'], { table: 'other', columns: ['id'] }, { onDelete: 'set-default' }),
      },
      mysql,
    ],
    ['namespace', { kind: 'createNamespace', namespace: 'x' }, mysql],
    ['sequence on MySQL', { kind: 'dropSequence', sequence: user, was: null }, mysql],
    [
      'materialized view',
      { kind: 'createView', view: { ...user, sql: 'SELECT 1', materialized: true } },
      mysql,
    ],
    [
      'text without a prefix',
      { kind: 'createTable', table: toTable('x', { body: t.text() }, { indexes: [['body']] }) },
      mysql,
    ],
  ];
  test.each(refused)('%s', (_name, operation, dialect) => {
    expect(() => segments([operation], dialect)).toThrow(
      expect.objectContaining({ code: 'operation/unsupported' }),
    );
  });

  test('names', () => {
    expect(() => segments([add('x'.repeat(65))])).toThrow(
      expect.objectContaining({ code: 'identifier/too-long' }),
    );
    expect(() => segments([add('🎉')])).toThrow(expect.objectContaining({ code: 'identifier/invalid' }));
    expect(() => segments([add('c', { namespace: null, name: 'nowhere' })])).toThrow(
      expect.objectContaining({ code: 'operation/unknown-object' }),
    );
  });
});

test('hazards', () => {
  const codes = (operations: readonly Operation[]) =>
    statements(operations).flatMap((one) => one.hazards.map((each) => each.code));
  expect(codes([add('c')])).toEqual([]);
  expect(codes([{ kind: 'dropTable', table: user, was: null, triggers: [] }])).toEqual(['data-loss']);
  expect(
    codes([
      {
        kind: 'alterColumn',
        table: user,
        column: 'a',
        changes: { type: { kind: 'bigint' } },
        was: null,
        using: null,
      },
    ]),
  ).toEqual(['table-rewrite', 'blocks-writes']);
  expect(
    codes([
      { kind: 'createTable', table: toTable('x', { a: t.integer() }) },
      { kind: 'addUnique', table: { namespace: null, name: 'x' }, unique: toUnique(['a']) },
    ]),
  ).toEqual(['not-transactional', 'not-transactional']);
});

test('data, code and assertions stand in transactions', () => {
  const execute = (text: string): Operation => ({
    kind: 'execute',
    sql: text,
    inverse: null,
    effect: null,
    transaction: true,
  });
  const all = segments([
    execute('UPDATE user SET a = 1'),
    {
      kind: 'run',
      run: { list: 'upgrade', index: 0, description: 'fill', repeatable: false, inverse: null },
      effect: [],
    },
    { kind: 'assert', sql: 'SELECT 1', message: 'm' },
    {
      kind: 'deleteRows',
      table: user,
      rows: [
        { id: 1, name: 'x' },
        { id: 2, name: null },
      ],
      key: null,
    },
    execute('OPTIMIZE TABLE user'),
  ]);
  expect(all.map((segment) => [segment.mode, segment.statements.map((one) => one.kind)])).toEqual([
    ['transaction', ['data', 'code', 'assert', 'data']],
    ['autocommit', ['ddl']],
  ]);
  expect(all[0]?.statements[3]?.sql).toBe('DELETE FROM `user` WHERE `id` = 1 OR `id` = 2');
});

test('many rows are cut into batches', () => {
  const rows = Array.from({ length: 1201 }, (_, i) => ({ name: `n${i}`, a: i }));
  const all = statements([{ kind: 'insertRows', table: user, rows, key: null }]);
  expect(all).toHaveLength(3);
  expect(all[0]?.sql.startsWith("INSERT INTO `user` (`name`, `a`) VALUES\n  ('n0', 0),\n")).toBe(true);
});
