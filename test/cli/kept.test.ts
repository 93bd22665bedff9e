import { expect, test } from 'vitest';
import { atTerminal, cliJson, masked } from '../support/cli.ts';
import { cliProject, onDatabase, userRevisions } from './stories.ts';

test('what is dropped is kept, listed, back again, or gone for good', async () => {
  using project = cliProject(...userRevisions);
  const { folder: cwd } = project;
  const cli = (args: readonly string[]) => atTerminal(args, { cwd });
  await cli(['upgrade']);
  onDatabase(project, (db) => db.exec(`INSERT INTO "user" (id, name, token) VALUES (1, 'ann', 'tok')`));
  const plan = await cli(['downgrade', 'aaaa', '--plan']);
  expect(plan.out).toContain('   kept: values of user.token: 1, in surefoot_kept_1\n');
  // What was reviewed is what runs, table beside and all.
  await cli(['plan', '-2', '--out', 'plan.json']);
  const down = await cli(['downgrade', '--from-plan', 'plan.json', '--yes']);
  expect(down.out).toContain('Kept: values of user.token, in surefoot_kept_1\n');
  expect(masked((await cli(['kept'])).out)).toBe(
    [
      '  id  was  kind  rows  size  since  dropped by',
      '  surefoot_kept_1  user.token  column  1  <time>  downgrade bbbb2222',
      '',
    ].join('\n'),
  );
  expect(await cliJson(['kept'], { cwd })).toMatchObject({
    kept: [{ object: 'user.token', rows: 1 }],
    dropped: [],
  });
  const up = await cliJson(['upgrade', 'bbbb'], { cwd });
  expect(up).toMatchObject({ restored: [{ id: 'surefoot_kept_1' }] });
  expect(onDatabase(project, (db) => db.prepare('SELECT token FROM "user"').get())).toMatchObject({
    token: 'tok',
  });
  await cli(['downgrade', 'aaaa', '--yes']);
  expect((await cli(['kept', '--drop', '--older-than', '1'])).out).toContain('user.token');
  expect(await cliJson(['kept', '--drop', 'surefoot_kept_7'], { cwd, code: 2 })).toMatchObject({
    error: { code: 'kept/not-found' },
  });
  expect(await cliJson(['kept', '--drop'], { cwd })).toMatchObject({
    kept: [],
    dropped: [{ kind: 'column' }],
  });
  expect((await cli(['kept'])).out).toBe('Nothing is kept.\n');
});
