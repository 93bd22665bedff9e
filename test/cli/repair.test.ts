import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { atTerminal, cli, cliJson } from '../support/cli.ts';
import type { TestProject } from '../support/revisions.ts';
import { cliProject, columnsOf, onDatabase, userRevisions } from './stories.ts';

/** At the head, with `token` gone and `phone` back: what the last two revisions did is undone by hand. */
async function drifted(): Promise<TestProject> {
  const project = cliProject(...userRevisions);
  await cli(['upgrade'], { cwd: project.folder });
  onDatabase(project, (db) =>
    db.exec(`DROP INDEX ix_user_token; ALTER TABLE "user" DROP COLUMN token;
      ALTER TABLE "user" ADD COLUMN phone VARCHAR(20);
      INSERT INTO "user" (name, phone) VALUES ('ann', '123')`),
  );
  return project;
}

const plan = [
  'upgrade cccc3333 → cccc3333 (sqlite, 1 revision)',
  '',
  '(repair)  repair: 2 operations',
  '   will run       add column user.token varchar(255)',
  '                  ALTER TABLE "user" ADD COLUMN "token" VARCHAR(255);',
  '   will run       create index ix_user_token on user (token)',
  '                  CREATE INDEX "ix_user_token" ON "user" ("token");',
];

describe('repair', () => {
  test('--plan shows it and does nothing', async () => {
    using project = await drifted();
    const { folder: cwd } = project;
    const said = await cli(['repair', '--plan'], { cwd });
    expect(said.err).toContain(plan.join('\n'));
    expect(said.out).toContain('left drop column user.phone');
    expect(columnsOf(project, 'user')).toEqual(['id', 'name', 'phone']);
  });

  test('without a yes it refuses, and nothing is touched', async () => {
    using project = await drifted();
    const { folder: cwd } = project;
    const refused = await cli(['repair'], { cwd });
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain('code  run/confirmation-needed\n');
    const said = await atTerminal(['repair'], { cwd, answers: ['n'] });
    expect([said.code, said.asked.length]).toEqual([2, 1]);
    expect(said.asked[0]).toContain(plan.join('\n'));
    expect(columnsOf(project, 'user')).toEqual(['id', 'name', 'phone']);
  });

  test('what would destroy values is left, and is the exit code; allowed, it goes', async () => {
    using project = await drifted();
    const { folder: cwd } = project;
    const kept = await cli(['repair', '--yes'], { cwd });
    expect(kept.code).toBe(1);
    expect(kept.out).toContain('Repaired: 2 statements ran.\n');
    expect(kept.out).toContain('left drop column user.phone: it would destroy data; --allow drop-column\n');
    expect(kept.out).toContain('error drift/extra-column cccc3333\n  column user.phone should be gone\n');
    expect(columnsOf(project, 'user')).toEqual(['id', 'name', 'phone', 'token']);
    const done = await cliJson(['repair', '--yes', '--allow', 'drop-column'], { cwd });
    expect(done).toMatchObject({
      // What goes is kept first.
      plan: { losses: [{ subject: 'values of user.phone', kept: 'surefoot_kept_1' }] },
      finished: 5,
      failed: null,
      withheld: [],
      confirmed: true,
      restored: false,
      report: { heads: ['cccc3333'], pending: [], identified: null, findings: [] },
    });
    expect(columnsOf(project, 'user')).toEqual(['id', 'name', 'token']);
    expect(onDatabase(project, (db) => db.prepare('SELECT name FROM "user"').all())).toEqual([
      { name: 'ann' },
    ]);
  });

  test('what goes is told as kept, or not kept', async () => {
    using project = await drifted();
    const said = await cli(['repair', '--yes', '--allow', 'drop-column'], { cwd: project.folder });
    expect(said.out).toContain('\nKept: values of user.phone, in surefoot_kept_1\n');
    using other = await drifted();
    const { out, code } = await cli(['repair', '--yes', '--allow', 'drop-column', '--no-keep'], {
      cwd: other.folder,
    });
    expect([code, out.includes('Kept:')]).toEqual([0, false]);
    expect(await cliJson(['kept'], { cwd: other.folder })).toMatchObject({ kept: [] });
  });

  test('asked at a terminal', async () => {
    using project = await drifted();
    const said = await atTerminal(['repair'], { cwd: project.folder, answers: ['y'] });
    expect([said.code, said.asked.length]).toEqual([1, 1]);
    expect(columnsOf(project, 'user')).toContain('token');
  });

  test('the database is saved first, unless it is said not to be', async () => {
    using project = await drifted();
    const { folder: cwd } = project;
    expect(await cliJson(['repair', '--yes', '--no-backup'], { cwd, code: 1 })).toMatchObject({
      backup: null,
    });
    const { backup } = await cliJson<{ backup: string }>(['repair', '--yes', '--allow', 'drop-column'], {
      cwd,
    });
    expect(readdirSync(join(cwd, '.surefoot/backups'))).toContain(backup.split('/').at(-1));
  });

  test('nothing to repair', async () => {
    using project = cliProject(...userRevisions);
    const { folder: cwd } = project;
    await cli(['upgrade', 'bbbb'], { cwd });
    // Pending revisions are an upgrade's business.
    expect(await cliJson(['repair', '--yes'], { cwd })).toMatchObject({
      plan: null,
      finished: 0,
      report: { pending: ['cccc3333'] },
    });
  });

  test('the record is set to the revision whose schema is there', async () => {
    using project = cliProject(...userRevisions);
    const { folder: cwd } = project;
    await cli(['upgrade', 'aaaa'], { cwd });
    onDatabase(project, (db) => db.exec(`UPDATE surefoot_version SET version_num = 'bbbb2222'`));
    expect(await cliJson(['repair', '--restamp', '--yes'], { cwd })).toMatchObject({
      report: { heads: ['aaaa1111'], identified: null },
    });
    expect((await cli(['upgrade', '--yes'], { cwd })).code).toBe(0);
  });

  test('rows in the way are named by key before anything is touched', async () => {
    const unique = {
      ...userRevisions[1],
      id: 'bbbb2222',
      up: `op.createIndex('user', ['name'], { name: 'uq', unique: true });`,
    };
    const [first] = userRevisions;
    if (!first) throw new Error('there is a first revision');
    using project = cliProject(first, unique);
    const { folder: cwd } = project;
    await cli(['upgrade'], { cwd });
    onDatabase(project, (db) =>
      db.exec(`DROP INDEX uq; INSERT INTO "user" (id, name) VALUES (7, 'secret'), (8, 'secret')`),
    );
    const refused = await cli(['repair', '--yes'], { cwd });
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.err).toMatch(/\b7\b[\s\S]*\b8\b/);
    expect(refused.err).toContain('code  plan/rows\n');
    expect(refused.err + refused.out).not.toContain('secret');
  });

  test('wrong usage', async () => {
    using project = cliProject();
    const { folder: cwd } = project;
    for (const args of [
      ['--adopt', '--restamp'],
      ['--allow', 'everything'],
    ]) {
      expect((await cli(['repair', ...args], { cwd })).code).toBe(64);
    }
  });
});
