import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isSurefootError } from '../../../src/kernel/errors.ts';
import type { ColumnChanges, Operation } from '../../../src/operations/operation.ts';
import { sql, t, toColumn } from '../../../src/schema/column-builder.ts';
import type { Ref } from '../../../src/schema/schema.ts';
import { toIndex, toTable, toUnique } from '../../../src/schema/table-builder.ts';
import { anonymous, type Bench, engines, type Migrated, openBench } from './support.ts';

const ref = (name: string, namespace: string | null = null): Ref => ({ namespace, name });
const user = ref('user');

const userTable = toTable(
  'user',
  {
    id: t.bigint().identity({ mode: 'always' }).primaryKey(),
    email: t.varchar(255).notNull().unique(),
    name: t.text().default("it's \\ fine"),
    age: t.integer().default(18),
    score: t.numeric(10, 2).notNull().default(1.5),
    active: t.boolean().notNull().default(true),
    created: t.timestamptz().notNull().default(sql('now()')),
    doubled: t.integer().generatedAs('age * 2'),
  },
  {
    checks: ['age >= 0', { name: 'email_has_at', sql: "email LIKE '%@%' AND email <> ''" }],
    indexes: [
      ['name'],
      { columns: [{ sql: 'lower(email)' }, { column: 'age', descending: true }], where: 'active' },
    ],
    comment: "the user's table",
  },
);
const postTable = toTable(
  'post',
  {
    id: t.native('serial').primaryKey(),
    author: t.bigint().notNull().references('user', 'id', { onDelete: 'cascade' }),
    body: t.json().default('{"a": 1}'),
  },
  { foreignKeys: [] },
);

const create = (table: typeof userTable): Operation => ({ kind: 'createTable', table });
const alter = (column: string, changes: ColumnChanges, using: string | null = null): Operation => ({
  kind: 'alterColumn',
  table: user,
  column,
  changes,
  was: null,
  using,
});
const exact = ({ live, expected }: Migrated) => expect(anonymous(live)).toEqual(anonymous(expected));

