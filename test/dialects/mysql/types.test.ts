import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Operation } from '../../../src/operations/operation.ts';
import type { ColumnBuilder } from '../../../src/schema/column-builder.ts';
import { t } from '../../../src/schema/column-builder.ts';
import { defineSchema, table } from '../../../src/schema/define-schema.ts';
import { type Bench, comparable, mysqlEngines, naming, openBench } from './support.ts';

/** Every type, with a default where the server takes one. */
const columns: Readonly<Record<string, ColumnBuilder>> = {
  smallint: t.smallint().default(-3),
  integer: t.integer().notNull().default(0),
  bigint: t.bigint().default(9007199254740993n),
  varchar: t.varchar(20).default('it\'s \\ "x"\n'),
  varchar_any: t.varchar(),
  char: t.char(3).default('a'),
  text: t.text(),
  boolean: t.boolean().default(true),
  boolean_no: t.boolean().notNull().default(false),
  numeric: t.numeric().default(12),
  numeric_scale: t.numeric(12, 4).default('1.5'),
  real: t.real().default(0.5),
  double: t.double().default(-1.25),
  date: t.date().default('2020-02-29'),
  time: t.time().default('10:00'),
  time_precise: t.time({ precision: 3 }).default('10:00:00.5'),
  timestamp: t.timestamp().default('2020-01-01'),
  timestamp_precise: t.timestamp({ precision: 6 }).default({ sql: 'current_timestamp' }),
  instant: t.timestamptz().notNull().default({ sql: 'now()' }).onUpdate({ sql: 'now()' }),
  instant_null: t.timestamptz({ precision: 2 }),
  instant_required: t.timestamptz().notNull().default('2001-02-03 04:05:06'),
  json: t.json(),
  json_default: t.json().default('{"a": [1, "x"]}'),
  uuid: t.uuid(),
  binary: t.binary(),
  binary_sized: t.binary(10).default('ab'),
  enum: t.enum(null, ["it's", 'a,b', '(x)', 'ü']).default("it's"),
  named: t.enum('mood', ['sad', 'ok']).notNull().default('ok'),
  text_default: t.text().default("a'b"),
  expression: t.integer().default({ sql: '(1 + 1)' }),
  identifier: t.char(36).default({ sql: '(UUID())' }),
  unsigned: t.native('INT(10) UNSIGNED').default(7),
  zerofill: t.native('int(5) zerofill'),
  tiny: t.native('tinyint(4)').default(5),
  medium: t.native('mediumint').default(5),
  longtext: t.native('LONGTEXT'),
  mediumblob: t.native('mediumblob'),
  fixed_binary: t.native('binary(4)'),
  bits: t.native('bit(4)').default({ sql: "b'0101'" }),
  bit: t.native('bit').default(1),
  set: t.native("set('a','b','c d')").default('b,a'),
  year: t.native('year(4)').default(2020),
  point: t.native('point'),
  geometry: t.native('geometry'),
  double_precision: t.native('double precision'),
  decimal_unsigned: t.native('decimal(8,2) unsigned').default('1'),
  float_sized: t.native('float(7,3)').default('1.5'),
  alias: t.native({ mysql: 'INTEGER', postgres: 'int4' }),
  collated: t.varchar(10).collate('utf8mb4_bin'),
  collated_legacy: t.varchar(10).collate('latin1_swedish_ci'),
  generated: t.varchar(60).generatedAs("concat(`varchar`, '-', upper(collated))"),
  virtual: t.integer().generatedAs('`integer` + 2 * 3', { stored: false }),
};

const createAll: Operation = {
  kind: 'createTable',
  table: { ...(defineSchema({ tables: { every: table(columns) } }).tables[0] ?? expect.fail('no table')) },
};

describe.skipIf(mysqlEngines.length === 0).each(mysqlEngines)('types on %s', (engine) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench(engine);
  });
  afterAll(async () => {
    await bench.close();
  });

  test('every type comes back as it was written', async () => {
    const { expected, actual } = await bench.run([createAll]);
    const [wanted, found] = [expected.tables[0]?.columns ?? [], actual.tables[0]?.columns ?? []];
    expect(found.map((column) => column.name)).toEqual(wanted.map((column) => column.name));
    for (const [i, column] of wanted.entries()) expect(found[i]).toEqual(column);
    expect(actual).toEqual(expected);
  });

  test('a MODIFY of each column changes nothing', async () => {
    const before = await bench.introspect();
    const [every] = before.tables;
    for (const column of every?.columns ?? []) {
      const comment: Operation = {
        kind: 'setColumnComment',
        table: { namespace: null, name: 'every' },
        column: column.name,
        from: null,
        to: 'x',
      };
      await bench.run([comment, { ...comment, from: 'x', to: null }]);
    }
    expect(await bench.introspect()).toEqual(before);
  });

  test('dump and introspect again, and the spelling of a scratch database', async () => {
    const before = await bench.introspect();
    const statements = bench.dialect.dump(before, naming);
    await bench.connection.query('DROP TABLE `every`');
    for (const sql of statements) await bench.connection.query(sql);
    expect(await bench.introspect()).toEqual(before);
    const spelled = await bench.dialect.spell(bench.connection, before);
    expect(spelled && comparable(spelled, bench.dialect)).toEqual(comparable(before, bench.dialect));
  });

  test('normalize is idempotent', async () => {
    const live = await bench.introspect();
    expect(bench.dialect.normalize(live)).toEqual(live);
  });
});
