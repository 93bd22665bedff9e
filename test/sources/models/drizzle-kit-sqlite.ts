// Models whose DDL as drizzle-kit writes it stands in the file of the same name that ends in .sql.

import { isNull, sql } from 'drizzle-orm';
import {
  type AnySQLiteColumn,
  blob,
  check,
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

export const users = sqliteTable(
  'users',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    email: text().notNull().unique(),
    firstName: text('first_name').notNull().default(''),
    status: text({ enum: ['active', 'paused'] })
      .notNull()
      .default('active'),
    score: real().default(0.5),
    balance: numeric().notNull().default('0'),
    settings: text({ mode: 'json' })
      .notNull()
      .default({ theme: 'dark', sizes: [1, 2] }),
    photo: blob(),
    isAdmin: integer('is_admin', { mode: 'boolean' }).notNull().default(false),
    createdAt: integer('created_at', { mode: 'timestamp' }).notNull().default(sql`(unixepoch())`),
    updatedAt: text('updated_at').default(sql`CURRENT_TIMESTAMP`),
    shout: text().generatedAlwaysAs((): ReturnType<typeof sql> => sql`upper("email")`),
    boss: integer().references((): AnySQLiteColumn => users.id, { onDelete: 'set null' }),
  },
  (t) => [
    index('users_created').on(t.status, t.createdAt),
    index('users_open').on(t.email).where(isNull(t.updatedAt)),
    uniqueIndex('users_lower').on(sql`lower("email")`),
    unique('users_name_status').on(t.firstName, t.status),
    check('users_balance', sql`${t.balance} >= 0`),
  ],
);

export const orders = sqliteTable('orders', {
  id: text().primaryKey(),
  user: integer()
    .notNull()
    .references(() => users.id, { onDelete: 'cascade', onUpdate: 'cascade' }),
});

export const lines = sqliteTable(
  'lines',
  { order: text().references(() => orders.id), line: integer().notNull() },
  (t) => [primaryKey({ columns: [t.order, t.line] })],
);

export const admins = sqliteView('admins').as((qb) =>
  qb.select({ id: users.id, email: users.email }).from(users).where(sql`${users.isAdmin}`),
);
