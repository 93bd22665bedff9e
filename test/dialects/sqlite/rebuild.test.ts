// A rebuild loses nothing: a table with all that SQLite can have, altered in every way, compared before and after.

import { expect, test } from 'vitest';
import type { Operation } from '../../../src/operations/operation.ts';
import type { Check, Column, ForeignKey, Table, Unique } from '../../../src/schema/schema.ts';
import { type Bench, naming, openBench } from './support.ts';

const everything = `
CREATE TABLE country (code TEXT PRIMARY KEY COLLATE NOCASE, name TEXT) WITHOUT ROWID;
INSERT INTO country VALUES ('de', 'Germany'), ('fr', 'France');
CREATE TABLE person (
  id INTEGER CONSTRAINT pk_person PRIMARY KEY AUTOINCREMENT,
  email TEXT NOT NULL COLLATE NOCASE CONSTRAINT uq_email UNIQUE ON CONFLICT IGNORE,
  name VARCHAR(80) CONSTRAINT nn_name NOT NULL ON CONFLICT ABORT DEFAULT 'no''body',
  age INT CHECK (age >= 0) DEFAULT 18,
  score REAL DEFAULT 1.5,
  created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
  token TEXT DEFAULT (lower(hex(randomblob(4)))),
  boss INTEGER REFERENCES person ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
  country TEXT REFERENCES country(code) ON UPDATE CASCADE,
  upper_name TEXT GENERATED ALWAYS AS (upper(name)) VIRTUAL,
  name_length INTEGER AS (length(name)) STORED,
  "select ""odd"" name" BLOB,
  CONSTRAINT ck_name CHECK (length(name) > 0),
  CHECK ("name" <> 'x' AND "person"."age" < 200),
  UNIQUE (name COLLATE RTRIM DESC, age) ON CONFLICT REPLACE,
  CONSTRAINT fk_country FOREIGN KEY (country) REFERENCES country (code)
);
CREATE INDEX ix_partial ON person (age) WHERE age > 20 AND name <> 'y';
CREATE INDEX ix_expression ON person (lower(email), age DESC);
CREATE UNIQUE INDEX ix_collated ON person (name COLLATE NOCASE DESC, id);
CREATE TABLE pet (
  id INTEGER PRIMARY KEY, owner INTEGER NOT NULL REFERENCES person(id) ON DELETE CASCADE, name TEXT
);
CREATE TABLE log (line TEXT);
CREATE VIEW adults AS SELECT id, name FROM person WHERE age >= 18;
CREATE VIEW owners (who, pets) AS SELECT p.name, count(*) FROM person p JOIN pet ON pet.owner = p.id GROUP BY p.id;
CREATE TRIGGER person_added AFTER INSERT ON person BEGIN
  -- a comment; with a semicolon
  INSERT INTO log VALUES ('added ' || NEW.name);
END;
CREATE TRIGGER person_aged AFTER UPDATE OF age ON person WHEN NEW.age > OLD.age BEGIN
  INSERT INTO log VALUES ('aged');
END;
CREATE TRIGGER pet_added AFTER INSERT ON pet BEGIN
  UPDATE person SET score = score + 1 WHERE id = NEW.owner;
END;
CREATE TRIGGER adults_gone INSTEAD OF DELETE ON adults BEGIN DELETE FROM person WHERE id = OLD.id; END;
INSERT INTO person (id, email, name, age, country) VALUES
  (1, 'a@x', 'Ann', 30, 'de'), (2, 'b@x', 'Bob', 40, 'fr'), (9, 'z@x', 'Zed', 50, NULL);
UPDATE person SET boss = 1 WHERE id = 2;
DELETE FROM person WHERE id = 9;
INSERT INTO pet VALUES (1, 1, 'Rex'), (2, 2, 'Tom'), (3, 1, 'Kit');
`;

const person = { namespace: null, name: 'person' };

