// Models whose DDL as drizzle-kit writes it stands in the file of the same name that ends in .sql.

import { sql } from 'drizzle-orm';
import {
  type AnyMySqlColumn,
  bigint,
  boolean,
  check,
  date,
  datetime,
  decimal,
  double,
  index,
  int,
  json,
  mysqlEnum,
  mysqlTable,
  mysqlView,
  primaryKey,
  serial,
  text,
  timestamp,
  tinyint,
  unique,
  uniqueIndex,
  varchar,
} from 'drizzle-orm/mysql-core';

export const users = mysqlTable(
  'users',
  {
    id: serial().primaryKey(),
    email: varchar({ length: 255 }).notNull().unique(),
    firstName: varchar('first_name', { length: 80 }).notNull().default(''),
    status: mysqlEnum(['active', 'paused']).notNull().default('active'),
    born: date(),
    level: tinyint().default(1),
    score: double().default(0.5),
    balance: decimal({ precision: 10, scale: 2 }).notNull().default('0'),
    settings: json()
      .notNull()
      .default({ theme: 'dark', sizes: [1, 2] }),
    about: text(),
    isAdmin: boolean('is_admin').notNull().default(false),
    createdAt: timestamp('created_at').notNull().defaultNow(),
    updatedAt: timestamp('updated_at').notNull().defaultNow().onUpdateNow(),
    seenAt: datetime('seen_at').default(sql`CURRENT_TIMESTAMP`),
    shout: varchar({ length: 255 }).generatedAlwaysAs(
      (): ReturnType<typeof sql> => sql`upper(${users.email})`,
    ),
    boss: bigint({ mode: 'number', unsigned: true }).references((): AnyMySqlColumn => users.id, {
      onDelete: 'set null',
    }),
  },
  (t) => [
    index('users_created').on(t.status, t.createdAt),
    uniqueIndex('users_lower').on(sql`(lower(${t.email}))`),
    index('users_about').on(sql`${t.about}(40)`),
    unique('users_name_born').on(t.firstName, t.born),
    check('users_balance', sql`${t.balance} >= 0`),
  ],
);

export const orders = mysqlTable('orders', {
  id: int().autoincrement().primaryKey(),
  user: bigint({ mode: 'number', unsigned: true })
    .notNull()
    .references(() => users.id, { onDelete: 'cascade', onUpdate: 'cascade' }),
});

export const lines = mysqlTable(
  'lines',
  {
    order: int()
      .notNull()
      .references(() => orders.id),
    line: int().notNull(),
  },
  (t) => [primaryKey({ columns: [t.order, t.line] })],
);

export const admins = mysqlView('admins').as((qb) =>
  qb.select({ id: users.id, email: users.email }).from(users).where(sql`${users.isAdmin}`),
);
