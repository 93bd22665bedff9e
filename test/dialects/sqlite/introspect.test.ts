// Odd DDL is read, or named; it never ends in a crash.

import { expect, test } from 'vitest';
import { openBench } from './support.ts';

async function read(sql: string) {
  const bench = await openBench(sql);
  const schema = await bench.introspect();
  return { bench, schema, table: schema.tables[0] };
}

test('constraints without commas, strings as names, types of many words', async () => {
  const { table, schema } = await read(`
    CREATE TABLE /* one */ "odd ""table""" ( -- two
      'a' long  type ( 10 , 2 ) NOT NULL ON CONFLICT FAIL DEFAULT +5 CONSTRAINT trailing,
      [b c] "quoted" type(5) DEFAULT word,
      \`d\` DEFAULT "dq" COLLATE binary,
      e GENERATED ALWAYS AS (a + 1),
      f INTEGER DEFAULT 9223372036854775807 REFERENCES other MATCH FULL ON DELETE NO ACTION NOT DEFERRABLE INITIALLY DEFERRED,
      g TEXT DEFAULT (CURRENT_TIMESTAMP) CHECK ("d" <> "text") NULL,
      PRIMARY KEY (a ASC, 'b c') ON CONFLICT REPLACE
      UNIQUE ([b c]) CONSTRAINT named CHECK (a > (0)) FOREIGN KEY (g) REFERENCES o2 (x) DEFERRABLE
    ) -- three
    ; CREATE TABLE other (id INTEGER PRIMARY KEY)`);
  expect(schema.unsupported).toEqual([]);
  const odd = schema.tables.find(({ name }) => name === 'odd "table"');
  expect(odd?.columns.map(({ name, type, default: value }) => [name, type, value])).toEqual([
    ['a', { kind: 'native', sql: 'LONG TYPE(10, 2)' }, { kind: 'literal', value: 5 }],
    ['b c', { kind: 'native', sql: '"quoted" TYPE(5)' }, { kind: 'literal', value: 'word' }],
    ['d', { kind: 'native', sql: '' }, { kind: 'literal', value: 'dq' }],
    ['e', { kind: 'native', sql: '' }, null],
    ['f', { kind: 'integer' }, { kind: 'literal', value: '9223372036854775807' }],
    ['g', { kind: 'text' }, { kind: 'expression', sql: 'CURRENT_TIMESTAMP' }],
  ]);
  expect(odd?.primaryKey).toEqual({ name: null, columns: ['a', 'b c'] });
  expect(odd?.checks.map(({ name, sql }) => [name, sql])).toEqual([
    ['named', 'a > (0)'],
    [null, "d <> 'text'"],
  ]);
  expect(
    odd?.foreignKeys.map(({ references, deferrable }) => [
      references.table.name,
      references.columns,
      deferrable,
    ]),
  ).toEqual([
    ['other', ['id'], 'no'],
    ['o2', ['x'], 'initially-immediate'],
  ]);
  expect(table).toBeDefined();
});

test('CREATE TABLE AS, columns added later, renamed things', async () => {
  const { schema } = await read(`
    CREATE TABLE source (a INTEGER, b TEXT);
    CREATE TABLE copy AS SELECT a, b, 1.5 AS c FROM source;
    ALTER TABLE source ADD COLUMN "new one" VARCHAR(5) NOT NULL DEFAULT '' CHECK (length("new one") < 5);
    ALTER TABLE source RENAME COLUMN a TO "order";
    ALTER TABLE source RENAME TO "the table";`);
  expect(schema.tables.map(({ name, columns }) => [name, columns.map((one) => one.name)])).toEqual([
    ['copy', ['a', 'b', 'c']],
    ['the table', ['order', 'b', 'new one']],
  ]);
  expect(schema.tables[1]?.checks).toEqual([{ name: null, sql: 'length("new one") < 5', valid: true }]);
});

test('virtual tables are named, their shadows are not, and both stay', async () => {
  const { schema, bench } = await read(`
    CREATE VIRTUAL TABLE search USING fts5(body);
    CREATE TABLE search_notes (a TEXT);
    CREATE TABLE plain (a TEXT);
    CREATE TRIGGER indexed AFTER INSERT ON plain BEGIN INSERT INTO search VALUES (NEW.a); END;`);
  expect(schema.tables.map(({ name }) => name)).toEqual(['plain', 'search_notes']);
  expect(schema.unsupported.map(({ kind, name }) => [kind, name])).toEqual([['virtual table', 'search']]);
  await bench.migrate([
    {
      kind: 'addCheck',
      table: { namespace: null, name: 'plain' },
      check: { name: null, sql: "a <> ''", valid: true },
    },
  ]);
  bench.handle.exec("INSERT INTO plain VALUES ('found')");
  expect(bench.all("SELECT body FROM search WHERE search MATCH 'found'")).toEqual([{ body: 'found' }]);
});