const column: Column = {
  name: 'nick',
  type: { kind: 'varchar', length: 20 },
  nullable: false,
  default: { kind: 'expression', sql: "upper('n')" },
  onUpdate: null,
  identity: null,
  generated: null,
  collation: null,
  comment: null,
};
const unique: Unique = { name: null, columns: ['token'], nullsNotDistinct: false, deferrable: 'no' };
const check: Check = { name: null, sql: 'score > 0', valid: true };
const foreignKey: ForeignKey = {
  name: 'fk_boss',
  columns: ['boss'],
  references: { table: person, columns: ['id'] },
  onDelete: 'restrict',
  onUpdate: 'no-action',
  deferrable: 'no',
  valid: true,
};

const alter = (name: string, changes: Partial<Column>): Operation => ({
  kind: 'alterColumn',
  table: person,
  column: name,
  changes,
  was: null,
  using: null,
});

const alterations: Readonly<Record<string, readonly Operation[]>> = {
  'a type': [alter('age', { type: { kind: 'bigint' } })],
  'not null': [alter('age', { nullable: false })],
  'a default': [alter('name', { default: { kind: 'literal', value: "it's" } })],
  'no default': [alter('token', { default: null })],
  'a collation': [alter('token', { collation: 'nocase' })],
  'a stored column': [
    {
      kind: 'addColumn',
      table: person,
      column: { ...column, nullable: true, default: null, generated: { sql: 'age * 2', stored: true } },
    },
  ],
  'a column with an expression': [{ kind: 'addColumn', table: person, column }],
  'a unique constraint': [{ kind: 'addUnique', table: person, unique }],
  'a check': [{ kind: 'addCheck', table: person, check }],
  'a foreign key': [{ kind: 'addForeignKey', table: person, foreignKey }],
  'no named check': [{ kind: 'dropCheck', table: person, target: { name: 'ck_name' }, was: null }],
  'no named key': [{ kind: 'dropForeignKey', table: person, target: { name: 'fk_country' }, was: null }],
  'no unique constraint': [{ kind: 'dropUnique', table: person, target: { name: 'uq_email' }, was: null }],
  'several at once': [
    { kind: 'addColumn', table: person, column },
    { kind: 'addCheck', table: person, check },
    alter('score', { nullable: false }),
    { kind: 'addUnique', table: person, unique },
    { kind: 'dropIndex', table: person, target: { name: 'ix_partial' }, was: null, concurrently: false },
  ],
};

/** All that an alteration of a column must not touch. */
function snapshot(bench: Bench) {
  return {
    people: bench.all(
      'SELECT rowid, id, email, name, age, score, created_at, token, boss, country, upper_name, name_length FROM person ORDER BY id',
    ),
    pets: bench.all('SELECT * FROM pet ORDER BY id'),
    countries: bench.all('SELECT * FROM country'),
    log: bench.all('SELECT * FROM log'),
    adults: bench.all('SELECT * FROM adults'),
    owners: bench.all('SELECT * FROM owners'),
    sequence: bench.all('SELECT * FROM sqlite_sequence ORDER BY name'),
    texts: bench.all(
      "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE type IN ('trigger', 'view') OR tbl_name IN ('pet', 'country', 'log') ORDER BY name",
    ),
  };
}

