// A project of Knex. In: a family, where the database is. Out: files, and what to run. Must not know Surefoot.

import type { ToolProject } from './project.ts';
import { commonjs, every, fileOf } from './project.ts';

/** A project as its users write it: tables, rows, a change without a way back, a change with one. */
export const knex: ToolProject = {
  tool: 'knex',
  families: every,
  apply: ['knex/bin/cli.js', 'migrate:latest'],
  ids: ['20240101000000_tables', '20240102000000_roles', '20240103000000_trim', '20240104000000_names'],
  files: (family, url) => ({
    'package.json': commonjs,
    'knexfile.js': `module.exports = {
  development: ${JSON.stringify(
    family === 'sqlite'
      ? { client: 'better-sqlite3', connection: { filename: fileOf(url) }, useNullAsDefault: true }
      : { client: family === 'postgres' ? 'pg' : 'mysql2', connection: url },
  )},
};`,
    'migrations/20240101000000_tables.js': `exports.up = async (knex) => {
  await knex.schema.createTable('users', (t) => {
    t.increments('id');
    t.string('email', 120).notNullable().unique();
    t.string('name', 80);
    t.boolean('active').notNullable().defaultTo(true);
    t.decimal('credit', 10, 2).notNullable().defaultTo(0);
    t.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
  });
  await knex.schema.createTable('posts', (t) => {
    t.increments('id');
    t.integer('user_id').unsigned().notNullable().references('id').inTable('users').onDelete('CASCADE');
    t.text('body');
    t.index(['user_id'], 'posts_user');
  });
};
exports.down = async (knex) => {
  await knex.schema.dropTable('posts');
  await knex.schema.dropTable('users');
};`,
    'migrations/20240102000000_roles.js': `exports.up = async (knex) => {
  await knex.schema.createTable('roles', (t) => {
    t.increments('id');
    t.string('name', 40).notNullable();
    t.integer('level');
  });
  await knex('roles').insert([{ name: "it's \\\\ me", level: 3 }, { name: 'user', level: null }]);
  if (!(await knex.schema.hasColumn('users', 'role_id')))
    await knex.schema.alterTable('users', (t) => { t.integer('role_id').unsigned().references('id').inTable('roles'); });
  await knex('users').update({ role_id: knex('roles').select('id').where({ name: 'user' }) });
};
exports.down = async (knex) => {
  await knex.schema.alterTable('users', (t) => { t.dropForeign('role_id'); });
  await knex.schema.alterTable('users', (t) => { t.dropColumn('role_id'); });
  await knex.schema.dropTable('roles');
};`,
    'migrations/20240103000000_trim.js': `exports.up = async (knex) => {
  await knex('roles').where('level', '>', 2).update({ level: 9 });
};
exports.down = async () => {
  throw new Error('levels are not known any more');
};`,
    'migrations/20240104000000_names.ts': `import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('users', (t) => { t.renameColumn('name', 'full_name'); });
  await knex.schema.alterTable('posts', (t) => { t.string('title', 200); t.index(['title'], 'posts_title'); });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('posts', (t) => { t.dropIndex(['title'], 'posts_title'); });
  await knex.schema.alterTable('posts', (t) => { t.dropColumn('title'); });
  await knex.schema.alterTable('users', (t) => { t.renameColumn('full_name', 'name'); });
}
`,
  }),
};
