// Every column builder of drizzle-orm/mysql-core, and every part of a table.

import { gt, relations, sql } from 'drizzle-orm';
import {
  type AnyMySqlColumn,
  bigint,
  binary,
  boolean,
  char,
  check,
  customType,
  date,
  datetime,
  decimal,
  double,
  float,
  foreignKey,
  index,
  int,
  json,
  longtext,
  mediumint,
  mediumtext,
  mysqlEnum,
  mysqlTable,
  mysqlView,
  primaryKey,
  real,
  serial,
  smallint,
  text,
  time,
  timestamp,
  tinyint,
  tinytext,
  unique,
  uniqueIndex,
  varbinary,
  varchar,
  year,
} from 'drizzle-orm/mysql-core';

const blob = customType<{ data: Buffer }>({ dataType: () => 'blob' });
const mediumblob = customType<{ data: Buffer }>({ dataType: () => 'mediumblob' });

export const everyColumn = mysqlTable('every_column', {
  id: serial('id').primaryKey(),
  aBigint: bigint('a_bigint', { mode: 'bigint' }).default(9007199254740993n),
  aBigintNumber: bigint('a_bigint_number', { mode: 'number', unsigned: true }).default(12),
  aBinary: binary('a_binary', { length: 4 }),
  aBinary1: binary('a_binary_1'),
  aVarbinary: varbinary('a_varbinary', { length: 20 }),
  bytes: blob('bytes'),
  moreBytes: mediumblob('more_bytes'),
  aBoolean: boolean('a_boolean').default(true),
  aChar: char('a_char'),
  aChar3: char('a_char_3', { length: 3, enum: ['abc', 'def'] }).default('abc'),
  aVarchar: varchar('a_varchar', { length: 40 }).notNull().default('it\'s \\ a "text"'),
  aText: text('a_text'),
  aTextWithDefault: text('a_text_with_default').default("it's"),
  aTinytext: tinytext('a_tinytext'),
  aMediumtext: mediumtext('a_mediumtext'),
  aLongtext: longtext('a_longtext'),
  anEnum: mysqlEnum('an_enum', ['a', "it's", 'b,c']).notNull().default('a'),
  anEnumOfObject: mysqlEnum('an_enum_of_object', { A: 'x', B: 'y' }),
  aDate: date('a_date').default(new Date('2024-02-29T00:00:00Z')),
  aDateText: date('a_date_text', { mode: 'string' }).default('2024-02-29'),
  aDatetime: datetime('a_datetime').default(sql`CURRENT_TIMESTAMP`),
  aDatetime3: datetime('a_datetime_3', { fsp: 3 }).default(new Date('2024-02-29T10:20:30.500Z')),
  aDatetimeText: datetime('a_datetime_text', { mode: 'string' }).default('2024-02-29 10:20:30'),
  aTimestamp: timestamp('a_timestamp').notNull().defaultNow().onUpdateNow(),
  aTimestampText: timestamp('a_timestamp_text', { mode: 'string', fsp: 0 }),
  aTime: time('a_time'),
  aTime3: time('a_time_3', { fsp: 3 }).default('10:20:30.500'),
  aYear: year('a_year').default(2024),
  aDecimal: decimal('a_decimal'),
  aDecimal5: decimal('a_decimal_5', { precision: 5 }),
  aDecimal52: decimal('a_decimal_5_2', { precision: 5, scale: 2, mode: 'number' }).default(1.5),
  aDecimalBig: decimal('a_decimal_big', { precision: 30, scale: 0, mode: 'bigint' }).default(10n ** 20n),
  aDecimalUnsigned: decimal('a_decimal_unsigned', { precision: 6, scale: 1, unsigned: true }),
  aDouble: double('a_double').default(0.1),
  aDouble102: double('a_double_10_2', { precision: 10, scale: 2, unsigned: true }),
  aFloat: float('a_float').default(1.5),
  aFloat72: float('a_float_7_2', { precision: 7, scale: 2 }),
  aFloatUnsigned: float('a_float_unsigned', { unsigned: true }),
  anInt: int('an_int').notNull().default(-7),
  anIntUnsigned: int('an_int_unsigned', { unsigned: true }),
  aMediumint: mediumint('a_mediumint').default(3),
  aMediumintUnsigned: mediumint('a_mediumint_unsigned', { unsigned: true }),
  aSmallint: smallint('a_smallint').default(2),
  aSmallintUnsigned: smallint('a_smallint_unsigned', { unsigned: true }),
  aTinyint: tinyint('a_tinyint').default(1),
  aTinyintUnsigned: tinyint('a_tinyint_unsigned', { unsigned: true }),
  aReal: real('a_real'),
  aReal102: real('a_real_10_2', { precision: 10, scale: 2 }),
  aJson: json('a_json').default({ a: [1, "it's"], b: null }),
  anArray: json('an_array').notNull().default([]),
  expression: varchar('expression', { length: 60 }).default(sql`(upper('x'))`),
  sum: int('sum').default(sql`(1 + ${2})`),
  aUuid: varchar('a_uuid', { length: 36 }).default(sql`(uuid())`),
  javascript: varchar('javascript', { length: 10 }).$default(() => 'x'),
  doubled: int('doubled').generatedAlwaysAs((): ReturnType<typeof sql> => sql`${everyColumn.anInt} * 2`),
  stored: varchar('stored', { length: 50 }).generatedAlwaysAs(sql`upper(a_varchar)`, { mode: 'stored' }),
});

