import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, cliJson, masked } from '../support/cli.ts';
import { testProject } from '../support/revisions.ts';

describe('init', () => {
  test('writes what a project needs, and never twice', async () => {
    using project = testProject();
    project.writeFile('.gitignore', 'node_modules/');
    const answer = await cliJson<{ files: string[] }>(['init'], { cwd: project.folder });
    expect(answer.files).toHaveLength(3);
    expect(readFileSync(join(project.folder, '.gitignore'), 'utf8')).toBe('node_modules/\n.surefoot/\n');
    expect(readFileSync(join(project.folder, 'surefoot.config.ts'), 'utf8')).toContain(
      "?? 'sqlite:./dev.db'",
    );
    const again = await cli(['init'], { cwd: project.folder });
    expect(masked(again.err, project.folder)).toBe(
      'error there is a config already: <folder>/surefoot.config.ts\nhint  Change it by hand, or remove it first.\ncode  config/exists\n',
    );
    expect(again.code).toBe(2);
    // The first revision runs as it was written.
    expect((await cli(['upgrade'], { cwd: project.folder })).code).toBe(0);
  });

  test.each([
    [
      { 'drizzle-orm': '1', pg: '8' },
      'src/db/schema.ts',
      'Drizzle',
      'postgres://postgres:postgres@localhost:5432/app',
    ],
    [{ prisma: '6', mysql2: '3' }, 'prisma/schema.prisma', 'Prisma', 'mysql://root:root@localhost:3306/app'],
    [{ typeorm: '1', 'better-sqlite3': '1' }, 'nowhere.ts', 'TypeORM', 'sqlite:./dev.db'],
    [{ express: '5' }, 'schema.sql', null, 'sqlite:./dev.db'],
    [{ prisma: '7' }, 'prisma/schema.prisma', 'Prisma', 'postgres://postgres:postgres@localhost:5432/app'],
  ])('finds what the project uses: %o', async (dependencies, models, orm, url) => {
    using project = testProject();
    project.writeFile('package.json', JSON.stringify({ dependencies }));
    project.writeFile('.env', 'DATABASE_URL=sqlite:./from-env.db\n');
    mkdirSync(join(project.folder, models, '..'), { recursive: true });
    const provider = url.replace(/:.*/s, '').replace('postgres', 'postgresql');
    project.writeFile(models, `datasource db {\n  provider = "${provider}"\n}\n`);
    const found = models === 'nowhere.ts' ? null : models;
    expect(await cliJson(['init', '--no-example'], { cwd: project.folder })).toMatchObject({
      orm,
      models: found,
      url,
    });
    const status = await cliJson<{ database: string }>(['status'], { cwd: project.folder });
    expect(status.database).toBe(`sqlite:${join(project.folder, 'from-env.db')}`);
  });

  test.each([
    ['DATABASE_URL="mysql://root@localhost/shop"', 'mysql://root:root@localhost:3306/app'],
    ['DATABASE_URL=nonsense', 'sqlite:./dev.db'],
  ])('without a driver, %s tells what to fall back on', async (text, url) => {
    using project = testProject();
    project.writeFile('.env', text);
    expect(await cliJson(['init'], { cwd: project.folder })).toMatchObject({ url });
  });

  test.each([
    ['migrations/20240101000000_a.js', { knex: '3' }, 'knex', './revisions'],
    ['migrations/0001_a.sql', {}, '…', './revisions'],
    ['prisma/migrations/migration_lock.toml', { prisma: '7' }, 'prisma', './migrations'],
    ['drizzle/meta/_journal.json', { 'drizzle-orm': '1' }, 'drizzle', './migrations'],
    ['alembic.ini', {}, 'alembic', './migrations'],
  ])('beside %s of another tool it says how to go on', async (file, dependencies, tool, folder) => {
    using project = testProject();
    const { folder: cwd } = project;
    mkdirSync(join(cwd, file, '..'), { recursive: true });
    project.writeFile(file, 'exports.up = () => {};');
    project.writeFile('package.json', JSON.stringify({ dependencies }));
    const { out } = await cli(['init'], { cwd });
    expect(out).toContain(`surefoot import ${tool} takes them over`);
    expect(readFileSync(join(cwd, 'surefoot.config.ts'), 'utf8')).toContain(`migrations: '${folder}'`);
    expect(readdirSync(join(cwd, folder))).toEqual([]);
  });

  test('what it wrote itself is no other tool, models need no example, and what fails leaves nothing', async () => {
    using project = testProject();
    const { folder: cwd } = project;
    rmSync(join(cwd, 'migrations'), { recursive: true, force: true });
    project.writeFile('migrations', 'a file');
    expect(await cliJson(['init'], { cwd, code: 2 })).toMatchObject({ error: { code: 'file/failed' } });
    expect(readdirSync(cwd)).toEqual(['migrations']);
    rmSync(join(cwd, 'migrations'));
    await cliJson(['init'], { cwd });
    expect(readdirSync(join(cwd, 'migrations'))).toHaveLength(1);
    rmSync(join(cwd, 'surefoot.config.ts'));
    project.writeFile('schema.ts', '');
    const again = await cliJson<{ files: string[] }>(['init'], { cwd });
    expect(again).toMatchObject({ otherHistory: null, files: [join(cwd, 'surefoot.config.ts')] });
  });

  test.each([
    ['sqlite:./shop.db', 'sqlite:./shop.db'],
    ['sqlite::memory:', 'sqlite:./dev.db'],
    ['mysql://shop:secret@db.example/shop', 'mysql://root:root@localhost:3306/app'],
  ])('%s, as --url says, is what the config falls back on, without a login', async (given, url) => {
    using project = testProject();
    const { folder: cwd } = project;
    project.writeFile('package.json', '{ "dependencies": { "pg": "8" } }');
    expect(await cliJson(['init', '--url', given], { cwd })).toMatchObject({ url });
    const text = readFileSync(join(cwd, 'surefoot.config.ts'), 'utf8');
    expect(text).toContain(`DATABASE_URL ?? '${url}'`);
    expect(text).not.toContain('secret');
  });

  test('a config that reads .env does without it, as in a container', async () => {
    using project = testProject();
    const { folder: cwd } = project;
    project.writeFile('.env', 'DATABASE_URL=sqlite:./from-env.db\n');
    await cliJson(['init'], { cwd });
    rmSync(join(cwd, '.env'));
    const env = { DATABASE_URL: 'sqlite:./set.db' };
    const status = await cliJson<{ database: string }>(['status'], { cwd, env, ownProcess: true });
    expect(status.database).toBe(`sqlite:${join(cwd, 'set.db')}`);
  });

  test('a package.json that is none, a folder that cannot be written to', async () => {
    using project = testProject();
    project.writeFile('package.json', '{');
    mkdirSync(join(project.folder, 'surefoot.config.ts'));
    expect(await cliJson(['init'], { cwd: project.folder, code: 2 })).toMatchObject({
      error: { code: 'config/exists' },
    });
    const nowhere = await cli(['init', '--cwd', 'nowhere'], { cwd: project.folder });
    expect(nowhere.err).toContain('error --cwd: there is no folder');
    expect(nowhere.code).toBe(64);
  });
});
