import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { invertAll } from '../../../src/operations/apply.ts';
import type { Operation } from '../../../src/operations/operation.ts';
import type { ColumnBuilder } from '../../../src/schema/column-builder.ts';
import { t, toColumn, toForeignKey } from '../../../src/schema/column-builder.ts';
import { defineSchema, table } from '../../../src/schema/define-schema.ts';
import type { Column, Index, Schema } from '../../../src/schema/schema.ts';
import type { IndexOptions, IndexPartInput } from '../../../src/schema/table-builder.ts';
import { toIndex, toUnique } from '../../../src/schema/table-builder.ts';
import { type Bench, mysqlEngines, openBench } from './support.ts';

const ref = (name: string) => ({ namespace: null, name });
const person = ref('person');

const base: Schema = defineSchema({
  tables: {
    city: table({ id: t.integer().identity().primaryKey(), name: t.varchar(80).notNull() }),
    person: table(
      {
        id: t.integer().identity().primaryKey(),
        email: t.varchar(120).notNull(),
        name: t.varchar(40),
        age: t.integer().default(3),
        size: t.numeric(6, 2).notNull().default('1.5'),
        city_id: t.integer(),
        town_id: t.integer(),
        mood: t.enum(null, ['sad', 'ok']).default('ok'),
        seen: t.timestamp({ precision: 3 }).default({ sql: 'now()' }).comment('last time'),
        notes: t.text(),
        twice: t.integer().generatedAs('age * 2', { stored: false }),
      },
      {
        uniques: [{ columns: ['email'], name: 'uq_email' }],
        indexes: [
          { columns: ['name'], name: 'ix_name' },
          { columns: ['name', 'size'], name: 'ix_both' },
          { columns: ['town_id'], name: 'ix_town' },
        ],
        checks: [
          { sql: 'size > 0', name: 'ck_size' },
          { sql: "name <> 'x''y' or size > 5", name: 'ck_pair' },
        ],
        foreignKeys: [
          {
            columns: ['city_id'],
            references: { table: 'city', columns: ['id'] },
            name: 'fk_city',
            onDelete: 'cascade',
          },
          { columns: ['town_id'], references: { table: 'city', columns: ['id'] }, name: 'fk_town' },
        ],
      },
    ),
    log: table({ text: t.varchar(20), at: t.integer().notNull() }),
  },
});

const create = (schema: Schema): readonly Operation[] =>
  schema.tables.map((one) => ({ kind: 'createTable', table: one }));

const addColumn = (name: string, builder: ColumnBuilder): Operation => ({
  kind: 'addColumn',
  table: person,
  column: toColumn(name, builder),
});
const dropColumn = (column: string): Operation => ({
  kind: 'dropColumn',
  table: person,
  column,
  was: null,
  lost: { uniques: [], foreignKeys: [], checks: [], indexes: [] },
});
const alter = (column: string, changes: Partial<Omit<Column, 'name'>>): Operation => ({
  kind: 'alterColumn',
  table: person,
  column,
  changes,
  was: null,
  using: null,
});
const index = (columns: readonly IndexPartInput[], options: IndexOptions = {}): Operation => ({
  kind: 'createIndex',
  table: person,
  index: toIndex(columns, options),
  concurrently: false,
});
const dropIndex = (target: { name: string } | { columns: string[] }): Operation => ({
  kind: 'dropIndex',
  table: person,
  target,
  was: null as Index | null,
  concurrently: false,
});
const rename = (from: string, to: string): Operation => ({ kind: 'renameColumn', table: person, from, to });
const addKey = (columns: string[], name?: string): Operation => ({
  kind: 'addForeignKey',
  table: person,
  foreignKey: toForeignKey(columns, { table: 'city', columns: ['id'] }, name === undefined ? {} : { name }),
});
const dropKey = (target: { name: string } | { columns: string[] }): Operation => ({
  kind: 'dropForeignKey',
  table: person,
  target,
  was: null,
});

const view: Operation = {
  kind: 'createView',
  view: { ...ref('old'), sql: 'SELECT id, name FROM person WHERE size > 2', materialized: false },
};
const trigger: Operation = {
  kind: 'createTrigger',
  trigger: {
    table: person,
    name: 'tr_name',
    sql: 'create definer = current_user trigger tr_name before insert\non person for each row begin set new.name = upper(new.name); set new.size = 1; end;',
  },
};
const routine: Operation = {
  kind: 'createRoutine',
  routine: {
    ...ref('half'),
    kind: 'function',
    signature: '',
    sql: 'CREATE FUNCTION half(n INT(11)) RETURNS decimal(10,2) DETERMINISTIC RETURN n / 2;',
  },
};

