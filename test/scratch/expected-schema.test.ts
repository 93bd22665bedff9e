import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FreshDatabase } from '../servers/index.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import { refusal } from '../support/refusal.ts';
import { testProject } from '../support/revisions.ts';
import { representatives } from '../support/share.ts';
import { familyOf, histories, onDatabase, writeSql } from './histories.ts';

const byHand = (url: string, statements: readonly string[]) =>
  onDatabase(url, async (connection) => {
    for (const sql of statements) await connection.query(sql);
  });

// Each plan of PostgreSQL starts a database in the process.
describe.each(representatives(selectedEngines()))('%s', { timeout: 240_000 }, (engine) => {
  const history = histories[familyOf(engine)];
  let database: FreshDatabase;
  beforeEach(async () => {
    database = await freshDatabase(engine);
  });
  afterEach(() => database.drop());

  test('a history in SQL: verified, nothing to do, down exactly, up again', async () => {
    using project = testProject();
    writeSql(project, history.revisions);
    const surefoot = project.surefoot({ url: database.url });
    const up = await surefoot.upgrade();
    expect(up).toMatchObject({ failed: null, differences: [], extras: [], unverified: [] });
    expect(up.finished).toHaveLength(3);
    expect((await surefoot.plan()).unverified).toEqual([]);
    expect(await surefoot.downgrade('base')).toMatchObject({
      failed: null,
      differences: [],
      extras: [],
      unverified: [],
    });
    expect(await surefoot.upgrade()).toMatchObject({
      failed: null,
      differences: [],
      extras: [],
      unverified: [],
    });
  });

  test('what hands changed is drift', async () => {
    using project = testProject();
    writeSql(project, history.revisions);
    const surefoot = project.surefoot({ url: database.url });
    await surefoot.upgrade();
    await byHand(database.url, history.changeCheck);
    const changed = await refusal(surefoot.plan(), 'plan/drift');
    expect(changed.details.differences).toMatchObject([{ kind: 'changed', revision: 'aaa1' }]);
    await byHand(database.url, [...history.changeView, ...history.dropColumn]);
    const more = await refusal(surefoot.plan(), 'plan/drift');
    expect(more.details.differences.map(({ kind, object, revision }) => [kind, object, revision])).toEqual(
      expect.arrayContaining([
        ['missing', expect.stringContaining('pages'), 'aaa3'],
        ['changed', expect.stringContaining('busy'), 'aaa2'],
      ]),
    );
    expect(more.details.differences).toHaveLength(3);
  });

  test('what is there already is satisfied, statement by statement', async () => {
    using project = testProject();
    const [first, , third] = history.revisions;
    writeSql(
      project,
      [first, third].map((one) => one ?? { id: '', up: '', down: '' }),
    );
    const surefoot = project.surefoot({ url: database.url });
    await surefoot.upgrade('aaa1');
    await byHand(database.url, history.addColumn);
    const plan = await surefoot.plan();
    expect(plan.unverified).toEqual([]);
    expect(plan.steps[0]?.operations[0]?.standing).toBe('satisfied');
    expect(await surefoot.upgrade()).toMatchObject({ failed: null, differences: [], heads: ['aaa3'] });
  });
});
