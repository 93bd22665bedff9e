import { describe, expect, test } from 'vitest';
import type { Dialect } from '../dialect/dialect.ts';
import { createMysql, defaultMariadbTraits, defaultMysqlTraits } from '../dialects/mysql/index.ts';
import { createPostgres, defaultPostgresTraits } from '../dialects/postgres/index.ts';
import { createSqlite } from '../dialects/sqlite/index.ts';
import { isSurefootError } from '../kernel/errors.ts';
import { describe as say } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import type { ColumnBuilder } from '../schema/column-builder.ts';
import { t } from '../schema/column-builder.ts';
import { defineSchema, table } from '../schema/define-schema.ts';
import { defaultNaming } from '../schema/naming.ts';
import type { Schema } from '../schema/schema.ts';
import type { TableExtras } from '../schema/table-builder.ts';
import { inHalves } from './online.ts';

const postgres = createPostgres(defaultPostgresTraits);
const mysql = createMysql(defaultMysqlTraits);
const mariadb = createMysql(defaultMariadbTraits);
const item = { namespace: null, name: 'item' };

const schemaOf = (extras: TableExtras = {}, more: Partial<Schema> = {}): Schema => ({
  ...defineSchema({
    tables: {
      item: table(
        {
          id: t.bigint().identity().primaryKey(),
          n: t.integer().notNull(),
          label: t.varchar(20),
          at: t.timestamp(),
        },
        extras,
      ),
    },
  }),
  ...more,
});

const retype = (column: string, type: ColumnBuilder): Operation => ({
  kind: 'alterColumn',
  table: item,
  column,
  changes: { type: type.spec.column.type },
  was: null,
  using: null,
});

function halves(operations: readonly Operation[], before: Schema, dialect: Dialect) {
  return inHalves(operations, { before, dialect, naming: defaultNaming({ length: 63, unit: 'bytes' }) });
}

function reasons(operations: readonly Operation[], before: Schema, dialect: Dialect): readonly string[] {
  try {
    halves(operations, before, dialect);
    return [];
  } catch (error) {
    if (!isSurefootError(error, 'autogenerate/not-online')) throw error;
    expect(error.hint).toMatch(/^Nothing was written/);
    return error.details.reasons;
  }
}

const rename = (from: string, to: string): Operation => ({ kind: 'renameColumn', table: item, from, to });
const kinds = (operations: readonly Operation[]) => operations.map(({ kind }) => kind);
const families = [
  ['PostgreSQL', postgres],
  ['MySQL', mysql],
  ['MariaDB', mariadb],
] as const;

