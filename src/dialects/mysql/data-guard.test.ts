import { expect, test } from 'vitest';
import { emptySchema } from '../../schema/schema.ts';
import { toTable } from '../../schema/table-builder.ts';
import { isDataStatement, refuseInData } from './data-guard.ts';

test.each([
  'SELECT 1',
  '(select 1)',
  '  -- note\n UPDATE t SET a = 1',
  'WITH x AS (SELECT 1) SELECT * FROM x',
  'CREATE TEMPORARY TABLE t (a int)',
  'DROP TEMPORARY TABLE t',
  'SET @a = 1',
  'SET SESSION sql_mode = ""',
  'ROLLBACK TO SAVEPOINT x',
  '/*!40101 SET NAMES utf8mb4 */',
])('%s may stand in a transaction', (sql) => {
  expect(isDataStatement(sql)).toBe(true);
});

test.each([
  'CREATE TABLE t (a int)',
  'create index i on t (a)',
  'DROP TABLE t',
  'TRUNCATE t',
  'SET autocommit = 1',
  'SET @@session.autocommit = 1',
  'SET PASSWORD = "x"',
  'COMMIT',
  'ROLLBACK',
  'BEGIN',
  'START TRANSACTION',
  'LOCK TABLES t WRITE',
  'GRANT ALL ON *.* TO x',
  'ANALYZE TABLE t',
  '/*!50003 CREATE TABLE t (a int) */',
  'CALL p()',
])('%s may not', (sql) => {
  expect(refuseInData(sql, emptySchema)).not.toBeNull();
});

test('tables without transactions', () => {
  const old = toTable('old', {}, { options: { engine: 'MyISAM' } });
  const schema = { ...emptySchema, tables: [old, toTable('new', {}, { options: { engine: 'InnoDB' } })] };
  expect(refuseInData('INSERT INTO `Old` VALUES (1)', schema)).toContain('MyISAM');
  expect(refuseInData("INSERT INTO new VALUES ('old')", schema)).toBeNull();
  expect(refuseInData('SELECT * FROM old', schema)).toBeNull();
});
