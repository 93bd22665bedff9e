// Every column builder of drizzle-orm/pg-core that a server without extensions takes, and every part of a table.

import { gt, relations, sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigint,
  bigserial,
  bit,
  boolean,
  char,
  check,
  cidr,
  customType,
  date,
  doublePrecision,
  foreignKey,
  index,
  inet,
  integer,
  interval,
  json,
  jsonb,
  line,
  macaddr,
  macaddr8,
  numeric,
  pgEnum,
  pgMaterializedView,
  pgSchema,
  pgSequence,
  pgTable,
  pgView,
  point,
  primaryKey,
  real,
  serial,
  smallint,
  smallserial,
  text,
  time,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
const shout = customType<{ data: string }>({
  dataType: () => 'varchar(40)',
  toDriver: (v) => v.toUpperCase(),
});

export const mood = pgEnum('mood', ['sad', 'ok', "it's", 'happy']);
export const oddlyNamed = pgEnum('Mood "odd"', { A: 'a', B: 'b.c' });
export const numbers = pgSequence('numbers', {
  startWith: 10,
  increment: 5,
  minValue: 10,
  maxValue: 1000,
  cycle: true,
});
export const falling = pgSequence('falling', { increment: -1 });

export const everyColumn = pgTable('every_column', {
  id: serial('id').primaryKey(),
  small: smallserial('small'),
  big: bigserial('big', { mode: 'number' }),
  bigAsBigint: bigserial('big_as_bigint', { mode: 'bigint' }),
  anInteger: integer('an_integer').notNull().default(-7),
  aSmallint: smallint('a_smallint').default(3),
  aBigint: bigint('a_bigint', { mode: 'bigint' }).default(9007199254740993n),
  aBigintNumber: bigint('a_bigint_number', { mode: 'number' }).default(12),
  always: integer('always').generatedAlwaysAsIdentity(),
  byDefault: bigint('by_default', { mode: 'number' }).generatedByDefaultAsIdentity({
    startWith: 100,
    increment: 10,
  }),
  aBoolean: boolean('a_boolean').default(true),
  aText: text('a_text').default('it\'s \\ a "text"'),
  anEnumText: text('an_enum_text', { enum: ['a', 'b'] }).default('a'),
  aVarchar: varchar('a_varchar'),
  aVarchar10: varchar('a_varchar_10', { length: 10, enum: ['x', 'y'] }).default('x'),
  aChar: char('a_char'),
  aChar3: char('a_char_3', { length: 3 }).default('abc'),
  aNumeric: numeric('a_numeric').default('1.50'),
  aNumeric5: numeric('a_numeric_5', { precision: 5 }),
  aNumeric52: numeric('a_numeric_5_2', { precision: 5, scale: 2, mode: 'number' }).default(1.25),
  aNumericBig: numeric('a_numeric_big', { precision: 30, scale: 0, mode: 'bigint' }).default(10n ** 20n),
  aReal: real('a_real').default(1.5),
  aDouble: doublePrecision('a_double').default(0.1),
  aJson: json('a_json').default({ a: [1, "it's"], b: null }),
  aJsonb: jsonb('a_jsonb').notNull().default([]),
  aJsonbObject: jsonb('a_jsonb_object').default({ b: 1, a: { c: 'x' } }),
  aTime: time('a_time').defaultNow(),
  aTime3: time('a_time_3', { precision: 3, withTimezone: true }).default('10:20:30'),
  aTimestamp: timestamp('a_timestamp').notNull().defaultNow(),
  aTimestamp0: timestamp('a_timestamp_0', { precision: 0, withTimezone: true }).default(
    new Date('2024-02-29T10:20:30Z'),
  ),
  aTimestampText: timestamp('a_timestamp_text', { mode: 'string', precision: 3 }).default(
    '2024-01-01 00:00:00',
  ),
  aDate: date('a_date').defaultNow(),
  aDateOfDate: date('a_date_of_date', { mode: 'date' }).default(new Date('2024-02-29T00:00:00Z')),
  anInterval: interval('an_interval').default('1 day'),
  anIntervalFields: interval('an_interval_fields', { fields: 'day to second', precision: 3 }),
  anIntervalMonths: interval('an_interval_months', { fields: 'year to month' }),
  aPoint: point('a_point').default([1, 2]),
  aPointXy: point('a_point_xy', { mode: 'xy' }).default({ x: 1, y: 2 }),
  aLine: line('a_line').default([1, 2, 3]),
  aLineAbc: line('a_line_abc', { mode: 'abc' }),
  aMood: mood('a_mood').notNull().default("it's"),
  moods: mood('moods').array().default(['sad', 'ok']),
  odd: oddlyNamed('odd').default('b.c'),
  odds: oddlyNamed('odds').array(),
  aUuid: uuid('a_uuid').defaultRandom(),
  aUuidText: uuid('a_uuid_text').default('6ba7b810-9dad-11d1-80b4-00c04fd430c8'),
  anInet: inet('an_inet').default('127.0.0.1'),
  aCidr: cidr('a_cidr').default('10.0.0.0/8'),
  aMacaddr: macaddr('a_macaddr').default('08:00:2b:01:02:03'),
  aMacaddr8: macaddr8('a_macaddr8'),
  bits: bit('bits', { dimensions: 3 }).default('101'),
  bytes: bytea('bytes').default(Buffer.from([0, 255, 39])),
  shouted: shout('shouted').default('loud'),
  texts: text('texts').array().notNull().default([]),
  someTexts: text('some_texts').array().default(['a', 'b,c', 'd"e']),
  integers: integer('integers').array().default([1, 2]),
  matrix: integer('matrix').array(3).array(2),
  numerics: numeric('numerics', { precision: 8, scale: 2 }).array(),
  times: timestamp('times', { precision: 3, withTimezone: true }).array(),
  varchars: varchar('varchars', { length: 5 }).array(),
  expression: text('expression').default(sql`upper('x')`),
  sum: integer('sum').default(sql`1 + ${2}`),
  fromSequence: integer('from_sequence').default(sql`nextval('numbers')`),
  javascript: text('javascript').$default(() => 'made by the application'),
  touched: timestamp('touched').$onUpdate(() => new Date()),
  doubled: integer('doubled').generatedAlwaysAs(
    (): ReturnType<typeof sql> => sql`${everyColumn.anInteger} * 2`,
  ),
  shoutedText: text('shouted_text').generatedAlwaysAs(sql`upper(a_text)`),
});

export const people = pgTable(
  'people',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    email: varchar('email', { length: 120 }).notNull().unique(),
    nick: text('nick').unique('people_nick_key'),
    born: date('born'),
    age: integer('age'),
    tags: text('tags').array(),
    about: jsonb('about'),
    boss: integer('boss').references((): AnyPgColumn => people.id, {
      onDelete: 'set null',
      onUpdate: 'cascade',
    }),
    mood: mood('mood'),
    nothing: text('nothing'),
  },
  (t) => [
    unique().on(t.email, t.age),
    unique('people_born_age').on(t.born, t.age),
    index().on(t.born, t.age),
    index('people_age').on(t.age.desc().nullsLast(), t.born.asc().nullsFirst()),
    index('people_age_back').on(t.age.desc()),
    uniqueIndex('people_lower_email').on(sql`lower(${t.email})`),
    index('people_adults').on(t.email).where(gt(t.age, 17)),
    index('people_pattern').on(t.email.op('varchar_pattern_ops')),
    index('people_tags').using('gin', t.tags),
    index('people_about').using('gin', t.about.op('jsonb_path_ops')),
    index('people_hash').using('hash', t.email).concurrently(),
    index('people_mixed').on(t.age, sql`${t.nick} desc`, sql`(${t.age} % 10)`),
    check('people_age_check', sql`${t.age} > 0 and ${t.age} < ${200}`),
    check('people_nick_check', sql`${t.nick} <> 'it''s'`),
  ],
);

