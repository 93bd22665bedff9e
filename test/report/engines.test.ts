import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { userRevisions } from '../cli/stories.ts';
import { ensureServers, freshDatabase, selectedEngines } from '../servers/index.ts';
import { testProject } from '../support/revisions.ts';
import { representatives } from '../support/share.ts';

const engines = representatives(selectedEngines());
beforeAll(async () => {
  await ensureServers(engines);
});

describe.each(engines)('report on %s', (engine) => {
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  beforeAll(async () => {
    database = await freshDatabase(engine);
  });
  afterAll(async () => await database?.drop());

  test('states, both sides as the server spells them, runs', async () => {
    using project = testProject(...userRevisions.slice(0, 2));
    const surefoot = project.surefoot({ url: database.url });
    await surefoot.upgrade();
    const clean = await surefoot.report();
    expect(clean.sides?.rows.filter(({ drifts }) => drifts)).toEqual([]);
    expect(clean.sides?.rows.every(({ server, history }) => server === history)).toBe(true);
    project.write({ id: 'cccc3333', message: 'drop user.phone', up: `op.dropColumn('user', 'phone');` });
    const later = project.surefoot({ url: database.url });
    const data = await later.report();
    expect(data.chain.map(({ state }) => state)).toEqual(['applied', 'applied', 'pending']);
    expect(data.chain[2]?.upgrade.sql.flatMap(({ flavors }) => flavors)).toHaveLength(4);
    expect(data.journal).toMatchObject([{ outcome: 'done', recovery: null }]);
    expect(data.database?.lock).toBeNull();
    expect(JSON.stringify(data)).not.toContain(
      new URL(database.url.replace(/^sqlite:/, 'file:')).password || '\u0000',
    );
  });
});
