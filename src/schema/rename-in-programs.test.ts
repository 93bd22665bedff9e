import { expect, test } from 'vitest';
import { renameColumnInProgram, renameTableInProgram, usesOfColumn } from './rename-in-programs.ts';

const columns: Readonly<Record<string, readonly string[]>> = {
  role: ['id', 'name'],
  user: ['id', 'name', 'role', 'role_id'],
  log: ['id', 'text'],
  post: ['id', 'user_id', 'x y'],
};
const quote = '"';
const columnsOf = (table: string) => columns[table] ?? null;

/** What is renamed, a program, and what it says then. */
const tables: readonly (readonly [title: string, sql: string, after: string])[] = [
  ['a column of its name', 'SELECT id, role FROM "user"', 'SELECT id, role FROM "user"'],
  ['before a dot', 'SELECT role.id, u.role FROM role, user u', 'SELECT roles.id, u.role FROM roles, user u'],
  ['an alias', 'SELECT role.id FROM user AS role', 'SELECT role.id FROM user AS role'],
  ['its alias', 'SELECT r.id AS role FROM role r', 'SELECT r.id AS role FROM roles r'],
  ['with its schema', 'SELECT * FROM public.role JOIN "role" x', 'SELECT * FROM public.roles JOIN "roles" x'],
  [
    'in a query',
    'SELECT id FROM user WHERE role IN (SELECT name FROM role)',
    'SELECT id FROM user WHERE role IN (SELECT name FROM roles)',
  ],
  [
    'joined in parentheses',
    'select `a`.`id` from (`role` join `user` `a` on((`a`.`role` = `role`.`name`)))',
    'select `a`.`id` from (`roles` join `user` `a` on((`a`.`role` = `roles`.`name`)))',
  ],
  [
    'a query of its name',
    'WITH role AS (SELECT 1 AS id) SELECT id FROM role',
    'WITH role AS (SELECT 1 AS id) SELECT id FROM role',
  ],
  [
    'inserted into',
    'CREATE TRIGGER role AFTER INSERT ON user BEGIN INSERT INTO role(name) VALUES (NEW.role); END',
    'CREATE TRIGGER role AFTER INSERT ON user BEGIN INSERT INTO roles(name) VALUES (NEW.role); END',
  ],
  [
    'changed',
    "CREATE TRIGGER t AFTER UPDATE OF role ON user FOR EACH ROW BEGIN UPDATE role SET name = 'role' WHERE id = 1; DELETE FROM role; END",
    "CREATE TRIGGER t AFTER UPDATE OF role ON user FOR EACH ROW BEGIN UPDATE roles SET name = 'role' WHERE id = 1; DELETE FROM roles; END",
  ],
  [
    'distinct from',
    'SELECT id FROM user WHERE id IS DISTINCT FROM role',
    'SELECT id FROM user WHERE id IS DISTINCT FROM role',
  ],
  [
    'a part of a date',
    'SELECT EXTRACT(year FROM role) FROM user',
    'SELECT EXTRACT(year FROM role) FROM user',
  ],
  [
    'one after the other',
    'SELECT id FROM user UNION ALL SELECT id FROM role ORDER BY id',
    'SELECT id FROM user UNION ALL SELECT id FROM roles ORDER BY id',
  ],
];

test.each(tables)('a table, %s', (_, sql, after) => {
  expect(renameTableInProgram(sql, 'role', { to: 'roles', quote })).toBe(after);
});