export const shop = pgSchema('shop');
export const size = shop.enum('size', ['s', 'm', 'l']);
export const counter = shop.sequence('counter');

export const orders = shop.table(
  'orders',
  {
    region: text('region').notNull(),
    number: integer('number').notNull(),
    person: integer('person')
      .notNull()
      .references(() => people.id, { onDelete: 'cascade' }),
    size: size('size').default('m'),
    sizes: size('sizes').array(),
    total: numeric('total', { precision: 12, scale: 2 }).notNull().default('0'),
  },
  (t) => [primaryKey({ columns: [t.region, t.number] }), check('total_positive', sql`${t.total} >= 0`)],
);

export const orderLines = shop.table(
  'order_lines',
  {
    region: text('region').notNull(),
    number: integer('number').notNull(),
    line: integer('line').notNull(),
  },
  (t) => [
    primaryKey({ name: 'order_lines_key', columns: [t.region, t.number, t.line] }),
    foreignKey({ columns: [t.region, t.number], foreignColumns: [orders.region, orders.number] })
      .onDelete('restrict')
      .onUpdate('cascade'),
    foreignKey({ name: 'again', columns: [t.line], foreignColumns: [people.id] }).onDelete('no action'),
  ],
);

export const odd = pgTable(
  'We "ird". table\n`Ünïcode',
  {
    select: integer('select').primaryKey(),
    proto: text('__proto__').default('$1 :x ?'),
    quoted: text('a "quoted" na\'me').unique(),
  },
  (t) => [index('an index. "odd"').on(t.quoted), check('a check; -- "odd"', sql`${t.quoted} <> ${"o'x"}`)],
);

export const adults = pgView('adults').as((qb) =>
  qb.select({ id: people.id, email: people.email }).from(people).where(gt(people.age, 17)),
);
export const totals = shop
  .view('totals', { region: text('region'), total: numeric('total') })
  .as(sql`select ${orders.region}, sum(${orders.total}) as total from ${orders} group by ${orders.region}`);
export const moods = pgMaterializedView('moods').as((qb) => qb.select({ mood: people.mood }).from(people));
export const elsewhere = pgView('elsewhere', { id: integer('id') }).existing();

export const peopleRelations = relations(people, ({ one, many }) => ({
  boss: one(people, { fields: [people.boss], references: [people.id] }),
  orders: many(orders),
}));

export const aNumber = 42;
export const helper = () => people;
export default { people };
