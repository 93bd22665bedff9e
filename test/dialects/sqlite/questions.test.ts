// Row questions name the rows in the way by their key; loss questions count what would be gone.

import { expect, test } from 'vitest';
import type { Operation } from '../../../src/operations/operation.ts';
import type { Column } from '../../../src/schema/schema.ts';
import { naming, openBench } from './support.ts';

const setup = `
CREATE TABLE parent (id INTEGER PRIMARY KEY, code TEXT);
CREATE TABLE child (id INTEGER PRIMARY KEY, email TEXT, age INTEGER, parent INTEGER, note TEXT COLLATE NOCASE);
CREATE TABLE pair (a TEXT, "b ""c""" INTEGER, v TEXT, PRIMARY KEY (a, "b ""c""")) WITHOUT ROWID;
CREATE TABLE loose (a TEXT, b TEXT);
CREATE TABLE tight (a TEXT, b REAL) STRICT;
INSERT INTO parent VALUES (1, 'x'), (2, 'y');
INSERT INTO child VALUES (1, 'secret@x', 5, 1, 'a'), (2, 'secret@x', -1, 9, 'A'), (3, NULL, NULL, NULL, 'b'), (4, NULL, 7, 2, NULL);
INSERT INTO pair VALUES ('p', 1, 'same'), ('q', 2, 'same'), ('r', 3, NULL);
INSERT INTO loose VALUES ('1', 'z'), ('two', 'z'), (NULL, 'z');
INSERT INTO tight VALUES ('12', 1.5), ('twelve', 2.0), (' 7 ', 3);
`;

const ref = (name: string) => ({ namespace: null, name });
const alter = (table: string, column: string, changes: Partial<Column>): Operation => ({
  kind: 'alterColumn',
  table: ref(table),
  column,
  changes,
  was: null,
  using: null,
});
const unique = (table: string, columns: readonly string[]): Operation => ({
  kind: 'addUnique',
  table: ref(table),
  unique: { name: null, columns, nullsNotDistinct: false, deferrable: 'no' },
});
const check = (table: string, sql: string): Operation => ({
  kind: 'addCheck',
  table: ref(table),
  check: { name: null, sql, valid: true },
});
const required: Column = {
  name: 'must',
  type: { kind: 'text' },
  nullable: false,
  default: null,
  onUpdate: null,
  identity: null,
  generated: null,
  collation: null,
  comment: null,
};

const cases: readonly (readonly [string, Operation, readonly string[]])[] = [
  ['duplicates', unique('child', ['email']), ['id=1', 'id=2']],
  ['duplicates by collation', unique('child', ['note']), ['id=1', 'id=2']],
  ['no duplicates', unique('child', ['email', 'age']), []],
  ['duplicates under a composite key', unique('pair', ['v']), ['a=p, b "c"=1', 'a=q, b "c"=2']],
  ['duplicates without a key', unique('loose', ['b']), ['row 1', 'row 2', 'row 3']],
  [
    'a unique index with a condition',
    {
      kind: 'createIndex',
      table: ref('child'),
      concurrently: false,
      index: {
        name: null,
        parts: [
          {
            column: null,
            sql: 'upper(note)',
            descending: false,
            nulls: null,
            collation: null,
            operatorClass: null,
            length: null,
          },
        ],
        unique: true,
        where: 'id < 3',
        method: null,
        include: [],
        nullsNotDistinct: false,
        valid: true,
      },
    },
    ['id=1', 'id=2'],
  ],
  ['nulls', alter('child', 'age', { nullable: false }), ['id=3']],
  [
    'orphans',
    {
      kind: 'addForeignKey',
      table: ref('child'),
      foreignKey: {
        name: null,
        columns: ['parent'],
        references: { table: ref('parent'), columns: ['id'] },
        onDelete: 'no-action',
        onUpdate: 'no-action',
        deferrable: 'no',
        valid: true,
      },
    },
    ['id=2'],
  ],
  ['rows that break a check', check('child', 'child.age > 0'), ['id=2']],
  [
    'values that are not in an enum',
    alter('loose', 'a', { type: { kind: 'enum', namespace: null, name: 'e', values: ['1'] } }),
    ['row 2'],
  ],
  [
    'a column without a value',
    { kind: 'addColumn', table: ref('parent'), column: required },
    ['id=1', 'id=2'],
  ],
  [
    'a column with a value',
    {
      kind: 'addColumn',
      table: ref('parent'),
      column: { ...required, default: { kind: 'literal', value: 'x' } },
    },
    [],
  ],
  [
    'a key of nulls',
    {
      kind: 'addPrimaryKey',
      table: ref('loose'),
      primaryKey: { name: null, columns: ['a'] },
      nullable: ['a'],
    },
    ['row 3'],
  ],
  [
    'texts that are no numbers, where it matters',
    alter('tight', 'a', { type: { kind: 'integer' } }),
    ['row 2'],
  ],
  ['fractions, where it matters', alter('tight', 'b', { type: { kind: 'integer' } }), ['row 1']],
  ['texts that are no numbers, where it does not', alter('loose', 'a', { type: { kind: 'integer' } }), []],
];

test.for(cases)('%s', async ([, operation, rows]) => {
  const bench = await openBench(setup);
  const before = await bench.introspect();
  const questions = bench.dialect.rowQuestions({ operations: [operation], before, naming });
  const named = questions.flatMap(({ sql }) => bench.all(sql)).map((row) => Object.values(row as object)[0]);
  expect(named).toEqual(rows);
  expect(JSON.stringify(named)).not.toMatch(/secret/);
  // What the questions foretell is what happens.
  const outcome = bench.migrate([operation]).then(
    () => 'done',
    () => 'refused',
  );
  expect(await outcome).toBe(rows.length === 0 ? 'done' : 'refused');
});

test('at most six rows, and none for a table that is made a moment before', async () => {
  const bench = await openBench(setup);
  bench.handle.exec(`WITH RECURSIVE n (i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 99)
    INSERT INTO child (id, email) SELECT i, 'same' FROM n`);
  const before = await bench.introspect();
  const [question] = bench.dialect.rowQuestions({ operations: [unique('child', ['email'])], before, naming });
  expect(bench.all(question?.sql ?? '')).toHaveLength(6);
  const [table] = before.tables;
  if (table === undefined) throw new Error('no table');
  const made = { ...table, name: 'made', indexes: [] };
  const operations: readonly Operation[] = [{ kind: 'createTable', table: made }, unique('made', ['email'])];
  expect(bench.dialect.rowQuestions({ operations, before, naming })).toEqual([]);
});

test('losses are counted', async () => {
  const bench = await openBench(setup);
  const before = await bench.introspect();
  const lost = { uniques: [], foreignKeys: [], checks: [], indexes: [] };
  const operations: readonly Operation[] = [
    { kind: 'dropColumn', table: ref('child'), column: 'email', was: null, lost },
    { kind: 'dropTable', table: ref('pair'), was: null, triggers: [] },
    alter('loose', 'a', { generated: { sql: 'upper(b)', stored: true } }),
    alter('child', 'age', { nullable: true }),
  ];
  const questions = bench.dialect.lossQuestions({ operations, before, naming });
  const counted = questions.map(({ subject, sql, operation }) => [operation, subject, bench.all(sql)]);
  expect(counted).toEqual([
    [0, 'values of child.email', [{ lost: 2 }]],
    [1, 'rows of pair', [{ lost: 3 }]],
    [2, 'values of loose.a', [{ lost: 2 }]],
  ]);
});
