// A project of Kysely. In: a family, where the database is. Out: files, and what to run. Must not know Surefoot.

import type { DialectName } from '../../../src/schema/schema.ts';
import type { ToolProject } from './project.ts';
import { esm, every, fileOf } from './project.ts';

const kyselyDialects: Readonly<Record<DialectName, (url: string) => string>> = {
  sqlite: (url) =>
    `import Database from 'better-sqlite3';
const dialect = { dialect: 'better-sqlite3', dialectConfig: { database: new Database(${JSON.stringify(fileOf(url))}) } };`,
  postgres: (url) => `import pg from 'pg';
const dialect = { dialect: 'pg', dialectConfig: { pool: new pg.Pool({ connectionString: ${JSON.stringify(url)} }) } };`,
  mysql: (url) => `import { createPool } from 'mysql2';
const dialect = { dialect: 'mysql2', dialectConfig: { pool: createPool(${JSON.stringify(url)}) } };`,
};

const kyselyId: Readonly<Record<DialectName, string>> = {
  sqlite: `addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())`,
  postgres: `addColumn('id', 'serial', (c) => c.primaryKey())`,
  mysql: `addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())`,
};

/** A project as its users write it: tables, rows, a change without a way back, a change with one. */
export const kysely: ToolProject = {
  tool: 'kysely',
  families: every,
  apply: ['kysely-ctl/dist/bin.mjs', 'migrate', 'latest'],
  ids: ['1716743937856_person', '1716743938856_pet', '1716743939856_once', '1716743940856_rename'],
  files: (family, url) => ({
    'package.json': esm,
    'kysely.config.ts': `import { defineConfig } from 'kysely-ctl';
${kyselyDialects[family](url)}
export default defineConfig({ ...dialect, migrations: { migrationFolder: 'migrations' } });`,
    'migrations/1716743937856_person.ts': `import type { Kysely } from 'kysely';
import { sql } from 'kysely';

export async function up(db: Kysely<any>): Promise<void> {
  await db.schema.createTable('person')
    .${kyselyId[family]}
    .addColumn('first_name', 'varchar(80)', (c) => c.notNull())
    .addColumn('created_at', 'timestamp', (c) => c.defaultTo(sql\`CURRENT_TIMESTAMP\`).notNull())
    .execute();
  await db.schema.createIndex('person_name').on('person').column('first_name').execute();
}

export async function down(db: Kysely<any>): Promise<void> {
  await db.schema.dropTable('person').execute();
}
`,
    'migrations/1716743938856_pet.ts': `import type { Kysely } from 'kysely';

export async function up(db: Kysely<any>): Promise<void> {
  await db.schema.createTable('pet')
    .${kyselyId[family]}
    .addColumn('owner_id', 'integer', (c) => c.notNull())
    .addColumn('name', 'varchar(80)')
    .addForeignKeyConstraint('pet_owner', ['owner_id'], 'person', ['id'], (c) => c.onDelete('cascade'))
    .addUniqueConstraint('pet_name', ['owner_id', 'name'])
    .execute();
  const result = await db.insertInto('person').values({ first_name: "O'Neil" }).executeTakeFirstOrThrow();
  const owner = Number(result.insertId ?? 1);
  await db.insertInto('pet').values([{ owner_id: owner, name: 'Rex' }, { owner_id: owner, name: null }]).execute();
}

export async function down(db: Kysely<any>): Promise<void> {
  await db.schema.dropTable('pet').execute();
  await db.deleteFrom('person').execute();
}
`,
    'migrations/1716743939856_once.ts': `import type { Kysely } from 'kysely';

export async function up(db: Kysely<any>): Promise<void> {
  await db.schema.alterTable('person').addColumn('age', 'integer').execute();
  await db.updateTable('person').set({ age: 30 }).execute();
}
`,
    'migrations/1716743940856_rename.ts': `import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<any>): Promise<void> {
  await db.schema.alterTable('person').renameColumn('first_name', 'given_name').execute();
  await sql\`create view adults as select id, given_name from person where age > 17\`.execute(db);
}

export async function down(db: Kysely<any>): Promise<void> {
  await db.schema.dropView('adults').execute();
  await db.schema.alterTable('person').renameColumn('given_name', 'first_name').execute();
}
`,
  }),
};
