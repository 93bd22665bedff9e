import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Connection } from '../../../src/dialect/connection.ts';
import { emptySchema } from '../../../src/schema/schema.ts';
import { type Bench, engines, naming, openBench, scope } from './support.ts';

const types = [
  'smallint',
  'integer',
  'bigint',
  'text',
  'boolean',
  'real',
  'double precision',
  'date',
  'uuid',
  'jsonb',
  'json',
  'varchar',
  'varchar(20)',
  'char',
  'char(7)',
  'bpchar',
  '"char"',
  'name',
  'numeric',
  'numeric(5)',
  'numeric(9,3)',
  'decimal(4,1)',
  'float(20)',
  'float',
  'int2',
  'int8',
  'timestamp',
  'timestamp(3)',
  'timestamptz',
  'timestamptz(0)',
  'time',
  'time(2)',
  'timetz',
  'interval',
  'interval(3)',
  'interval day to second(2)',
  'bytea',
  'bit',
  'bit(5)',
  'varbit',
  'varbit(9)',
  'integer[]',
  'int[3][3]',
  'varchar(10)[]',
  'timestamptz(3)[]',
  'numeric(5,2)[]',
  'inet',
  'cidr',
  'macaddr',
  'money',
  'point',
  'tsvector',
  'tsquery',
  'xml',
  'int4range',
  'oid',
  'regclass',
  'serial',
  'bigserial',
  'smallserial',
  'mood',
  '"Weird.Type"',
  'mood[]',
  'app.other',
];

const everything = [
  'CREATE SCHEMA app',
  `CREATE TYPE mood AS ENUM ('sad', 'ok')`,
  `CREATE TYPE "Weird.Type" AS ENUM ('x')`,
  `CREATE TYPE app.other AS ENUM ('y')`,
];

const beyond = [
  'CREATE DOMAIN positive AS integer CHECK (value > 0)',
  'CREATE TYPE pair AS (a integer, b text)',
  'CREATE TYPE span AS RANGE (subtype = float8)',
  'CREATE TABLE "event" (id integer, at date NOT NULL, CONSTRAINT later CHECK (id > 0)) PARTITION BY RANGE (at)',
  `CREATE TABLE event_1 PARTITION OF "event" FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')`,
  'CREATE INDEX event_id ON "event" (id)',
  'CREATE TABLE t (id integer PRIMARY KEY, r int4range, p positive, x integer, EXCLUDE USING gist (r WITH &&))',
  'CREATE TABLE child (extra text) INHERITS (t)',
  'ALTER TABLE t ENABLE ROW LEVEL SECURITY',
  'CREATE POLICY "my policy" ON t USING (true)',
  'CREATE RULE no_delete AS ON DELETE TO t DO INSTEAD NOTHING',
  'CREATE STATISTICS stats ON id, x FROM t',
  `CREATE AGGREGATE total (integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0')`,
  'CREATE OPERATOR === (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq)',
  `CREATE COLLATION german FROM "C"`,
  'CREATE TEXT SEARCH CONFIGURATION english2 (COPY = pg_catalog.english)',
  'CREATE MATERIALIZED VIEW m AS SELECT 1 AS a',
  'CREATE INDEX m_a ON m (a)',
  'CREATE VIEW v WITH (security_barrier) AS SELECT 1 AS a',
  'CREATE TABLE parent (a integer, b integer, PRIMARY KEY (a, b))',
  'CREATE TABLE full_match (a integer, b integer, FOREIGN KEY (a, b) REFERENCES parent MATCH FULL)',
  'CREATE INDEX tuned ON t (x) WITH (fillfactor = 70)',
  'ALTER TABLE parent REPLICA IDENTITY FULL',
  'ALTER TABLE child ALTER COLUMN extra SET STORAGE EXTERNAL, ALTER COLUMN extra SET STATISTICS 500',
  'ALTER TABLE child ALTER COLUMN extra SET (n_distinct = -0.5)',
];

function counting(connection: Connection): { readonly connection: Connection; readonly sent: string[] } {
  const sent: string[] = [];
  return {
    sent,
    connection: {
      ...connection,
      query: (sql, parameters) => {
        sent.push(sql);
        return connection.query(sql, parameters);
      },
      script: (statements) => {
        sent.push(...statements);
        return connection.script(statements);
      },
    },
  };
}

