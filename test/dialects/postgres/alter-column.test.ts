// Alterations of a column that the server has no single statement for.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ColumnChanges, Operation } from '../../../src/operations/operation.ts';
import { t } from '../../../src/schema/column-builder.ts';
import { toTable } from '../../../src/schema/table-builder.ts';
import { anonymous, type Bench, engines, type Migrated, naming, openBench } from './support.ts';

const ref = (name: string) => ({ namespace: null, name });
const alter = (table: string, column: string, changes: ColumnChanges): Operation => ({
  kind: 'alterColumn',
  table: ref(table),
  column,
  changes,
  was: null,
  using: null,
});
const sorted = ({ live, expected }: Migrated) =>
  [live, expected].map(anonymous).map((schema) => ({
    ...schema,
    tables: schema.tables.map((table) => ({
      ...table,
      columns: table.columns.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    })),
  }));
/** Up to the order of columns. */
const exact = (done: Migrated) => {
  const [live, expected] = sorted(done);
  expect(live).toEqual(expected);
};

describe.each(engines)('altering columns on %s', (engine) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench(engine);
  });
  afterAll(() => bench.close());
  beforeEach(() => bench.clear());

  test('an enum becomes a text, keeps its default, and goes', async () => {
    const values = ['sad', "it's ok"];
    await bench.migrate([
      { kind: 'createEnum', enum: { ...ref('mood'), values } },
      {
        kind: 'createTable',
        table: toTable('person', {
          id: t.integer().primaryKey(),
          mood: t.enum('mood', values).notNull().default("it's ok"),
          other: t.enum('mood', values),
        }),
      },
    ]);
    await bench.exec("INSERT INTO person (id, mood) VALUES (1, 'sad')");
    const done = await bench.migrate([
      alter('person', 'mood', { type: { kind: 'text' } }),
      alter('person', 'other', {
        type: { kind: 'varchar', length: 20 },
        default: { kind: 'literal', value: 'x' },
      }),
      { kind: 'dropEnum', enum: ref('mood'), was: null },
    ]);
    exact(done);
    await bench.exec('INSERT INTO person (id) VALUES (2)');
    expect(await bench.rows('SELECT mood, other FROM person ORDER BY id')).toEqual([
      { mood: 'sad', other: null },
      { mood: "it's ok", other: 'x' },
    ]);
  });

  const sums = toTable(
    'sums',
    {
      id: t.integer().primaryKey(),
      a: t.integer().notNull(),
      b: t.integer().comment('kept'),
      c: t.integer().generatedAs('a * 2'),
    },
    {
      uniques: [['c', 'id']],
      checks: ['c > 0', { name: 'ck_b', sql: 'b > 0 AND a > 0' }],
      indexes: [['b'], { columns: [{ sql: 'b + a' }], where: 'c > 5' }],
    },
  );
  const makeSums = async () => {
    await bench.migrate([{ kind: 'createTable', table: sums }]);
    await bench.exec('INSERT INTO sums (id, a, b) VALUES (1, 10, 7), (2, 20, 8)');
  };
  const rows = () => bench.rows('SELECT id, a, b, c FROM sums ORDER BY id');

  test('a plain column becomes a computed one, with all that rests on it', async () => {
    await makeSums();
    const before = await bench.introspect();
    const operations = [alter('sums', 'b', { generated: { sql: 'a + 1', stored: true } })];
    const input = { operations, before, naming };
    const [loss] = bench.dialect.lossQuestions(input);
    expect(await bench.rows(loss?.sql ?? '')).toEqual([{ lost: '2' }]);
    const done = await bench.migrate(operations);
    exact(done);
    expect(done.statements.flatMap(({ hazards }) => hazards.map(({ code }) => code))).toContain('data-loss');
    expect(await rows()).toEqual([
      { id: 1, a: 10, b: 11, c: 20 },
      { id: 2, a: 20, b: 21, c: 40 },
    ]);
    // The way back keeps what was computed.
    exact(await bench.migrate([alter('sums', 'b', { generated: null })]));
    expect((await rows())[0]).toEqual({ id: 1, a: 10, b: 11, c: 20 });
  });

  test('what computes a column changes, on every version', async () => {
    await makeSums();
    const done = await bench.migrate([alter('sums', 'c', { generated: { sql: 'a * 3', stored: true } })]);
    exact(done);
    expect((await rows())[0]).toEqual({ id: 1, a: 10, b: 7, c: 30 });
    expect(done.statements.flatMap(({ hazards }) => hazards.map(({ code }) => code))).not.toContain(
      'data-loss',
    );
  });

  // Virtual columns came with version 18.
  test.runIf(engine !== 'postgres14')(
    'a column not stored becomes a stored one, and a plain one',
    async () => {
      await makeSums();
      await bench.exec(
        'ALTER TABLE sums ADD COLUMN d integer GENERATED ALWAYS AS (a - 1) VIRTUAL',
        'CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION $a$no$a$; END$$',
        'CREATE TRIGGER guard BEFORE UPDATE ON sums FOR EACH ROW EXECUTE FUNCTION no()',
      );
      exact(await bench.migrate([alter('sums', 'd', { generated: { sql: 'a - 1', stored: true } })]));
      exact(await bench.migrate([alter('sums', 'd', { generated: { sql: 'a - 1', stored: false } })]));
      exact(
        await bench.migrate([
          alter('sums', 'd', {
            generated: null,
            nullable: false,
            type: { kind: 'bigint' },
            default: { kind: 'literal', value: 5 },
            comment: 'was computed',
          }),
        ]),
      );
      expect(await bench.rows('SELECT d::int FROM sums ORDER BY id')).toEqual([{ d: 9 }, { d: 19 }]);
    },
  );

  test('a column that others refer to is not made anew', async () => {
    await makeSums();
    await bench.exec('CREATE TABLE child (id integer REFERENCES sums (id))');
    const operations = [alter('sums', 'id', { generated: { sql: 'a', stored: true } })];
    await expect(bench.migrate(operations)).rejects.toThrow(
      /foreign key child_id_fkey of child rests on sums\.id/,
    );
  });
});
