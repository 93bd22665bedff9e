import { expect, test } from 'vitest';
import { mysqlSyntax } from '../../dialects/mysql/traits.ts';
import { postgresSyntax } from '../../dialects/postgres/traits.ts';
import { sqliteSyntax } from '../../dialects/sqlite/traits.ts';
import { codeOf, kindOf, rowsMoved, tablesRead } from './statement.ts';

test.each([
  ['BEGIN;', 'session'],
  ['SET search_path TO x', 'session'],
  ['create database x', 'session'],
  ['', 'session'],
  ['SHOW server_version', 'ask'],
  ['select * from information_schema.tables where table_name = $1', 'ask'],
  ['SELECT c.relname FROM pg_class c JOIN pg_catalog.pg_namespace n ON true', 'ask'],
  ['select version()', 'ask'],
  ['SELECT pg_try_advisory_lock(1)', 'ask'],
  ["select setval('users_id_seq', 10)", 'other'],
  ["SELECT create_hypertable('t', 'at')", 'other'],
  ['select "id" from "users" for update', 'read'],
  ['with a as (select 1) select * from a', 'ask'],
  ['WITH a AS (SELECT id FROM t) INSERT INTO u SELECT id FROM a', 'rows'],
  ['(select 1) union (select id from t)', 'read'],
  ['/* c */ insert into t values (1)', 'rows'],
  ['TRUNCATE t', 'rows'],
  ['CREATE TABLE IF NOT EXISTS t (a int)', 'schema'],
  ['create unique index concurrently i on t (a)', 'schema'],
  ['CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS $$ select 1 $$', 'schema'],
  ['alter table t add column a int', 'schema'],
  ["comment on column t.a is 'x'", 'schema'],
  ["CREATE TYPE mood AS ENUM ('a')", 'schema'],
  ['CREATE TYPE pair AS (a int, b int)', 'other'],
  ['CREATE EXTENSION citext', 'other'],
  ['create domain d as text', 'other'],
  ['ALTER TABLE t ENABLE ROW LEVEL SECURITY', 'other'],
  ['ALTER TABLE t OWNER TO x', 'other'],
  ['create temporary table x (a int)', 'other'],
  ['GRANT SELECT ON t TO x', 'other'],
  ["DO $$ BEGIN CREATE TYPE t AS ENUM ('a'); END $$", 'other'],
  ["comment on extension citext is 'x'", 'other'],
] as const)('%s is %s', (sql, kind) => {
  expect(kindOf(sql, postgresSyntax)).toBe(kind);
});

test('names of MySQL and SQLite are read in their quotes', () => {
  expect(kindOf('select * from `mysql`.`user`', mysqlSyntax)).toBe('ask');
  expect(kindOf('select * from `user`', mysqlSyntax)).toBe('read');
  expect(kindOf('select name from sqlite_master', sqliteSyntax)).toBe('ask');
  expect(kindOf('PRAGMA table_info(`t`)', sqliteSyntax)).toBe('ask');
  expect(kindOf('pragma foreign_keys = off', sqliteSyntax)).toBe('session');
  const moved = rowsMoved('INSERT INTO "a b" ("c") SELECT "c" FROM [d e]', sqliteSyntax);
  expect([moved?.into.name, moved?.from.map(({ name }) => name)]).toEqual(['a b', ['d e']]);
});

test('the tables that are read, and nothing else', () => {
  const read = (sql: string) =>
    tablesRead(codeOf(sql, postgresSyntax)).map(({ namespace, name }) => [namespace, name]);
  expect(read('select extract(year from at) from only s.t join "U" on true')).toEqual([
    [null, 'at'],
    ['s', 't'],
    [null, 'U'],
  ]);
  expect(read('select * from unnest($1)')).toEqual([]);
});
