import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeSqlite } from './node-sqlite.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'surefoot-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('values', () => {
  test('integers keep every digit', async () => {
    const connection = await nodeSqlite({ file: ':memory:' }).connect();
    const { rows } = await connection.query(
      'SELECT 9007199254740993 AS big, -9223372036854775808 AS least, 7 AS small, 1.5 AS real, NULL AS absent',
    );
    expect(rows).toEqual([
      { big: 9007199254740993n, least: -9223372036854775808n, small: 7, real: 1.5, absent: null },
    ]);
  });

  test('parameters keep their type', async () => {
    const connection = await nodeSqlite({ file: ':memory:' }).connect();
    await connection.query('CREATE TABLE t (txt TEXT, any, flag, bytes, big)');
    const bytes = new Uint8Array([0, 255]);
    await connection.query('INSERT INTO t VALUES (?, ?, ?, ?, ?)', [1, 2, true, bytes, 9007199254740993n]);
    const { rows } = await connection.query('SELECT *, typeof("any") AS type FROM t');
    expect(rows).toEqual([{ txt: '1', any: 2, flag: 1, bytes, big: 9007199254740993n, type: 'integer' }]);
  });

  test('columns of any name', async () => {
    const connection = await nodeSqlite({ file: ':memory:' }).connect();
    const { rows } = await connection.query('SELECT 1 AS "__proto__", 2 AS "a""b", 3 AS "ü\n"');
    expect(Object.entries(rows[0] ?? {})).toEqual([
      ['__proto__', 1],
      ['a"b', 2],
      ['ü\n', 3],
    ]);
  });

  test('affected rows are those of this statement', async () => {
    const connection = await nodeSqlite({ file: ':memory:' }).connect();
    await connection.query('CREATE TABLE t (a)');
    expect((await connection.query('INSERT INTO t VALUES (1), (2)')).affected).toBe(2);
    expect((await connection.query('CREATE TABLE u (a)')).affected).toBe(0);
    expect((await connection.query('UPDATE t SET a = 3 WHERE a = 9')).affected).toBe(0);
    expect((await connection.query('INSERT INTO t VALUES (4) RETURNING a')).rows).toEqual([{ a: 4 }]);
  });
});

describe('one statement', () => {
  test.each(['SELECT 1;', 'SELECT 1 -- ; SELECT 2\n', 'SELECT 1; -- done', 'SELECT 1; /* ; */ ;'])(
    '%j is one',
    async (sql) => {
      const connection = await nodeSqlite({ file: ':memory:' }).connect();
      expect((await connection.query(sql)).rows).toHaveLength(1);
    },
  );

  test.each(['SELECT 1; SELECT 2', 'SELECT 1; DROP TABLE nowhere', 'SELECT 1; not even SQL'])(
    '%j is refused before it runs',
    async (sql) => {
      const connection = await nodeSqlite({ file: ':memory:' }).connect();
      await expect(connection.query(sql)).rejects.toMatchObject({ code: 'database/query-failed' });
    },
  );

  test('a script runs several and stops at the first failure', async () => {
    const connection = await nodeSqlite({ file: ':memory:' }).connect();
    const script = connection.script(['CREATE TABLE a (x)', 'CREATE TABLE a (x)', 'CREATE TABLE b (x)']);
    await expect(script).rejects.toMatchObject({ details: { sql: 'CREATE TABLE a (x)', code: '1' } });
    expect((await connection.query('SELECT name FROM sqlite_schema')).rows).toEqual([{ name: 'a' }]);
  });
});

describe('sessions', () => {
  test('a file gives many, and close ends them', async () => {
    const database = nodeSqlite({ file: join(folder, 'a.db') });
    const [one, two] = [await database.connect(), await database.connect()];
    await one.query('CREATE TABLE t (a)');
    expect((await two.query('SELECT count(*) AS n FROM t')).rows).toEqual([{ n: 0 }]);
    await one.close();
    await one.close();
    await database.close();
    await expect(two.query('SELECT 1')).rejects.toMatchObject({ code: 'database/lost' });
  });

  test('memory gives one, and close forgets it', async () => {
    const database = nodeSqlite({ file: ':memory:' });
    await (await database.connect()).query('CREATE TABLE t (a)');
    expect(database.sessions).toBe('one');
    expect((await (await database.connect()).query('SELECT * FROM t')).rows).toEqual([]);
    await database.close();
    await expect((await database.connect()).query('SELECT * FROM t')).rejects.toThrow('no such table');
    await database.close();
  });

  test("the user's handle is neither closed nor changed", async () => {
    const handle = new DatabaseSync(':memory:', { enableForeignKeyConstraints: false });
    handle.exec('PRAGMA busy_timeout = 17');
    const database = nodeSqlite({ handle });
    const connection = await database.connect();
    await connection.query('PRAGMA foreign_keys = ON');
    await connection.query('PRAGMA busy_timeout = 5000');
    await connection.close();
    await database.close();
    expect(handle.prepare('PRAGMA foreign_keys').get()).toEqual({ foreign_keys: 0 });
    expect(handle.prepare('PRAGMA busy_timeout').get()).toEqual({ timeout: 17 });
    handle.close();
  });

  test('a locked file is waited for', async () => {
    const file = join(folder, 'a.db');
    const holder = new DatabaseSync(file);
    holder.exec('CREATE TABLE t (a); BEGIN IMMEDIATE');
    const connection = await nodeSqlite({ file, busyTimeoutMs: 50 }).connect();
    await expect(connection.query('INSERT INTO t VALUES (1)')).rejects.toMatchObject({
      code: 'database/query-failed',
      details: { code: '5' },
    });
    holder.close();
    await connection.close();
  });
});