/** One list of operations for each kind, on top of the two tables. */
const steps: Readonly<Record<string, readonly Operation[]>> = {
  renameTable: [{ kind: 'renameTable', from: user, to: ref('person') }],
  'renameTable into another namespace': [
    { kind: 'createNamespace', namespace: 'app' },
    { kind: 'renameTable', from: ref('post'), to: ref('article', 'app') },
  ],
  setTableComment: [{ kind: 'setTableComment', table: user, from: null, to: 'other' }],
  addColumn: [
    { kind: 'addColumn', table: user, column: toColumn('phone', t.varchar(20).comment('with "+"')) },
  ],
  'addColumn not null with a default': [
    { kind: 'addColumn', table: user, column: toColumn('level', t.smallint().notNull().default(3)) },
  ],
  dropColumn: [
    {
      kind: 'dropColumn',
      table: user,
      column: 'name',
      was: null,
      lost: { uniques: [], foreignKeys: [], checks: [], indexes: [] },
    },
  ],
  renameColumn: [{ kind: 'renameColumn', table: user, from: 'age', to: 'years' }],
  'alterColumn nullability': [alter('name', { nullable: false }), alter('email', { nullable: true })],
  'alterColumn default': [
    alter('name', { default: null }),
    alter('score', { default: { kind: 'literal', value: '2.25' } }),
    alter('active', { default: { kind: 'literal', value: false } }),
  ],
  'alterColumn type with its default': [
    alter('score', { type: { kind: 'numeric', precision: 12, scale: 4 } }),
    alter('name', { type: { kind: 'varchar', length: 100 } }),
  ],
  'alterColumn type across families': [
    alter('name', { default: { kind: 'literal', value: '7' } }),
    alter('name', { type: { kind: 'integer' }, default: { kind: 'literal', value: 7 } }),
    alter('name', { type: { kind: 'text' } }, 'name::text'),
  ],
  'alterColumn collation': [alter('email', { collation: 'C' })],
  'alterColumn identity': [
    alter('id', { identity: { mode: 'by-default', start: null, increment: 5 } }),
    alter('id', { identity: null }),
    alter('id', { identity: { mode: 'always', start: 100, increment: null } }),
  ],
  'alterColumn generated away': [alter('doubled', { generated: null })],
  'alterColumn comment': [alter('name', { comment: 'a name' })],
  'alterColumn from serial to bigserial, to integer, and back': [
    {
      kind: 'alterColumn',
      table: ref('post'),
      column: 'id',
      changes: { type: { kind: 'native', sql: 'bigserial' } },
      was: null,
      using: null,
    },
    {
      kind: 'alterColumn',
      table: ref('post'),
      column: 'id',
      changes: { type: { kind: 'integer' } },
      was: null,
      using: null,
    },
    {
      kind: 'alterColumn',
      table: ref('post'),
      column: 'id',
      changes: { type: { kind: 'native', sql: 'serial' } },
      was: null,
      using: null,
    },
  ],
  setColumnComment: [{ kind: 'setColumnComment', table: user, column: 'email', from: null, to: "o'k" }],
  createIndex: [
    {
      kind: 'createIndex',
      table: user,
      index: toIndex([{ column: 'name', descending: true, nulls: 'last' }, 'age'], { include: ['score'] }),
      concurrently: false,
    },
    { kind: 'createIndex', table: user, index: toIndex(['email'], { method: 'hash' }), concurrently: false },
    {
      kind: 'createIndex',
      table: user,
      index: toIndex([{ column: 'name', operatorClass: 'text_pattern_ops', collation: 'C' }], {
        unique: true,
      }),
      concurrently: false,
    },
  ],
  'createIndex concurrently': [
    { kind: 'createIndex', table: user, index: toIndex(['age'], { name: 'by age' }), concurrently: true },
    { kind: 'createIndex', table: user, index: toIndex(['score'], { unique: true }), concurrently: true },
  ],
  dropIndex: [
    { kind: 'dropIndex', table: user, target: { columns: ['name'] }, was: null, concurrently: false },
    {
      kind: 'dropIndex',
      table: user,
      target: { columns: ['lower(email)', 'age'] },
      was: null,
      concurrently: true,
    },
  ],
  'dropPrimaryKey and addPrimaryKey': [
    { kind: 'dropForeignKey', table: ref('post'), target: { columns: ['author'] }, was: null },
    { kind: 'dropPrimaryKey', table: user, was: null },
    {
      kind: 'addPrimaryKey',
      table: user,
      primaryKey: { name: null, columns: ['id', 'email'] },
      nullable: [],
    },
  ],
  'addUnique and dropUnique': [
    {
      kind: 'addUnique',
      table: user,
      unique: toUnique(['name', 'age'], { deferrable: 'initially-deferred' }),
    },
    { kind: 'dropUnique', table: user, target: { columns: ['email'] }, was: null },
  ],
  'addForeignKey not valid, and dropForeignKey': [
    { kind: 'dropForeignKey', table: ref('post'), target: { columns: ['author'] }, was: null },
    {
      kind: 'addForeignKey',
      table: ref('post'),
      foreignKey: {
        name: null,
        columns: ['author'],
        references: { table: user, columns: ['id'] },
        onDelete: 'restrict',
        onUpdate: 'cascade',
        deferrable: 'initially-immediate',
        valid: false,
      },
    },
  ],
  'addCheck and dropCheck': [
    { kind: 'addCheck', table: user, check: { name: null, sql: 'age between 1 and 200', valid: true } },
    { kind: 'addCheck', table: user, check: { name: 'late', sql: "name in ('a', 'b')", valid: false } },
    { kind: 'dropCheck', table: user, target: { sql: 'age >= 0' }, was: null },
    { kind: 'dropCheck', table: user, target: { name: 'email_has_at' }, was: null },
  ],
  'enums, a value used right after it was added': [
    { kind: 'createEnum', enum: { ...ref('mood'), values: ['sad', "o'k"] } },
    { kind: 'addEnumValue', enum: ref('mood'), value: 'glad', before: null, after: 'sad' },
    { kind: 'addEnumValue', enum: ref('mood'), value: 'none', before: 'sad', after: null },
    {
      kind: 'addColumn',
      table: user,
      column: toColumn('mood', t.enum('mood', ['none', 'sad', 'glad', "o'k"]).notNull().default('glad')),
    },
  ],
  dropEnum: [
    { kind: 'createEnum', enum: { ...ref('mood'), values: ['x'] } },
    { kind: 'dropEnum', enum: ref('mood'), was: null },
  ],
  'namespaces, views, sequences': [
    { kind: 'createNamespace', namespace: 'app' },
    {
      kind: 'createView',
      view: { ...ref('names'), sql: ' SELECT 1 AS one;', materialized: false },
    },
    {
      kind: 'createView',
      view: { ...ref('stored', 'app'), sql: ' SELECT count(*) AS n\n   FROM "user"', materialized: true },
    },
    {
      kind: 'createSequence',
      sequence: { ...ref('counter', 'app'), start: 5, increment: 2, minimum: 1, maximum: 99, cycle: true },
    },
  ],
  'and away with them': [
    { kind: 'createNamespace', namespace: 'app' },
    { kind: 'createView', view: { ...ref('stored', 'app'), sql: 'SELECT 1 AS one', materialized: true } },
    { kind: 'dropView', view: ref('stored', 'app'), was: null },
    {
      kind: 'createSequence',
      sequence: { ...ref('counter'), start: 1, increment: 1, minimum: null, maximum: null, cycle: false },
    },
    { kind: 'dropSequence', sequence: ref('counter'), was: null },
    { kind: 'dropNamespace', namespace: 'app' },
  ],
  dropTable: [
    { kind: 'dropTable', table: ref('post'), was: null, triggers: [] },
    { kind: 'dropTable', table: user, was: null, triggers: [] },
  ],
};