/** Operations on the base schema, and whether their inverse leads back to exactly what was there. */
const cases: Readonly<Record<string, readonly Operation[]>> = {
  'create a table': create(
    defineSchema({
      tables: {
        fresh: table(
          {
            id: t.bigint().primaryKey(),
            at: t.timestamptz().notNull().default({ sql: 'CURRENT_TIMESTAMP' }),
          },
          { comment: "it's \\ new" },
        ),
      },
    }),
  ),
  'create a table with unnamed parts': create(
    defineSchema({
      tables: {
        child: table(
          {
            id: t.integer().primaryKey(),
            a: t.integer().unique().references('city', 'id'),
            b: t.integer().check('b > 1'),
            c: t.varchar(9).index(),
          },
          { indexes: [['a', 'b']], uniques: [['b', 'c']] },
        ),
      },
    }),
  ),
  'drop a table': [{ kind: 'dropTable', table: ref('log'), was: null, triggers: [] }],
  'rename a table': [{ kind: 'renameTable', from: ref('city'), to: ref('town') }],
  'rename a table and alter it': [
    { kind: 'renameTable', from: person, to: ref('human') },
    { kind: 'addColumn', table: ref('human'), column: toColumn('x', t.integer()) },
  ],
  'set a table comment': [{ kind: 'setTableComment', table: person, from: null, to: "o'neill" }],
  'add columns': [
    addColumn('a', t.bigint().notNull().default(7)),
    addColumn('b', t.json()),
    addColumn('c', t.varchar(10).default("it's").comment('c')),
  ],
  'add a column and an index on it': [addColumn('a', t.bigint()), index(['a'])],
  'drop a column': [dropColumn('notes')],
  'drop a column with indexes and checks': [dropColumn('name')],
  'drop a column with a foreign key': [dropColumn('city_id')],
  'drop a column with a foreign key and an index': [dropColumn('town_id')],
  'drop a column and add another': [dropColumn('notes'), addColumn('notes', t.varchar(5))],
  'rename a column': [rename('notes', 'remarks')],
  'rename a column in a check': [rename('size', 'width')],
  'rename and alter a column': [
    rename('notes', 'remarks'),
    alter('remarks', { comment: 'x' }),
    rename('remarks', 'text'),
  ],
  'widen a type': [alter('age', { type: { kind: 'bigint' } })],
  'change type, default and nullability': [
    alter('age', {
      type: { kind: 'varchar', length: 9 },
      default: { kind: 'literal', value: 'x' },
      nullable: false,
    }),
  ],
  'change a default': [alter('size', { default: { kind: 'literal', value: 2 } })],
  'drop a default': [alter('size', { default: null }), alter('age', { default: null })],
  'alter one column twice': [
    alter('name', { nullable: false }),
    alter('name', { type: { kind: 'varchar', length: 60 } }),
  ],
  'set ON UPDATE': [alter('seen', { onUpdate: 'now(3)' })],
  'add an enum value in place': [
    alter('mood', { type: { kind: 'enum', namespace: null, name: null, values: ['sad', 'so-so', 'ok'] } }),
  ],
  'set a collation': [alter('name', { collation: 'utf8mb4_bin' })],
  'stored instead of virtual': [alter('twice', { generated: { sql: 'age * 2', stored: true } })],
  'other generation': [alter('twice', { generated: { sql: 'age * 3', stored: false } })],
  'comment on a column': [
    { kind: 'setColumnComment', table: person, column: 'seen', from: null, to: 'once' },
  ],
  'create indexes': [
    index(['age', { column: 'name', length: 5 }]),
    index([{ column: 'notes', length: 20 }]),
    index([{ column: 'size', descending: true }, 'age'], { name: 'ix_down' }),
  ],
  'create a fulltext index': [index(['notes'], { method: 'fulltext' })],
  'create a unique index': [index(['age', 'name'], { unique: true })],
  'drop an index by name': [dropIndex({ name: 'ix_name' })],
  'drop an index by columns': [dropIndex({ columns: ['name', 'size'] })],
  'drop the index of a foreign key': [dropIndex({ name: 'ix_town' })],
  'replace an index': [dropIndex({ name: 'ix_name' }), index(['name', 'age'], { name: 'ix_name' })],
  'index the columns of a foreign key': [index(['city_id'])],
  'add a unique key': [{ kind: 'addUnique', table: person, unique: toUnique(['name', 'age']) }],
  'drop a unique key by name': [
    { kind: 'dropUnique', table: person, target: { name: 'uq_email' }, was: null },
  ],
  'drop a unique key by columns': [
    { kind: 'dropUnique', table: person, target: { columns: ['email'] }, was: null },
  ],
  'add a primary key': [
    {
      kind: 'addPrimaryKey',
      table: ref('log'),
      primaryKey: { name: null, columns: ['at', 'text'] },
      nullable: ['text'],
    },
  ],
  'replace a primary key under AUTO_INCREMENT': [
    { kind: 'dropPrimaryKey', table: person, was: null },
    {
      kind: 'addPrimaryKey',
      table: person,
      primaryKey: { name: null, columns: ['id', 'email'] },
      nullable: [],
    },
  ],
  'drop a primary key with AUTO_INCREMENT': [
    alter('id', { identity: null }),
    { kind: 'dropPrimaryKey', table: person, was: null },
  ],
  'add AUTO_INCREMENT with a key': [
    { kind: 'addColumn', table: ref('log'), column: toColumn('id', t.integer().identity()) },
    { kind: 'addPrimaryKey', table: ref('log'), primaryKey: { name: null, columns: ['id'] }, nullable: [] },
  ],
  'add a foreign key': [addColumn('home_id', t.integer()), addKey(['home_id'])],
  'drop a foreign key with its own index': [dropKey({ name: 'fk_city' })],
  'drop a foreign key with an index beside': [dropKey({ columns: ['town_id'] })],
  'replace a foreign key': [dropKey({ name: 'fk_city' }), addKey(['city_id'], 'fk_city')],
  'drop a foreign key and its column': [dropKey({ name: 'fk_city' }), dropColumn('city_id')],
  'create a parent and refer to it': [
    ...create(defineSchema({ tables: { land: table({ id: t.integer().primaryKey() }) } })),
    addColumn('land_id', t.integer()),
    {
      kind: 'addForeignKey',
      table: person,
      foreignKey: toForeignKey(
        ['land_id'],
        { table: 'land', columns: ['id'] },
        { onDelete: 'set-null', onUpdate: 'cascade' },
      ),
    },
  ],
  'add a check': [
    { kind: 'addCheck', table: person, check: { name: 'ck_age', sql: 'age > 0', valid: true } },
  ],
  'drop a check by name': [{ kind: 'dropCheck', table: person, target: { name: 'ck_size' }, was: null }],
  'replace a check': [
    { kind: 'dropCheck', table: person, target: { name: 'ck_size' }, was: null },
    { kind: 'addCheck', table: person, check: { name: 'ck_size', sql: 'size > 1', valid: true } },
  ],
  'trigger and routine': [trigger, routine],
  'drop and create a trigger': [
    trigger,
    { kind: 'dropTrigger', table: person, trigger: 'tr_name', was: null },
  ],
};

