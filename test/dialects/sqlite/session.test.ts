// Bookkeeping, facts and guards against a real file.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { connectSqlite } from '../../../src/dialects/sqlite/index.ts';
import { nodeSqlite } from '../../../src/drivers/node-sqlite.ts';
import { openBench } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'surefoot-sqlite-'));
afterAll(() => rmSync(folder, { recursive: true }));

const names = {
  namespace: null,
  version: 'surefoot "version"',
  journal: 'surefoot_journal',
  lock: 'surefoot_lock',
};

test('facts of a file', async () => {
  const file = join(folder, 'facts.db');
  const connection = await nodeSqlite({ file }).connect();
  const { facts, dialect } = await connectSqlite(connection);
  expect(facts.database).toBe(file);
  expect(facts.product).toMatch(/^SQLite 3\.\d+/);
  expect(facts).toMatchObject({ readOnly: false, replica: false, namespace: null });
  expect(dialect.traits.version[0]).toBe(3);
  await connection.query('PRAGMA query_only = ON');
  expect((await connectSqlite(connection)).facts.readOnly).toBe(true);
});

test('the three tables are made once, and the race to make them is recognised', async () => {
  const { connection, dialect } = await openBench();
  const { bookkeeping } = dialect;
  const statements = [...bookkeeping.createTables(names), ...bookkeeping.createVersionTable(names)];
  await connection.script(statements);
  // Who comes second finds them there.
  await connection.query(`INSERT INTO ${dialect.quote(names.version)} VALUES ('a')`);
  await connection.script(statements);
  const { rows: kept } = await connection.query(`SELECT * FROM ${dialect.quote(names.version)}`);
  expect(kept.map((row) => ({ ...row }))).toEqual([{ version_num: 'a' }]);
  for (const sql of statements) {
    const bare = sql.replace('IF NOT EXISTS ', '');
    const error = await connection.query(bare).catch((caught: unknown) => caught);
    expect(bookkeeping.isDuplicate(error)).toBe(true);
    expect(bookkeeping.isMissingTable(error)).toBe(false);
  }
  const error = await connection.query('SELECT * FROM nowhere').catch((caught: unknown) => caught);
  expect(bookkeeping.isMissingTable(error)).toBe(true);
  expect(bookkeeping.isDuplicate(error)).toBe(false);
  const { rows } = await connection.query(bookkeeping.describeVersionTable(names));
  expect(rows.map((row) => ({ ...row }))).toEqual([{ name: 'version_num', width: 255 }]);
  const missing = await connection.query(bookkeeping.describeVersionTable({ ...names, version: 'none' }));
  expect(missing.rows).toEqual([]);
});

test('the clock is in milliseconds, and the fingerprint follows the schema only', async () => {
  const { connection, dialect } = await openBench('CREATE TABLE t (a)');
  const { rows } = await connection.query(`SELECT ${dialect.bookkeeping.nowMs} AS now`);
  expect(Math.abs(Number(rows[0]?.['now']) - Date.now())).toBeLessThan(5_000);
  expect(Number.isInteger(rows[0]?.['now'])).toBe(true);
  const fingerprint = async () =>
    (await connection.query(dialect.bookkeeping.fingerprint)).rows[0]?.['fingerprint'];
  const first = await fingerprint();
  await connection.query('INSERT INTO t VALUES (1)');
  expect(await fingerprint()).toBe(first);
  await connection.query('ALTER TABLE t ADD COLUMN b');
  expect(await fingerprint()).not.toBe(first);
});

test('a rebuild is refused where the settings do not take, and they are put back', async () => {
  const { connection, dialect, all } = await openBench();
  const guard = dialect.rebuild;
  if (guard === null) throw new Error('SQLite rebuilds tables');
  const [state] = (await connection.query(guard.state)).rows;
  await connection.query('BEGIN');
  await connection.script(guard.enter);
  expect((await connection.query(guard.refusal)).rows).toHaveLength(1);
  await connection.query('ROLLBACK');
  await connection.script(guard.enter);
  expect((await connection.query(guard.refusal)).rows).toEqual([]);
  await connection.script(guard.leave(state));
  expect(all('PRAGMA foreign_keys')).toEqual([{ foreign_keys: 1 }]);
  expect(all('PRAGMA legacy_alter_table')).toEqual([{ legacy_alter_table: 0 }]);
});

test.for([
  ['COMMIT', /COMMIT/],
  ['/* x */ end transaction', /END/],
  ['rollback', /ROLLBACK/],
  ['PRAGMA main.journal_mode = WAL', /journal_mode/],
  ['VACUUM', /VACUUM/],
] as const)('%s does not belong in a data step', async ([sql, reason]) => {
  const { dialect } = await openBench();
  expect(dialect.refuseInData(sql, await (await openBench()).introspect())).toMatch(reason);
});

test.for([
  'UPDATE t SET a = 1',
  'CREATE TABLE x (a)',
  'SAVEPOINT s',
  'ROLLBACK TO s',
  'PRAGMA user_version = 5',
  'PRAGMA table_info(t)',
])('%s may stand in a data step', async (sql) => {
  const { dialect } = await openBench();
  expect(dialect.refuseInData(sql, await (await openBench()).introspect())).toBeNull();
});