describe.each(families)('on %s', (_, dialect) => {
  const index = { indexes: [{ name: 'ix_n', columns: ['n'] }] };

  test('a type that needs more room is a second column, which takes the name in the second half', () => {
    const { expand, contract, undo, notOnline } = halves([retype('n', t.bigint())], schemaOf(index), dialect);
    expect(expand[0]).toMatchObject({
      kind: 'addColumn',
      column: { name: 'n_new', nullable: true, default: null },
    });
    expect(kinds(expand)).toContain('backfill');
    expect(expand.at(-1)).toMatchObject({ kind: 'createIndex', index: { name: 'ix_n_new' } });
    expect(contract.find(({ kind }) => kind === 'dropColumn')).toMatchObject({ erase: true });
    expect(undo).not.toBeNull();
    expect(notOnline).toEqual([]);
  });

  test('a longer text is changed in place, where the server does', () => {
    const { expand, contract, notOnline } = halves([retype('label', t.varchar(40))], schemaOf(), dialect);
    expect([kinds(expand), contract, notOnline]).toEqual([['alterColumn'], [], []]);
  });

  test('another name and another type are one second column', () => {
    const change = retype('amount', t.bigint());
    const { expand } = halves([rename('n', 'amount'), change], schemaOf(index), dialect);
    expect(expand.filter(({ kind }) => kind === 'addColumn')).toMatchObject([{ column: { name: 'amount' } }]);
    expect(expand[0]).toMatchObject({ kind: 'alterColumn', column: 'n', changes: { nullable: true } });
  });

  test('names that are taken are passed over, long ones cut, hostile ones quoted', () => {
    const trigger = { table: item, name: 'dual_item_n_new2_ins', sql: 'CREATE TRIGGER …' };
    const own = { table: item, name: 'dual_item_n_new2', sql: 'CREATE TRIGGER …' };
    const taken = schemaOf(index, { triggers: [trigger, own] });
    const before: Schema = {
      ...taken,
      tables: taken.tables.map((one) => ({
        ...one,
        columns: [...one.columns, { ...one.columns[2], name: 'n_new' } as (typeof one.columns)[number]],
      })),
    };
    const { expand } = halves([retype('n', t.bigint())], before, dialect);
    expect(expand[0]).toMatchObject({ column: { name: 'n_new2' } });
    const made = expand.flatMap((one) => (one.kind === 'createTrigger' ? [one.trigger.name] : []));
    for (const name of made) expect(name).toMatch(/^dual_item_n_new2_2(_ins|_upd)?$/);
    const odd = `a"b\`c\n${'é'.repeat(24)}`;
    const hostile: Schema = {
      ...schemaOf(),
      tables: schemaOf().tables.map((one) => ({
        ...one,
        columns: one.columns.map((column) => (column.name === 'n' ? { ...column, name: odd } : column)),
      })),
    };
    const written = halves([retype(odd, t.bigint())], hostile, dialect);
    const names = written.expand.flatMap((one) =>
      one.kind === 'addColumn' ? [one.column.name] : one.kind === 'createTrigger' ? [one.trigger.name] : [],
    );
    for (const name of names) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63);
    expect(JSON.stringify(written.expand)).toContain(JSON.stringify(dialect.quote(odd)).slice(1, -1));
  });

  const keyed = defineSchema({
    tables: {
      item: table(
        { id: t.integer().primaryKey(), n: t.integer().notNull(), m: t.integer() },
        {
          indexes: [{ name: 'ix_both', columns: ['n', 'm'] }],
          checks: [{ name: 'ck_n', sql: 'n > 0' }],
        },
      ),
      other: table({
        id: t.integer().primaryKey(),
        item: t.integer().references('item', 'n'),
      }),
    },
  });

  test('what no second column can take over is refused by name, and nothing is written', () => {
    expect(reasons([retype('id', t.bigint())], keyed, dialect)).toContain('the primary key has it');
    const view = { namespace: null, name: 'cheap', sql: 'SELECT n FROM item', materialized: false };
    const trigger = { table: item, name: 'stamp', sql: "CREATE TRIGGER stamp … touch('n')" };
    const used = schemaOf({}, { views: [view], triggers: [trigger] });
    expect(reasons([rename('n', 'amount')], used, dialect)).toEqual([
      'view cheap may read it',
      'trigger stamp may speak of it',
    ]);
    expect(reasons([retype('n', t.varchar(20))], keyed, dialect).join()).toMatch(
      /foreign key .* of other refers to it/,
    );
    expect(reasons([retype('n', t.varchar(20))], keyed, dialect).join()).toMatch(/check ck_n/);
    expect(reasons([retype('at', t.boolean())], schemaOf(), dialect)).toEqual([
      'how its values become those of the new type is not known',
    ]);
    const unique = schemaOf({ uniques: [{ name: 'uq_label', columns: ['label'] }] });
    expect(reasons([retype('label', t.integer())], unique, dialect).join()).toMatch(
      /uq_label: different values/,
    );
    const keyless: Schema = {
      ...schemaOf(),
      tables: schemaOf().tables.map((one) => ({ ...one, primaryKey: null })),
    };
    expect(reasons([rename('n', 'amount')], keyless, dialect).join()).toMatch(/no key/);
    const shared = { ...keyed, tables: keyed.tables.map((one) => ({ ...one, foreignKeys: [], checks: [] })) };
    expect(reasons([retype('n', t.bigint()), retype('m', t.bigint())], shared, dialect).join()).toMatch(
      /ix_both is about n/,
    );
  });
});

test('SQLite has no such triggers', () => {
  const words = ['a trigger of this database cannot change the row that is written'];
  expect(reasons([retype('n', t.varchar(20))], schemaOf(), createSqlite())).toEqual(words);
  expect(reasons([rename('n', 'amount')], schemaOf(), createSqlite())).toEqual(words);
});

test('an index of a partitioned table is not built concurrently', () => {
  const parted = schemaOf({
    indexes: [{ name: 'ix_n', columns: ['n'] }],
    options: { partitionBy: 'RANGE (id)' },
  });
  expect(reasons([rename('n', 'amount')], parted, postgres).join()).toMatch(/ix_n: of a partitioned table/);
});

test('MySQL builds no check and no key beside; PostgreSQL does', () => {
  const before = schemaOf({ checks: [{ name: 'ck_n', sql: 'n > 0' }] });
  expect(reasons([rename('n', 'amount')], before, mysql).join()).toMatch(
    /check ck_n, which the server adds by a copy/,
  );
  const { expand, contract } = halves([rename('n', 'amount')], before, postgres);
  expect(expand.map(say)).toContain('validate constraint ck_n_new of item');
  expect(contract.at(-1)).toMatchObject({ sql: 'ALTER TABLE "item" RENAME CONSTRAINT "ck_n_new" TO "ck_n"' });
});
