// What people do to their models, one step at a time.

import type { SchemaDefinition } from '../../src/schema/define-schema.ts';
import { defineSchema, table } from '../../src/schema/define-schema.ts';
import type { Schema } from '../../src/schema/schema.ts';
import { emptySchema } from '../../src/schema/schema.ts';

export interface Story {
  readonly name: string;
  readonly message: string;
  readonly before: Schema;
  readonly models: Schema;
  readonly rename?: readonly string[];
}

const schema = (tables: SchemaDefinition['tables'], more: Partial<SchemaDefinition> = {}): Schema =>
  defineSchema({ tables, ...more });

const user = table((t) => ({
  id: t.integer().identity().primaryKey(),
  email: t.varchar(120).notNull().unique(),
  fullname: t.varchar(80),
}));

export const stories: readonly Story[] = [
  {
    name: 'first-tables',
    message: 'users and their posts',
    before: emptySchema,
    models: schema({
      user,
      post: table(
        (t) => ({
          id: t.bigint().identity().primaryKey(),
          author_id: t.integer().notNull().references('user', 'id', { onDelete: 'cascade' }).index(),
          title: t.varchar(200).notNull(),
          body: t.text(),
          score: t.numeric(6, 2).notNull().default(0).check('score >= 0'),
          token: t.uuid(),
        }),
        { indexes: [{ columns: ['author_id', 'title'], unique: true }] },
      ),
    }),
  },
  {
    name: 'add-columns',
    message: 'phone numbers and time zones',
    before: schema({ user }),
    models: schema({
      user: table((t) => ({
        id: t.integer().identity().primaryKey(),
        email: t.varchar(120).notNull().unique(),
        fullname: t.varchar(80),
        phone: t.varchar(20),
        time_zone: t.varchar(40).notNull().default('UTC'),
        country: t.char(2).notNull(),
      })),
    }),
  },
  {
    name: 'renames',
    message: 'accounts instead of users',
    rename: ['user:account', 'account.fullname:name'],
    before: schema({ user }),
    models: schema({
      account: table((t) => ({
        id: t.integer().identity().primaryKey(),
        email: t.varchar(120).notNull().unique(),
        name: t.varchar(80).notNull(),
      })),
    }),
  },
  {
    name: 'drop-things',
    message: 'no posts any more',
    before: schema({
      user,
      post: table((t) => ({
        id: t.integer().identity().primaryKey(),
        author_id: t.integer().references('user', 'id'),
      })),
    }),
    models: schema({
      user: table((t) => ({ id: t.integer().identity().primaryKey(), email: t.varchar(120).notNull() })),
    }),
  },
  {
    name: 'circle',
    message: 'teams with a lead',
    before: schema({ user }),
    models: schema({
      user,
      team: table((t) => ({
        id: t.integer().identity().primaryKey(),
        lead_id: t.integer().references('member', 'id'),
      })),
      member: table((t) => ({
        id: t.integer().identity().primaryKey(),
        team_id: t.integer().notNull().references('team', 'id'),
      })),
    }),
  },
  {
    name: 'narrower',
    message: 'shorter names, no nulls',
    before: schema({ user }),
    models: schema({
      user: table((t) => ({
        id: t.integer().identity().primaryKey(),
        email: t.varchar(80).notNull().unique(),
        fullname: t.varchar(80).notNull(),
      })),
    }),
  },
  {
    name: 'left-out',
    message: 'statuses',
    before: schema({ job: table((t) => ({ id: t.integer().primaryKey() })) }),
    models: {
      ...schema({ job: table((t) => ({ id: t.integer().primaryKey(), note: t.text() })) }),
      unsupported: [
        { namespace: null, name: 'own_rows', kind: 'policy', reason: 'row level security is not understood' },
      ],
    },
  },
];
