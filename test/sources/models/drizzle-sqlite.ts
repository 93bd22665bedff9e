// Every column builder of drizzle-orm/sqlite-core, and every part of a table.

import { gt, relations, sql } from 'drizzle-orm';
import {
  type AnySQLiteColumn,
  blob,
  check,
  customType,
  foreignKey,
  index,
  integer,
  numeric,
  primaryKey,
  real,
  sqliteTable,
  sqliteView,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core';

const datetime = customType<{ data: string }>({ dataType: () => 'datetime' });

export const everyColumn = sqliteTable('every_column', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  anInteger: integer('an_integer').notNull().default(-7),
  aBoolean: integer('a_boolean', { mode: 'boolean' }).notNull().default(true),
  aTimestamp: integer('a_timestamp', { mode: 'timestamp' }).default(sql`(unixepoch())`),
  aTimestampMs: integer('a_timestamp_ms', { mode: 'timestamp_ms' }).defaultNow(),
  aText: text('a_text').default('it\'s \\ a "text"'),
  aText10: text('a_text_10', { length: 10, enum: ['x', 'y'] }).default('x'),
  aJson: text('a_json', { mode: 'json' }).default({ a: [1, "it's"], b: null }),
  aNow: text('a_now').default(sql`CURRENT_TIMESTAMP`),
  aBlob: blob('a_blob', { mode: 'buffer' }),
  aBlobBigint: blob('a_blob_bigint', { mode: 'bigint' }),
  aBlobJson: blob('a_blob_json', { mode: 'json' }),
  aReal: real('a_real').default(1.5),
  aNumeric: numeric('a_numeric').default('1.50'),
  aNumericNumber: numeric('a_numeric_number', { mode: 'number' }).default(1.25),
  aNumericBig: numeric('a_numeric_big', { mode: 'bigint' }),
  aCustom: datetime('a_custom').default('2024-01-01'),
  expression: text('expression').default(sql`(upper('x'))`),
  sum: integer('sum').default(sql`(1 + ${2})`),
  javascript: text('javascript').$default(() => 'x'),
  doubled: integer('doubled').generatedAlwaysAs(
    (): ReturnType<typeof sql> => sql`${everyColumn.anInteger} * 2`,
  ),
  stored: text('stored').generatedAlwaysAs(sql`upper(a_text)`, { mode: 'stored' }),
});

export const people = sqliteTable(
  'people',
  {
    id: integer('id').primaryKey(),
    email: text('email').notNull().unique(),
    nick: text('nick').unique('people_nick_key'),
    age: integer('age'),
    boss: integer('boss').references((): AnySQLiteColumn => people.id, {
      onDelete: 'set null',
      onUpdate: 'cascade',
    }),
  },
  (t) => [
    unique().on(t.email, t.age),
    unique('people_nick_age').on(t.nick, t.age),
    index('people_age').on(t.age, t.nick),
    uniqueIndex('people_lower_email').on(sql`lower(${t.email})`),
    index('people_adults').on(t.email).where(gt(t.age, 17)),
    index('people_age_back').on(sql`${t.age} desc`),
    check('people_age_check', sql`${t.age} > 0 and ${t.age} < ${200}`),
    check('people_nick_check', sql`${t.nick} <> 'it''s'`),
  ],
);

export const tokens = sqliteTable('tokens', { token: text('token').primaryKey(), note: text('note') });

export const orders = sqliteTable(
  'orders',
  {
    region: text('region').notNull(),
    number: integer('number').notNull(),
    person: integer('person')
      .notNull()
      .references(() => people.id, { onDelete: 'cascade' }),
  },
  (t) => [primaryKey({ columns: [t.region, t.number] })],
);

export const orderLines = sqliteTable(
  'order_lines',
  { region: text('region'), number: integer('number'), line: integer('line').notNull() },
  (t) => [
    primaryKey({ name: 'order_lines_key', columns: [t.region, t.number, t.line] }),
    foreignKey({ columns: [t.region, t.number], foreignColumns: [orders.region, orders.number] })
      .onDelete('restrict')
      .onUpdate('cascade'),
    foreignKey({ name: 'again', columns: [t.line], foreignColumns: [people.id] }),
  ],
);

export const odd = sqliteTable(
  'We "ird". table\n`Ünïcode',
  {
    select: integer('select').primaryKey(),
    proto: text('__proto__').default('$1 :x ?'),
    quoted: text('a "quoted" na\'me').unique(),
  },
  (t) => [index('an index. "odd"').on(t.quoted), check('a check; "odd"', sql`${t.quoted} <> ${"o'x"}`)],
);

export const adults = sqliteView('adults').as((qb) =>
  qb.select({ id: people.id, email: people.email }).from(people).where(gt(people.age, 17)),
);
export const regions = sqliteView('regions', { region: text('region') }).as(
  sql`select ${orders.region}, count(*) as n from ${orders} group by ${orders.region}`,
);
export const elsewhere = sqliteView('elsewhere', { id: integer('id') }).existing();

export const peopleRelations = relations(people, ({ many }) => ({ orders: many(orders) }));