test('a definition that no parser knows is named, with the reason', async () => {
  const bench = await openBench(`
    CREATE TABLE fine (a TEXT);
    CREATE TABLE broken (a TEXT);
    CREATE VIEW v AS SELECT a FROM gone;`);
  bench.handle.enableDefensive(false);
  bench.handle.exec(`PRAGMA writable_schema = ON;
    UPDATE sqlite_schema SET sql = 'CREATE TABLE broken (a TEXT) SOMETHING NEW' WHERE name = 'broken';
    PRAGMA writable_schema = OFF;`);
  const schema = await bench.introspect();
  expect(schema.tables.map(({ name }) => name)).toEqual(['fine']);
  expect(schema.views).toHaveLength(1);
  expect(schema.unsupported).toEqual([
    expect.objectContaining({ kind: 'table', name: 'broken', reason: expect.stringMatching(/table option/) }),
  ]);
});

test('a definition that reads otherwise than SQLite has it is named', async () => {
  const bench = await openBench('CREATE TABLE t (a TEXT, b TEXT)');
  bench.handle.enableDefensive(false);
  // The text is changed behind SQLite's back; the open session still has the table as it was.
  bench.handle.exec(`PRAGMA writable_schema = ON;
    UPDATE sqlite_schema SET sql = 'CREATE TABLE t (a TEXT, b TEXT NOT NULL)' WHERE name = 't'`);
  const schema = await bench.introspect();
  expect(schema.tables).toEqual([]);
  expect(schema.unsupported).toEqual([
    expect.objectContaining({ name: 't', reason: expect.stringMatching(/NOT NULL of b/) }),
  ]);
});

test('hidden tables are hidden with all that hangs on them', async () => {
  const { bench } = await read(`
    CREATE TABLE "Surefoot_version" (version_num TEXT PRIMARY KEY);
    CREATE INDEX i ON "Surefoot_version" (version_num);
    CREATE TRIGGER g AFTER INSERT ON "Surefoot_version" BEGIN SELECT 1; END;
    CREATE TABLE autoincremented (id INTEGER PRIMARY KEY AUTOINCREMENT);
    ANALYZE`);
  const schema = await bench.dialect.introspect(bench.connection, {
    hidden: ['surefoot_version'],
    namespaces: null,
  });
  expect(schema.tables.map(({ name }) => name)).toEqual(['autoincremented']);
  expect(schema.triggers).toEqual([]);
});

test('names of columns in a view become part of its SELECT', async () => {
  const { schema, bench } = await read(`
    CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 2);
    CREATE VIEW v (x, "y z") AS SELECT a, b FROM t`);
  const again = await openBench('CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 2)');
  await again.connection.script(bench.dialect.dump({ ...schema, tables: [] }, () => ''));
  expect(again.all('SELECT * FROM v')).toEqual([{ x: 1, 'y z': 2 }]);
  expect((await again.introspect()).views).toEqual(schema.views);
});

test('key columns: the rowid, and those that only look like it', async () => {
  const { schema } = await read(`
    CREATE TABLE a (id INTEGER PRIMARY KEY);
    CREATE TABLE b (id INT PRIMARY KEY);
    CREATE TABLE c (id INTEGER PRIMARY KEY DESC);
    CREATE TABLE d (id INTEGER, PRIMARY KEY (id DESC));
    CREATE TABLE e (id INTEGER PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE f (id BIGINT PRIMARY KEY);
    CREATE TABLE g (id TEXT PRIMARY KEY);`);
  const identity = { mode: 'by-default', start: null, increment: null };
  expect(schema.tables.map(({ name, columns: [id] }) => [name, id?.identity, id?.nullable])).toEqual([
    ['a', identity, false],
    ['b', null, true],
    ['c', null, true],
    ['d', identity, false],
    ['e', null, false],
    ['f', null, true],
    ['g', null, true],
  ]);
});

test('a database of many tables is read in linear time', async () => {
  const time = async (count: number) => {
    const bench = await openBench();
    bench.handle.exec('BEGIN');
    for (let at = 0; at < count; at += 1) {
      bench.handle.exec(`CREATE TABLE t${at} (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, parent INTEGER
        REFERENCES t${Math.max(0, at - 1)} (id), CHECK (length(name) > 0)); CREATE INDEX i${at} ON t${at} (parent)`);
    }
    bench.handle.exec('COMMIT');
    const start = performance.now();
    const schema = await bench.introspect();
    expect(schema.tables).toHaveLength(count);
    return performance.now() - start;
  };
  await time(200);
  const small = await time(500);
  const large = await time(2500);
  // Five times the tables: far below the twenty-five times that quadratic work would take.
  expect(large / small).toBeLessThan(14);
});
