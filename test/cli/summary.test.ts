import { expect, test } from 'vitest';
import { atTerminal, masked } from '../support/cli.ts';
import { cliProject, userRevisions } from './stories.ts';

test('where a run stops, the table says what became of each revision', async () => {
  using project = cliProject(
    ...userRevisions.slice(0, 1),
    {
      id: 'dddd4444',
      message: 'fails',
      up: `op.execute('INSERT INTO nowhere VALUES (1)', { inverse: 'SELECT 1' });`,
    },
    { id: 'eeee5555', message: 'behind it', up: '' },
  );
  const { code, out } = await atTerminal(['upgrade', '--yes'], { cwd: project.folder });
  expect(code).toBe(2);
  const lines = masked(out).split('\n');
  expect(lines.slice(0, 4)).toEqual([
    '  revision  direction  message  statements  there already  time  outcome',
    '  aaaa1111  upgrade  create user  1  <ms>  done',
    '  dddd4444  upgrade  fails  failed',
    expect.stringMatching(/^ {2}eeee5555 {2}upgrade {2}(?:behind it {2})?not run$/),
  ]);
  expect(out).toContain('Stopped: 1 revision; the database stands at aaaa1111.');
});

test('what waits for the deployment is told, also where there is nothing to do', async () => {
  using project = cliProject(...userRevisions.slice(0, 1), {
    id: 'dddd4444',
    up: `op.createTable('note', { id: t.integer().primaryKey() });`,
    more: `contract: { upgrade(op) { op.dropTable('user'); }, downgrade: 'auto' },`,
  });
  const expand = async () =>
    await atTerminal(['upgrade', '--phase', 'expand', '--yes'], { cwd: project.folder });
  for (const first of ['Done: 2 revisions;', 'Nothing to do:']) {
    const { code, out } = await expand();
    expect(code).toBe(0);
    expect(out).toContain(`${first} the database stands at dddd4444.`);
    expect(out).toContain('Waiting: dddd4444c; surefoot upgrade --phase contract once');
  }
});
