import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { cli, cliJson } from '../support/cli.ts';
import type { TestProject } from '../support/revisions.ts';
import { testProject } from '../support/revisions.ts';

const ddl = `
CREATE TABLE user (id integer primary key autoincrement, email varchar(50) not null unique, age int check (age > 3));
CREATE TABLE post (id integer primary key, author int references user(id) on delete cascade, title text collate nocase);
CREATE INDEX by_title ON post (lower(title)) WHERE title IS NOT NULL;
CREATE VIEW emails AS SELECT email FROM user;
CREATE TRIGGER aged AFTER INSERT ON post BEGIN UPDATE user SET age = 4 WHERE id = new.author; SELECT 1; END;
INSERT INTO user (email, age) VALUES ('a@b.c', 5);
`;

function withDatabase(sql: string): TestProject {
  const project = testProject();
  const db = new DatabaseSync(join(project.folder, 'dev.db'));
  db.exec(sql);
  db.close();
  return project;
}

test.each([
  ['typescript', 'schema.ts'],
  ['sql', 'schema.sql'],
])('a model in %s, a first revision, a stamp; nothing differs afterwards', async (model, file) => {
  using project = withDatabase(ddl);
  const { folder: cwd } = project;
  const done = await cliJson<{ files: string[]; revision: { id: string }; findings: unknown[] }>(
    ['init', '--from-database', '--model', model],
    { cwd },
  );
  expect(done.files).toHaveLength(3);
  expect(done).toMatchObject({ models: file, leftOut: [], findings: [] });
  expect(readFileSync(join(cwd, 'surefoot.config.ts'), 'utf8')).toContain(`models: './${file}'`);
  expect(await cli(['current'], { cwd })).toMatchObject({ out: expect.stringContaining(done.revision.id) });
  expect((await cli(['check'], { cwd })).code).toBe(0);
  expect((await cli(['migrate', '-m', 'none'], { cwd })).out).toBe(
    'Nothing changed: no revision was written.\n',
  );
  // The revision alone makes the same somewhere else.
  expect((await cli(['upgrade', '--url', 'sqlite:./other.db'], { cwd })).code).toBe(0);
  expect((await cli(['check', '--url', 'sqlite:./other.db'], { cwd })).code).toBe(0);
});

test('refuses what is there already, and leaves nothing behind', async () => {
  using project = withDatabase(ddl);
  const { folder: cwd } = project;
  project.writeFile('schema.ts', '');
  const model = await cli(['init', '--from-database'], { cwd });
  expect(model.err).toContain('code  config/exists');
  expect(existsSync(join(cwd, 'surefoot.config.ts'))).toBe(false);
  project.write({ id: 'one', up: '' });
  const revisions = await cli(['init', '--from-database', '--models', 'model.ts'], { cwd });
  expect(revisions.err).toContain('code  revision/exists');
  expect(readdirSync(cwd).sort()).not.toContain('model.ts');
  const alone = await cli(['init', '--model', 'sql'], { cwd });
  expect(alone.code).toBe(64);
});

test('an empty database, and one with a history', async () => {
  using project = withDatabase('');
  const { folder: cwd } = project;
  const empty = await cliJson(['init', '--from-database'], { cwd });
  expect(empty).toMatchObject({ revision: null });
  project.remove('surefoot.config.ts');
  project.remove('schema.ts');
  project.writeFile('surefoot.config.json', '{ "url": "sqlite:./dev.db" }');
  await cli(['revision', '-m', 'start', '--empty'], { cwd });
  await cli(['upgrade'], { cwd });
  project.remove('surefoot.config.json');
  project.remove(`migrations/${readdirSync(join(cwd, 'migrations'))[0]}`);
  expect((await cli(['init', '--from-database'], { cwd })).err).toContain('code  autogenerate/has-history');
});
