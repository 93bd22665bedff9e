// Tools in JavaScript. In: histories. Out: Peer. Must not know what is measured.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Change } from '../history.ts';
import type { Peer, PeerPlace } from './peer.ts';
import { filesOf, script, stampOf, statements } from './peer.ts';

const asText = (sql: string): string => JSON.stringify(sql);

const drizzleKit: Peer = {
  name: 'drizzle-kit migrate',
  isHeavy: true,
  files: (changes) => ({
    'drizzle.config.ts':
      "export default { dialect: 'postgresql', out: './drizzle', schema: './schema.ts', dbCredentials: { url: process.env.DATABASE_URL } };\n",
    'schema.ts': 'export {};\n',
    'drizzle/meta/_journal.json': JSON.stringify({
      version: '7',
      dialect: 'postgresql',
      entries: changes.map(({ number, name }, idx) => ({
        idx,
        version: '7',
        when: Date.UTC(2024, 0, 1) + number * 3_600_000,
        tag: name,
        breakpoints: true,
      })),
    }),
    ...filesOf(changes, ({ name, up }) => [`drizzle/${name}.sql`, up.join(';\n--> statement-breakpoint\n')]),
  }),
  command: async (way, place) => (way === 'up' ? script(place, 'drizzle-kit/bin.cjs', 'migrate') : null),
};

/** Its engine in JavaScript: the one in Rust is fetched by a script of the package, which is not run. */
const prismaConfig = `import { PrismaPg } from '@prisma/adapter-pg';
import Result from 'pg/lib/result.js';
import { defineConfig } from 'prisma/config';

// The adapter knows no columns of the types "char" and name, which the catalogue is full of.
const asText = new Map([[18, 25], [19, 25], [1002, 1009], [1003, 1009]]);
const { addFields } = Result.prototype;
Result.prototype.addFields = function (fields) {
  for (const field of fields) field.dataTypeID = asText.get(field.dataTypeID) ?? field.dataTypeID;
  return addFields.call(this, fields);
};

export default defineConfig({
  experimental: { adapter: true },
  engine: 'js',
  adapter: async () => new PrismaPg({ connectionString: process.env.DATABASE_URL }),
  schema: 'prisma/schema.prisma',
});
`;

/** Files that it would fetch if it did not find them, and does not use. */
async function prismaEnvironment({ project }: PeerPlace): Promise<Readonly<Record<string, string>>> {
  const unused = join(project, 'unused');
  await writeFile(unused, '');
  return {
    PRISMA_QUERY_ENGINE_LIBRARY: unused,
    PRISMA_SCHEMA_ENGINE_BINARY: unused,
    CHECKPOINT_DISABLE: '1',
  };
}

const prisma: Peer = {
  name: 'prisma migrate deploy (engine in JavaScript)',
  isHeavy: true,
  files: (changes) => ({
    'prisma.config.ts': prismaConfig,
    'prisma/schema.prisma': 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n',
    'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
    ...filesOf(changes, ({ number, name, up }) => [
      `prisma/migrations/${stampOf(number)}_${name}/migration.sql`,
      statements(up),
    ]),
  }),
  command: async (way, place) => {
    if (way === 'down') return null;
    const command = script(place, 'prisma/build/index.js', 'migrate', 'deploy');
    return { ...command, env: { ...command.env, ...(await prismaEnvironment(place)) } };
  },
};

const runsIn = (session: string, lines: readonly string[]): string =>
  lines.map((sql) => `  await ${session}(${asText(sql)});\n`).join('');

const knex: Peer = {
  name: 'knex',
  files: (changes) => ({
    'knexfile.mjs':
      "export default { client: 'pg', connection: process.env.DATABASE_URL, migrations: { directory: './migrations', loadExtensions: ['.mjs'] } };\n",
    ...filesOf(changes, ({ number, name, up, down }) => [
      `migrations/${stampOf(number)}_${name}.mjs`,
      `export async function up(knex) {\n${runsIn('knex.raw', up)}}\nexport async function down(knex) {\n${runsIn('knex.raw', down)}}\n`,
    ]),
  }),
  command: async (way, place) =>
    way === 'up'
      ? script(place, 'knex/bin/cli.js', 'migrate:latest')
      : script(place, 'knex/bin/cli.js', 'migrate:rollback', '--all'),
};

const nodePgMigrate: Peer = {
  name: 'node-pg-migrate',
  files: (changes) =>
    filesOf(changes, ({ number, name, up, down }) => [
      `migrations/${stampOf(number)}_${name}.sql`,
      `-- Up Migration\n${statements(up)}\n-- Down Migration\n${statements(down)}`,
    ]),
  command: async (way, place, count) =>
    script(
      place,
      'node-pg-migrate/bin/node-pg-migrate.js',
      ...(way === 'up' ? ['up'] : ['down', String(count)]),
      ...['--no-single-transaction', '--advisory-lock-mode', 'wait', '--migrations-dir', 'migrations'],
    ),
};

