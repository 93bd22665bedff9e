import { expect, test } from 'vitest';
import type { Column, Schema, Table } from '../../schema/schema.ts';
import { emptySchema } from '../../schema/schema.ts';
import { normalize } from './normalize.ts';
import { parseTable } from './parse-table.ts';

const schemaOf = (...tables: readonly Table[]): Schema => ({ ...emptySchema, tables });
const read = (sql: string) => normalize(schemaOf(parseTable(sql))).tables[0];

/** Two spellings of one table. */
test.for([
  [
    'CREATE TABLE t (id INTEGER PRIMARY KEY)',
    'create table "t" ( "id" integer not null , primary key ( ID desc ) )',
  ],
  ['CREATE TABLE t (a INT DEFAULT (5))', 'CREATE TABLE t (a INTEGER DEFAULT +5)'],
  ['CREATE TABLE t (a TEXT UNIQUE CHECK (a <> 1))', 'CREATE TABLE t (a text, CHECK ((A!=1)) UNIQUE (`A`))'],
  ['CREATE TABLE t (a TEXT COLLATE binary DEFAULT NULL)', 'CREATE TABLE t (a TEXT)'],
  [
    'CREATE TABLE t (id INTEGER PRIMARY KEY, p INT REFERENCES t)',
    'CREATE TABLE t (id INTEGER PRIMARY KEY, p INT, FOREIGN KEY (P) REFERENCES T (ID) ON DELETE NO ACTION NOT DEFERRABLE)',
  ],
  [
    'CREATE TABLE t (a, PRIMARY KEY (a)) WITHOUT ROWID',
    'CREATE TABLE t (a NOT NULL PRIMARY KEY) without rowid',
  ],
])('%s', ([one, other]) => {
  expect(read(one as string)).toEqual(read(other as string));
});

test.for([
  ['CREATE TABLE t (id INT PRIMARY KEY)', 'CREATE TABLE t (id INTEGER PRIMARY KEY)'],
  ['CREATE TABLE t (id INTEGER PRIMARY KEY)', 'CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)'],
  ['CREATE TABLE t (id INTEGER PRIMARY KEY DESC)', 'CREATE TABLE t (id INTEGER PRIMARY KEY)'],
  ['CREATE TABLE t (a UNIQUE)', 'CREATE TABLE t (a UNIQUE ON CONFLICT REPLACE)'],
  ['CREATE TABLE t (a NOT NULL)', 'CREATE TABLE t (a NOT NULL ON CONFLICT IGNORE)'],
  ['CREATE TABLE t (a TEXT)', 'CREATE TABLE t (a TEXT) STRICT'],
  ["CREATE TABLE t (a DEFAULT '1')", 'CREATE TABLE t (a DEFAULT 1)'],
])('%s is not %s', ([one, other]) => {
  expect(read(one as string)).not.toEqual(read(other as string));
});

test('a declared enum is the text and check that it becomes', () => {
  const live = parseTable(`CREATE TABLE t (a TEXT, CONSTRAINT c CHECK ("a" IN ('x','y')))`);
  const type = { kind: 'enum', namespace: null, name: 'e', values: ['x', 'y'] } as const;
  const columns = live.columns.map((one): Column => ({ ...one, type }));
  const declared = { ...live, columns, checks: [] };
  const [wanted, found] = [declared, live].map((one) => normalize(schemaOf(one)).tables[0]);
  expect(wanted?.columns).toEqual(found?.columns);
  expect(wanted?.checks).toEqual([{ name: null, sql: "a IN ('x', 'y')", valid: true }]);
  expect(found?.checks).toEqual([{ name: 'c', sql: "a IN ('x', 'y')", valid: true }]);
  // The earlier form of an enum makes room for the later one, whose name it leaves.
  const altered = {
    ...live,
    columns: columns.map((one) => ({ ...one, type: { ...type, values: ['x', 'z'] } })),
  };
  expect(normalize(schemaOf(altered)).tables[0]?.checks).toEqual([
    { name: 'c', sql: "a IN ('x', 'z')", valid: true },
  ]);
});

test('what SQLite does not have is taken away', () => {
  const schema: Schema = {
    ...emptySchema,
    namespaces: ['n'],
    enums: [{ namespace: null, name: 'e', values: ['a'] }],
    tables: [
      {
        ...parseTable('CREATE TABLE t (a TEXT)'),
        comment: 'said',
        options: { engine: 'InnoDB', strict: false },
      },
    ],
  };
  const folded = normalize(schema);
  expect(folded).toMatchObject({ namespaces: [], enums: [], tables: [{ comment: null, options: {} }] });
  expect(normalize(folded)).toEqual(folded);
});

test('identity makes any integer key the rowid', () => {
  const given = parseTable('CREATE TABLE t (id BIGINT PRIMARY KEY)');
  const identity = { mode: 'always', start: 9, increment: 2 } as const;
  const columns = given.columns.map((one): Column => ({ ...one, type: { kind: 'bigint' }, identity }));
  expect(normalize(schemaOf({ ...given, columns })).tables[0]?.columns[0]).toMatchObject({
    type: { kind: 'integer' },
    nullable: false,
    identity: { mode: 'by-default', start: null, increment: null },
  });
});
