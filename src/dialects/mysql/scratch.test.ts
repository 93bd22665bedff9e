import { expect, test } from 'vitest';
import { mysqlScratch } from './scratch.ts';

const others = ['Shop', 'information_schema', 'mysql'];
const judge = (sql: string) => mysqlScratch.judge(sql, others).kind;

test.each(['GRANT ALL ON shop.* TO x', 'FLUSH TABLES', 'ANALYZE TABLE a', 'LOCK TABLES a WRITE'])(
  '%s is left out',
  (sql) => {
    expect(judge(sql)).toBe('skip');
  },
);

test.each([
  'USE shop',
  'DROP TABLE shop.a',
  'DROP TABLE `SHOP` . `a`',
  'INSERT INTO x SELECT * FROM shop.a',
  "CREATE PROCEDURE p() BEGIN SET @s = 'DROP TABLE shop.a'; END",
  'CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW DELETE FROM shop.a',
  'DELETE FROM mysql.user',
  'CREATE USER x',
  'CREATE DATABASE x',
  'CREATE DEFINER = CURRENT_USER EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM a',
  'SET GLOBAL max_connections = 1',
  'SET @@global.max_connections = 1',
  "PREPARE s FROM 'x'",
  "EXECUTE IMMEDIATE 'DROP TABLE a'",
  "SELECT 1 INTO OUTFILE '/tmp/x'",
  "LOAD DATA INFILE 'x' INTO TABLE a",
  'KILL 3',
])('%s is refused', (sql) => {
  expect(judge(sql)).toBe('refuse');
});

test.each([
  'CREATE TABLE a (id int, shop varchar(10))',
  'CREATE TABLE event (id int)',
  'CREATE DEFINER = CURRENT_USER TRIGGER event BEFORE INSERT ON a FOR EACH ROW SET NEW.id = 1',
  "INSERT INTO a VALUES ('the shop is open')",
  'SELECT table_name FROM information_schema.tables',
  'CREATE OR REPLACE VIEW v AS SELECT a.id FROM a',
  "SET @x = 'y'",
])('%s runs', (sql) => {
  expect(judge(sql)).toBe('run');
});