export const people = mysqlTable(
  'people',
  {
    id: int('id').primaryKey().autoincrement(),
    email: varchar('email', { length: 120 }).notNull().unique(),
    nick: varchar('nick', { length: 40 }).unique('people_nick_key'),
    born: date('born'),
    age: int('age'),
    about: text('about'),
    boss: int('boss').references((): AnyMySqlColumn => people.id, {
      onDelete: 'set null',
      onUpdate: 'cascade',
    }),
  },
  (t) => [
    unique().on(t.email, t.age),
    unique('people_born_age').on(t.born, t.age),
    index('people_age').on(t.age, t.born),
    uniqueIndex('people_lower_email').on(t.email, t.nick),
    index('people_using').on(t.nick).using('btree').algorithm('default').lock('default'),
    index('people_about').on(sql`${t.about}(20)`),
    index('people_age_back').on(sql`${t.age} desc`),
    check('people_age_check', sql`${t.age} > 0 and ${t.age} < ${200}`),
    check('people_nick_check', sql`${t.nick} <> 'it''s'`),
  ],
);

export const orders = mysqlTable(
  'orders',
  {
    region: varchar('region', { length: 10 }).notNull(),
    number: int('number').notNull(),
    person: int('person')
      .notNull()
      .references(() => people.id, { onDelete: 'cascade' }),
  },
  (t) => [primaryKey({ columns: [t.region, t.number] })],
);

export const orderLines = mysqlTable(
  'order_lines',
  {
    region: varchar('region', { length: 10 }).notNull(),
    number: int('number').notNull(),
    line: int('line').notNull(),
  },
  (t) => [
    primaryKey({ name: 'order_lines_key', columns: [t.region, t.number, t.line] }),
    foreignKey({ columns: [t.region, t.number], foreignColumns: [orders.region, orders.number] })
      .onDelete('restrict')
      .onUpdate('cascade'),
    foreignKey({ name: 'again', columns: [t.line], foreignColumns: [people.id] }),
  ],
);

export const odd = mysqlTable(
  'We "ird". table`Ünïcode',
  {
    select: int('select').primaryKey(),
    proto: varchar('__proto__', { length: 20 }).default('$1 :x ?'),
    quoted: varchar('a "quoted" na\'me', { length: 20 }).unique(),
  },
  (t) => [index('an index. `odd`').on(t.quoted), check('a check; "odd"', sql`${t.quoted} <> ${"o'x"}`)],
);

export const adults = mysqlView('adults').as((qb) =>
  qb.select({ id: people.id, email: people.email }).from(people).where(gt(people.age, 17)),
);
export const lines = mysqlView('lines', { region: varchar('region', { length: 10 }) }).as(
  sql`select ${orders.region}, count(*) as n from ${orders} group by ${orders.region}`,
);
export const elsewhere = mysqlView('elsewhere', { id: int('id') }).existing();

export const peopleRelations = relations(people, ({ many }) => ({ orders: many(orders) }));