describe.each(engines)('introspection on %s', (engine) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench(engine);
  });
  afterAll(() => bench.close());
  beforeEach(() => bench.clear());

  test('every type comes back as it went', async () => {
    const columns = types.map((type, i) => `c${i} ${type}`).join(', ');
    await bench.exec(...everything, `CREATE TABLE typed (${columns})`);
    const schema = await bench.introspect();
    const written = types.map((type) => schema.tables[0]?.columns[types.indexOf(type)]?.type);
    expect(Object.fromEntries(types.map((type, i) => [type, written[i]]))).toMatchSnapshot();
    expect(bench.dialect.normalize(schema)).toEqual(schema);
    // What a person writes means the same as what the server says.
    const table = schema.tables[0];
    const spoken = table?.columns.map((column, i) => ({
      ...column,
      type: { kind: 'native' as const, sql: types[i] ?? '' },
    }));
    expect(table && bench.dialect.normalizeTable({ ...table, columns: spoken ?? [] }, schema)).toEqual(table);
    const statements = bench.dialect.dump(schema, naming);
    await bench.clear();
    await bench.exec(...statements);
    expect(await bench.introspect()).toEqual(schema);
  });

  test('literal defaults are read by the type of their column', async () => {
    await bench.exec(
      `CREATE TYPE mood AS ENUM ('sad', 'it''s')`,
      `CREATE TABLE d (
        a integer DEFAULT '5', b integer DEFAULT -1, c bigint DEFAULT 9007199254740993, d boolean DEFAULT 'yes',
        e text DEFAULT 'x''y', f varchar(9) DEFAULT 'a\\b', g numeric(8,2) DEFAULT '1.50', h char(3) DEFAULT 'ab',
        i mood DEFAULT 'it''s', j jsonb DEFAULT '{"b": 1, "a": [true]}', k uuid DEFAULT 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11',
        l timestamp DEFAULT '2020-01-02', m date DEFAULT '2020-01-02', n text DEFAULT NULL, o text[] DEFAULT '{}',
        p timestamptz DEFAULT now(), q text DEFAULT lower('X'), r double precision DEFAULT 0.5, s varchar(5) DEFAULT NULL)`,
    );
    const { tables } = await bench.introspect();
    const defaults = tables[0]?.columns.map((column) => {
      const value = column.default;
      return value === null ? null : value.kind === 'literal' ? value.value : { sql: value.sql };
    });
    expect(defaults).toEqual([
      5,
      -1,
      '9007199254740993',
      true,
      "x'y",
      'a\\b',
      1.5,
      'ab',
      "it's",
      '{"a":[true],"b":1}',
      'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
      '2020-01-02 00:00:00',
      '2020-01-02',
      null,
      '{}',
      { sql: 'CURRENT_TIMESTAMP' },
      { sql: "lower('X')" },
      0.5,
      null,
    ]);
  });

  test('what the model cannot say is named', async () => {
    await bench.exec(...beyond);
    const schema = await bench.introspect();
    expect(schema.unsupported.map((one) => `${one.kind} ${one.name}`).sort()).toEqual([
      'aggregate total(integer)',
      'collation german',
      'column-options child.extra',
      'composite-type pair',
      'domain positive',
      'exclusion t.t_r_excl',
      'foreign-key full_match.full_match_a_b_fkey',
      'index m_a',
      'index-options t.tuned',
      'operator ===',
      'partition event_1',
      'policy t.my policy',
      'range-type span',
      'replica-identity parent',
      'rule t.no_delete',
      'statistics stats',
      'text-search-configuration english2',
      'view-options v',
    ]);
    expect(schema.tables.map((table) => [table.name, table.options])).toEqual([
      ['child', { inherits: 't' }],
      ['event', { partitionBy: 'RANGE (at)' }],
      ['full_match', {}],
      ['parent', {}],
      ['t', { rowSecurity: true }],
    ]);
  });

  test('indexes and constraints with all their members', async () => {
    const nulls = bench.facts.traits.version[0] >= 15 ? ' NULLS NOT DISTINCT' : '';
    await bench.exec(
      'CREATE TABLE t (a integer PRIMARY KEY, b text, c text COLLATE "C", d jsonb, e timestamptz)',
      `ALTER TABLE t ADD CONSTRAINT u UNIQUE${nulls} (b, c) DEFERRABLE INITIALLY DEFERRED`,
      `CREATE UNIQUE INDEX i1 ON t USING btree (lower(b) DESC, c COLLATE "POSIX" NULLS FIRST) INCLUDE (e) WHERE (b IS NOT NULL)`,
      'CREATE INDEX i2 ON t USING gin (d jsonb_path_ops)',
      'CREATE INDEX i3 ON t (lower(b) COLLATE "C" text_pattern_ops, (a + 1) DESC NULLS LAST)',
      'ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT VALID',
      'ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES t ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE NOT VALID',
    );
    const schema = await bench.introspect();
    const [table] = schema.tables;
    expect(table?.indexes.map((index) => index.parts)).toMatchSnapshot();
    expect(table?.uniques).toEqual([
      { name: 'u', columns: ['b', 'c'], nullsNotDistinct: nulls !== '', deferrable: 'initially-deferred' },
    ]);
    expect(table?.foreignKeys[0]).toMatchObject({
      valid: false,
      onDelete: 'set-null',
      deferrable: 'initially-immediate',
    });
    expect(table?.checks).toEqual([{ name: 'k', sql: 'a > 0', valid: false }]);
    const statements = bench.dialect.dump(schema, naming);
    await bench.clear();
    await bench.exec(...statements);
    expect(await bench.introspect()).toEqual(schema);
  });

  test('one query, whatever the search path, also inside a transaction', async () => {
    await bench.exec(
      'CREATE SCHEMA app',
      'CREATE TABLE app.a (id serial PRIMARY KEY)',
      "CREATE TABLE public.b (id integer REFERENCES app.a, c text DEFAULT lower('x'))",
      'CREATE VIEW app.v AS SELECT b.c FROM public.b',
    );
    const here = await bench.introspect();
    await bench.exec('BEGIN', 'SET LOCAL search_path = public, app', `SET LOCAL DateStyle = 'SQL, DMY'`);
    const spy = counting(bench.connection);
    expect(await bench.dialect.introspect(spy.connection, scope)).toEqual(here);
    expect(spy.sent).toHaveLength(1);
    const settings = `SELECT current_setting('search_path') AS path, current_setting('DateStyle') AS style`;
    expect(await bench.rows(settings)).toEqual([{ path: 'public, app', style: 'SQL, DMY' }]);
    await bench.exec('ROLLBACK');
    expect(here.namespaces).toEqual(['app']);
    expect(here.views[0]?.sql).toMatch(/FROM b/);
    const only = await bench.dialect.introspect(bench.connection, { hidden: ['b'], namespaces: [] });
    expect(only).toEqual(emptySchema);
  });

  test('Surefoot’s own tables: made twice, described, hidden', async () => {
    const { bookkeeping } = bench.dialect;
    const names = {
      namespace: null,
      version: 'surefoot_version',
      journal: 'surefoot_journal',
      lock: 'surefoot_lock',
    };
    expect(await bench.rows(bookkeeping.describeVersionTable(names))).toEqual([]);
    const missing = await bench.rows('SELECT * FROM surefoot_version').catch((error: unknown) => error);
    expect(bookkeeping.isMissingTable(missing)).toBe(true);
    for (let i = 0; i < 2; i += 1) {
      await bench.exec(...bookkeeping.createTables(names), ...bookkeeping.createVersionTable(names));
    }
    const again = await bench
      .exec('CREATE TABLE surefoot_version (a integer)')
      .catch((error: unknown) => error);
    expect(bookkeeping.isDuplicate(again)).toBe(true);
    expect(await bench.rows(bookkeeping.describeVersionTable(names))).toEqual([
      { name: 'version_num', width: 255 },
    ]);
    expect(await bench.introspect()).toEqual(emptySchema);
    const [now] = await bench.rows(`SELECT (${bookkeeping.nowMs})::text AS now`);
    expect(Number((now as { now: string }).now)).toBeGreaterThan(1.6e12);
  });

  test('the fingerprint follows the schema and nothing else', async () => {
    const { fingerprint } = bench.dialect.bookkeeping;
    const changes = [
      'CREATE TABLE t (a integer, b serial)',
      'ALTER TABLE t ALTER COLUMN a SET DEFAULT 1',
      'ALTER TABLE t ALTER COLUMN a SET DEFAULT 2',
      'ALTER TABLE t ALTER COLUMN a SET NOT NULL',
      'ALTER TABLE t RENAME COLUMN a TO c',
      'CREATE INDEX i ON t (c)',
      'ALTER INDEX i RENAME TO j',
      'ALTER TABLE t ADD CONSTRAINT k CHECK (c > 0) NOT VALID',
      'ALTER TABLE t VALIDATE CONSTRAINT k',
      `COMMENT ON COLUMN t.c IS 'x'`,
      `CREATE TYPE mood AS ENUM ('a')`,
      `ALTER TYPE mood ADD VALUE 'b'`,
      'CREATE VIEW v AS SELECT c FROM t',
      'CREATE OR REPLACE VIEW v AS SELECT c, 1 AS d FROM t',
      'CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN new; END$$',
      'CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN old; END$$',
      'CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()',
      'DROP TRIGGER g ON t',
      'CREATE SCHEMA app',
      'CREATE SEQUENCE s',
      'ALTER SEQUENCE s INCREMENT BY 2',
      'ALTER TABLE t SET (fillfactor = 70)',
      'ALTER TABLE t ENABLE ROW LEVEL SECURITY',
    ];
    let before = await bench.rows(fingerprint);
    for (const change of changes) {
      await bench.exec(change);
      const now = await bench.rows(fingerprint);
      expect(now, change).not.toEqual(before);
      before = now;
    }
    const last = await bench.rows(fingerprint);
    await bench.exec('ALTER TABLE t DISABLE ROW LEVEL SECURITY', 'ALTER TABLE t ENABLE ROW LEVEL SECURITY');
    for (const write of [
      'INSERT INTO t SELECT n FROM generate_series(1, 500) n',
      `SELECT nextval('s')`,
      'DELETE FROM t',
      'TRUNCATE t',
      'ANALYZE t',
      'VACUUM FULL t',
    ]) {
      await bench.exec(write);
      expect(await bench.rows(fingerprint), write).toEqual(last);
    }
  });
});
