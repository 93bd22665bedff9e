// Each kind of operation: compiled, run, read back, equal to what memory says; then undone, and equal to before.

import { expect, test } from 'vitest';
import { invertAll } from '../../../src/operations/apply.ts';
import { handlers } from '../../../src/operations/handlers.ts';
import type { Operation, OperationKind } from '../../../src/operations/operation.ts';
import type { Column, ColumnType, Index, Table } from '../../../src/schema/schema.ts';
import { anonymous, openBench } from './support.ts';

const ref = (name: string) => ({ namespace: null, name });
const author = ref('author');
const book = ref('book');

const column = (name: string, type: ColumnType, more: Partial<Column> = {}): Column => ({
  name,
  type,
  nullable: true,
  default: null,
  onUpdate: null,
  identity: null,
  generated: null,
  collation: null,
  comment: null,
  ...more,
});

const index = (name: string | null, more: Partial<Index> = {}): Index => ({
  name,
  parts: ['title', 'year'].map((one) => ({
    column: one,
    sql: null,
    descending: one === 'year',
    nulls: null,
    collation: null,
    operatorClass: null,
    length: null,
  })),
  unique: false,
  where: null,
  method: null,
  include: [],
  nullsNotDistinct: false,
  valid: true,
  ...more,
});

const shop: Table = {
  ...ref('shop'),
  columns: [
    column(
      'id',
      { kind: 'bigint' },
      { nullable: false, identity: { mode: 'always', start: null, increment: null } },
    ),
    column(
      'mood',
      { kind: 'enum', namespace: null, name: 'mood', values: ['good', "it's bad"] },
      { nullable: false },
    ),
    column('best', { kind: 'integer' }),
  ],
  primaryKey: { name: null, columns: ['id'] },
  uniques: [{ name: null, columns: ['mood'], nullsNotDistinct: false, deferrable: 'no' }],
  foreignKeys: [
    {
      name: null,
      columns: ['best'],
      references: { table: book, columns: ['id'] },
      onDelete: 'set-null',
      onUpdate: 'cascade',
      deferrable: 'initially-deferred',
      valid: true,
    },
  ],
  checks: [{ name: null, sql: 'best > 0', valid: true }],
  indexes: [
    index(null, {
      parts: [
        {
          column: 'best',
          sql: null,
          descending: true,
          nulls: null,
          collation: null,
          operatorClass: null,
          length: null,
        },
      ],
    }),
  ],
  comment: 'where books are sold',
  options: { autoincrement: true },
};

const setup = `
CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT NOT NULL, born INTEGER);
CREATE TABLE book (
  id INTEGER NOT NULL, title TEXT NOT NULL COLLATE NOCASE, year INTEGER DEFAULT 2000, author INTEGER,
  isbn TEXT, note VARCHAR(20), cover BLOB,
  CONSTRAINT pk_book PRIMARY KEY (id), CONSTRAINT uq_isbn UNIQUE (isbn),
  CONSTRAINT fk_author FOREIGN KEY (author) REFERENCES author (id), CONSTRAINT ck_year CHECK (year > 0)
);
CREATE TABLE loose (a INTEGER, b TEXT);
CREATE INDEX ix_title ON book (title);
CREATE VIEW titles AS SELECT title FROM book;
CREATE TRIGGER noted AFTER INSERT ON book BEGIN UPDATE book SET year = 1999 WHERE id = NEW.id AND year IS NULL; END;
INSERT INTO author VALUES (1, 'Ann', 1950), (2, 'Bob', 1960);
INSERT INTO book VALUES (1, 'One', 2001, 1, 'i1', 'n', NULL), (2, 'Two', 2002, 2, 'i2', NULL, x'00');
INSERT INTO loose VALUES (1, 'x'), (2, 'y');
`;

