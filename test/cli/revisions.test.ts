import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, cliJson, masked } from '../support/cli.ts';
import { testProject } from '../support/revisions.ts';
import { branchedRevisions, cliProject, userRevisions } from './stories.ts';

describe('revision', () => {
  test('on the only head, in TypeScript or SQL', async () => {
    using project = cliProject();
    const first = await cliJson<{ file: string }>(['revision', '-m', 'one', '--rev-id', 'one'], {
      cwd: project.folder,
    });
    expect(first).toMatchObject({ id: 'one', revises: [], message: 'one', branchLabels: [], dependsOn: [] });
    const second = await cli(['new', '--sql', '-m', 'two', '--rev-id', 'two'], { cwd: project.folder });
    expect(masked(second.out)).toBe('Wrote migrations/<stamp>_two_two.sql\n  revision two\n  revises  one\n');
    expect(readFileSync(first.file, 'utf8')).toContain("downgrade: 'auto'");
    expect((await cli(['upgrade'], { cwd: project.folder })).code).toBe(0);
  });

  test('makes the folder that the config names', async () => {
    using project = testProject();
    project.writeFile('surefoot.config.json', '{ "migrations": ["./db/one", "./db/two"] }');
    await cliJson(['revision', '-m', 'x', '--rev-id', 'x1', '--folder', 'db/two'], { cwd: project.folder });
    await cliJson(['revision', '-m', 'y', '--empty'], { cwd: project.folder });
    expect(readdirSync(join(project.folder, 'db/two'))).toHaveLength(2);
    const wrong = await cliJson(['revision', '-m', 'z', '--folder', 'db/three'], {
      cwd: project.folder,
      code: 64,
    });
    expect(wrong).toMatchObject({ error: { code: 'usage/invalid' } });
  });

  test('several heads: refused, chosen, merged', async () => {
    using project = cliProject(...branchedRevisions);
    const { folder: cwd } = project;
    const refused = await cli(['revision', '-m', 'x'], { cwd });
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toBe(
      'error there are several heads: left1111, right222\n' +
        'hint  Choose one with --head, or join them first with `surefoot merge heads -m "…"`.\n' +
        'code  revision/multiple-heads\n',
    );
    expect(
      await cliJson(['revision', '-m', 'x', '--head', 'billing@head', '--rev-id', 'r3'], { cwd }),
    ).toMatchObject({
      revises: ['right222'],
    });
    expect(await cliJson(['merge', '-m', 'join'], { cwd })).toMatchObject({
      revises: ['left1111', 'r3'],
      message: 'join',
    });
    expect(await cliJson(['merge'], { cwd, code: 2 })).toMatchObject({
      error: { code: 'revision/nothing-to-merge' },
    });
  });

  test.each([
    [['--head', 'base0000'], 'revision/not-a-head', 2],
    [['--head', 'nosuch'], 'revision/not-found', 2],
    [['--head', 'left1111', '--rev-id', 'left1111'], 'revision/duplicate-id', 2],
    [['--head', 'left1111', '--rev-id', 'a b'], 'identifier/invalid', 2],
    [['--head', 'left1111', '--rev-id', 'heads'], 'identifier/invalid', 2],
    [['--head', 'left1111', '--branch-label', 'billing'], 'revision/duplicate-label', 2],
    [['--head', 'left1111', '--branch-label', 'a@b'], 'identifier/invalid', 2],
    [['--head', 'left1111', '--depends-on', 'nosuch'], 'revision/not-found', 2],
    [['-m', ' '], 'usage/invalid', 64],
  ])('refuses %o: %s', async (args, code, exit) => {
    using project = cliProject(...branchedRevisions);
    const before = readdirSync(join(project.folder, 'migrations'));
    const answer = await cliJson(['revision', '-m', 'x', ...args], { cwd: project.folder, code: exit });
    expect(answer).toMatchObject({ error: { code } });
    expect(readdirSync(join(project.folder, 'migrations'))).toEqual(before);
  });

  test('forks, branches, dependencies', async () => {
    using project = cliProject(...branchedRevisions);
    const { folder: cwd } = project;
    const fork = ['revision', '-m', 'fork', '--head', 'base0000', '--splice', '--rev-id', 'f1'];
    expect(await cliJson(fork, { cwd })).toMatchObject({ revises: ['base0000'] });
    const other = [
      'revision',
      '-m',
      'own',
      '--head',
      'base',
      '--branch-label',
      'own',
      '--depends-on',
      'billing',
    ];
    expect(await cliJson([...other, '--depends-on', 'left'], { cwd })).toMatchObject({
      revises: [],
      branchLabels: ['own'],
      dependsOn: ['billing', 'left1111'],
    });
    const { heads } = await cliJson<{ heads: string[] }>(['heads'], { cwd });
    expect(heads).toHaveLength(4);
  });
});

