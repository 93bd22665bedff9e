// A role that may read and do nothing else: check works, whatever writes refuses clearly, and nothing is touched.

import { describe, expect, test } from 'vitest';
import { selectedEngines } from '../servers/index.ts';
import { refusal } from '../support/refusal.ts';
import { openReader } from './reader.ts';
import { codesOf, openWorld } from './world.ts';

const engines = (['postgres14', 'postgres18', 'mysql9', 'mariadb'] as const).filter((engine) =>
  selectedEngines().includes(engine),
);

const view = (quoted: string) =>
  `SELECT count(*) AS n, max(id + 1 * 2) AS m FROM ${quoted} WHERE (name IS NOT NULL) AND id BETWEEN 1 AND 2`;

describe.each(engines)('%s', (engine) => {
  test('check works, repair and upgrade refuse', async () => {
    const quoted = engine.startsWith('postgres') ? '"user"' : '`user`';
    await using world = await openWorld(
      engine,
      {
        id: 'aaaa',
        up: `op.createTable('user', (t) => ({ id: t.integer().primaryKey(), name: t.varchar(40) }));`,
      },
      { id: 'bbbb', up: `op.createView('counted', '${view(quoted)}');` },
    );
    await world.surefoot().upgrade();
    expect(codesOf(await world.surefoot().check())).toEqual([]);
    const { url, gone } = await openReader(world.bench);
    try {
      const reading = world.surefoot({ url });
      const report = await reading.check();
      expect(report).toMatchObject({ heads: ['bbbb'], pending: [], identified: null });
      // Text that only the server could compare, where the role may not ask it: information, never drift. For the newest
      // PostgreSQL the one in the process speaks.
      const unproven = [
        {
          code: 'drift/unproven',
          severity: 'information',
          message: 'it cannot be proven here that view counted is what history says',
          object: { kind: 'view', namespace: null, table: null, name: 'counted' },
          facts: { expected: expect.stringContaining('BETWEEN'), found: expect.any(String) },
          cure: expect.stringContaining('--scratch-url'),
        },
      ];
      expect(report.findings).toMatchObject(engine === 'postgres18' ? [] : unproven);
      const cascade = engine.startsWith('postgres') ? ' CASCADE' : '';
      await world.bench.run(`ALTER TABLE ${quoted} DROP COLUMN name${cascade}`);
      const catalogue = await world.bench.catalogue();
      expect(codesOf(await reading.check())).toContain('drift/missing-column');
      for (const attempt of [
        () => reading.repair(),
        () => reading.repair({ way: 'restamp', at: 'base' }),
        () => reading.upgrade('heads', { acceptDrift: true }),
        () => reading.check({ acceptEdit: ['aaaa'] }),
      ]) {
        const error = await refusal(attempt(), 'database/read-only');
        expect(error.message).toMatch(/^reader_\S+ may only read /);
        expect(error.message).not.toContain('reader@');
      }
      expect(await world.bench.catalogue()).toEqual(catalogue);
    } finally {
      await gone();
    }
  });
});

test.each(engines.filter((engine) => engine === 'mysql9' || engine === 'mariadb'))(
  'on %s, a trigger that this role may not see is neither called missing nor left out of a backup; a missing one is where it may',
  async (engine) => {
    await using world = await openWorld(engine, {
      id: 'aaaa',
      up: `op.createTable('pet', (t) => ({ id: t.integer().primaryKey() }));
        op.createTrigger('pet', 'stamped', 'CREATE TRIGGER stamped BEFORE INSERT ON pet FOR EACH ROW SET @n = 1');`,
    });
    await world.surefoot().upgrade();
    const { url, gone } = await openReader(world.bench);
    try {
      const report = await world.surefoot({ url }).check();
      expect(report.findings).toMatchObject([
        { code: 'drift/unproven', object: { kind: 'trigger', name: 'stamped' }, facts: { found: null } },
      ]);
      expect(report.findings[0]?.cure).toContain('TRIGGER');
      // A dump by this role would look whole without it.
      await expect(world.surefoot({ url }).backup()).rejects.toMatchObject({
        code: 'backup/unsupported',
        hint: expect.stringContaining('TRIGGER'),
      });
    } finally {
      await gone();
    }
    await world.bench.run('DROP TRIGGER stamped');
    expect(codesOf(await world.surefoot().check())).toEqual(['drift/missing-trigger']);
  },
);