const lost = { uniques: [], foreignKeys: [], checks: [], indexes: [] };
const alter = (table: Table | typeof book, name: string, changes: Partial<Column>): Operation => ({
  kind: 'alterColumn',
  table: ref(table.name),
  column: name,
  changes,
  was: null,
  using: null,
});
const mood = { namespace: null, name: 'mood' };

const cases: readonly (readonly [title: string, operations: readonly Operation[]])[] = [
  ['createTable', [{ kind: 'createTable', table: shop }]],
  ['dropTable', [{ kind: 'dropTable', table: ref('loose'), was: null, triggers: [] }]],
  ['dropTable with triggers', [{ kind: 'dropTable', table: book, was: null, triggers: [] }]],
  ['renameTable', [{ kind: 'renameTable', from: ref('loose'), to: ref('Tied "up"') }]],
  ['renameTable, only case', [{ kind: 'renameTable', from: ref('loose'), to: ref('LOOSE') }]],
  ['renameTable that others refer to', [{ kind: 'renameTable', from: author, to: ref('writer') }]],
  ['setTableComment', [{ kind: 'setTableComment', table: book, from: null, to: 'said' }]],
  [
    'addColumn',
    [
      {
        kind: 'addColumn',
        table: book,
        column: column('price', { kind: 'numeric', precision: 9, scale: 2 }),
      },
    ],
  ],
  [
    'addColumn, filled',
    [
      {
        kind: 'addColumn',
        table: book,
        column: column(
          'sold',
          { kind: 'boolean' },
          { nullable: false, default: { kind: 'literal', value: true } },
        ),
      },
    ],
  ],
  [
    'addColumn, enum',
    [
      {
        kind: 'addColumn',
        table: book,
        column: column('mood', { kind: 'enum', ...mood, values: ['a', 'b'] }),
      },
    ],
  ],
  [
    'addColumn, expression',
    [
      {
        kind: 'addColumn',
        table: book,
        column: column(
          'at',
          { kind: 'timestamp', zone: true, precision: null },
          { nullable: false, default: { kind: 'expression', sql: 'current_timestamp' } },
        ),
      },
    ],
  ],
  [
    'addColumn, virtual',
    [
      {
        kind: 'addColumn',
        table: book,
        column: column('age', { kind: 'integer' }, { generated: { sql: '2100-year', stored: false } }),
      },
    ],
  ],
  [
    'addColumn, stored',
    [
      {
        kind: 'addColumn',
        table: book,
        column: column('age', { kind: 'integer' }, { generated: { sql: '2100-year', stored: true } }),
      },
    ],
  ],
  ['dropColumn', [{ kind: 'dropColumn', table: book, column: 'note', was: null, lost }]],
  ['dropColumn in a constraint', [{ kind: 'dropColumn', table: book, column: 'isbn', was: null, lost }]],
  ['dropColumn in a key', [{ kind: 'dropColumn', table: book, column: 'author', was: null, lost }]],
  ['renameColumn', [{ kind: 'renameColumn', table: book, from: 'isbn', to: 'order' }]],
  ['renameColumn that others refer to', [{ kind: 'renameColumn', table: author, from: 'id', to: 'number' }]],
  ['alterColumn, type', [alter(book, 'note', { type: { kind: 'text' } })]],
  ['alterColumn, null', [alter(author, 'born', { nullable: false })]],
  [
    'alterColumn, default',
    [alter(book, 'year', { default: { kind: 'expression', sql: "(strftime('%Y'))" } })],
  ],
  ['alterColumn, enum', [alter(ref('loose'), 'b', { type: { kind: 'enum', ...mood, values: ['x', 'y'] } })]],
  ['alterColumn, nothing', [alter(book, 'note', { comment: 'said', onUpdate: 'now()' })]],
  ['setColumnComment', [{ kind: 'setColumnComment', table: book, column: 'note', from: null, to: 'said' }]],
  [
    'createIndex',
    [{ kind: 'createIndex', table: book, index: index('ix_new', { unique: true }), concurrently: true }],
  ],
  [
    'createIndex, partial and unnamed',
    [{ kind: 'createIndex', table: book, index: index(null, { where: 'year>2000' }), concurrently: false }],
  ],
  [
    'dropIndex',
    [{ kind: 'dropIndex', table: book, target: { name: 'ix_title' }, was: null, concurrently: false }],
  ],
  [
    'dropIndex by columns',
    [{ kind: 'dropIndex', table: book, target: { columns: ['title'] }, was: null, concurrently: false }],
  ],
  [
    'addPrimaryKey',
    [
      {
        kind: 'addPrimaryKey',
        table: ref('loose'),
        primaryKey: { name: null, columns: ['b', 'a'] },
        nullable: [],
      },
    ],
  ],
  [
    'addPrimaryKey, rowid',
    [{ kind: 'addPrimaryKey', table: ref('loose'), primaryKey: { name: 'p', columns: ['a'] }, nullable: [] }],
  ],
  ['dropPrimaryKey', [{ kind: 'dropPrimaryKey', table: book, was: null }]],
  [
    'addUnique',
    [
      {
        kind: 'addUnique',
        table: book,
        unique: { name: null, columns: ['title', 'year'], nullsNotDistinct: false, deferrable: 'no' },
      },
    ],
  ],
  ['dropUnique', [{ kind: 'dropUnique', table: book, target: { columns: ['isbn'] }, was: null }]],
  [
    'addForeignKey',
    [
      {
        kind: 'addForeignKey',
        table: ref('loose'),
        foreignKey: {
          name: null,
          columns: ['a'],
          references: { table: book, columns: ['id'] },
          onDelete: 'cascade',
          onUpdate: 'no-action',
          deferrable: 'no',
          valid: true,
        },
      },
    ],
  ],
  ['dropForeignKey', [{ kind: 'dropForeignKey', table: book, target: { name: 'fk_author' }, was: null }]],
  [
    'addCheck',
    [{ kind: 'addCheck', table: book, check: { name: null, sql: 'id>0 and year<3000', valid: true } }],
  ],
  ['dropCheck', [{ kind: 'dropCheck', table: book, target: { name: 'ck_year' }, was: null }]],
  ['dropCheck by text', [{ kind: 'dropCheck', table: book, target: { sql: 'year > 0' }, was: null }]],
  [
    'validateConstraint, which has nothing to do',
    [
      { kind: 'validateConstraint', table: book, target: { name: 'ck_year' }, was: null },
      { kind: 'setTableComment', table: book, from: null, to: 'said' },
    ],
  ],
  ['createEnum', [{ kind: 'createEnum', enum: { ...mood, values: ['a', 'b'] } }]],
  [
    'addEnumValue',
    [
      { kind: 'createEnum', enum: { ...mood, values: ['good', "it's bad"] } },
      { kind: 'createTable', table: shop },
      { kind: 'addEnumValue', enum: mood, value: 'so so', before: null, after: 'good' },
    ],
  ],
  ['dropEnum', [{ kind: 'dropEnum', enum: mood, was: { ...mood, values: ['a'] } }]],
  [
    'createView',
    [
      {
        kind: 'createView',
        view: { ...ref('old "books"'), sql: 'SELECT *\n FROM book;', materialized: false },
      },
    ],
  ],
  ['dropView', [{ kind: 'dropView', view: ref('titles'), was: null }]],
  [
    'createTrigger',
    [
      {
        kind: 'createTrigger',
        trigger: {
          table: ref('loose'),
          name: 'tidy',
          sql: 'CREATE TRIGGER IF NOT EXISTS tidy BEFORE DELETE ON loose BEGIN SELECT 1; END;',
        },
      },
    ],
  ],
  ['dropTrigger', [{ kind: 'dropTrigger', table: book, trigger: 'noted', was: null }]],
  [
    'execute',
    [
      {
        kind: 'execute',
        sql: 'CREATE INDEX ix_raw ON loose (a)',
        inverse: ['DROP INDEX ix_raw'],
        effect: null,
        transaction: true,
      },
    ],
  ],
  [
    'execute outside of a transaction',
    [{ kind: 'execute', sql: 'VACUUM', inverse: [], effect: [], transaction: false }],
  ],
  [
    'run',
    [
      {
        kind: 'run',
        run: { list: 'upgrade', index: 0, description: 'code', repeatable: false, inverse: 'nothing' },
        effect: [],
      },
    ],
  ],
  [
    'insertRows',
    [
      {
        kind: 'insertRows',
        table: book,
        rows: [
          { id: 3, title: 'Three', cover: { hex: 'c0ffee' }, note: null },
          { id: 4, title: "it's", year: 4, note: { json: { a: [1, null] } } },
        ],
        key: null,
      },
    ],
  ],
  ['deleteRows', [{ kind: 'deleteRows', table: ref('loose'), rows: [{ a: 1, b: 'x' }], key: ['a', 'b'] }]],
  ['assert', [{ kind: 'assert', sql: 'SELECT count(*) = 2 FROM book', message: 'two' }]],
];

