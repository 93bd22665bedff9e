import { describe, expect, test } from 'vitest';
import { sql, t } from '../../schema/column-builder.ts';
import { defaultNaming } from '../../schema/naming.ts';
import type { Schema } from '../../schema/schema.ts';
import { emptySchema } from '../../schema/schema.ts';
import { toTable } from '../../schema/table-builder.ts';
import { createPostgres, defaultPostgresTraits } from './index.ts';
import { foldSignature } from './normalize.ts';

const dialect = createPostgres(defaultPostgresTraits);
const moods = { namespace: null, name: 'mood', values: ['sad', 'ok'] };
const schemaOf = (table: ReturnType<typeof toTable>): Schema => ({
  ...emptySchema,
  enums: [moods],
  tables: [table],
});
const columnsOf = (table: ReturnType<typeof toTable>) =>
  dialect.normalize(schemaOf(table)).tables[0]?.columns ?? [];

describe('normalize', () => {
  test('native types find their portable kind, or the enum they name', () => {
    const columns = columnsOf(
      toTable('t', {
        a: t.native('int8'),
        b: t.native({ postgres: 'VARCHAR (20)', mysql: 'tinytext' }),
        c: t.native('mood'),
        d: t.native('public."mood"'),
        e: t.native('CiText'),
        f: t.enum('mood', ['stale']),
        g: t.binary(16),
      }),
    );
    expect(columns.map((column) => column.type)).toEqual([
      { kind: 'bigint' },
      { kind: 'varchar', length: 20 },
      { kind: 'enum', ...moods },
      { kind: 'enum', ...moods },
      { kind: 'native', sql: 'citext' },
      { kind: 'enum', ...moods },
      { kind: 'binary', length: null },
    ]);
  });

  test('what the server implies, and what it does not have', () => {
    const [id, serial, counted, plain] = columnsOf(
      toTable(
        { namespace: 'public', name: 't' },
        {
          id: t.integer(),
          serial: t.native('SERIAL'),
          counted: t.bigint().identity({ start: 1, increment: 1 }),
          plain: t.timestamp().default(sql('NULL')).onUpdate(sql('now()')).collate('default').comment(''),
        },
        { primaryKey: ['id'] },
      ),
    );
    expect([id?.nullable, serial?.nullable, counted?.nullable, plain?.nullable]).toEqual([
      false,
      false,
      false,
      true,
    ]);
    expect(counted?.identity).toEqual({ mode: 'by-default', start: null, increment: null });
    expect(plain).toMatchObject({ default: null, onUpdate: null, collation: null, comment: null });
  });

  test('the default namespace loses its name', () => {
    const table = toTable(
      { namespace: 'public', name: 't' },
      { a: t.integer().references({ namespace: 'public', name: 'u' }, 'id') },
    );
    const [folded] = dialect.normalize(schemaOf(table)).tables;
    expect(folded?.namespace).toBeNull();
    expect(folded?.foreignKeys[0]?.references.table).toEqual({ namespace: null, name: 'u' });
  });

  test('options of other families go, an index in parentheses is one of the column', () => {
    const table = toTable(
      't',
      { a: t.integer() },
      {
        options: { engine: 'InnoDB', strict: true, fillfactor: 70, unlogged: false },
        indexes: [{ columns: [{ sql: '("a")' }, { column: 'a', nulls: 'last' }], method: 'BTREE' }],
      },
    );
    const [folded] = dialect.normalize(schemaOf(table)).tables;
    expect(folded?.options).toEqual({ fillfactor: 70 });
    expect(folded?.indexes[0]?.method).toBeNull();
    expect(folded?.indexes[0]?.parts.map(({ column, nulls }) => [column, nulls])).toEqual([
      ['a', null],
      ['a', null],
    ]);
  });

  test('twice is once', () => {
    const table = toTable(
      't',
      {
        a: t.numeric(5).default('1.50'),
        b: t.json().default('{"b":1,"a":2}'),
        c: t.boolean().default('yes'),
        d: t.text().default(sql("'x'::text")),
        e: t.text().default(sql("lower('X'::text)")),
        f: t.timestamptz().default('2020-01-01T00:00Z'),
        g: t.native('"Weird"').default('1'),
        h: t.integer().generatedAs('((a))::int4 * 2'),
      },
      { checks: ['((a) > 0)', "d IN ('x')"] },
    );
    const once = dialect.normalize(schemaOf(table));
    expect(dialect.normalize(once)).toEqual(once);
    expect(once.tables[0]?.columns.map((column) => column.default)).toEqual([
      { kind: 'literal', value: 1.5 },
      { kind: 'literal', value: '{"a":2,"b":1}' },
      { kind: 'literal', value: true },
      { kind: 'literal', value: 'x' },
      { kind: 'expression', sql: "lower('X')" },
      { kind: 'literal', value: '2020-01-01 00:00:00+00' },
      { kind: 'literal', value: '1' },
      null,
    ]);
  });

  test('now() is CURRENT_TIMESTAMP', () => {
    const [a, b, c] = ['now()', 'CURRENT_TIMESTAMP', '(transaction_timestamp())'].map((text) =>
      dialect.normalize(schemaOf(toTable('t', { at: t.timestamptz().default(sql(text)) }))),
    );
    expect([b, c]).toEqual([a, a]);
  });

  test('signatures', () => {
    expect(foldSignature(' int, VARCHAR(20) , timestamptz,numeric(5,2), mood[]')).toBe(
      'integer, character varying, timestamp with time zone, numeric, mood[]',
    );
    expect(foldSignature('')).toBe('');
  });

  test('a dump puts what is mentioned before what mentions it', () => {
    const schema = dialect.normalize({
      ...emptySchema,
      enums: [moods],
      sequences: [
        {
          namespace: null,
          name: 'z_seq',
          start: 1,
          increment: 1,
          minimum: null,
          maximum: null,
          cycle: false,
        },
      ],
      tables: [
        toTable('a', {
          id: t.integer().default(sql("nextval('z_seq'::regclass)")),
          b: t.integer().references('b', 'id'),
        }),
        toTable('b', { id: t.integer().primaryKey(), a: t.integer().references('a', 'id') }),
      ],
      views: [
        { namespace: null, name: 'first', sql: 'SELECT * FROM second', materialized: false },
        { namespace: null, name: 'second', sql: 'SELECT id FROM a', materialized: true },
      ],
    });
    const statements = dialect.dump(schema, defaultNaming({ length: 63, unit: 'bytes' }));
    expect(statements.map((statement) => statement.split(/[\n(]/)[0]?.trim())).toEqual([
      'CREATE TYPE "mood" AS ENUM',
      'CREATE SEQUENCE "z_seq" INCREMENT BY 1 START WITH 1',
      'CREATE TABLE "a"',
      'CREATE TABLE "b"',
      'CREATE MATERIALIZED VIEW "second" AS',
      'CREATE VIEW "first" AS',
      'ALTER TABLE "a" ADD CONSTRAINT "fk_a_b" FOREIGN KEY',
      'ALTER TABLE "b" ADD CONSTRAINT "fk_b_a" FOREIGN KEY',
    ]);
  });
});
