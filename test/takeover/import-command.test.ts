// `surefoot import` of a tool, on the command line.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { atTerminal, cli, cliJson } from '../support/cli.ts';
import type { TestProject } from '../support/revisions.ts';
import { testProject } from '../support/revisions.ts';

const users = 'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);';

/** A project of Prisma's on SQLite, whose second migration failed. */
function prismaProject(): TestProject {
  const project = testProject();
  const { folder } = project;
  const put = (name: string, text: string) => {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  put('prisma/schema.prisma', 'datasource db {\n  provider = "sqlite"\n  url = env("APP_DB")\n}\n');
  put('.env', 'APP_DB="file:./app.db"\n');
  put('prisma/migrations/migration_lock.toml', 'provider = "sqlite"\n');
  put('prisma/migrations/1_users/migration.sql', users);
  put('prisma/migrations/2_it\'s "quoted"/migration.sql', 'CREATE TABLE later (id INTEGER PRIMARY KEY);');
  const db = new DatabaseSync(join(folder, 'prisma/app.db'));
  db.exec(`${users} INSERT INTO users VALUES (1, 'ada');
    CREATE TABLE "_prisma_migrations" (id TEXT PRIMARY KEY, checksum TEXT, finished_at DATETIME, migration_name TEXT,
      logs TEXT, rolled_back_at DATETIME, started_at DATETIME, applied_steps_count INTEGER);
    INSERT INTO _prisma_migrations VALUES ('a', 'x', 2, '1_users', NULL, NULL, 1, 1);
    INSERT INTO _prisma_migrations VALUES ('b', 'x', NULL, '2_it''s "quoted"', 'disk full', NULL, 3, 0);`);
  db.close();
  return project;
}

test('a database is found by the tool’s own files; what failed is said, and goes on with upgrade', async () => {
  using project = prismaProject();
  const { folder: cwd } = project;
  const dry = await cliJson(['import', 'prisma', '--dry-run'], { cwd, code: 1 });
  expect(dry).toMatchObject({ files: [], recorded: null, heads: ['2_it_s__quoted_'] });
  expect(readdirSync(join(cwd, 'migrations'))).toEqual([]);
  const said = await cli(['import', 'prisma'], { cwd });
  expect(said.code).toBe(1);
  expect(said.out).toContain('edited 1_users: its file is not the one that ran: the checksum differs');
  expect(said.out).toContain('failed 2_it\'s "quoted": it failed: disk full.');
  expect(said.out).toContain('Recorded 1_users');
  expect(readFileSync(join(cwd, 'surefoot.config.ts'), 'utf8')).toBe(`import { defineConfig } from 'surefoot';

export default defineConfig({
  url: 'sqlite:./prisma/app.db',
  migrations: './migrations',
  // Where Prisma keeps what it applied: not ours.
  ignore: ['_prisma_migrations'],
});
`);
  expect(await cli(['upgrade', '--yes'], { cwd })).toMatchObject({ code: 0 });
  expect(await cli(['check'], { cwd })).toMatchObject({ code: 0 });
  const db = new DatabaseSync(join(cwd, 'prisma/app.db'));
  expect(db.prepare('SELECT count(*) AS n FROM _prisma_migrations').get()).toEqual({ n: 2 });
  expect(db.prepare('SELECT count(*) AS n FROM later').get()).toEqual({ n: 0 });
  db.close();
});

test('without a database; a database without the tool’s table; the wrong kind; wrong words', async () => {
  using project = prismaProject();
  const { folder: cwd } = project;
  const said = async (args: readonly string[], code: number) => {
    const result = await atTerminal(['import', ...args, '--json'], { cwd });
    expect(result).toMatchObject({ code });
    return JSON.parse(result.out);
  };
  expect(await said(['prisma', '--files-only', '--dry-run'], 0)).toMatchObject({
    applied: null,
    totals: { revisions: 2, full: 2, schema: 0, none: 0 },
  });
  const none = await said(['prisma', '--url', 'sqlite:other.db', '--dry-run'], 0);
  expect(none.notes.join()).toContain('has no table of Prisma');
  const codeOf = async (args: readonly string[], code: number) => (await said(args, code)).error.code;
  expect(await codeOf(['prisma', '--url', 'pglite:', '--dry-run'], 2)).toBe('import/other-database');
  expect(await codeOf(['prisma', 'nowhere'], 2)).toBe('import/not-found');
  expect(await codeOf(['flyway'], 2)).toBe('import/nothing-found');
  expect(await codeOf(['prisma', '--rules', 'x.json'], 64)).toBe('usage/invalid');
  expect(await codeOf(['__proto__'], 64)).toBe('usage/invalid');
});
