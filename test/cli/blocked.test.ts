// What somebody at the command line is told of locks.

import { describe, expect, test } from 'vitest';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import { cli, cliJson } from '../support/cli.ts';
import { testProject } from '../support/revisions.ts';

const item = {
  id: 'aaaa',
  up: `op.createTable('item', { id: t.integer().primaryKey(), name: t.varchar(20) });`,
};
const has = (engine: ReturnType<typeof selectedEngines>[number]) => selectedEngines().includes(engine);

describe.skipIf(!has('postgres18'))('PostgreSQL', () => {
  test('who is in the way, what is tried, and what stays when it is given up', async () => {
    const database = await freshDatabase('postgres18');
    using project = testProject(item);
    const options = { cwd: project.folder, env: { DATABASE_URL: database.url } };
    const { openDatabase } = await import('../../src/config/choose-dialect.ts');
    const opened = await openDatabase({ url: database.url });
    try {
      await cliJson(['upgrade'], options);
      project.write({
        id: 'bbbb',
        up: `op.addColumn('item', 'note', t.varchar(20));`,
        more: `tableLockTimeout: '1200ms', tableLockRetries: 5,`,
      });
      const holder = await opened.database.connect();
      await holder.query('BEGIN');
      await holder.query('SELECT count(*) FROM item');
      const { code, out, err } = await cli(['upgrade', '--table-lock-retries', '1'], options);
      expect(code).toBe(2);
      expect(out).toContain('Stopped: 0 revisions; the database stands at aaaa.');
      expect(err).toMatch(
        /^Waiting for a lock in revision bbbb: ALTER TABLE "item" ADD COLUMN "note" .*\n {2}in the way: session \d+ of \S+, open for [\d.]+ m?s: SELECT count\(\*\) FROM item$/m,
      );
      expect(err).toMatch(/^Revision bbbb did not get the lock: attempt 2 of 2 in [\d.]+ m?s$/m);
      expect(err).toMatch(/^error revision bbbb: tried 2 times in \d+ s, .* in the way: session \d+/m);
      expect(err).toContain('code  run/blocked');
      const quiet = await cli(['upgrade', '--table-lock-retries', '0', '--quiet'], options);
      expect(quiet.err).not.toContain('Waiting for a lock');
      await holder.query('COMMIT');
      expect(await cli(['upgrade'], options)).toMatchObject({ code: 0, err: '' });
    } finally {
      await opened.database.close();
      await database.drop();
    }
  });
});

describe.skipIf(!has('mysql9'))('MySQL', () => {
  test('the plan names what may wait longer in the end', async () => {
    const database = await freshDatabase('mysql9');
    using project = testProject(item);
    const options = { cwd: project.folder, env: { DATABASE_URL: database.url } };
    try {
      await cliJson(['upgrade'], options);
      project.write({ id: 'bbbb', up: `op.createIndex('item', ['name'], { name: 'item_name' });` });
      const plan = await cli(['plan'], options);
      expect(plan.out).toContain('waits up to 1 min 0 s for the lock at its end');
      const { steps } = await cliJson<{ steps: readonly { segments: readonly unknown[] }[] }>(
        ['plan'],
        options,
      );
      expect(JSON.stringify(steps[0]?.segments)).toContain('"endWaitMs":60000');
    } finally {
      await database.drop();
    }
  });
});

test('what the options and the head of a revision may not be', async () => {
  using project = testProject({ ...item, more: `tableLockTimeout: 'soon',` });
  const options = { cwd: project.folder, env: { DATABASE_URL: 'sqlite:./a.db' } };
  const wrong = await cli(['upgrade', '--table-lock-retries', 'x'], options);
  expect(wrong).toMatchObject({ code: 64 });
  expect(wrong.err).toContain('--table-lock-retries needs a whole number from 0');
  const head = await cli(['upgrade'], options);
  expect(head.err).toContain(`'tableLockTimeout' is not a time such as '30s'`);
  expect(head.code).toBe(2);
});
