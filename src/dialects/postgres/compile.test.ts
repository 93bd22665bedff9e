import { describe, expect, test } from 'vitest';
import { isSurefootError } from '../../kernel/errors.ts';
import type { Operation } from '../../operations/operation.ts';
import { sql, t, toColumn } from '../../schema/column-builder.ts';
import { defaultNaming } from '../../schema/naming.ts';
import type { ColumnType, Schema } from '../../schema/schema.ts';
import { emptySchema } from '../../schema/schema.ts';
import { toIndex, toTable, toUnique } from '../../schema/table-builder.ts';
import { runsOutsideTransactions } from './compile-data.ts';
import { createPostgres, defaultPostgresTraits, postgresTraits } from './index.ts';
import { conversionOf } from './type-change.ts';

const dialect = createPostgres(defaultPostgresTraits);
const naming = defaultNaming({ length: 63, unit: 'bytes' });
const user = { namespace: null, name: 'user' };
const table = toTable('user', {
  id: t.integer().primaryKey(),
  name: t.varchar(50),
  age: t.integer().default(1),
});
const before: Schema = dialect.normalize({ ...emptySchema, tables: [table] });
const compile = (operations: readonly Operation[], on = dialect) =>
  on.compile({ operations, before, naming });
const sqlOf = (...operations: readonly Operation[]) =>
  compile(operations).flatMap((segment) => segment.statements.map((statement) => statement.sql));
const hazardsOf = (...operations: readonly Operation[]) =>
  compile(operations).flatMap((segment) =>
    segment.statements.map((statement) => statement.hazards.map((one) => one.code)),
  );
const add = (column: ReturnType<typeof toColumn>): Operation => ({ kind: 'addColumn', table: user, column });
const alter = (column: string, changes: object, using: string | null = null): Operation => ({
  kind: 'alterColumn',
  table: user,
  column,
  changes,
  was: null,
  using,
});