test.for(Object.entries(alterations))('%s', async ([, operations]) => {
  const bench = await openBench(everything);
  const before = snapshot(bench);
  const { live, expected, segments } = await bench.migrate(operations);
  expect(segments.map(({ mode }) => mode)).toEqual(['rebuild']);
  expect(segments.flatMap((one) => one.statements).filter((one) => one.sql.startsWith('DROP'))).toHaveLength(
    1,
  );
  expect(snapshot(bench)).toEqual(before);
  expect(live.unsupported).toEqual([]);
  const [found, wanted] = [live, expected].map((schema) =>
    schema.tables.find((one) => one.name === 'person'),
  );
  expect(unnamed(found)).toEqual(unnamed(wanted));
  expect(bench.all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  expect(bench.all('PRAGMA foreign_keys')).toEqual([{ foreign_keys: 1 }]);
  expect(bench.all('PRAGMA legacy_alter_table')).toEqual([{ legacy_alter_table: 0 }]);
});

/** What these operations add without a name gets one; what lived without one keeps having none. */
function unnamed(table: Table | undefined): Table | undefined {
  const json = JSON.stringify(table).replaceAll(/"(uq_person_token|ck_person_score)"/g, 'null');
  return JSON.parse(json) as Table | undefined;
}

test('a rebuilt table works as before', async () => {
  const bench = await openBench(everything);
  await bench.migrate(alterations['several at once'] ?? []);
  bench.handle.exec("INSERT INTO person (email, name, token) VALUES ('new@x', 'New', 't')");
  // The sequence had seen 9.
  expect(bench.all('SELECT max(id) AS id FROM person')).toEqual([{ id: 10 }]);
  expect(bench.all('SELECT line FROM log ORDER BY rowid DESC LIMIT 1')).toEqual([{ line: 'added New' }]);
  // ON CONFLICT IGNORE, and the collation that makes it a conflict.
  bench.handle.exec("INSERT INTO person (email, name) VALUES ('NEW@X', 'Twin')");
  expect(bench.all("SELECT count(*) AS n FROM person WHERE name = 'Twin'")).toEqual([{ n: 0 }]);
  expect(() => bench.handle.exec("UPDATE person SET name = 'x'")).toThrow(/CHECK/);
  expect(() => bench.handle.exec('UPDATE person SET age = -1')).toThrow(/CHECK/);
  bench.handle.exec('DELETE FROM person WHERE id = 1');
  expect(bench.all('SELECT name FROM pet')).toEqual([{ name: 'Tom' }]);
  expect(bench.all('SELECT boss FROM person WHERE id = 2')).toEqual([{ boss: null }]);
});

test.for([
  ['WITHOUT ROWID', 'a TEXT, b INTEGER, c TEXT, PRIMARY KEY (a COLLATE NOCASE, b DESC)', ') WITHOUT ROWID'],
  ['STRICT', 'a TEXT PRIMARY KEY, b INT, c ANY', ') STRICT'],
  ['both', 'a TEXT PRIMARY KEY, b INTEGER NOT NULL, c BLOB', ') STRICT, WITHOUT ROWID'],
  ['hidden rowid', 'a TEXT, b INTEGER, c TEXT', ')'],
  ['a column named rowid', 'a TEXT, b INTEGER, c TEXT, rowid TEXT', ')'],
  ['INTEGER PRIMARY KEY DESC', 'a TEXT, b INTEGER PRIMARY KEY DESC, c TEXT', ')'],
  ['INT PRIMARY KEY', 'a TEXT, b INT PRIMARY KEY, c TEXT', ')'],
] as const)('%s stays as it is', async ([, columns, end]) => {
  const bench = await openBench(`CREATE TABLE "t" (${columns}${end};
    INSERT INTO t (a, b, c) VALUES ('x', 5, NULL), ('y', 3, NULL), ('z', 4, NULL);`);
  if (!end.includes('WITHOUT')) bench.handle.exec("DELETE FROM t WHERE a = 'x'");
  const rows = 'SELECT * FROM t ORDER BY a';
  const rowids = end.includes('WITHOUT') ? rows : 'SELECT _rowid_ AS r, * FROM t ORDER BY a';
  const before = bench.all(rowids);
  const { live, expected } = await bench.migrate([
    {
      kind: 'addCheck',
      table: { namespace: null, name: 't' },
      check: { name: 'k', sql: 'b < 10', valid: true },
    },
  ]);
  expect(bench.all(rowids)).toEqual(before);
  expect(live).toEqual(expected);
  const { checks: _, ...rest } = live.tables[0] as Table;
  expect(Object.keys(rest.options).sort()).toEqual(Object.keys(expected.tables[0]?.options ?? {}).sort());
});

test('a table that is not what the model says is left alone', async () => {
  const bench = await openBench('CREATE TABLE t (a TEXT); INSERT INTO t VALUES (1)');
  const before = await bench.introspect();
  bench.handle.exec('ALTER TABLE t ADD COLUMN b TEXT; UPDATE t SET b = 2');
  const t = { namespace: null, name: 't' };
  const segments = bench.dialect.compile({
    operations: [{ kind: 'addCheck', table: t, check: { name: 'k', sql: 'a > 0', valid: true } }],
    before,
    naming: () => 'n',
  });
  await expect(bench.run(segments)).rejects.toThrow(/assertion failed/);
  expect(bench.all('SELECT * FROM t')).toEqual([{ a: '1', b: '2' }]);
});

test('a column that a trigger or a view uses is not dropped', async () => {
  const bench = await openBench(everything);
  const drop = (name: string): Operation => ({
    kind: 'dropColumn',
    table: person,
    column: name,
    was: null,
    lost: { uniques: [], foreignKeys: [], checks: [], indexes: [] },
  });
  await expect(bench.migrate([drop('name')])).rejects.toThrow(/trigger person_added uses person\.name/);
  await expect(bench.migrate([drop('score')])).rejects.toThrow(/trigger pet_added uses person\.score/);
  const { live } = await bench.migrate([drop('token'), drop('country')]);
  const table = live.tables.find(({ name }) => name === 'person');
  expect(table?.columns.map(({ name }) => name)).not.toContain('country');
  expect(table?.foreignKeys.map(({ columns }) => columns)).toEqual([['boss']]);
});

test('a column dropped and added again starts anew', async () => {
  const bench = await openBench("CREATE TABLE t (a TEXT, b TEXT UNIQUE); INSERT INTO t VALUES ('a', 'b')");
  const t = { namespace: null, name: 't' };
  await bench.migrate([
    {
      kind: 'dropColumn',
      table: t,
      column: 'b',
      was: null,
      lost: { uniques: [], foreignKeys: [], checks: [], indexes: [] },
    },
    { kind: 'addColumn', table: t, column: { ...column, name: 'b' } },
  ]);
  expect(bench.all('SELECT * FROM t')).toEqual([{ a: 'a', b: 'N' }]);
});

test('a rebuild after a renaming in the same step keeps the triggers', async () => {
  const bench = await openBench(everything);
  const { live } = await bench.migrate([
    { kind: 'renameColumn', table: person, from: 'age', to: 'years' },
    alter('years', { nullable: false }),
  ]);
  expect(live.triggers.map(({ name }) => name)).toContain('person_aged');
  bench.handle.exec('UPDATE person SET years = 99 WHERE id = 1');
  expect(bench.all('SELECT line FROM log ORDER BY rowid DESC LIMIT 1')).toEqual([{ line: 'aged' }]);
});

test('a table that others refer to is dropped only when their references are gone', async () => {
  const bench = await openBench(everything);
  const drop: Operation = { kind: 'dropTable', table: person, was: null, triggers: [] };
  await expect(bench.migrate([drop])).rejects.toThrow(/refers to no row of person/);
  expect(bench.all('SELECT count(*) AS n FROM pet')).toEqual([{ n: 3 }]);
  const pet: Operation = {
    kind: 'dropTable',
    table: { namespace: null, name: 'pet' },
    was: null,
    triggers: [],
  };
  const { live } = await bench.migrate([drop, pet]);
  expect(live.tables.map(({ name }) => name)).toEqual(['country', 'log']);
});

test('what an earlier operation of the plan left unnamed is found under the name it got', async () => {
  const bench = await openBench();
  const t = { namespace: null, name: 't' };
  const index = {
    name: null,
    parts: [
      {
        column: 'a',
        sql: null,
        descending: false,
        nulls: null,
        collation: null,
        operatorClass: null,
        length: null,
      },
    ],
    unique: false,
    where: null,
    method: null,
    include: [],
    nullsNotDistinct: false,
    valid: true,
  } as const;
  const table: Table = {
    ...t,
    columns: [{ ...column, name: 'a', default: null }],
    primaryKey: null,
    uniques: [],
    foreignKeys: [],
    checks: [{ name: null, sql: "a <> ''", valid: true }],
    indexes: [index],
    comment: null,
    options: {},
  };
  const empty = await bench.introspect();
  await bench.migrate([{ kind: 'createTable', table }]);
  // As a plan has it: the schema of memory, in which the index has no name.
  const before = { ...empty, tables: [table] };
  const operations: readonly Operation[] = [
    { kind: 'addCheck', table: t, check: { name: 'k', sql: 'length(a) < 9', valid: true } },
    { kind: 'dropIndex', table: t, target: { columns: ['a'] }, was: null, concurrently: false },
  ];
  const compile = (some: readonly Operation[], from: typeof before) =>
    bench.dialect.compile({ operations: some, before: from, naming });
  await bench.run(compile(operations.slice(0, 1), before));
  expect((await bench.introspect()).tables[0]?.indexes.map(({ name }) => name)).toEqual(['ix_t_a']);
  await bench.run(compile(operations.slice(1), before));
  expect((await bench.introspect()).tables[0]?.indexes).toEqual([]);
});

const plainTable = { namespace: null, name: 't' };
const dropOf = (column: string): Operation => ({
  kind: 'dropColumn',
  table: plainTable,
  column,
  was: null,
  lost: { uniques: [], foreignKeys: [], checks: [], indexes: [] },
});
const addOf = (one: Partial<Column>): Operation => ({
  kind: 'addColumn',
  table: plainTable,
  column: { ...column, nullable: true, default: null, ...one },
});

test.for([
  ['the key and a generated one', 'id INTEGER PRIMARY KEY, g INT AS (1)', ['id'], {}],
  ['every column', 'id INTEGER PRIMARY KEY, a TEXT', ['id', 'a'], {}],
  ['every column of a table without a key', 'a TEXT, b TEXT', ['a', 'b'], {}],
  [
    'every column, for one with a default',
    'id INTEGER PRIMARY KEY',
    ['id'],
    { nullable: false, default: { kind: 'literal', value: 'x' } },
  ],
] as const)('rows stay, though no column does: %s', async ([, columns, dropped, one]) => {
  const bench = await openBench(`CREATE TABLE t (${columns});
    INSERT INTO t (${dropped[0]}) VALUES (1), (2), (3)`);
  const { live, expected } = await bench.migrate([...dropped.map(dropOf), addOf(one)]);
  expect(live).toEqual(expected);
  const nick = 'default' in one ? 'x' : null;
  expect(bench.all('SELECT nick FROM t')).toEqual([{ nick }, { nick }, { nick }]);
});

test('a column named as a keyword is dropped and renamed beside triggers and views', async () => {
  const bench = await openBench(`CREATE TABLE t (a TEXT, "select" TEXT, "from" TEXT, "set" TEXT);
    CREATE VIEW v AS SELECT a, "from" FROM t;
    CREATE TRIGGER tr AFTER INSERT ON t BEGIN UPDATE t SET a = 'x' WHERE a IN (SELECT a FROM v); END;`);
  await bench.migrate([
    dropOf('select'),
    { kind: 'renameColumn', table: plainTable, from: 'set', to: 'select' },
  ]);
  await expect(bench.migrate([dropOf('from')])).rejects.toThrow(/view v uses t\.from/);
  const { live, expected } = await bench.migrate([
    { kind: 'renameColumn', table: plainTable, from: 'from', to: 'until' },
    { kind: 'addCheck', table: plainTable, check: { name: 'k', sql: `"until" <> 'x'`, valid: true } },
  ]);
  expect(live.tables).toEqual(expected.tables);
  bench.handle.exec("INSERT INTO t (a) VALUES ('y')");
  expect(bench.all('SELECT * FROM v')).toEqual([{ a: 'x', until: null }]);
});
