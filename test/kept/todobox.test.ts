import { join } from 'node:path';
import { expect, test } from 'vitest';
import { seed, users } from '../../examples/todobox/seed.ts';
import { openSession } from '../../src/library/open.ts';
import { createSurefoot } from '../../src/library/surefoot.ts';
import type { Engine } from '../servers/index.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import { share } from '../support/share.ts';

// The safety revision that the whole began with: taken back and run again, it loses no token. Nobody asks for that.

const projectFolder = join(import.meta.dirname, '../../examples/todobox');
// A folder of PGlite takes one process at a time, and the test looks on through a session of its own.
const engines = selectedEngines().filter((engine) => engine !== 'pglite');

const tried = share<readonly Engine[]>(
  engines,
  engines.filter((engine) => engine === 'sqlite' || engine === 'mysql9'),
);

test.each(tried)('every api_token is back on %s', { timeout: 120_000 }, async (engine) => {
  const database = await freshDatabase(engine);
  const options = { url: database.url, projectFolder };
  const surefoot = createSurefoot(options);
  const opened = await openSession(options, projectFolder);
  const { connection, dialect } = opened;
  const user = dialect.quote('user');
  const tokens = async () => {
    const { rows } = await connection.query(`SELECT username, api_token FROM ${user} ORDER BY id`);
    return rows.map((row) => [row['username'], row['api_token']]);
  };
  try {
    await surefoot.upgrade();
    await seed(async (sql, values = []) => (await connection.query(sql, values)).rows, dialect.name);
    await connection.query(`UPDATE ${user} SET api_token = concat('tok ''', id) WHERE id < 3`);
    const before = await tokens();
    expect(before.filter(([, token]) => token !== null)).toHaveLength(users.length - 1);
    // The column belongs to an earlier revision, and stays; further back it goes, and what it held is kept.
    for (const target of ['c682ef478e45', '366e5694a9ad']) {
      expect(await surefoot.downgrade(target)).toMatchObject({ failed: null, differences: [] });
      expect(await surefoot.upgrade()).toMatchObject({ failed: null, differences: [] });
      expect(await tokens()).toEqual(before);
    }
    await surefoot.downgrade('366e5694a9ad');
    expect((await surefoot.kept()).kept).toMatchObject([{ object: 'user.api_token', rows: 2 }]);
    // With the rows gone, too, everything comes back.
    await surefoot.downgrade('base');
    expect((await surefoot.kept()).kept.map(({ object }) => object)).toEqual(['user', 'user.api_token']);
    await surefoot.upgrade();
    expect(await tokens()).toEqual(before);
    expect((await surefoot.kept()).kept).toEqual([]);
  } finally {
    await opened.close();
    await database.drop();
  }
});
