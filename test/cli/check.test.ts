import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, cliJson } from '../support/cli.ts';
import { cliProject, onDatabase, userRevisions } from './stories.ts';

const safeRevisions = userRevisions.slice(0, 2);

describe('check', () => {
  test('nothing to mend', async () => {
    using project = cliProject(...safeRevisions);
    const { folder: cwd } = project;
    await cli(['upgrade'], { cwd });
    expect(await cli(['check'], { cwd })).toEqual({
      code: 0,
      err: '',
      out: 'The database stands at bbbb2222; nothing is pending. Nothing to mend.\n',
    });
    expect(await cliJson(['check'], { cwd })).toEqual({
      heads: ['bbbb2222'],
      pending: [],
      identified: null,
      findings: [],
    });
    expect(await cli(['check', '--format', 'github'], { cwd })).toMatchObject({ code: 0, err: '' });
  });

  test('findings with both sides and the cure; the verdict last', async () => {
    using project = cliProject(...safeRevisions);
    const { folder: cwd } = project;
    await cli(['upgrade'], { cwd });
    onDatabase(project, (db) =>
      db.exec(
        'DROP INDEX ix_user_token; ALTER TABLE "user" DROP COLUMN token; CREATE TABLE theirs (id INTEGER)',
      ),
    );
    const said = await cli(['check'], { cwd });
    expect(said).toMatchObject({ code: 1, err: '' });
    expect(said.out).toBe(
      [
        'error drift/missing-column bbbb2222',
        '  column user.token is missing',
        '    expected varchar(255)',
        '    query    SELECT "user"."id", "user"."name", "user"."phone", "user"."token" FROM "user"',
        '    error    no such column: user.token',
        '  cure: surefoot repair',
        '',
        'error drift/missing-index bbbb2222',
        '  index ix_user_token of user is missing',
        '    expected index (token)',
        '  cure: surefoot repair',
        '',
        'warning drift/extra-table',
        '  table theirs is in no revision',
        '    found    table',
        '  cure: leave it, ignore it in the config, or take it into history with `surefoot repair --adopt`',
        '',
        'user',
        '    column               server                     history',
        '    id                   integer not null identity  integer not null identity',
        '    name                 varchar(40)                varchar(40)',
        '    phone                varchar(20)                varchar(20)',
        '  ✗ token                not there                  varchar(255)',
        '  ✗ index ix_user_token  not there                  index (token)',
        '',
        'The database stands at bbbb2222; nothing is pending. 2 errors, 1 warning.',
        'Recorded bbbb2222; the schema is that of aaaa1111.',
        '',
      ].join('\n'),
    );
    const report = await cliJson<{ findings: { code: string }[] }>(['check'], { cwd, code: 1 });
    expect(report.findings.map(({ code }) => code)).toEqual([
      'drift/missing-column',
      'drift/missing-index',
      'drift/extra-table',
    ]);
    project.writeFile('surefoot.config.json', '{ "url": "sqlite:./app.db", "ignore": ["theirs"] }');
    expect((await cliJson<{ findings: object[] }>(['check'], { cwd, code: 1 })).findings).toHaveLength(2);
  });

  test('warnings do not change the exit code', async () => {
    using project = cliProject(...safeRevisions);
    const { folder: cwd } = project;
    await cli(['upgrade'], { cwd });
    onDatabase(project, (db) => db.exec('CREATE TABLE theirs (id INTEGER)'));
    expect((await cli(['check'], { cwd })).code).toBe(0);
  });

  test('annotations escape what the workflow would take for its own', async () => {
    using project = cliProject(...safeRevisions);
    const { folder: cwd } = project;
    await cli(['upgrade'], { cwd });
    onDatabase(project, (db) => db.exec('CREATE TABLE "odd%\n::error::" (id INTEGER)'));
    const said = await cli(['check', '--format', 'github'], { cwd });
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(said.out.trimEnd().split('\n')).toEqual([
      expect.stringMatching(
        /^::warning title=surefoot drift\/extra-table::table odd%25%0A::error:: is in no revision\. Cure: /,
      ),
    ]);
  });

  test('pending: exit 1', async () => {
    using project = cliProject(...safeRevisions);
    const { folder: cwd } = project;
    await cli(['upgrade', 'aaaa'], { cwd });
    const said = await cli(['check'], { cwd });
    expect(said.code).toBe(1);
    expect(said.out).toContain(
      'error history/pending bbbb2222\n  revision bbbb2222 (add user.token) has not run here\n',
    );
    expect(said.out).toContain('The database stands at aaaa1111; 1 revision pending. 1 error.\n');
  });

  test('notes are counted, and shown where they are asked for', async () => {
    using project = cliProject(...safeRevisions);
    const { folder: cwd } = project;
    await cli(['upgrade'], { cwd });
    onDatabase(project, (db) => db.exec('CREATE VIRTUAL TABLE notes USING fts5(body)'));
    expect((await cli(['check'], { cwd })).out).toMatch(/^and \d+ notes?: --verbose or --json shows all$/m);
    expect((await cli(['check', '--verbose'], { cwd })).out).toContain('information schema/not-understood');
  });

  test('an accepted edit', async () => {
    using project = cliProject(...safeRevisions);
    const { folder: cwd } = project;
    await cli(['upgrade'], { cwd });
    const file = 'migrations/20240101000002_bbbb2222_x.ts';
    const { revisionText } = await import('../support/revisions.ts');
    const [, add] = userRevisions;
    if (!add) throw new Error('there is a second revision');
    const edited = {
      ...add,
      revises: 'aaaa1111',
      down: `op.dropIndex('user', 'ix_user_token'); op.dropColumn('user', 'token');`,
    };
    project.writeFile(file, revisionText(edited));
    const said = await cli(['check'], { cwd });
    expect(said.code).toBe(1);
    expect(said.out).toContain(
      `error history/edited-revision bbbb2222\n  revision bbbb2222 was edited after it ran here\n`,
    );
    expect(said.out).toContain(`    -   downgrade: 'auto',\n    +   downgrade: (op) => {\n`);
    expect((await cli(['check', '--accept-edit', 'bbbb2222'], { cwd })).code).toBe(0);
    expect((await cli(['check'], { cwd })).code).toBe(0);
    expect(await cliJson(['check', '--accept-edit', 'nope'], { cwd, code: 2 })).toMatchObject({
      error: { code: 'revision/not-found' },
    });
  });

  test('a database that is not there is not made', async () => {
    using project = cliProject(...safeRevisions);
    const said = await cli(['check'], { cwd: project.folder });
    expect([said.code, existsSync(join(project.folder, 'app.db'))]).toEqual([1, false]);
    expect(said.out).toContain('The database stands at base; 2 revisions pending. 2 errors.');
  });
});