const umzugProgram = `import { readFileSync } from 'node:fs';
import pg from 'pg';
import { Umzug } from 'umzug';

const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
await client.query('CREATE TABLE IF NOT EXISTS umzug (name text PRIMARY KEY)');
const run = (part) => async ({ path }) => {
  const texts = readFileSync(path, 'utf8').split('-- down\\n');
  await client.query('BEGIN');
  await client.query(texts[part]);
  await client.query('COMMIT');
};
const umzug = new Umzug({
  migrations: {
    glob: 'migrations/*.sql',
    resolve: ({ name, path }) => ({ name, up: () => run(0)({ path }), down: () => run(1)({ path }) }),
  },
  logger: undefined,
  storage: {
    logMigration: ({ name }) => client.query('INSERT INTO umzug VALUES ($1)', [name]),
    unlogMigration: ({ name }) => client.query('DELETE FROM umzug WHERE name = $1', [name]),
    executed: async () => (await client.query('SELECT name FROM umzug ORDER BY name')).rows.map(({ name }) => name),
  },
});
if (process.argv[2] === 'up') await umzug.up();
else await umzug.down({ to: 0 });
await client.end();
`;

const umzug: Peer = {
  name: 'umzug',
  files: (changes) => ({
    'migrate.mjs': umzugProgram,
    ...filesOf(changes, ({ number, name, up, down }) => [
      `migrations/${stampOf(number)}_${name}.sql`,
      `${statements(up)}-- down\n${statements(down)}`,
    ]),
  }),
  command: async (way, { project, url }) => ({
    argv: [process.execPath, 'migrate.mjs', way],
    cwd: project,
    env: { DATABASE_URL: url },
  }),
};

const classOf = ({ number, name }: Change): string => `${name}${Date.UTC(2024, 0, 1) + number * 3_600_000}`;

const typeorm: Peer = {
  name: 'typeorm',
  files: (changes) => ({
    'package.json': '{ "type": "module", "private": true }\n',
    'data-source.js':
      "import { DataSource } from 'typeorm';\nexport default new DataSource({ type: 'postgres', url: process.env.DATABASE_URL, migrations: ['migrations/*.js'], migrationsTransactionMode: 'each' });\n",
    ...filesOf(changes, (change) => [
      `migrations/${stampOf(change.number)}-${change.name}.js`,
      `export class ${classOf(change)} {\n  async up(runner) {\n${runsIn('runner.query', change.up)}}\n  async down(runner) {\n${runsIn('runner.query', change.down)}}\n}\n`,
    ]),
  }),
  command: async (way, place) =>
    way === 'up'
      ? script(place, 'typeorm/cli.js', 'migration:run', '-d', 'data-source.js', '-t', 'each')
      : null,
};

const kyselyCtl: Peer = {
  name: 'kysely-ctl',
  files: (changes) => ({
    'package.json': '{ "type": "module", "private": true }\n',
    'kysely.config.js':
      "import { PostgresDialect } from 'kysely';\nimport { defineConfig } from 'kysely-ctl';\nimport pg from 'pg';\nexport default defineConfig({ dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: process.env.DATABASE_URL }) }), migrations: { migrationFolder: 'migrations', allowJS: true } });\n",
    ...filesOf(changes, ({ number, name, up, down }) => [
      `migrations/${stampOf(number)}_${name}.js`,
      `import { sql } from 'kysely';\nexport async function up(db) {\n${up.map((one) => `  await sql.raw(${asText(one)}).execute(db);\n`).join('')}}\nexport async function down(db) {\n${down.map((one) => `  await sql.raw(${asText(one)}).execute(db);\n`).join('')}}\n`,
    ]),
  }),
  command: async (way, place) =>
    way === 'up'
      ? script(place, 'kysely-ctl/dist/bin.mjs', 'migrate', 'latest')
      : script(place, 'kysely-ctl/dist/bin.mjs', 'migrate', 'rollback', '--all'),
};

const mikroOrm: Peer = {
  name: 'mikro-orm',
  files: (changes) => ({
    'tsconfig.json': '{}\n',
    // It looks for itself among the dependencies.
    'package.json': '{ "type": "module", "private": true, "dependencies": { "@mikro-orm/cli": "*" } }\n',
    'mikro-orm.config.js':
      "import { Migrator } from '@mikro-orm/migrations';\nimport { defineConfig, EntitySchema } from '@mikro-orm/postgresql';\nconst Nothing = new EntitySchema({ name: 'Nothing', properties: { id: { type: 'number', primary: true } } });\nexport default defineConfig({ clientUrl: process.env.DATABASE_URL, entities: [Nothing], extensions: [Migrator], migrations: { path: './migrations', glob: '*.js', snapshot: false, allOrNothing: false } });\n",
    ...filesOf(changes, (change) => [
      `migrations/Migration${stampOf(change.number)}.js`,
      `import { Migration } from '@mikro-orm/migrations';\nexport class Migration${stampOf(change.number)} extends Migration {\n  up() {\n${change.up.map((one) => `    this.addSql(${asText(one)});\n`).join('')}  }\n  down() {\n${change.down.map((one) => `    this.addSql(${asText(one)});\n`).join('')}  }\n}\n`,
    ]),
  }),
  command: async (way, place) =>
    way === 'up'
      ? script(place, '@mikro-orm/cli/cli.js', 'migration:up')
      : script(place, '@mikro-orm/cli/cli.js', 'migration:down', '--to', '0'),
};

/** The most used first. */
export const javascriptPeers: readonly Peer[] = [
  drizzleKit,
  prisma,
  knex,
  nodePgMigrate,
  umzug,
  typeorm,
  kyselyCtl,
  mikroOrm,
];
