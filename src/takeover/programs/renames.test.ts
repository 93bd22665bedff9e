import { expect, test } from 'vitest';
import { mysqlSyntax } from '../../dialects/mysql/traits.ts';
import { postgresSyntax } from '../../dialects/postgres/traits.ts';
import { sqliteSyntax } from '../../dialects/sqlite/traits.ts';
import type { SqlSyntax } from '../../kernel/sql-text.ts';
import type { Schema } from '../../schema/schema.ts';
import { emptySchema } from '../../schema/schema.ts';
import { renamesIn } from './renames.ts';

/** Only names count here. */
const schemaOf = (tables: Readonly<Record<string, readonly string[]>>): Schema =>
  ({
    ...emptySchema,
    tables: Object.entries(tables).map(([name, columns]) => ({
      namespace: null,
      name,
      columns: columns.map((column) => ({ name: column })),
    })),
  }) as unknown as Schema;

const found = (
  sql: readonly string[],
  from: Readonly<Record<string, readonly string[]>>,
  to: Readonly<Record<string, readonly string[]>>,
  syntax: SqlSyntax = postgresSyntax,
) => {
  const { tables, columns } = renamesIn(sql, { before: schemaOf(from), after: schemaOf(to) }, syntax);
  return [
    ...tables.map((one) => `${one.from.name}>${one.to.name}`),
    ...columns.map((one) => `${one.table.name}.${one.from}>${one.to}`),
  ];
};

test('what ALTER TABLE says', () => {
  const [from, to] = [{ t: ['id', 'a', 'b'] }, { u: ['id', 'c', 'b'] }];
  const sql = ['ALTER TABLE "t" RENAME COLUMN "a" TO "c"', 'alter table t rename to u'];
  expect(found(sql, from, to)).toEqual(['t>u', 'u.a>c']);
  expect(found(['ALTER TABLE t RENAME CONSTRAINT a TO c'], from, from)).toEqual([]);
});

test('over several steps, and for nothing that stays', () => {
  const sql = [
    'ALTER TABLE t RENAME a TO x',
    'ALTER TABLE t RENAME x TO c',
    'ALTER TABLE t RENAME b TO y',
    'ALTER TABLE t RENAME y TO b',
  ];
  expect(found(sql, { t: ['a', 'b'] }, { t: ['c', 'b'] })).toEqual(['t.a>c']);
});

test('what MySQL says otherwise', () => {
  const sql = ['ALTER TABLE `t` CHANGE COLUMN `a` `c` int NOT NULL', 'RENAME TABLE `o` TO `p`, `q` TO `r`'];
  expect(found(sql, { t: ['a'], o: [], q: [] }, { t: ['c'], p: [], r: [] }, mysqlSyntax)).toEqual([
    'o>p',
    'q>r',
    't.a>c',
  ]);
});

test('a table that is made anew', () => {
  const named = 'INSERT INTO "temporary_t"("id", "c") SELECT "id", "a" FROM "t"';
  const aliased = 'INSERT INTO `t_backup` SELECT `id`, `a` AS `c` FROM `t`';
  for (const sql of [named, aliased])
    expect(found([sql], { t: ['id', 'a'] }, { t: ['id', 'c'] }, sqliteSyntax)).toEqual(['t.a>c']);
  expect(found(['INSERT INTO x (a) SELECT max(b) FROM t'], { t: ['b'] }, { t: ['a'] }, sqliteSyntax)).toEqual(
    [],
  );
});

test('no word of it: what is gone is gone', () => {
  expect(found(['ALTER TABLE t DROP a', 'ALTER TABLE t ADD c int'], { t: ['a'] }, { t: ['c'] })).toEqual([]);
});
