import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Operation } from '../../../src/operations/operation.ts';
import { t, toColumn } from '../../../src/schema/column-builder.ts';
import type { Ref } from '../../../src/schema/schema.ts';
import { toIndex, toTable, toUnique } from '../../../src/schema/table-builder.ts';
import { anonymous, type Bench, engines, naming, openBench } from './support.ts';

const ref = (name: string): Ref => ({ namespace: null, name });
const user = ref('user');
const noLosses = { uniques: [], foreignKeys: [], checks: [], indexes: [] };

describe.each(engines)('questions and spelling on %s', (engine) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench(engine);
  });
  afterAll(() => bench.close());
  beforeEach(async () => {
    await bench.clear();
    await bench.exec(
      'CREATE TABLE "user" (id integer PRIMARY KEY, email text, age integer, price numeric(8,3), at timestamp)',
      'CREATE TABLE bare ("user" integer, note varchar(9))',
      `INSERT INTO "user" VALUES (1, 'a', 5, 1.005, '2020-01-01 10:00'), (2, 'a', null, 2, '2020-01-01'), (3, null, 70000, null, null), (4, null, -1, 3.5, null)`,
      `INSERT INTO bare VALUES (1, 'long text'), (9, null), (null, 'x')`,
    );
  });

  const ask = async (operations: readonly Operation[]) => {
    const before = await bench.introspect();
    const questions = bench.dialect.rowQuestions({ operations, before, naming });
    const answers: (readonly unknown[])[] = [];
    for (const { sql } of questions) answers.push(await bench.rows(sql));
    return questions.map((question, i) => ({
      subject: question.subject,
      operation: question.operation,
      rows: (answers[i] ?? []).map((row) => Object.values(row as object)[0]),
    }));
  };
  const change = (column: string, changes: object): Operation => ({
    kind: 'alterColumn',
    table: user,
    column,
    changes,
    was: null,
    using: null,
  });

  test('rows that an operation would break on are named by key', async () => {
    const found = await ask([
      { kind: 'addUnique', table: user, unique: toUnique(['email']) },
      {
        kind: 'createIndex',
        table: user,
        index: toIndex(['email'], { unique: true, where: 'id > 1' }),
        concurrently: false,
      },
      change('age', { nullable: false }),
      change('age', { type: { kind: 'smallint' } }),
      { kind: 'addCheck', table: user, check: { name: null, sql: 'age > 0', valid: true } },
      {
        kind: 'addForeignKey',
        table: ref('bare'),
        foreignKey: {
          name: null,
          columns: ['user'],
          references: { table: user, columns: ['id'] },
          onDelete: 'no-action',
          onUpdate: 'no-action',
          deferrable: 'no',
          valid: true,
        },
      },
      { kind: 'addColumn', table: ref('bare'), column: toColumn('c', t.integer().notNull()) },
      {
        kind: 'addPrimaryKey',
        table: ref('bare'),
        primaryKey: { name: null, columns: ['user'] },
        nullable: ['user'],
      },
    ]);
    expect(found.map(({ operation, rows }) => [operation, rows])).toEqual([
      [0, ['id=1', 'id=2']],
      [1, []],
      [2, ['id=2']],
      [3, ['id=3']],
      [4, ['id=4']],
      [5, ['row at (0,2)']],
      [6, ['row at (0,1)', 'row at (0,2)', 'row at (0,3)']],
      [7, ['row at (0,3)']],
      [7, []],
    ]);
  });

  test('a text that will not fit, and a table that nobody has filled', async () => {
    const shorter: Operation = {
      kind: 'alterColumn',
      table: ref('bare'),
      column: 'note',
      changes: { type: { kind: 'varchar', length: 4 } },
      was: null,
      using: null,
    };
    const fresh = toTable('fresh', { a: t.integer() });
    const found = await ask([
      shorter,
      { kind: 'createTable', table: fresh },
      { kind: 'addUnique', table: ref('fresh'), unique: toUnique(['a']) },
    ]);
    expect(found.map(({ rows }) => rows)).toEqual([['row at (0,1)']]);
  });

  test('what would be lost is counted', async () => {
    const before = await bench.introspect();
    const operations: readonly Operation[] = [
      { kind: 'dropColumn', table: user, column: 'email', was: null, lost: noLosses },
      change('price', { type: { kind: 'numeric', precision: 8, scale: 2 } }),
      change('at', { type: { kind: 'date' } }),
      { kind: 'dropTable', table: ref('bare'), was: null, triggers: [] },
    ];
    const questions = bench.dialect.lossQuestions({ operations, before, naming });
    const counts: number[] = [];
    for (const { sql } of questions)
      counts.push(Number(Object.values((await bench.rows(sql))[0] as object)[0]));
    expect(counts).toEqual([2, 1, 1, 3]);
  });

  test('the server spells what text cannot settle, and keeps nothing', async () => {
    const table = toTable(
      'spelled',
      {
        a: t.integer(),
        b: t.varchar(9),
        c: t.enum('mood', ['x', 'y']),
        d: t.integer().generatedAs('a*2 + length(b)'),
      },
      {
        checks: ['extract(year from now()) > 2000 and a between 1 and 5', "c <> 'x'"],
        indexes: [{ columns: [{ sql: "b || 'x'" }], where: 'a <> 0' }],
      },
    );
    const view = {
      ...ref('seen'),
      sql: "select upper(b) as b from spelled where a in (1,2) and c = 'y'",
      materialized: false,
    };
    const before = await bench.introspect();
    const wanted = bench.dialect.normalize({
      ...before,
      enums: [{ ...ref('mood'), values: ['x', 'y'] }],
      tables: [table],
      views: [view],
    });
    const spelled = await bench.dialect.spell(bench.connection, wanted);
    expect(await bench.introspect()).toEqual(before);
    const { live } = await bench.migrate([
      { kind: 'createEnum', enum: { ...ref('mood'), values: ['x', 'y'] } },
      { kind: 'createTable', table },
      { kind: 'createView', view },
    ]);
    const made = { ...live, tables: live.tables.filter((one) => one.name === 'spelled') };
    expect(spelled && anonymous(bench.dialect.normalize(spelled))).toEqual(anonymous(made));
  });

  test('a read-only session cannot spell', async () => {
    await bench.exec('SET default_transaction_read_only = on');
    const schema = await bench.introspect();
    expect(await bench.dialect.spell(bench.connection, schema)).toBeNull();
    await bench.exec('SET default_transaction_read_only = off');
  });

  test('what the server refuses stays as it was given, the rest is spelled', async () => {
    const good = toTable('good', { a: t.integer() }, { checks: ['extract(day from now()) > a'] });
    const bad = toTable('bad', { a: t.integer() }, { checks: ['nothing_like_this(a)'] });
    const given = bench.dialect.normalize({ ...(await bench.introspect()), tables: [bad, good] });
    const spelled = await bench.dialect.spell(bench.connection, given);
    expect(spelled?.tables.map((table) => table.checks[0]?.sql)).toEqual([
      'nothing_like_this(a)',
      'EXTRACT(day FROM now()) > (a)::numeric',
    ]);
  });
});
