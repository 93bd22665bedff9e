import { describe, expect, it } from 'vitest';
import type { DialectName } from '../schema/schema.ts';
import { sqlBody, troublesIn } from './sql-revision.ts';

const upgradeOf = (text: string, dialect: DialectName | null = 'postgres') => {
  const body = sqlBody({ upgrade: { text, line: 1 }, downgrade: null, dialect });
  return body.format === 'sql' ? body.body.sections[0]?.text : body.body.upgrade;
};

describe('sqlBody', () => {
  it('leaves SQL as it is', () => {
    const text = "-- a comment\nCREATE TABLE a (t text DEFAULT 'BEGIN; COMMIT;');\n/* COMMIT; */ SELECT 1";
    expect(upgradeOf(text)).toBe(text);
  });

  it('makes comments of transactions, and of the empty path of a dump', () => {
    expect(upgradeOf('BEGIN; SELECT 1;\nstart  transaction;SELECT 2; COMMIT')).toBe(
      '-- BEGIN;\n SELECT 1;\n-- start transaction;\nSELECT 2; -- COMMIT;\n',
    );
    expect(upgradeOf("SELECT pg_catalog.set_config('search_path', '', false);\nSELECT 1;")).toBe(
      "-- SELECT pg_catalog.set_config('search_path', '', false);\n\nSELECT 1;",
    );
  });

  it('keeps what stands in bodies of routines and triggers', () => {
    const routine = 'CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN 1;\nEND;\n$$;';
    expect(upgradeOf(routine)).toBe(routine);
    const trigger = 'CREATE TRIGGER t AFTER INSERT ON a BEGIN\n  DELETE FROM b;\nEND;';
    expect(upgradeOf(trigger, 'sqlite')).toBe(trigger);
    const delimiter = 'DELIMITER //\nCREATE PROCEDURE p()\nBEGIN\n  SELECT 1;\nEND//\nDELIMITER ;';
    expect(upgradeOf(delimiter, 'mysql')).toBe(delimiter);
  });

  it('moves comments that read like the head of a section; where quotes hold one, it becomes a module', () => {
    expect(upgradeOf('SELECT 1;\n-- downgrade by hand\nSELECT 2;')).toBe(
      'SELECT 1;\n -- downgrade by hand\nSELECT 2;',
    );
    expect(upgradeOf("SELECT '\n-- upgrade\n';")).toBe(String.raw`op.execute("SELECT '\n-- upgrade\n'");`);
  });

  it('runs apart what SQLite overlooks inside a transaction, and nothing else', () => {
    const way = (text: string, dialect: DialectName) => {
      const body = sqlBody({ upgrade: { text, line: 1 }, downgrade: null, dialect });
      return body.format === 'sql' && body.transaction;
    };
    expect(way('PRAGMA foreign_keys=OFF; DROP TABLE a;', 'sqlite')).toBe('none');
    expect(way("INSERT INTO a VALUES ('PRAGMA foreign_keys=OFF;');", 'sqlite')).toBe('auto');
    expect(way('SELECT 1;', 'sqlite')).toBe('auto');
  });
});

describe('troublesIn', () => {
  it('names the line of what no server would understand', () => {
    const text = "SELECT 1;\nCOPY a (b) FROM stdin;\nROLLBACK;\nSET search_path TO app;\nSELECT 'ROLLBACK';";
    expect(troublesIn({ text, line: 11 }, 'postgres').map(({ line }) => line)).toEqual([12, 13, 14]);
    expect(troublesIn({ text: "SET search_path = '';", line: 1 }, 'postgres')).toEqual([]);
  });
});
