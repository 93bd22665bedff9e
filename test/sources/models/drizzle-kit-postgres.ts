// Models whose DDL as drizzle-kit writes it stands in the file of the same name that ends in .sql.

import { isNull, sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  numeric,
  pgEnum,
  pgMaterializedView,
  pgPolicy,
  pgSchema,
  pgSequence,
  pgTable,
  pgView,
  primaryKey,
  serial,
  text,
  time,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';

export const status = pgEnum('user_status', ['active', 'paused']);
export const tickets = pgSequence('tickets', { startWith: 100, increment: 2 });
export const shop = pgSchema('shop');
export const size = shop.enum('size', ['s', 'm']);

export const users = pgTable(
  'users',
  {
    id: serial().primaryKey(),
    token: uuid().notNull().defaultRandom(),
    email: varchar({ length: 255 }).notNull().unique(),
    firstName: text('first_name').notNull().default(''),
    nick: text().unique('users_nick', { nulls: 'not distinct' }),
    status: status().notNull().default('active'),
    wakes: time().notNull().default('08:30'),
    born: date(),
    score: doublePrecision().default(0.5),
    balance: numeric({ precision: 12, scale: 2 }).notNull().default('0'),
    tags: text().array().notNull().default([]),
    history: status().array().default(['active']),
    settings: jsonb()
      .notNull()
      .default({ theme: 'dark', sizes: [1, 2] }),
    isAdmin: boolean('is_admin').notNull().default(false),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp('updated_at', { precision: 3 }).$onUpdate(() => new Date()),
    since: timestamp().default(new Date('2024-02-29T10:20:30.000Z')),
    shout: text().generatedAlwaysAs((): ReturnType<typeof sql> => sql`upper(${users.email})`),
    boss: integer().references((): AnyPgColumn => users.id, { onDelete: 'set null' }),
  },
  (t) => [
    index('users_created').on(t.status, t.createdAt.desc()),
    index('users_open').on(t.born).where(isNull(t.updatedAt)),
    index().on(t.isAdmin),
    index('users_pulled').using('btree', t.email.asc().nullsLast().op('text_ops'), t.id.op('int4_ops')),
    uniqueIndex('users_lower').on(sql`lower(${t.email})`),
    unique('users_name_born').on(t.firstName, t.born).nullsNotDistinct(),
    check('users_balance', sql`${t.balance} >= 0`),
  ],
);

export const orders = shop.table(
  'orders',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity({ startWith: 1000 }),
    user: integer()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade', onUpdate: 'cascade' }),
    size: size().default('m'),
  },
  (t) => [check('orders_size', sql`${t.size} in ('s', 'm')`)],
);

export const lines = shop.table(
  'lines',
  { order: bigint({ mode: 'number' }).references(() => orders.id), line: integer().notNull() },
  (t) => [primaryKey({ columns: [t.order, t.line] })],
);

export const secrets = pgTable('secrets', { id: integer().primaryKey() }, () => [
  pgPolicy('nobody', { for: 'select', using: sql`false` }),
]);

export const admins = pgView('admins').as((qb) =>
  qb.select({ id: users.id, email: users.email }).from(users).where(sql`${users.isAdmin}`),
);
export const counts = pgMaterializedView('counts').as((qb) =>
  qb
    .select({ status: users.status, n: sql<number>`count(*)`.as('n') })
    .from(users)
    .groupBy(users.status),
);
