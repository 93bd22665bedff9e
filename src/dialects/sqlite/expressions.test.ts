import { expect, test } from 'vitest';
import {
  foldExpression,
  mentionedColumns,
  mentions,
  mentionsColumn,
  namesOf,
  readsColumn,
} from './expressions.ts';

const table = { name: 'Person', columns: ['id', 'Name', 'order', 'a b', 'length'].map((name) => ({ name })) };
const names = namesOf(table);
const fold = (sql: string) => foldExpression(sql, names);

test.for([
  ['((id>0))', 'id > 0'],
  ['(id) > (0)', '(id) > (0)'],
  ['NAME is not null AND ID!=1', 'Name IS NOT NULL AND id <> 1'],
  ['"id" == [name]', 'id = Name'],
  ['person.id + "PERSON"."order"', 'id + "order"'],
  ['other.person.id', 'other.person.id'],
  ['LENGTH ( "a b" )>2', 'length("a b") > 2'],
  ['length(length)', 'length(length)'],
  ['name in (\'a\',"b")', "Name IN ('a', 'b')"],
  ['id - -1', 'id - -1'],
  ['- - id', '- -id'],
  ['-1 -1', '-1 - 1'],
  ['cast( id as text )', 'CAST(id AS text)'],
  ["'It''s' || X'0A'", "'It''s' || x'0a'"],
  ['(SELECT 1)', '(SELECT 1)'],
  ['(id, name)', '(id, Name)'],
  ['name COLLATE "nocase"', 'Name COLLATE "nocase"'],
  ["strftime('%Y', name) /* year */ -- of birth", "strftime('%Y', Name)"],
  ['CASE WHEN id THEN current_timestamp END', 'CASE WHEN id THEN CURRENT_TIMESTAMP END'],
  ['"rowid" > 1', '"rowid" > 1'],
  ['NOT (id)', 'NOT (id)'],
  ['id IS NOT -1', 'id IS NOT -1'],
])('%s', ([sql, folded]) => {
  expect(fold(sql as string)).toBe(folded);
  expect(fold(fold(sql as string))).toBe(folded);
});

test('what may differ stays different', () => {
  expect(fold('a > 1')).not.toBe(fold('1 < a'));
  expect(fold("name = 'A'")).not.toBe(fold("name = 'a'"));
  expect(fold('a + (b + c)')).not.toBe(fold('a + b + c'));
  expect(fold('"unknown" = `unknown`')).toBe("'unknown' = `unknown`");
});

test('mentions', () => {
  expect(mentions('INSERT INTO "Log" (x) VALUES (1)', 'log')).toBe(true);
  expect(mentions("'log' -- log", 'log')).toBe(false);
  expect(mentionsColumn('length(name)', 'length')).toBe(false);
  expect(mentionsColumn('length(length)', 'length')).toBe(true);
  expect(mentionedColumns('"A B" > NAME and length(id)', names)).toEqual(['id', 'Name', 'a b']);
});

test('a column of a statement, and not its table of the same name', () => {
  expect(readsColumn('CREATE TRIGGER t AFTER INSERT ON "x" BEGIN SELECT 0; END', 'x')).toBe(false);
  expect(readsColumn('CREATE TRIGGER t AFTER UPDATE OF x ON "x" BEGIN SELECT 0; END', 'x')).toBe(true);
  expect(readsColumn('SELECT a FROM x', 'x')).toBe(false);
  expect(readsColumn('SELECT a FROM x JOIN y ON x = y.a', 'x')).toBe(true);
});