const renamed: readonly (readonly [title: string, sql: string, after: string])[] = [
  [
    'of two tables',
    'SELECT u.name, r.name AS of FROM "user" u JOIN role r ON r.name = u.role',
    'SELECT u.name, r.title AS of FROM "user" u JOIN role r ON r.title = u.role',
  ],
  ['without a table', 'SELECT name FROM role', 'SELECT title FROM role'],
  ['another one', 'SELECT name FROM user', 'SELECT name FROM user'],
  [
    'an alias',
    'SELECT id AS name, id name FROM role ORDER BY name',
    'SELECT id AS name, id name FROM role ORDER BY name',
  ],
  [
    'behind a word',
    'SELECT DISTINCT name FROM role WHERE NOT name IS NULL ORDER BY name',
    'SELECT DISTINCT title FROM role WHERE NOT title IS NULL ORDER BY title',
  ],
  [
    'of the query around',
    'SELECT id FROM role WHERE EXISTS (SELECT 1 FROM log WHERE text = name)',
    'SELECT id FROM role WHERE EXISTS (SELECT 1 FROM log WHERE text = title)',
  ],
  [
    'of the query inside',
    'SELECT name FROM user WHERE role_id IN (SELECT id FROM role WHERE name = 1)',
    'SELECT name FROM user WHERE role_id IN (SELECT id FROM role WHERE title = 1)',
  ],
  [
    'given on',
    'SELECT x.name FROM (SELECT name FROM role) x',
    'SELECT x.title FROM (SELECT title FROM role) x',
  ],
  [
    'given on with all',
    'WITH x AS (SELECT * FROM role) SELECT name FROM x',
    'WITH x AS (SELECT * FROM role) SELECT title FROM x',
  ],
  [
    'given on by another name',
    'SELECT x.name FROM (SELECT id AS name FROM role) AS x',
    'SELECT x.name FROM (SELECT id AS name FROM role) AS x',
  ],
  [
    'in backticks',
    'select `role`.`name` AS `name` from `role`',
    'select `role`.`title` AS `name` from `role`',
  ],
  [
    'of a table beside the query',
    'SELECT x.n FROM role, LATERAL (SELECT max(text) AS n FROM log WHERE text = name) x',
    'SELECT x.n FROM role, LATERAL (SELECT max(text) AS n FROM log WHERE text = title) x',
  ],
  [
    'in a query that reads itself',
    'WITH RECURSIVE x AS (SELECT name FROM y UNION SELECT name FROM x) SELECT name FROM x',
    'WITH RECURSIVE x AS (SELECT name FROM y UNION SELECT name FROM x) SELECT name FROM x',
  ],
  [
    'of nobody, in a query beside',
    'SELECT x.id FROM (SELECT id, name FROM y) x',
    'SELECT x.id FROM (SELECT id, name FROM y) x',
  ],
  [
    'a function, a type, a text',
    "SELECT name(id), CAST(id AS name), id::name, 'name' FROM role",
    "SELECT name(id), CAST(id AS name), id::name, 'name' FROM role",
  ],
  [
    'of a trigger',
    'CREATE TRIGGER name BEFORE UPDATE OF name ON role WHEN NEW.name IS NOT NULL BEGIN INSERT INTO user (name) VALUES (OLD.name); END',
    'CREATE TRIGGER name BEFORE UPDATE OF title ON role WHEN NEW.title IS NOT NULL BEGIN INSERT INTO user (name) VALUES (OLD.title); END',
  ],
  [
    'written by a trigger',
    'CREATE TRIGGER t AFTER INSERT ON user BEGIN INSERT INTO role (name) SELECT name FROM user ON CONFLICT (name) DO UPDATE SET name = excluded.name; UPDATE role SET name = NEW.name; END',
    'CREATE TRIGGER t AFTER INSERT ON user BEGIN INSERT INTO role (title) SELECT name FROM user ON CONFLICT (title) DO UPDATE SET title = excluded.title; UPDATE role SET title = NEW.name; END',
  ],
];

test.each(renamed)('a column, %s', (_, sql, after) => {
  expect(renameColumnInProgram(sql, { table: 'role', column: 'name', to: 'title', quote }, columnsOf)).toBe(
    after,
  );
});

test('names that need quotes', () => {
  const meant = { table: 'post', column: 'x y', to: 'a "b"', quote } as const;
  expect(renameColumnInProgram('SELECT "x y", `x y`, [x y] FROM post', meant, columnsOf)).toBe(
    'SELECT "a ""b""", `a "b"`, [a "b"] FROM post',
  );
  expect(renameTableInProgram('SELECT post.id FROM post', 'post', { to: 'order', quote })).toBe(
    'SELECT "order".id FROM "order"',
  );
  expect(renameTableInProgram('SELECT post.id FROM "post"', 'post', { to: 'Post', quote: '`' })).toBe(
    'SELECT `Post`.id FROM "Post"',
  );
});

test('where a column is said', () => {
  const words = usesOfColumn('SELECT id, u.id FROM log, user u', { table: 'user', column: 'id' }, columnsOf);
  expect(words.map(({ word, givenTo }) => [word.start, givenTo])).toEqual([
    [7, 'reader'],
    [13, 'reader'],
  ]);
});