describe('compile', () => {
  test('a change of everything goes in the order that the server accepts', () => {
    expect(
      sqlOf(
        alter('age', {
          type: { kind: 'boolean' },
          default: { kind: 'literal', value: true },
          nullable: false,
          comment: 'of age',
        }),
      ),
    ).toEqual([
      'ALTER TABLE "user" ALTER COLUMN "age" DROP DEFAULT',
      'ALTER TABLE "user" ALTER COLUMN "age" TYPE boolean USING "age"::boolean',
      'ALTER TABLE "user" ALTER COLUMN "age" SET NOT NULL',
      'ALTER TABLE "user" ALTER COLUMN "age" SET DEFAULT true',
      `COMMENT ON COLUMN "user"."age" IS 'of age'`,
    ]);
  });

  test('what stays is not written again', () => {
    expect(sqlOf(alter('name', { type: { kind: 'native', sql: 'VARCHAR ( 50 )' }, nullable: true }))).toEqual(
      [],
    );
    expect(sqlOf(alter('name', { type: { kind: 'text' } }))).toEqual([
      'ALTER TABLE "user" ALTER COLUMN "name" TYPE text',
    ]);
  });

  test('a shorter text is never cut by a cast', () => {
    const [statement] = sqlOf(alter('name', { type: { kind: 'varchar', length: 5 } }));
    expect(statement).not.toContain('USING');
    expect(sqlOf(alter('age', { type: { kind: 'varchar', length: 5 } }))[0]).not.toContain('USING');
  });

  test('hazards are named', () => {
    const index = toIndex(['name']);
    expect(hazardsOf({ kind: 'createIndex', table: user, index, concurrently: false })).toEqual([
      ['blocks-writes'],
    ]);
    expect(hazardsOf({ kind: 'createIndex', table: user, index, concurrently: true })).toEqual([
      ['not-transactional'],
    ]);
    expect(hazardsOf({ kind: 'dropTable', table: user, was: null, triggers: [] })).toEqual([['data-loss']]);
    expect(hazardsOf(alter('age', { type: { kind: 'bigint' } }))).toEqual([['table-rewrite']]);
    expect(hazardsOf(alter('name', { type: { kind: 'text' } }))).toEqual([[]]);
    expect(hazardsOf(add(toColumn('u', t.uuid().default(sql('gen_random_uuid()')))))).toEqual([
      ['table-rewrite'],
    ]);
    expect(hazardsOf(add(toColumn('at', t.timestamptz().notNull().default(sql('now()')))))).toEqual([[]]);
    expect(hazardsOf(add(toColumn('n', t.integer().notNull())))).toEqual([['fails-on-rows']]);
  });

  test('on a table made a moment ago nobody waits, and nothing need be concurrent', () => {
    const fresh = toTable('fresh', { a: t.integer() });
    const ref = { namespace: null, name: 'fresh' };
    const operations: readonly Operation[] = [
      { kind: 'createTable', table: fresh },
      { kind: 'createIndex', table: ref, index: toIndex(['a']), concurrently: true },
      { kind: 'addUnique', table: ref, unique: toUnique(['a']) },
    ];
    expect(compile(operations).map((segment) => segment.mode)).toEqual(['transaction']);
    expect(hazardsOf(...operations)).toEqual([[], [], []]);
  });

  test('a transaction ends right after a new enum value', () => {
    const schema: Schema = { ...before, enums: [{ namespace: null, name: 'mood', values: ['a'] }] };
    const operations: readonly Operation[] = [
      { kind: 'setTableComment', table: user, from: null, to: 'x' },
      {
        kind: 'addEnumValue',
        enum: { namespace: null, name: 'mood' },
        value: 'b',
        before: null,
        after: null,
      },
      { kind: 'setTableComment', table: user, from: 'x', to: null },
    ];
    const segments = dialect.compile({ operations, before: schema, naming });
    expect(segments.map(({ mode, statements }) => [mode, statements.length])).toEqual([
      ['transaction', 2],
      ['transaction', 1],
    ]);
  });

  test('unnamed parts of equal columns get names of their own', () => {
    const twice = toTable(
      't',
      { a: t.integer() },
      { checks: ['a > 1', 'a < 9', { name: 'ck_t_a_2', sql: 'a <> 5' }] },
    );
    const [statement = ''] = sqlOf({ kind: 'createTable', table: twice });
    expect([...statement.matchAll(/CONSTRAINT "(\w+)"/g)].map((found) => found[1])).toEqual([
      'ck_t_a',
      'ck_t_a_3',
      'ck_t_a_2',
    ]);
  });

  test('what an older server lacks is refused, and so is what is not there', () => {
    const old = createPostgres(postgresTraits([14, 1, 0]));
    const refusal = (operation: Operation, on = dialect) => {
      try {
        compile([operation], on);
        return null;
      } catch (error) {
        return isSurefootError(error) ? error.code : error;
      }
    };
    const virtual = add(toColumn('v', t.integer().generatedAs('age + 1', { stored: false })));
    expect(refusal(virtual)).toBeNull();
    expect(refusal(virtual, old)).toBe('operation/unsupported');
    const unique: Operation = {
      kind: 'addUnique',
      table: user,
      unique: toUnique(['age'], { nullsNotDistinct: true }),
    };
    expect(refusal(unique, old)).toBe('operation/unsupported');
    expect(refusal({ kind: 'dropUnique', table: user, target: { name: 'x' }, was: null })).toBe(
      'operation/unknown-object',
    );
    expect(refusal(alter('nothing', { nullable: false }))).toBe('operation/unknown-object');
    expect(refusal(add(toColumn('', t.integer())))).toBe('identifier/invalid');
    expect(refusal(add(toColumn('n', t.native({ mysql: 'int' }))))).toBe('schema/unsupported');
  });

  test.each([
    ['VACUUM', true],
    ['-- note\n /* a */ vacuum full "user"', true],
    ['CREATE  UNIQUE INDEX\nCONCURRENTLY i ON t (a)', true],
    ['DROP INDEX CONCURRENTLY i', true],
    ['REINDEX (VERBOSE) TABLE CONCURRENTLY t', true],
    ['CREATE DATABASE x', true],
    ['ALTER SYSTEM SET a = 1', true],
    ['CLUSTER', true],
    ['CLUSTER t', false],
    ["SELECT 'vacuum'", false],
    ['CREATE INDEX concurrently_i ON t (a)', false],
    ["COMMENT ON TABLE t IS 'reindex table concurrently'", false],
    ['REINDEX TABLE t', false],
  ])('%s stands alone: %s', (text, expected) => {
    expect(runsOutsideTransactions(text)).toBe(expected);
  });

  const varchar = (length: number | null): ColumnType => ({ kind: 'varchar', length });
  const numeric = (precision: number, scale: number): ColumnType => ({ kind: 'numeric', precision, scale });
  test.each<[ColumnType, ColumnType, boolean, boolean]>([
    [varchar(5), varchar(9), false, false],
    [varchar(5), { kind: 'text' }, false, false],
    [varchar(9), varchar(5), true, true],
    [{ kind: 'text' }, varchar(5), true, true],
    [{ kind: 'char', length: 3 }, { kind: 'text' }, true, false],
    [numeric(5, 2), numeric(9, 2), false, false],
    [numeric(5, 2), numeric(9, 3), true, true],
    [{ kind: 'integer' }, { kind: 'bigint' }, true, false],
    [{ kind: 'bigint' }, { kind: 'integer' }, true, true],
    [
      { kind: 'timestamp', zone: false, precision: 3 },
      { kind: 'timestamp', zone: false, precision: null },
      false,
      false,
    ],
    [{ kind: 'native', sql: 'int8' }, { kind: 'bigint' }, false, false],
  ])('%j to %j: rewrites %s, narrows %s', (from, to, rewrites, narrows) => {
    expect(conversionOf(from, to)).toMatchObject({ rewrites, narrows });
  });
});
