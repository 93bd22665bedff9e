import { describe, expect, test } from 'vitest';
import { fc } from '../../../test/support/laws.ts';
import { t } from '../../schema/column-builder.ts';
import { defineSchema, table } from '../../schema/define-schema.ts';
import type { Schema } from '../../schema/schema.ts';
import { foldExpression } from './expressions.ts';
import { createMysql, defaultMariadbTraits, defaultMysqlTraits } from './index.ts';

const collationOf = {
  utf8mb3: 'utf8mb3_general_ci',
  utf8mb4: 'utf8mb4_0900_ai_ci',
  latin1: 'latin1_swedish_ci',
};
const mysql = createMysql({ ...defaultMysqlTraits, collation: 'utf8mb4_0900_ai_ci', collationOf });
const mariadb = createMysql(defaultMariadbTraits);
const only = (schema: Schema, dialect = mysql) =>
  dialect.normalize(schema).tables[0] ?? expect.fail('no table');

test('options: what the server takes by itself goes', () => {
  const options = (given: Record<string, string>) =>
    only(defineSchema({ tables: { x: table({ a: t.integer() }, { options: given }) } })).options;
  expect(
    options({ engine: 'innodb', collation: 'utf8mb4_0900_ai_ci', rowFormat: 'dynamic', strict: 'true' }),
  ).toEqual({});
  expect(options({ charset: 'utf8' })).toEqual({ collation: 'utf8mb3_general_ci' });
  expect(options({ charset: 'utf8', collation: 'utf8_bin' })).toEqual({ collation: 'utf8mb3_bin' });
  expect(options({ charset: 'utf8mb4' })).toEqual({});
  expect(options({ engine: 'MyISAM', rowFormat: 'fixed' })).toEqual({ engine: 'MyISAM', rowFormat: 'FIXED' });
});

test('collations: a column has one of its own only where it differs from its table', () => {
  const columns = {
    same: t.varchar(9).collate('latin1_swedish_ci'),
    other: t.varchar(9).collate('utf8_bin'),
    number: t.integer().collate('utf8mb4_bin'),
  };
  const found = only(defineSchema({ tables: { x: table(columns, { options: { charset: 'latin1' } }) } }));
  expect(found.columns.map((column) => column.collation)).toEqual([null, 'utf8mb3_bin', null]);
});

test('unique constraints are unique indexes, and names of primary keys mean nothing', () => {
  const found = only(
    defineSchema({
      tables: { x: table({ a: t.integer().unique('u') }, { primaryKey: { name: 'pk', columns: ['a'] } }) },
    }),
  );
  expect(found.uniques).toEqual([]);
  expect(found.indexes.map((index) => [index.name, index.unique])).toEqual([['u', true]]);
  expect(found.primaryKey).toEqual({ name: null, columns: ['a'] });
  expect(found.columns[0]?.nullable).toBe(false);
});

describe('the index of a foreign key', () => {
  const withIndex = (key: string, index: string, columns = ['a']) =>
    only(
      defineSchema({
        tables: {
          x: table(
            { a: t.integer(), b: t.integer() },
            {
              foreignKeys: [{ name: key, columns: ['a'], references: { table: 'y', columns: ['id'] } }],
              indexes: [{ name: index, columns }],
            },
          ),
        },
      }),
    ).indexes.map((one) => one.name);
  test('named after it is hidden', () => expect(withIndex('fk', 'fk')).toEqual([]));
  test('named after the column is hidden where the server named the key', () => {
    expect(withIndex('x_ibfk_1', 'a')).toEqual([]);
    expect(withIndex('x_ibfk_1', 'a_2')).toEqual([]);
  });
  test('of its own name, or over more, is seen', () => {
    expect(withIndex('fk', 'a')).toEqual(['a']);
    expect(withIndex('fk', 'ix')).toEqual(['ix']);
    expect(withIndex('fk', 'fk', ['a', 'b'])).toEqual(['fk']);
  });
});

test('named enums take their values from the schema and lose their name', () => {
  const schema = defineSchema({
    enums: { mood: ['a', 'b', 'c'] },
    tables: { x: table({ m: t.enum('mood', ['a']) }) },
  });
  const normal = mysql.normalize(schema);
  expect(normal.enums).toEqual([]);
  expect(normal.tables[0]?.columns[0]?.type).toEqual({
    kind: 'enum',
    namespace: null,
    name: null,
    values: ['a', 'b', 'c'],
  });
});

test('MariaDB has no NOT NULL for generated columns', () => {
  const schema = defineSchema({
    tables: { x: table({ a: t.integer(), g: t.integer().notNull().generatedAs('a + 1') }) },
  });
  expect(only(schema, mariadb).columns[1]?.nullable).toBe(true);
  expect(only(schema).columns[1]?.nullable).toBe(false);
});

describe('laws', () => {
  const word = fc.constantFrom(
    'a',
    '`b`',
    'Email',
    '1',
    "'x'",
    '"y"',
    'now()',
    'upper(a)',
    '(',
    ')',
    'and',
    'OR',
    '>',
    '+',
    '-',
    '*',
    'in',
    ',',
    'between',
    'not',
    'is',
    'null',
    "_utf8mb4'x'",
    '||',
  );
  const expression = fc.array(word, { maxLength: 14 }).map((words) => words.join(' '));
  const value = fc.oneof(fc.string(), fc.double({ noNaN: true }), fc.integer(), fc.boolean());
  const type = fc.constantFrom(
    t.integer,
    t.boolean,
    t.double,
    t.date,
    t.text,
    t.json,
    () => t.numeric(8, 2),
    () => t.varchar(9),
    () => t.timestamp({ precision: 3 }),
    () => t.binary(9),
    () => t.native('bit(4)'),
    () => t.native("set('a','b')"),
    () => t.native('INT(3) unsigned'),
  );

  test('folding an expression twice is folding it once', () => {
    fc.assert(
      fc.property(expression, (sql) => {
        const once = foldExpression(sql, ['a', 'b', 'email']);
        expect(foldExpression(once, ['a', 'b', 'email'])).toBe(once);
      }),
      { numRuns: 2_000 },
    );
  });

  test('normalize is idempotent', () => {
    fc.assert(
      fc.property(type, value, expression, (make, given, sql) => {
        const columns = { a: make().default(given), b: make().default({ sql }), c: make().generatedAs(sql) };
        const schema = defineSchema({
          tables: { x: table(columns, { checks: [sql], indexes: [{ columns: [{ sql }] }] }) },
        });
        for (const dialect of [mysql, mariadb]) {
          const once = dialect.normalize(schema);
          expect(dialect.normalize(once)).toEqual(once);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