describe('looking at files', () => {
  test('heads and branches', async () => {
    using project = cliProject(...branchedRevisions);
    const { folder: cwd } = project;
    expect((await cliJson(['heads'], { cwd }))['heads']).toEqual(['left1111', 'right222']);
    expect((await cli(['heads'], { cwd })).out).toBe(
      '    revision  revises   created  message\n' +
        '    left1111  base0000           left     head\n' +
        '    right222  base0000           right    head, label billing\n',
    );
    expect(await cliJson(['branches'], { cwd })).toEqual({
      branches: [
        {
          id: 'base0000',
          message: 'start',
          children: [
            { id: 'left1111', message: 'left', branchLabels: [] },
            { id: 'right222', message: 'right', branchLabels: ['billing'] },
          ],
        },
      ],
      labels: [{ label: 'billing', revision: 'right222', heads: ['right222'] }],
    });
    expect(masked((await cli(['branches', '-v'], { cwd })).out, cwd)).toContain(
      'base0000 (branch point)\n  start\n',
    );
    expect((await cli(['heads', '-v'], { cwd })).out).toContain('labels     billing');
  });

  test('no revision at all', async () => {
    using project = testProject();
    const { folder: cwd } = project;
    expect((await cli(['heads'], { cwd })).out).toBe('There is no revision yet.\n');
    expect((await cli(['branches'], { cwd })).out).toBe('The chain forks nowhere.\n');
    expect((await cli(['history'], { cwd })).out).toBe('There is no revision.\n');
    expect((await cliJson(['show', 'head'], { cwd, code: 2 }))['error']).toMatchObject({
      code: 'revision/not-found',
    });
  });

  test('history, with and without a database', async () => {
    using project = cliProject(...userRevisions);
    const { folder: cwd } = project;
    const files = await cli(['history', '--no-database'], { cwd });
    expect(files.out).toBe(
      '    revision  revises   created  message\n' +
        '    cccc3333  bbbb2222           drop user.phone  head\n' +
        '    bbbb2222  aaaa1111           add user.token\n' +
        '    aaaa1111  base               create user\n',
    );
    expect(existsSync(join(cwd, 'app.db'))).toBe(false);
    await cli(['upgrade', 'bbbb'], { cwd });
    expect((await cli(['history', '-r', 'bbbb2222:'], { cwd })).out).toBe(
      '    revision  revises   created  message\n' +
        '  ○ cccc3333  bbbb2222           drop user.phone  head\n' +
        '  ● bbbb2222  aaaa1111           add user.token   current\n',
    );
    const ranged = await cliJson<{ revisions: { id: string; applied: boolean | null }[] }>(
      ['history', '-r-1:current', '-i'],
      { cwd },
    );
    expect(ranged.revisions.map(({ id, applied }) => [id, applied])).toEqual([
      ['bbbb2222', true],
      ['aaaa1111', true],
    ]);
    expect(await cliJson(['history', '--no-database', '-r', ':aaaa1111'], { cwd })).toEqual({
      revisions: [
        {
          id: 'aaaa1111',
          revises: [],
          message: 'create user',
          createdAt: null,
          branchLabels: [],
          dependsOn: [],
          applied: null,
        },
      ],
    });
  });

  test('a database that does not answer is a note, unless it is needed', async () => {
    using project = cliProject(...userRevisions);
    const gone = { cwd: project.folder, env: { DATABASE_URL: '' } };
    const url = ['--url', 'postgres://u:secret-word@127.0.0.1:1/x'];
    const note = await cli(['history', ...url], gone);
    expect(note.code).toBe(0);
    expect(note.err).toMatch(/^What is applied is not known: /);
    expect((await cli(['history', '--quiet', ...url], gone)).err).toBe('');
    const needed = await cli(['history', '--indicate-current', ...url], gone);
    expect(needed.code).toBe(2);
    expect(needed.err).toContain('code  database/unreachable');
    expect(note.err + needed.err).not.toContain('secret-word');
  });

  test('show: in words and in SQL, for the family of the URL', async () => {
    using project = cliProject(...userRevisions);
    const { folder: cwd } = project;
    expect(masked((await cli(['show', 'bbbb'], { cwd })).out, cwd)).toBe(
      [
        'bbbb2222',
        '  add user.token',
        '  revises  aaaa1111',
        '  children  cccc3333',
        '  file  <folder>/migrations/<stamp>_bbbb2222_x.ts',
        '',
        'upgrade (sqlite)',
        '  · add column user.token varchar(255)',
        '  · create index ix_user_token on user (token)',
        '',
        '    ALTER TABLE "user" ADD COLUMN "token" VARCHAR(255);',
        '    CREATE INDEX "ix_user_token" ON "user" ("token");',
        '',
        'downgrade (sqlite)',
        '  · drop index ix_user_token of user',
        '  · drop column user.token',
        '',
        '    DROP INDEX "ix_user_token";',
        '    ALTER TABLE "user" DROP COLUMN "token";',
        '',
      ].join('\n'),
    );
    const mysql = await cliJson(['show', 'head', '--url', 'mysql://root@127.0.0.1:1/x'], { cwd });
    expect(JSON.stringify(mysql)).toContain('ALTER TABLE `user` DROP COLUMN `phone`');
    const head = await cliJson<{ revisions: object[] }>(['show', 'head', '--header'], { cwd });
    expect(head.revisions[0]).not.toHaveProperty('upgrade');
    expect(existsSync(join(cwd, 'app.db'))).toBe(false);
  });

  test('show: a revision that cannot be taken back, or cannot be loaded', async () => {
    using project = cliProject(
      { id: 'gone1111', up: `op.execute('DELETE FROM x');` },
      { id: 'boom2222', up: `throw new Error('bang');` },
    );
    const { folder: cwd } = project;
    const unable = await cli(['show', 'gone'], { cwd });
    expect(unable).toMatchObject({ code: 2, out: '' });
    expect(unable.err).toContain('code  revision/invalid');
    const boom = await cli(['show', 'boom'], { cwd });
    expect(boom).toMatchObject({ code: 2, out: '' });
    expect(boom.err).toMatch(/upgrade\(\) failed: bang\nhint {2}.*\ncode {2}revision\/load-failed\n$/);
    expect((await cli(['show', 'boom', '--header'], { cwd })).code).toBe(0);
  });

  test('edit', async () => {
    using project = cliProject(...userRevisions);
    const { folder: cwd } = project;
    writeFileSync(
      join(cwd, 'editor.mjs'),
      `import { appendFileSync } from 'node:fs'; appendFileSync(process.argv.at(-1), '// edited\\n');`,
    );
    const env = { VISUAL: `${process.execPath} ${join(cwd, 'editor.mjs')}` };
    // The editor is given the terminal of the process.
    const own = { cwd, ownProcess: true };
    const { file } = await cliJson<{ file: string }>(['edit', 'head'], { ...own, env });
    expect(readFileSync(file, 'utf8')).toMatch(/\/\/ edited\n$/);
    const codes = await Promise.all([
      cli(['edit', 'head'], own),
      cli(['edit', 'head'], { ...own, env: { EDITOR: 'no-such-editor' } }),
      cli(['edit', 'head'], { ...own, env: { EDITOR: 'false' } }),
      cli(['edit', 'nosuch'], { ...own, env }),
      cli(['edit', 'base'], { ...own, env }),
    ]);
    expect(codes.map(({ code, err }) => [code, /code {2}(.*)/.exec(err)?.[1]])).toEqual([
      [64, 'usage/invalid'],
      [64, 'usage/invalid'],
      [2, 'usage/editor-failed'],
      [2, 'revision/not-found'],
      [2, 'revision/not-found'],
    ]);
  });
});

test('history --graph draws branches and merges', async () => {
  using project = cliProject(...branchedRevisions, {
    id: 'merge333',
    revises: ['left1111', 'right222'],
    message: 'merge',
    up: '',
  });
  const { folder: cwd } = project;
  await cli(['upgrade', 'left1111'], { cwd });
  const { out } = await cli(['history', '--graph'], { cwd });
  expect(out).toBe(
    [
      '○    merge333  merge (head, merge)',
      '├─╮',
      '│ ○  right222  right (label billing)',
      '● │  left1111  left (current)',
      '├─╯',
      '●    base0000  start (branch point)',
      '',
    ].join('\n'),
  );
});