/** Not the whole way back: what the operations lost does not come with them. */
const oneWay = new Set(['drop a column and add another', 'drop and create a trigger']);

describe.skipIf(mysqlEngines.length === 0).each(mysqlEngines)('operations on %s', (engine) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench(engine);
  });
  afterAll(async () => {
    await bench.close();
  });

  const reset = async () => {
    const { schema } = { schema: await bench.introspect() };
    await bench.connection.query('SET foreign_key_checks = 0');
    for (const one of schema.views)
      await bench.connection.query(`DROP VIEW ${bench.dialect.quote(one.name)}`);
    for (const one of schema.routines)
      await bench.connection.query(`DROP ${one.kind} ${bench.dialect.quote(one.name)}`);
    for (const one of schema.tables)
      await bench.connection.query(`DROP TABLE ${bench.dialect.quote(one.name)}`);
    await bench.connection.query('SET foreign_key_checks = 1');
    await bench.run(create(base));
  };

  test('create the base schema', async () => {
    const { expected, actual } = await bench.run(create(base));
    expect(actual).toEqual(expected);
  });

  test.each(Object.keys(cases))('%s', async (name) => {
    await reset();
    const { completed, before, expected, actual, segments } = await bench.run(cases[name] ?? []);
    expect(actual).toEqual(expected);
    expect(actual).not.toEqual(name === 'drop and create a trigger' ? null : before);
    expect(segments.map((segment) => segment.mode)).toEqual(['autocommit']);
    const inverse = invertAll(completed);
    if (oneWay.has(name)) return;
    expect(inverse).not.toBeNull();
    const back = await bench.run(inverse ?? []);
    expect(back.actual).toEqual(before);
  });

  test('a view, as the server spells it', async () => {
    await reset();
    const { actual } = await bench.run([view]);
    const spelled = await bench.dialect.spell(bench.connection, {
      ...base,
      views: view.kind === 'createView' ? [view.view] : [],
    });
    expect(bench.dialect.normalize(actual).views).toEqual(spelled?.views);
    await bench.run([{ kind: 'dropView', view: ref('old'), was: null }]);
    expect((await bench.introspect()).views).toEqual([]);
  });
});