/** Refused on purpose: SQLite has nothing of the kind, or says too little. */
const refused: readonly Operation[] = [
  { kind: 'createNamespace', namespace: 'n' },
  { kind: 'dropNamespace', namespace: 'n' },
  { kind: 'createRoutine', routine: { ...ref('f'), kind: 'function', signature: '', sql: '' } },
  { kind: 'dropRoutine', routine: { ...ref('f'), kind: 'function', signature: '' }, was: null },
  {
    kind: 'createSequence',
    sequence: { ...ref('s'), start: 1, increment: 1, minimum: null, maximum: null, cycle: false },
  },
  { kind: 'dropSequence', sequence: ref('s'), was: null },
  { kind: 'createView', view: { ...ref('v'), sql: 'SELECT 1', materialized: true } },
  { kind: 'createTable', table: { ...shop, namespace: 'other' } },
  { kind: 'addEnumValue', enum: mood, value: 'c', before: null, after: null },
];

test.for(cases)('%s', async ([, operations]) => {
  const bench = await openBench(setup);
  const { before, live, expected, completed } = await bench.migrate(operations);
  const raw = operations.some(({ kind }) => kind === 'execute');
  if (!raw) expect(anonymous(live)).toEqual(anonymous(expected));
  expect(live.unsupported).toEqual([]);
  const inverse = invertAll(completed);
  if (inverse === null) return;
  const again = await bench.migrate(inverse);
  const order = (schema: typeof live) =>
    JSON.parse(JSON.stringify(anonymous(schema), sortColumns)) as unknown;
  expect(order(again.live)).toEqual(order(before));
});

/** A column dropped and added again stands last. */
function sortColumns(key: string, value: unknown): unknown {
  if (key !== 'columns' || !Array.isArray(value) || typeof value[0] !== 'object') return value;
  return (value as Column[]).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

test.for(refused.map((operation) => [operation.kind, operation] as const))(
  '%s is refused',
  async ([, operation]) => {
    const bench = await openBench(setup);
    await expect(bench.migrate([operation])).rejects.toThrow(
      expect.objectContaining({ code: 'operation/unsupported', hint: expect.any(String) }),
    );
  },
);

/** Carried out batch by batch: test/runner/backfill.test.ts. */
const byTheRunner: readonly OperationKind[] = ['backfill'];

test('no kind is forgotten', () => {
  const tried = [...cases.flatMap(([, list]) => list), ...refused].map(({ kind }) => kind);
  const covered = new Set<OperationKind>([...tried, ...byTheRunner]);
  expect([...covered].sort()).toEqual((Object.keys(handlers) as OperationKind[]).sort());
});