describe('files that cannot be used', () => {
  test('a folder that is missing', async () => {
    const opening = nodeSqlite({ file: join(folder, 'no', 'a.db') }).connect();
    await expect(opening).rejects.toMatchObject({
      code: 'database/unreachable',
      hint: expect.stringContaining('does not exist'),
      details: { code: '14' },
      cause: expect.objectContaining({ errcode: 14 }),
    });
  });

  test('a folder in the place of a file', async () => {
    await expect(nodeSqlite({ file: folder }).connect()).rejects.toMatchObject({
      code: 'database/unreachable',
      hint: expect.stringContaining('is a folder'),
    });
  });

  test('a missing file that must not be created', async () => {
    const file = join(folder, 'a?b#c%.db');
    const opening = nodeSqlite({ file, create: false }).connect();
    await expect(opening).rejects.toMatchObject({ code: 'database/unreachable' });
    await (await nodeSqlite({ file }).connect()).close();
    await (await nodeSqlite({ file, create: false }).connect()).close();
  });

  test('a file that is no database', async () => {
    const file = join(folder, 'a.db');
    await writeFile(file, 'this is not a database, but a text that is long enough to be read as a header');
    await expect(nodeSqlite({ file }).connect()).rejects.toMatchObject({
      code: 'database/not-a-database',
      message: expect.stringContaining(file),
    });
  });

  test.each([1, 2, 15, 16, 99, 100, 511, 512, 5000])(
    'a file of %i bytes that are no database',
    async (size) => {
      const file = join(folder, 'a.db');
      await writeFile(file, 'x'.repeat(size));
      for (const options of [{}, { reading: true }, { create: false }, { readOnly: true }]) {
        await expect(nodeSqlite({ file, ...options }).connect()).rejects.toMatchObject({
          code: 'database/not-a-database',
          hint: expect.stringContaining('no SQLite database'),
        });
      }
      expect(await readFile(file, 'utf8')).toBe('x'.repeat(size));
      expect(await readdir(folder)).toEqual(['a.db']);
    },
  );

  test('an empty file is an empty database', async () => {
    const file = join(folder, 'a.db');
    await writeFile(file, '');
    const connection = await nodeSqlite({ file }).connect();
    expect((await connection.query('SELECT * FROM sqlite_schema')).rows).toEqual([]);
    await connection.close();
  });

  test('a look at a file leaves the locks of this process on it', async () => {
    const file = join(folder, 'a.db');
    const writer = await nodeSqlite({ file }).connect();
    await writer.query('CREATE TABLE t (a)');
    await writer.query('BEGIN IMMEDIATE');
    const reader = await nodeSqlite({ file, reading: true }).connect();
    await reader.close();
    // Only another process can tell: within one, SQLite keeps its own account of locks.
    const other = spawnSync(process.execPath, [
      '-e',
      `new (require('node:sqlite').DatabaseSync)(${JSON.stringify(file)}).exec('BEGIN IMMEDIATE')`,
    ]);
    expect(other.stderr.toString()).toContain('database is locked');
    await writer.query('ROLLBACK');
    await writer.close();
  });

  test('a database opened for reading only', async () => {
    const file = join(folder, 'a.db');
    const writer = await nodeSqlite({ file }).connect();
    await writer.query('CREATE TABLE t (a)');
    await writer.close();
    const reader = await nodeSqlite({ file, readOnly: true }).connect();
    expect((await reader.query('SELECT * FROM t')).rows).toEqual([]);
    await expect(reader.query('INSERT INTO t VALUES (1)')).rejects.toMatchObject({
      code: 'database/read-only',
      details: { code: '8' },
    });
    await reader.close();
  });

  test('a database that is full', async () => {
    const connection = await nodeSqlite({ file: join(folder, 'a.db') }).connect();
    await connection.query('CREATE TABLE t (a)');
    await connection.query('PRAGMA max_page_count = 3');
    await expect(connection.query('INSERT INTO t VALUES (zeroblob(100000))')).rejects.toMatchObject({
      code: 'database/full',
      details: { code: '13' },
    });
    await connection.close();
  });
});
