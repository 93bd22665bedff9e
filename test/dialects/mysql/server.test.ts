import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { textOf } from '../../../src/dialect/rows.ts';
import { connectMysql } from '../../../src/dialects/mysql/index.ts';
import { mysql2Database } from '../../../src/drivers/mysql2.ts';
import { emptySchema } from '../../../src/schema/schema.ts';
import { type Bench, mysqlEngines, naming, openBench, scope } from './support.ts';

const names = {
  namespace: null,
  version: 'surefoot_version',
  journal: 'surefoot_journal',
  lock: 'surefoot_lock',
};

describe.skipIf(mysqlEngines.length === 0).each(mysqlEngines)('the server %s', (engine) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench(engine);
  });
  afterAll(async () => {
    await bench.close();
  });
  const sql = async (...statements: readonly string[]) => {
    for (const one of statements) await bench.connection.query(one);
  };
  const one = async (query: string, column: string) =>
    textOf((await bench.connection.query(query)).rows[0], column);

  test('tells what it is', async () => {
    const { facts, dialect } = await connectMysql(bench.connection);
    expect(facts.traits.flavor).toBe(engine === 'mariadb' ? 'mariadb' : 'mysql');
    expect(facts.product).toMatch(engine === 'mariadb' ? /^MariaDB \d+\.\d+\.\d+$/ : /^MySQL \d+\.\d+\.\d+$/);
    expect(facts).toMatchObject({ namespace: null, readOnly: false, replica: false });
    expect(bench.url.endsWith(`/${facts.database}`)).toBe(true);
    expect(dialect.traits.transactionalDdl).toBe(false);
  });

  test('the session is pinned', async () => {
    expect(await one('SELECT @@sql_mode AS value', 'value')).toContain('STRICT_TRANS_TABLES');
    expect(await one('SELECT @@time_zone AS value', 'value')).toBe('+00:00');
    expect(await one('SELECT @@character_set_client AS value', 'value')).toBe('utf8mb4');
    expect(await one('SELECT @@foreign_key_checks AS value', 'value')).toBe('1');
  });

  test('bookkeeping tables: made once, hidden, binary', async () => {
    const { bookkeeping } = bench.dialect;
    const all = [...bookkeeping.createTables(names), ...bookkeeping.createVersionTable(names)];
    await sql(...all, ...all);
    expect((await bench.introspect()).tables).toEqual([]);
    const described = (await bench.connection.query(bookkeeping.describeVersionTable(names))).rows;
    expect(described.map((row) => [textOf(row, 'name'), textOf(row, 'width')])).toEqual([
      ['version_num', '255'],
    ]);
    await sql("INSERT INTO surefoot_version VALUES ('a'), ('A'), ('ä')");
    expect(await one("SELECT COUNT(*) AS n FROM surefoot_version WHERE version_num = 'a'", 'n')).toBe('1');
    const elsewhere = { ...names, version: 'not_there' };
    expect((await bench.connection.query(bookkeeping.describeVersionTable(elsewhere))).rows).toEqual([]);
  });

  test('errors that say "there" and "not there"', async () => {
    const { bookkeeping } = bench.dialect;
    await sql('CREATE TABLE twice (a int)');
    const there = await bench.connection.query('CREATE TABLE twice (a int)').catch((error: unknown) => error);
    const missing = await bench.connection.query('SELECT * FROM nowhere').catch((error: unknown) => error);
    const other = await bench.connection.query('SELECT nothing').catch((error: unknown) => error);
    expect([there, missing, other].map((error) => bookkeeping.isDuplicate(error))).toEqual([
      true,
      false,
      false,
    ]);
    expect([there, missing, other].map((error) => bookkeeping.isMissingTable(error))).toEqual([
      false,
      true,
      false,
    ]);
    await sql('DROP TABLE twice');
  });

  test("the clock is the server's, in milliseconds of UTC", async () => {
    await sql("SET time_zone = '+05:00'");
    const ms = Number(await one(`SELECT ${bench.dialect.bookkeeping.nowMs} AS now_ms`, 'now_ms'));
    await sql("SET time_zone = '+00:00'");
    const seconds = Number(await one('SELECT UNIX_TIMESTAMP() AS s', 's'));
    expect(Number.isInteger(ms)).toBe(true);
    expect(Math.abs(ms - seconds * 1000)).toBeLessThan(5_000);
  });

  test('the fingerprint follows the schema, not the rows', async () => {
    const fingerprint = async () => await one(bench.dialect.bookkeeping.fingerprint, 'fingerprint');
    await sql('CREATE TABLE parent (id int primary key)');
    await sql('CREATE TABLE fp (id int primary key auto_increment, a varchar(10), p int)');
    const changes = [
      'ALTER TABLE fp ADD b int',
      'ALTER TABLE fp MODIFY b bigint',
      'ALTER TABLE fp MODIFY b bigint NOT NULL',
      'ALTER TABLE fp ALTER b SET DEFAULT 3',
      "ALTER TABLE fp MODIFY b bigint NOT NULL DEFAULT 3 COMMENT 'x'",
      "ALTER TABLE fp COMMENT 'x'",
      'ALTER TABLE fp MODIFY a varchar(10) COLLATE utf8mb4_bin',
      'CREATE INDEX ix ON fp (a)',
      'ALTER TABLE fp DROP INDEX ix, ADD UNIQUE INDEX ix (a)',
      'ALTER TABLE fp DROP INDEX ix, ADD INDEX ix (a(3), b)',
      'ALTER TABLE fp ADD CONSTRAINT fk FOREIGN KEY (p) REFERENCES parent (id)',
      'ALTER TABLE fp DROP FOREIGN KEY fk, ADD CONSTRAINT fk2 FOREIGN KEY (p) REFERENCES parent (id) ON DELETE CASCADE',
      'ALTER TABLE fp ADD CONSTRAINT ck CHECK (b > 0)',
      'ALTER TABLE fp DROP CONSTRAINT ck, ADD CONSTRAINT ck3 CHECK (b > 1)',
      'ALTER TABLE fp RENAME COLUMN a TO c',
      'CREATE VIEW fv AS SELECT id FROM fp',
      'CREATE OR REPLACE VIEW fv AS SELECT id, c FROM fp',
      'CREATE TRIGGER ft BEFORE INSERT ON fp FOR EACH ROW SET NEW.b = 2',
      'CREATE FUNCTION ff(a int) RETURNS int DETERMINISTIC RETURN a',
      'RENAME TABLE fp TO fp2',
    ];
    const seen = new Set([await fingerprint()]);
    for (const [i, change] of changes.entries()) {
      await sql(change);
      seen.add(await fingerprint());
      expect(seen.size, change).toBe(i + 2);
    }
    const before = await fingerprint();
    await sql(
      'INSERT INTO parent VALUES (1), (2)',
      "INSERT INTO fp2 (c, b, p) VALUES ('x', 5, 1), ('y', 6, 2)",
    );
    await sql('DELETE FROM fp2', 'ANALYZE TABLE fp2, parent');
    expect(await fingerprint()).toBe(before);
    await sql('DROP VIEW fv', 'DROP FUNCTION ff', 'DROP TABLE fp2', 'DROP TABLE parent');
  });

  test("what the model cannot say is named, and tools' leftovers are not", async () => {
    await sql(
      'CREATE TABLE plain (id int primary key, secret int INVISIBLE, text varchar(20))',
      'CREATE TABLE _plain_gho (id int)',
      'CREATE TABLE _plain_new (id int)',
      'CREATE TABLE _own_new (id int)',
      'CREATE EVENT ev ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM plain',
      'CREATE TABLE parted (id int, at int) PARTITION BY RANGE (at) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE)',
      'CREATE TABLE memory_table (id int primary key) ENGINE=MEMORY',
      'CREATE TABLE latin (id int primary key, a varchar(9), b varchar(9) COLLATE utf8mb4_bin) CHARACTER SET latin1 ROW_FORMAT=COMPACT',
    );
    if (engine === 'mariadb') {
      await sql(
        'CREATE TABLE versioned (id int) WITH SYSTEM VERSIONING',
        'CREATE SEQUENCE sq START WITH 5 INCREMENT BY 2 MAXVALUE 100 CYCLE',
      );
    }
    const live = await bench.introspect();
    const found = live.unsupported.map((object) => `${object.kind} ${object.name}`).sort();
    expect(found).toEqual([
      'column plain.secret',
      'event ev',
      ...(engine === 'mariadb' ? ['table versioned'] : []),
    ]);
    expect(live.tables.map((table) => table.name)).toEqual([
      '_own_new',
      'latin',
      'memory_table',
      'parted',
      'plain',
    ]);
    const options = Object.fromEntries(live.tables.map((table) => [table.name, table.options]));
    expect(options['memory_table']).toEqual({ engine: 'MEMORY' });
    expect(options['latin']).toEqual({ collation: 'latin1_swedish_ci', rowFormat: 'COMPACT' });
    expect(String(options['parted']?.['partitioning'])).toMatch(/^PARTITION BY RANGE/);
    const spelled = await bench.dialect.spell(bench.connection, { ...live, unsupported: [] });
    expect(spelled?.tables).toEqual(live.tables);
    expect(live.sequences).toEqual(
      engine === 'mariadb'
        ? [{ namespace: null, name: 'sq', start: 5, increment: 2, minimum: null, maximum: 100, cycle: true }]
        : [],
    );
    expect(bench.dialect.refuseInData('INSERT INTO memory_table VALUES (1)', live)).toContain('MEMORY');
    expect(bench.dialect.refuseInData('INSERT INTO latin VALUES (1)', live)).toBeNull();
  });

  test('spell leaves nothing, and keeps what the server refuses', async () => {
    const live = await bench.introspect();
    const view = { namespace: null, name: 'broken', sql: 'SELECT nothing FROM nowhere', materialized: false };
    const sent: string[] = [];
    const heard: typeof bench.connection = {
      ...bench.connection,
      query: (text, parameters) => {
        sent.push(text);
        return bench.connection.query(text, parameters);
      },
    };
    const spelled = await bench.dialect.spell(heard, { ...emptySchema, views: [view] });
    expect(spelled?.views).toEqual([view]);
    expect(await one('SELECT @@sql_mode AS value', 'value')).toContain('STRICT_ALL_TABLES');
    expect(await one('SELECT @@foreign_key_checks AS value', 'value')).toBe('1');
    expect(await bench.introspect()).toEqual(live);
    // Others have throw-away databases on this server, too: its own is meant.
    const made = sent.flatMap((text) => /^CREATE DATABASE `([^`]+)`/.exec(text)?.[1] ?? []);
    expect(made).toHaveLength(1);
    const left = await bench.connection.query(`SHOW DATABASES LIKE '${made[0]?.replaceAll('_', '\\_')}'`);
    expect(left.rows).toEqual([]);
  });

  test('spell says that it may not', async () => {
    const user = `u${Math.floor(performance.now() * 1000)}`;
    const database = new URL(bench.url).pathname.slice(1);
    await sql(
      `CREATE USER '${user}'@'%' IDENTIFIED BY 'pw'`,
      `GRANT ALL ON ${bench.dialect.quote(database)}.* TO '${user}'@'%'`,
    );
    const url = new URL(bench.url);
    url.username = user;
    url.password = 'pw';
    const limited = mysql2Database({ url: url.href });
    const connection = await limited.connect();
    const { dialect, facts } = await connectMysql(connection);
    expect(facts.replica).toBe(false);
    const live = await dialect.introspect(connection, scope);
    expect(live.tables.length).toBeGreaterThan(0);
    expect(await dialect.spell(connection, live)).toBeNull();
    await connection.close();
    await limited.close();
    await sql(`DROP USER '${user}'@'%'`);
  });

  test('hostile names', async () => {
    const nasty = [
      'se`lect',
      "it's",
      'a"b',
      'ünï',
      '__proto__',
      'constructor',
      'a.b',
      ' lead',
      'new\nline',
      '\\',
      '-- x',
      '/* y */',
      '%s ?',
      '$x',
    ];
    const quoted = nasty.map((name) => bench.dialect.quote(name));
    await sql('DROP EVENT ev');
    for (const [i, name] of quoted.entries()) {
      await sql(
        `CREATE TABLE ${name} (${quoted.map((column) => `${column} int`).join(', ')}, id int primary key, KEY ${name} (${quoted[(i + 1) % quoted.length]}))`,
      );
    }
    const before = await bench.introspect();
    expect(before.tables.map((table) => table.name)).toEqual(expect.arrayContaining(nasty));
    const statements = bench.dialect.dump(before, naming);
    for (const table of before.tables) await sql(`DROP TABLE ${bench.dialect.quote(table.name)}`);
    for (const sequence of before.sequences) await sql(`DROP SEQUENCE ${bench.dialect.quote(sequence.name)}`);
    for (const statement of statements) await sql(statement);
    // Nothing but what cannot be said is lost on the way.
    expect({ ...(await bench.introspect()), unsupported: [] }).toEqual({ ...before, unsupported: [] });
  });
});
