import { expect, test } from 'vitest';
import type { Dialect } from '../../dialect/dialect.ts';
import { mysqlSyntax } from '../../dialects/mysql/traits.ts';
import { postgresSyntax } from '../../dialects/postgres/traits.ts';
import { inlined } from './literal.ts';

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
const postgres = { syntax: postgresSyntax, literal: quoted } as Dialect;
const mysql = { syntax: mysqlSyntax, literal: quoted } as Dialect;

test('values of PostgreSQL, by number', () => {
  const values = [
    "it's",
    7,
    true,
    null,
    undefined,
    new Date(0),
    Buffer.from([1, 255]),
    [1, 'a"b', null],
    { a: 1 },
  ];
  const sql = `f($1, $2, $3, $4, $5, $6, $7, $8, $9, $1, '$1', "$2") -- $3`;
  expect(inlined(sql, values, { dialect: postgres })).toBe(
    `f('it''s', 7, TRUE, NULL, NULL, '1970-01-01T00:00:00.000Z', '\\x01ff', '{"1","a\\"b",NULL}', '{"a":1}', 'it''s', '$1', "$2") -- $3`,
  );
});

test('numbers as texts, whose type the server finds out', () => {
  const both = [-1.5, 10n, Number.NaN];
  expect(inlined('$1 $2 $3', both, { dialect: postgres })).toBe(`-1.5 10 'NaN'`);
  expect(inlined('$1 $2', both, { dialect: postgres, numbers: 'quoted' })).toBe(`'-1.5' '10'`);
});

test('values of MySQL, in turn, wherever they stand', () => {
  const sql = "update `a?` set b=? where c in (?) and d<>? -- ?\n and e = '?'";
  const values = [new Date(0), [1, 'x'], Buffer.from('a')];
  expect(inlined(sql, values, { dialect: mysql })).toBe(
    "update `a?` set b='1970-01-01 00:00:00.000' where c in (1, 'x') and d<>X'61' -- ?\n and e = '?'",
  );
});