describe.each(engines)('operations on %s', (engine) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench(engine);
  });
  afterAll(() => bench.close());
  beforeEach(() => bench.clear());

  test('createTable leaves what apply says', async () => {
    const done = await bench.migrate([create(userTable), create(postTable)]);
    exact(done);
    expect(done.segments.map((segment) => segment.mode)).toEqual(['transaction']);
    expect(done.live.tables.map((table) => table.primaryKey?.name)).toEqual(['pk_post', 'pk_user']);
    expect(done.live.sequences).toEqual([]);
  });

  test.each(Object.keys(steps))('%s', async (name) => {
    await bench.migrate([create(userTable), create(postTable)]);
    exact(await bench.migrate(steps[name] ?? []));
  });

  test('triggers and routines come and go', async () => {
    const body = 'BEGIN RETURN new; END';
    const routine = {
      ...ref('touch'),
      kind: 'function' as const,
      signature: '',
      sql: `CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$${body}$$`,
    };
    const trigger = {
      table: user,
      name: 'touched',
      sql: 'CREATE TRIGGER touched BEFORE UPDATE ON "user" FOR EACH ROW EXECUTE FUNCTION touch()',
    };
    await bench.migrate([create(userTable)]);
    const made = await bench.migrate([
      { kind: 'createRoutine', routine },
      { kind: 'createTrigger', trigger },
    ]);
    expect(made.live.triggers).toEqual([trigger]);
    expect(made.live.routines.map(({ name, signature }) => [name, signature])).toEqual([['touch', '']]);
    const spelled = await bench.dialect.spell(bench.connection, made.expected);
    expect(spelled && bench.dialect.normalize(spelled).routines).toEqual(made.live.routines);
    exact(
      await bench.migrate([
        { kind: 'dropTrigger', table: user, trigger: 'touched', was: null },
        { kind: 'dropRoutine', routine, was: null },
      ]),
    );
  });

  test('rows are inserted with their types, and deleted by their key', async () => {
    const table = toTable(ref('r"o.w'), {
      id: t.integer().identity({ mode: 'always' }).primaryKey(),
      flag: t.boolean(),
      price: t.numeric(8, 2),
      raw: t.binary(),
      data: t.json(),
      at: t.timestamptz(),
      tags: t.native('text[]'),
      short: t.varchar(3),
    });
    const rows = [
      {
        id: 1,
        flag: true,
        price: '12.34',
        raw: { hex: '00ff' },
        data: { json: { a: [1, null] } },
        at: '2020-01-01T00:00:00Z',
        tags: '{a,"b,c"}',
        short: 'abc',
      },
      { id: 2, flag: null, price: null, raw: null, data: null, at: null, tags: null, short: null },
      { id: 3, flag: false },
    ];
    await bench.migrate([create(table), { kind: 'insertRows', table: ref('r"o.w'), rows, key: null }]);
    expect(
      await bench.rows(
        `SELECT id::text, flag::text, price::text, encode(raw, 'hex') AS raw, data::text, tags[2] AS tag FROM "r""o.w" ORDER BY id`,
      ),
    ).toEqual([
      { id: '1', flag: 'true', price: '12.34', raw: '00ff', data: '{"a": [1, null]}', tag: 'b,c' },
      { id: '2', flag: null, price: null, raw: null, data: null, tag: null },
      { id: '3', flag: 'false', price: null, raw: null, data: null, tag: null },
    ]);
    await bench.migrate([{ kind: 'deleteRows', table: ref('r"o.w'), rows: rows.slice(1), key: null }]);
    expect(await bench.rows('SELECT id::int FROM "r""o.w"')).toEqual([{ id: 1 }]);
    const tooLong = bench.migrate([
      { kind: 'insertRows', table: ref('r"o.w'), rows: [{ id: 9, short: 'abcd' }], key: null },
    ]);
    await expect(tooLong).rejects.toThrow(/too long/);
  });

  test('many rows go in several statements', async () => {
    await bench.migrate([create(toTable('many', { a: t.integer(), b: t.text() }))]);
    const rows = Array.from({ length: 20_000 }, (_, i) => ({ a: i, b: `row ${i}` }));
    const done = await bench.migrate([{ kind: 'insertRows', table: ref('many'), rows, key: null }]);
    expect(done.statements).toHaveLength(2);
    expect(await bench.rows('SELECT count(*)::int AS n FROM many')).toEqual([{ n: 20_000 }]);
  });

  test('raw SQL stands where the server allows it', async () => {
    const execute = (text: string, transaction = true): Operation => ({
      kind: 'execute',
      sql: text,
      inverse: null,
      effect: null,
      transaction,
    });
    const done = await bench.migrate([
      execute('CREATE TABLE raw (a integer)'),
      execute('VACUUM raw'),
      execute('/* note */ INSERT INTO raw VALUES (1)'),
      { kind: 'assert', sql: 'SELECT count(*) = 1 FROM raw', message: 'one row' },
      {
        kind: 'run',
        run: { list: 'upgrade', index: 0, description: 'fill', repeatable: false, inverse: null },
        effect: [],
      },
      execute('SELECT 1', false),
    ]);
    expect(done.segments.map(({ mode, statements }) => [mode, statements.map((one) => one.kind)])).toEqual([
      ['transaction', ['ddl']],
      ['autocommit', ['ddl']],
      ['transaction', ['data', 'assert', 'code']],
      ['autocommit', ['data']],
    ]);
  });

  test('an identity over present numbers goes on behind them', async () => {
    await bench.migrate([create(toTable('n', { id: t.integer().notNull() }))]);
    await bench.exec('INSERT INTO n VALUES (7), (41)');
    const changes: ColumnChanges = { identity: { mode: 'by-default', start: null, increment: null } };
    exact(
      await bench.migrate([
        { kind: 'alterColumn', table: ref('n'), column: 'id', changes, was: null, using: null },
      ]),
    );
    await bench.exec('INSERT INTO n DEFAULT VALUES');
    expect(await bench.rows('SELECT max(id)::int AS id FROM n')).toEqual([{ id: 42 }]);
  });

  test('hostile names survive', async () => {
    const names = [
      'a"b',
      'a.b',
      "a'b",
      'Ünïcødé ☃',
      'select',
      'x'.repeat(63),
      '$$',
      '__proto__',
      'line\nbreak',
      '%s',
      'back\\slash',
    ];
    for (const name of names) {
      const table = toTable(
        { namespace: name, name },
        {
          [name]: t
            .integer()
            .primaryKey()
            .check(`"${name.replaceAll('"', '""')}" > 0`, name),
          other: t.text().comment(name),
        },
        { indexes: [{ name: `${name.slice(0, 60)}_i`, columns: ['other'] }], comment: name },
      );
      // An object literal would not keep the name `__proto__`.
      const columns = [toColumn(name, t.integer().notNull()), toColumn('other', t.text().comment(name))];
      const done = await bench.migrate([
        { kind: 'createNamespace', namespace: name },
        { kind: 'createEnum', enum: { namespace: name, name: `${name.slice(0, 60)}_e`, values: [name] } },
        create({ ...table, columns, primaryKey: { name: null, columns: [name] } }),
        {
          kind: 'renameColumn',
          table: { namespace: name, name },
          from: 'other',
          to: `${name.slice(0, 60)}_2`,
        },
      ]);
      exact(done);
    }
  });

  test('a name that the server would cut is refused', async () => {
    const long = toTable('é'.repeat(32), { a: t.integer() });
    const refusal = await bench.migrate([create(long)]).catch((error: unknown) => error);
    expect(isSurefootError(refusal, 'identifier/too-long')).toBe(true);
  });

  test('an unnamed enum is refused', async () => {
    const table = toTable('e', { a: t.enum(null, ['x']) });
    const refusal = await bench.migrate([create(table)]).catch((error: unknown) => error);
    expect(isSurefootError(refusal, 'operation/unsupported')).toBe(true);
  });
});
