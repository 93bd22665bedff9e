// Alterations of a column that the server has no single statement for.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ColumnChanges, Operation } from '../../../src/operations/operation.ts';
import { t } from '../../../src/schema/column-builder.ts';
import { toTable } from '../../../src/schema/table-builder.ts';
import { anonymous, type Bench, engines, type Migrated, openBench } from './support.ts';

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
});
