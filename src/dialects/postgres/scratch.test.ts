import { expect, test } from 'vitest';
import { postgresScratch } from './scratch.ts';

const kindOf = (sql: string, others: readonly string[] | null) => postgresScratch.judge(sql, others).kind;

test.each([
  'GRANT SELECT ON a TO b',
  'create role x',
  '/* c */ ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO x',
  'ALTER TABLE a OWNER TO "o""x"',
  'VACUUM a',
  'SET ROLE x',
  'SET LOCAL lock_timeout = 1',
  'ALTER SYSTEM SET a = 1',
  'DROP DATABASE x',
])('%s is left out everywhere', (sql) => {
  expect(kindOf(sql, null)).toBe('skip');
  expect(kindOf(sql, ['x'])).toBe('skip');
});

test.each([
  'DO $$ BEGIN CREATE ROLE x; END $$',
  `DO $$ BEGIN EXECUTE 'alter  system set a = 1'; END $$`,
  `SELECT dblink('dbname=x', 'DROP TABLE a')`,
  `CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ COPY a TO PROGRAM 'sh' $$`,
  'SELECT pg_terminate_backend(1)',
])('%s is refused beside other databases only', (sql) => {
  expect(kindOf(sql, ['x'])).toBe('refuse');
  expect(kindOf(sql, null)).toBe('run');
});

test.each([
  'CREATE TABLE role (id int, owner text)',
  'ALTER TABLE a ADD COLUMN copy int',
  "COMMENT ON TABLE a IS 'the role of users'",
  'CREATE SCHEMA x',
  "SET search_path TO 'x'",
])('%s runs', (sql) => {
  expect(postgresScratch.judge(sql, ['x'])).toEqual({ kind: 'run', sql });
});

test('an extension may be there already', () => {
  expect(postgresScratch.judge('CREATE EXTENSION citext', [])).toEqual({
    kind: 'run',
    sql: 'CREATE EXTENSION IF NOT EXISTS citext',
  });
});
