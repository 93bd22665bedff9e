// Projects that the tools themselves made and ran, taken over. Long: the tools are installed first, and start slowly.
// Flyway is not among them: it needs Java, and comes from a registry of its own. Its rows are in `sql-tools.test.ts`.

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CheckReport } from '../../src/check/finding.ts';
import { openDatabase } from '../../src/config/choose-dialect.ts';
import type { Engine } from '../servers/index.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import { cli, cliJson } from '../support/cli.ts';
import { share } from '../support/share.ts';
import type { InstalledTools } from './installed.ts';
import { dbmateProgram, installedTools } from './installed.ts';

interface World {
  readonly cwd: string;
  readonly url: string;
  readonly tools: InstalledTools;
  write(name: string, text: string): Promise<void>;
  rows(sql: string): Promise<readonly unknown[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

async function openWorld(engine: Engine): Promise<World> {
  const tools = await installedTools();
  const cwd = mkdtempSync(join(tmpdir(), 'surefoot-tool-'));
  const fresh = await freshDatabase(engine);
  tools.lend(cwd);
  return {
    cwd,
    url: fresh.url,
    tools,
    write: async (name, text) => {
      await mkdir(dirname(join(cwd, name)), { recursive: true });
      writeFileSync(join(cwd, name), text);
    },
    rows: async (sql) => {
      const { database } = await openDatabase({ url: fresh.url });
      const connection = await database.connect();
      try {
        return (await connection.query(sql)).rows;
      } finally {
        await connection.close();
        await database.close();
      }
    },
    [Symbol.asyncDispose]: async () => {
      await fresh.drop();
      rmSync(cwd, { recursive: true, force: true });
    },
  };
}

interface Imported {
  readonly heads: readonly string[];
  readonly totals: Readonly<Record<string, number>>;
  readonly applied: { readonly problems: readonly unknown[]; readonly applied: readonly string[] };
  readonly recorded: readonly string[];
  readonly files: readonly string[];
}

/** Imported, nothing is found and nothing is to do; a new revision goes up and down; the tool's table stays as it was. */
async function movesOver(world: World, tool: string, table: string): Promise<Imported> {
  const { cwd, url } = world;
  const options = { cwd, env: { DATABASE_URL: url } };
  const before = await world.rows(`SELECT * FROM ${table}`);
  const imported = await cliJson<Imported>(['import', tool], options);
  expect(imported.totals).toMatchObject({ schema: 0, none: 0 });
  expect(imported.applied).toMatchObject({ problems: [] });
  expect(imported.recorded).toEqual(imported.heads);
  expect(await cliJson<CheckReport>(['check'], options)).toMatchObject({ findings: [], pending: [] });
  expect(await cli(['upgrade', '--yes'], options)).toMatchObject({
    code: 0,
    out: expect.stringContaining('Nothing to do'),
  });
  const folder = dirname(imported.files[0] ?? '');
  await world.write(
    `${folder}/next.sql`,
    `-- id: next\n-- revises: ${imported.heads[0]}\n-- message: next\n\n-- upgrade\nCREATE TABLE next_one (id INTEGER PRIMARY KEY);\n\n-- downgrade\nDROP TABLE next_one;\n`,
  );
  expect(await cli(['upgrade', '--yes'], options)).toMatchObject({ code: 0 });
  expect(await cliJson<CheckReport>(['check'], options)).toMatchObject({ findings: [], pending: [] });
  expect(await cli(['downgrade', '--yes'], options)).toMatchObject({ code: 0 });
  expect(await world.rows(`SELECT * FROM ${table}`)).toEqual(before);
  expect(await cliJson<Imported>(['import', tool, '--out', folder], options)).toMatchObject({
    files: [],
    recorded: imported.heads,
  });
  return imported;
}

const wanted = (engines: readonly Engine[]) => selectedEngines().filter((one) => engines.includes(one));

const dbmateUrl = (url: string): string => {
  if (url.startsWith('sqlite:')) return `sqlite:${url.slice('sqlite:'.length)}`;
  const there = new URL(url.replace(/^mariadb:/, 'mysql:'));
  if (there.protocol === 'postgres:') there.searchParams.set('sslmode', 'disable');
  return there.href;
};

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

// Each starts programs of its own, some of which take ten seconds to begin.
const limit = { timeout: 300_000 };

describe.runIf(share(true, false))('the tools themselves', limit, () => {
  test.each(wanted(['sqlite', 'postgres18', 'mysql9', 'mariadb']))('dbmate on %s', async (engine) => {
    await using world = await openWorld(engine);
    const { cwd, tools } = world;
    const env = { DATABASE_URL: dbmateUrl(world.url) };
    const dbmate = (...args: readonly string[]) =>
      tools.run(dbmateProgram, ['--no-dump-schema', ...args], { cwd, env });
    await dbmate('new', 'create_people');
    const [made = ''] = readdirSync(join(cwd, 'db/migrations'));
    await world.write(
      `db/migrations/${made}`,
      "-- migrate:up\nCREATE TABLE people (id INTEGER PRIMARY KEY, name VARCHAR(50) NOT NULL);\nINSERT INTO people VALUES (1, 'ada; and'' -- co');\n\n-- migrate:down\nDROP TABLE people;\n",
    );
    await world.write(
      'db/migrations/29990101120000_add-mail.sql',
      '-- migrate:up transaction:false\r\nALTER TABLE people ADD COLUMN mail VARCHAR(50);\r\nCREATE INDEX by_mail ON people (mail);\r\n-- migrate:down transaction:false\r\nDROP INDEX by_mail;\r\nALTER TABLE people DROP COLUMN mail;\r\n'.replace(
        'DROP INDEX by_mail',
        engine === 'sqlite' || engine === 'postgres18'
          ? 'DROP INDEX by_mail'
          : 'DROP INDEX by_mail ON people',
      ),
    );
    await dbmate('up');
    const imported = await movesOver(world, 'dbmate', 'schema_migrations');
    expect(imported.heads).toEqual(['29990101120000']);
    const options = { cwd, env: { DATABASE_URL: world.url } };
    expect(await cli(['downgrade', '29990101120000-1', '--yes'], options)).toMatchObject({ code: 0 });
    expect(await world.rows('SELECT * FROM people')).toEqual([{ id: 1, name: "ada; and' -- co" }]);
    expect(await cli(['upgrade', '29990101120000', '--yes'], options)).toMatchObject({ code: 0 });
  });

  test.each(wanted(['sqlite', 'postgres18', 'mysql9']))('Drizzle Kit on %s', async (engine) => {
    await using world = await openWorld(engine);
    const { cwd, tools, url } = world;
    const kinds = {
      sqlite: {
        dialect: 'sqlite',
        url: `file:${url.slice('sqlite:'.length)}`,
        core: 'sqlite-core',
        table: 'sqliteTable',
        name: 'text()',
        key: 'integer().primaryKey()',
      },
      postgres18: {
        dialect: 'postgresql',
        url,
        core: 'pg-core',
        table: 'pgTable',
        name: 'text()',
        key: 'serial().primaryKey()',
      },
      mysql9: {
        dialect: 'mysql',
        url,
        core: 'mysql-core',
        table: 'mysqlTable',
        name: 'varchar({ length: 50 })',
        key: 'int().autoincrement().primaryKey()',
      },
    } as const;
    const kind = kinds[engine as keyof typeof kinds];
    await world.write(
      'drizzle.config.ts',
      `import { defineConfig } from 'drizzle-kit';\nexport default defineConfig({ dialect: '${kind.dialect}', schema: './schema.ts', out: './drizzle', dbCredentials: { url: process.env.TOOL_URL! } });\n`,
    );
    const schema = (columns: string, more: string) =>
      `import { ${kind.table} as table, ${[...new Set([kind.name, kind.key, ...(kind.dialect === 'sqlite' ? ['integer('] : ['integer(', 'int('])].map((one) => one.split('(')[0]))].filter((one) => (kind.dialect === 'mysql' ? one !== 'integer' : one !== 'int')).join(', ')} } from 'drizzle-orm/${kind.core}';\nexport const people = table('people', { id: ${kind.key}, name: ${kind.name}.notNull()${columns} });\n${more}`;
    const run = (...args: readonly string[]) =>
      tools.run({ script: 'drizzle-kit/bin.cjs' }, args, { cwd, env: { TOOL_URL: kind.url } });
    await world.write('schema.ts', schema('', ''));
    await run('generate', '--name', 'first');
    const whole = kind.dialect === 'mysql' ? 'int()' : 'integer()';
    await world.write(
      'schema.ts',
      schema(
        `, mail: ${kind.name}.unique()`,
        `export const notes = table('notes', { id: ${kind.key}, person: ${whole}.references(() => people.id) });\n`,
      ),
    );
    await run('generate', '--name', 'second');
    await run('migrate');
    const table = engine === 'postgres18' ? 'drizzle.__drizzle_migrations' : '__drizzle_migrations';
    const imported = await movesOver(world, 'drizzle', table);
    expect(imported.heads).toEqual(['0001_second']);
  });

  test.each(wanted(['postgres18']))('node-pg-migrate on %s', async (engine) => {
    await using world = await openWorld(engine);
    const { cwd, tools, url } = world;
    await world.write(
      'migrations/1700000000000_create-people.js',
      `export const shorthands = { id: { type: 'serial', primaryKey: true } };
export const up = (pgm) => {
  pgm.createType('mood', ['sad', 'ok']);
  pgm.createTable('people', { id: 'id', name: { type: 'varchar(100)', notNull: true }, mood: 'mood', at: { type: 'timestamptz', default: pgm.func('current_timestamp') } });
  pgm.createIndex('people', 'name');
};
`,
    );
    await world.write(
      'migrations/1700000001000_seed.sql',
      "-- Up Migration\nINSERT INTO people (name) VALUES ('ada');\n-- Down Migration\nDELETE FROM people WHERE name = 'ada';\n",
    );
    await world.write(
      'migrations/1700000002000_add-mail.ts',
      `import type { MigrationBuilder } from 'node-pg-migrate';
export async function up(pgm: MigrationBuilder): Promise<void> {
  pgm.addColumns('people', { mail: { type: 'text' }, boss: { type: 'integer', references: 'people' } });
}
export async function down(pgm: MigrationBuilder): Promise<void> {
  pgm.dropColumns('people', ['mail', 'boss']);
}
`,
    );
    await tools.run({ script: 'node-pg-migrate/bin/node-pg-migrate.js' }, ['up'], {
      cwd,
      env: { DATABASE_URL: url },
    });
    const imported = await movesOver(world, 'node-pg-migrate', 'pgmigrations');
    expect(imported.heads).toEqual(['1700000002000_add_mail']);
    const options = { cwd, env: { DATABASE_URL: url } };
    expect(await cli(['downgrade', 'base', '--yes'], options)).toMatchObject({ code: 0 });
    expect(await world.rows("SELECT to_regclass('people')::text AS found")).toEqual([{ found: null }]);
    expect(await cli(['upgrade', '1700000002000', '--yes'], options)).toMatchObject({ code: 0 });
  });

  test.each(wanted(['postgres18']))('Prisma Migrate 6 on %s', async (engine) => {
    await using world = await openWorld(engine);
    const { cwd, tools, url } = world;
    // Named, so that nothing is fetched: with the engine in JavaScript they are not used.
    await world.write('unused', '');
    const unused = join(cwd, 'unused');
    const env = {
      DATABASE_URL: url,
      PRISMA_QUERY_ENGINE_LIBRARY: unused,
      PRISMA_SCHEMA_ENGINE_BINARY: unused,
      CHECKPOINT_DISABLE: '1',
    };
    await world.write('prisma.config.ts', prismaConfig);
    await world.write(
      'prisma/schema.prisma',
      'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\nenum Mood {\n  SAD\n  OK\n}\nmodel User {\n  id Int @id @default(autoincrement())\n  email String @unique\n  mood Mood @default(OK)\n  createdAt DateTime @default(now())\n}\n',
    );
    const run = (...args: readonly string[]) =>
      tools.run({ script: 'prisma/build/index.js' }, args, { cwd, env });
    await run('migrate', 'dev', '--name', 'init', '--skip-generate');
    await world.write(
      'prisma/migrations/29990101120000_add-posts/migration.sql',
      'CREATE TABLE "Post" (\r\n  "id" SERIAL PRIMARY KEY,\r\n  "author" INTEGER REFERENCES "User"("id") ON DELETE SET NULL\r\n);\r\n',
    );
    await run('migrate', 'deploy');
    const imported = await movesOver(world, 'prisma', '_prisma_migrations');
    expect(imported.heads).toEqual(['29990101120000_add_posts']);
    expect(imported.applied.applied).toHaveLength(2);
  });

  test.each(wanted(['postgres18']))('a migration that failed in Prisma itself, on %s', async (engine) => {
    await using world = await openWorld(engine);
    const { cwd, url } = world;
    await world.write(
      'prisma/schema.prisma',
      'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n',
    );
    await world.write('prisma/migrations/migration_lock.toml', 'provider = "postgresql"\n');
    await world.write('prisma/migrations/1_init/migration.sql', 'CREATE TABLE a (id INTEGER PRIMARY KEY);\n');
    await world.write('prisma/migrations/2_bad/migration.sql', 'ALTER TABLE nowhere ADD COLUMN b INTEGER;\n');
    await world.write('unused', '');
    const unused = join(cwd, 'unused');
    await world.write('prisma.config.ts', prismaConfig);
    const env = {
      DATABASE_URL: url,
      PRISMA_QUERY_ENGINE_LIBRARY: unused,
      PRISMA_SCHEMA_ENGINE_BINARY: unused,
      CHECKPOINT_DISABLE: '1',
    };
    await expect(
      world.tools.run({ script: 'prisma/build/index.js' }, ['migrate', 'deploy'], { cwd, env }),
    ).rejects.toThrow();
    const options = { cwd, env: { DATABASE_URL: url } };
    const imported = await cliJson<Imported>(['import', 'prisma'], { ...options, code: 1 });
    expect(imported.recorded).toEqual(['1_init']);
    expect(imported.applied.problems).toMatchObject([{ kind: 'failed', name: '2_bad' }]);
    const next = await cliJson<CheckReport>(['check'], { ...options, code: 1 });
    expect(next.pending).toEqual(['2_bad']);
  });
});
