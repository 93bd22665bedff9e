import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { expect, test } from 'vitest';
import { pgliteDatabase } from './pglite.ts';

test('values without loss, one session, errors with their SQLSTATE', async () => {
  const database = pgliteDatabase({ memory: true });
  const connection = await database.connect();
  const { rows } = await connection.query(
    `SELECT 9007199254740993::int8 AS big, 1.10::numeric AS exact, '{"a": 1}'::jsonb AS document,
       date '2020-02-29' AS day, 7 AS small, true AS flag, '\\x00ff'::bytea AS bytes,
       array['a,"b', NULL]::name[] AS names, array[9007199254740993]::int8[] AS bigs`,
  );
  expect(rows).toEqual([
    {
      big: '9007199254740993',
      exact: '1.10',
      document: '{"a": 1}',
      day: '2020-02-29',
      small: 7,
      flag: true,
      bytes: Buffer.from([0, 255]),
      names: ['a,"b', null],
      bigs: '{9007199254740993}',
    },
  ]);
  await connection.script(['CREATE TABLE t (a int) -- comment', 'INSERT INTO t VALUES (1), (2)']);
  expect((await connection.query('UPDATE t SET a = $1', [9n])).affected).toBe(2);
  await connection.query('SET lock_timeout = 1234');
  const other = await database.connect();
  expect((await other.query('SHOW lock_timeout')).rows).toEqual([{ lock_timeout: '1234ms' }]);
  await expect(other.query('SELECT * FROM nowhere')).rejects.toMatchObject({
    code: 'database/query-failed',
    details: { sql: 'SELECT * FROM nowhere', code: '42P01' },
  });
  await database.close();
  await expect(connection.query('SELECT 1')).rejects.toMatchObject({ code: 'database/lost' });
});

test('each one in memory is empty, however many there are', async () => {
  for (const _ of ['made', 'copied', 'a copy', 'another']) {
    const database = pgliteDatabase({ memory: true });
    const connection = await database.connect();
    const { rows } = await connection.query(`SELECT relname FROM pg_class WHERE relname = 'mine'`);
    expect(rows).toEqual([]);
    await connection.script(['CREATE EXTENSION citext', 'CREATE TABLE mine (a citext)']);
    await connection.query('INSERT INTO mine VALUES ($1)', ['A']);
    expect((await connection.query(`SELECT a FROM mine WHERE a = 'a'`)).rows).toEqual([{ a: 'A' }]);
    await database.close();
  }
});

test('a folder keeps the data', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'surefoot-'));
  const dir = join(folder, 'data');
  const first = pgliteDatabase({ dir });
  await (await first.connect()).query('CREATE TABLE kept (a int)');
  await first.close();
  const second = pgliteDatabase({ dir });
  expect((await (await second.connect()).query('SELECT * FROM kept')).rows).toEqual([]);
  await second.close();
  await rm(folder, { recursive: true });
});

test("the user's instance is neither closed nor changed", async () => {
  const instance = await PGlite.create();
  await instance.exec("SET lock_timeout = '7s'; SET application_name = 'mine'");
  const database = pgliteDatabase({ instance });
  const connection = await database.connect();
  await connection.query("SET lock_timeout = '1s'");
  await connection.query("SET statement_timeout = '1s'");
  await connection.close();
  await database.close();
  const { rows } = await instance.query(
    "SELECT current_setting('lock_timeout') AS a, current_setting('statement_timeout') AS b, current_setting('application_name') AS c",
  );
  expect(rows).toEqual([{ a: '7s', b: '0', c: 'mine' }]);
  await instance.close();
});
