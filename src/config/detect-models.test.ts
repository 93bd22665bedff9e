import { expect, test } from 'vitest';
import { detectModels } from './detect-models.ts';

/** A project of these files; folders are there by what they hold. */
function look(files: Readonly<Record<string, string>>) {
  const paths = Object.keys(files);
  return {
    isThere: async (path: string) => paths.some((file) => file === path || file.startsWith(`${path}/`)),
    text: async (path: string) => files[path] ?? null,
  };
}

const detect = (files: Readonly<Record<string, string>>, ...packages: readonly string[]) =>
  detectModels(new Set(packages), look(files));

const config = (schema: string) => `import { defineConfig } from 'drizzle-kit';
export default defineConfig({ dialect: 'postgresql', schema: ${schema}, out: './drizzle' });`;

test.each([
  ["'./src/tables.ts'", 'src/tables.ts'],
  ['"./src/tables"', 'src/tables.ts'],
  ['`src/models`', 'src/models'],
  ["'./src/models/*.ts'", 'src/models'],
  ["'./src/models/*'", 'src/models'],
  ["['./src/models/a.ts', './src/models/b.ts']", 'src/models'],
  ["['./src/models/a.ts']", 'src/models/a.ts'],
  ["['./src/models/a.ts', './src/tables.ts']", null],
  ["'./src/**/*.table.ts'", null],
  ["'../elsewhere/schema.ts'", null],
  ["'./not-there.ts'", null],
  ['process.env.SCHEMA', null],
])('drizzle.config with schema: %s', async (schema, models) => {
  const files = { 'src/tables.ts': '', 'src/models/a.ts': '', 'src/models/b.ts': '' };
  expect(await detect({ ...files, 'drizzle.config.ts': config(schema) })).toMatchObject({
    orm: 'Drizzle',
    models,
  });
});

test('a config as JSON, and none', async () => {
  const files = { 'drizzle.config.json': '{ "schema": "./a.ts" }', 'a.ts': '' };
  expect(await detect(files)).toMatchObject({ orm: 'Drizzle', models: 'a.ts' });
  expect(await detect({ 'src/schema.ts': '' }, 'drizzle-orm')).toMatchObject({
    orm: 'Drizzle',
    models: 'src/schema.ts',
  });
});

test('dependencies tell before configs; without either, what Surefoot itself reads', async () => {
  const files = { 'drizzle.config.ts': config("'./a.ts'"), 'prisma/schema.prisma': '' };
  expect(await detect(files, 'prisma')).toMatchObject({ orm: 'Prisma', models: 'prisma/schema.prisma' });
  expect(await detect({ 'schema.sql': '' }, 'express')).toMatchObject({ orm: null, models: 'schema.sql' });
  expect(await detect({})).toMatchObject({ orm: null, models: null });
});

test.each([
  ['typeorm', 'TypeORM', 'src/data-source.ts'],
  ['typeorm', 'TypeORM', 'src/database/data-source.ts'],
  ['@mikro-orm/core', 'MikroORM', 'src/mikro-orm.config.ts'],
  ['@mikro-orm/postgresql', 'MikroORM', 'mikro-orm.config.js'],
  ['@mikro-orm/mysql', 'MikroORM', 'src/entities/index.ts'],
])('%s: %s in %s', async (name, orm, models) => {
  expect(await detect({ [models]: '' }, name)).toMatchObject({ orm, models });
});

test("Prisma's schema: a file, a folder, or where prisma.config says", async () => {
  const prisma = (files: Readonly<Record<string, string>>) => detect(files, '@prisma/client');
  const orm = 'Prisma';
  expect(await prisma({ 'prisma/schema.prisma': '' })).toMatchObject({ orm, models: 'prisma/schema.prisma' });
  expect(await prisma({ 'prisma/schema/a.prisma': '' })).toMatchObject({ orm, models: 'prisma/schema' });
  const files = {
    'db/a.prisma': '',
    'prisma.config.ts': "export default defineConfig({ schema: './db', migrations: { path: 'm' } });",
  };
  expect(await detect(files)).toMatchObject({ orm, models: 'db' });
});

test("Sequelize's models: their index, or where .sequelizerc says", async () => {
  const orm = 'Sequelize';
  expect(await detect({ 'models/index.js': '' }, 'sequelize')).toMatchObject({
    orm,
    models: 'models/index.js',
  });
  const files = {
    'db/tables/index.js': '',
    '.sequelizerc': "module.exports = { 'models-path': path.resolve('db', 'tables'), 'seeders-path': 's' };",
  };
  expect(await detect(files)).toMatchObject({ orm, models: 'db/tables/index.js' });
});

const datasource = (provider: string) =>
  `generator client {\n  provider = "prisma-client"\n}\n\ndatasource db {\n  url      = env("X")\n  provider = "${provider}" // here\n}\n`;

test.each([
  [{ 'drizzle.config.ts': config("'./a.ts'") }, 'postgres'],
  [{ 'drizzle.config.json': '{ "dialect": "turso" }' }, 'sqlite'],
  [{ 'drizzle.config.js': 'export default { dialect: process.env.DIALECT }' }, null],
  [{ 'prisma/schema.prisma': datasource('mysql'), 'prisma.config.ts': '' }, 'mysql'],
  [{ 'prisma/schema/schema.prisma': datasource('postgresql'), 'prisma.config.ts': '' }, 'postgres'],
  [{ 'prisma/schema.prisma': datasource('mongodb'), 'prisma.config.ts': '' }, null],
] as const)('the database that %j names is %s', async (files, dialect) => {
  expect(await detect(files)).toMatchObject({ dialect });
});
