import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { mysqlSyntax } from '../../src/dialects/mysql/traits.ts';
import type { ImportReport } from '../../src/library/import-history.ts';
import { loadRevision } from '../../src/revisions/load.ts';
import { scanHeaders } from '../../src/revisions/scan.ts';
import { cli, cliJson } from '../support/cli.ts';
import type { TestProject } from '../support/revisions.ts';
import { testProject } from '../support/revisions.ts';

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));

/** A Flask project with the story's history. */
function flaskProject(): TestProject {
  const project = testProject();
  cpSync(join(examples, 'todobox-flask/migrations'), join(project.folder, 'api/migrations'), {
    recursive: true,
  });
  return project;
}

/** What the revisions of a folder do, on MySQL. */
async function operationsOf(folder: string) {
  const headers = await scanHeaders([folder]);
  const loaded = await Promise.all(
    headers.map((header) => loadRevision(header, { dialect: 'mysql', flavor: 'mysql', syntax: mysqlSyntax })),
  );
  return loaded.map(({ header, upgrade, downgrade }) => {
    const { id, revises, message, createdAt, safety } = header;
    return { id, revises, message, createdAt, safety, upgrade, downgrade };
  });
}

describe('the story', () => {
  test('its Alembic files become the revisions of examples/todobox', async () => {
    using project = flaskProject();
    const { folder: cwd } = project;
    const said = await cli(['import', 'alembic', 'api', '--dialect', 'mysql', '--out', 'made'], { cwd });
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(said.out).toContain('5 revisions: 5 translated fully, 0 but for data, 0 not whole.');
    const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
    const made = await operationsOf(join(cwd, 'made'));
    const wanted = await operationsOf(join(examples, 'todobox/migrations'));
    expect(made.toSorted(byId)).toEqual(wanted.toSorted(byId));
  });

  test('goes on with the database that Alembic left', async () => {
    using project = flaskProject();
    const { folder: cwd } = project;
    const db = new DatabaseSync(join(cwd, 'app.db'));
    db.exec(`
      CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
      INSERT INTO alembic_version VALUES ('c682ef478e45');
      CREATE TABLE "user" (id INTEGER NOT NULL, username VARCHAR(64), email VARCHAR(120), fullname VARCHAR(100),
        password_hash VARCHAR(255), oauth_provider VARCHAR(50), oauth_id VARCHAR(255), api_token VARCHAR(255), PRIMARY KEY (id));
      CREATE UNIQUE INDEX ix_user_username ON "user" (username);
      CREATE UNIQUE INDEX ix_user_email ON "user" (email);
      CREATE INDEX ix_user_oauth_id ON "user" (oauth_id);
      INSERT INTO "user" (username) VALUES ('ada');`);
    db.close();
    await cli(['import', 'alembic', 'api/migrations'], { cwd });
    // The config that was written asks the process for its variables.
    const own = { cwd, env: { DATABASE_URL: 'sqlite:./app.db' }, ownProcess: true };
    expect(await cli(['current'], own)).toMatchObject({
      code: 0,
      out: expect.stringContaining('c682ef478e45'),
    });
    expect(await cli(['upgrade', '--yes'], own)).toMatchObject({ code: 0 });
    expect(await cli(['check'], own)).toMatchObject({ code: 0 });
    const after = new DatabaseSync(join(cwd, 'app.db'));
    expect(after.prepare('SELECT version_num FROM alembic_version').all()).toEqual([
      { version_num: 'd1f2e3c4b5a6' },
    ]);
    expect(after.prepare('SELECT username FROM user').all()).toEqual([{ username: 'ada' }]);
    after.close();
  });
});

describe('the command line', () => {
  test('a dry run writes nothing and tells all', async () => {
    using project = flaskProject();
    const { folder: cwd } = project;
    const before = readdirSync(cwd, { recursive: true }).toSorted();
    const report = await cliJson<ImportReport>(['import', 'alembic', 'api', '--dry-run'], { cwd });
    expect(report.heads).toEqual(['d1f2e3c4b5a6']);
    expect(report.totals).toEqual({ revisions: 5, full: 5, schema: 0, none: 0 });
    expect(readdirSync(cwd, { recursive: true }).toSorted()).toEqual(before);
  });

  test('what is there is never overwritten', async () => {
    using project = flaskProject();
    const { folder: cwd } = project;
    mkdirSync(join(cwd, 'taken'));
    writeFileSync(join(cwd, 'taken/mine.txt'), 'mine');
    const refusal = await cliJson(['import', 'alembic', 'api', '--out', 'taken'], { cwd, code: 2 });
    expect(refusal).toMatchObject({ error: { code: 'import/folder-exists' } });
    expect(readdirSync(join(cwd, 'taken'))).toEqual(['mine.txt']);
  });

  test('nothing to read, a wrong path, wrong rules, wrong words', async () => {
    using project = flaskProject();
    const { folder: cwd } = project;
    mkdirSync(join(cwd, 'empty'));
    writeFileSync(join(cwd, 'rules.json'), '{ "type": {} }');
    const codes = async (args: readonly string[], code: number) =>
      (await cliJson<{ error: { code: string } }>(['import', ...args], { cwd, code })).error.code;
    expect(await codes(['alembic', 'empty'], 2)).toBe('import/nothing-found');
    expect(await codes(['alembic', 'nowhere'], 2)).toBe('import/not-found');
    expect(await codes(['alembic', 'api', '--rules', 'rules.json'], 2)).toBe('import/invalid-rules');
    expect(await codes(['alembic', 'api', '--rules', 'none.json'], 2)).toBe('import/invalid-rules');
    expect(await codes(['alembic', 'api', '--dialect', 'oracle'], 64)).toBe('usage/invalid');
    expect(await codes(['django'], 64)).toBe('usage/invalid');
  });
});
