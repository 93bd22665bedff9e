// A role that may read and do nothing else: check works, whatever writes refuses clearly, and nothing is touched.

import { describe, expect, test } from 'vitest';
import { selectedEngines } from '../servers/index.ts';
import { refusal } from '../support/refusal.ts';
import type { World } from './world.ts';
import { codesOf, openWorld } from './world.ts';

const engines = (['postgres14', 'postgres18', 'mysql9', 'mariadb'] as const).filter((engine) =>
  selectedEngines().includes(engine),
);

/** A role of its own for the test; it goes with the test. */
async function reader({ bench }: World): Promise<{ readonly url: string; gone(): Promise<void> }> {
  const url = new URL(bench.target.url ?? '');
  const database = url.pathname.slice(1);
  const role = `reader_${database}`.slice(0, 32);
  const isPostgres = bench.engine.startsWith('postgres');
  if (isPostgres)
    await bench.run(
      `CREATE ROLE ${role} LOGIN PASSWORD 'reader'`,
      `REVOKE TEMPORARY ON DATABASE ${database} FROM PUBLIC`,
      `GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}`,
    );
  else
    await bench.run(
      `CREATE USER ${role} IDENTIFIED BY 'reader'`,
      `GRANT SELECT, SHOW VIEW ON ${database}.* TO ${role}`,
    );
  url.username = role;
  url.password = 'reader';
  const drop = isPostgres ? [`DROP OWNED BY ${role}`, `DROP ROLE ${role}`] : [`DROP USER ${role}`];
  return { url: url.href, gone: () => bench.run(...drop) };
}

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
    const { url, gone } = await reader(world);
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
