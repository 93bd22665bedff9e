import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Operation } from '../../../src/operations/operation.ts';
import { t, toColumn } from '../../../src/schema/column-builder.ts';
import { toIndex, toTable } from '../../../src/schema/table-builder.ts';
import { type Bench, mysqlEngines, naming, openBench } from './support.ts';

const thing = { namespace: null, name: 'thing' };
const comment = (column: string, to: string): Operation => ({
  kind: 'setColumnComment',
  table: thing,
  column,
  from: null,
  to,
});

function benchFor(engine: 'mariadb' | 'mysql9'): () => Bench {
  let bench: Bench | undefined;
  beforeAll(async () => {
    bench = await openBench(engine);
  });
  afterAll(async () => {
    await bench?.close();
  });
  return () => bench ?? expect.fail('no server');
}

describe.skipIf(!mysqlEngines.includes('mysql9'))('only on MySQL', () => {
  const bench = benchFor('mysql9');

  test('functional indexes and checks that are not enforced', async () => {
    const { expected, actual } = await bench().run([
      {
        kind: 'createTable',
        table: toTable(
          'thing',
          { id: t.integer().primaryKey(), name: t.varchar(40), data: t.json() },
          { indexes: [{ columns: [{ sql: "concat(lower(name), 'x''y')" }, 'id'], name: 'ix_low' }] },
        ),
      },
      { kind: 'addCheck', table: thing, check: { name: 'ck_off', sql: "name <> 'it''s'", valid: false } },
      {
        kind: 'createIndex',
        table: thing,
        index: toIndex([{ sql: 'id + 1', descending: true }], { name: 'ix_next' }),
        concurrently: false,
      },
    ]);
    expect(actual).toEqual(expected);
    await bench().connection.query("INSERT INTO thing VALUES (1, 'it''s', NULL)");
    await bench().connection.query('DROP TABLE thing');
  });

  test("the invisible key that the server makes is nobody's", async () => {
    const { connection } = bench();
    await connection.query('SET SESSION sql_generate_invisible_primary_key = 1');
    const { expected, actual } = await bench().run([
      { kind: 'createTable', table: toTable('keyless', { a: t.integer() }) },
    ]);
    await connection.query('SET SESSION sql_generate_invisible_primary_key = 0');
    expect(actual).toEqual(expected);
    expect(actual.tables[0]?.primaryKey).toBeNull();
    expect(actual.unsupported).toEqual([]);
    await connection.query('DROP TABLE keyless');
  });

  test('a column that an expression uses is renamed with it, unless a key rests on what computes', async () => {
    const { connection, run } = bench();
    const rename: Operation = { kind: 'renameColumn', table: thing, from: 'a', to: 'b' };
    await connection.query('CREATE TABLE thing (id int primary key, a int, g int AS (a + 1))');
    const { expected, actual } = await run([rename]);
    expect(actual).toEqual(expected);
    await connection.query('DROP TABLE thing');
    await connection.query('CREATE TABLE thing (a int, g int AS (a + 1) STORED, PRIMARY KEY (g))');
    await expect(run([rename])).rejects.toThrow(/while g computes with it/);
    await connection.query('DROP TABLE thing');
  });
});

describe.skipIf(!mysqlEngines.includes('mariadb'))('only on MariaDB', () => {
  const bench = benchFor('mariadb');

  test('checks written at a column live in its definition', async () => {
    const { connection, introspect } = bench();
    await connection.query('CREATE TABLE thing (id int primary key, a int DEFAULT 3 CHECK (a > 0), j json)');
    const before = await introspect();
    expect(before.tables[0]?.checks).toEqual([{ name: 'a', sql: '`a` > 0', valid: true }]);
    expect(before.tables[0]?.columns[2]?.type).toEqual({ kind: 'json' });
    const commented = await bench().run([comment('a', 'x'), comment('j', 'y')]);
    expect(commented.actual).toEqual(commented.expected);
    const [table] = before.tables;
    const statements = bench().dialect.dump({ ...before, tables: table ? [table] : [] }, naming);
    const dropped = await bench().run([
      { kind: 'dropCheck', table: thing, target: { name: 'a' }, was: null },
    ]);
    expect(dropped.actual).toEqual(dropped.expected);
    await connection.query('INSERT INTO thing (id, a) VALUES (1, -1)');
    await connection.query('DROP TABLE thing');
    for (const sql of statements) await connection.query(sql);
    expect(await introspect()).toEqual(before);
    await connection.query('DROP TABLE thing');
  });

  test('sequences', async () => {
    const sequence = {
      namespace: null,
      name: 'numbers',
      start: 5,
      increment: 2,
      minimum: null,
      maximum: null,
      cycle: false,
    };
    const made = await bench().run([
      { kind: 'createSequence', sequence },
      {
        kind: 'createTable',
        table: toTable('thing', { id: t.bigint().notNull().default({ sql: 'nextval(numbers)' }) }),
      },
    ]);
    expect(made.actual.sequences).toEqual(made.expected.sequences);
    await bench().connection.query('INSERT INTO thing VALUES ()');
    await bench().run([
      { kind: 'dropTable', table: thing, was: null, triggers: [] },
      { kind: 'dropSequence', sequence, was: null },
    ]);
    expect((await bench().introspect()).sequences).toEqual([]);
  });

  test('a column that an expression uses is renamed in it', async () => {
    await bench().connection.query(
      'CREATE TABLE thing (id int primary key, a int, g int AS (a + 1), CHECK (a > id))',
    );
    const renamed = await bench().run([{ kind: 'renameColumn', table: thing, from: 'a', to: 'b' }]);
    expect(renamed.actual).toEqual(renamed.expected);
    const added = await bench().run([{ kind: 'addColumn', table: thing, column: toColumn('u', t.uuid()) }]);
    expect(added.actual.tables[0]?.columns.find((column) => column.name === 'u')?.type).toEqual({
      kind: 'uuid',
    });
    await bench().connection.query('DROP TABLE thing');
  });
});
