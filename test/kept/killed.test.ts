import { describe, expect, test } from 'vitest';
import type { Engine } from '../servers/index.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import { testProject } from '../support/revisions.ts';
import { representatives, share } from '../support/share.ts';
import type { Moment } from '../torture/kill.ts';
import { ageLease, killedRunner, sentUndisturbed } from '../torture/kill.ts';
import { withConnection } from '../torture/state.ts';

// Where DDL takes part in no transaction a runner may die between copying and dropping: nothing is lost, nothing is there twice.

const revisions = [
  {
    id: 'aaaa1111',
    up: `op.createTable('user', (t) => ({ id: t.integer().primaryKey(), name: t.varchar(20) }));`,
  },
  {
    id: 'bbbb2222',
    up: `op.addColumn('user', 'token', t.varchar(20));
      op.createTable('note', (t) => ({ id: t.integer().primaryKey(), user_id: t.integer().references('user', 'id') }));`,
  },
];

async function filled(
  engine: Engine,
  surefoot: (url: string) => ReturnType<ReturnType<typeof testProject>['surefoot']>,
) {
  const database = await freshDatabase(engine);
  await surefoot(database.url).upgrade();
  await withConnection(database.url, async (connection) => {
    await connection.query(`INSERT INTO user VALUES (1, 'ann', 'tok1'), (2, 'bob', NULL), (3, 'cy', 'tok3')`);
    await connection.query('INSERT INTO note VALUES (1, 1), (2, 3)');
  });
  return database;
}

const rowsOf = async (url: string) =>
  await withConnection(url, async (connection) =>
    [
      ...(await connection.query('SELECT * FROM user ORDER BY id')).rows,
      ...(await connection.query('SELECT * FROM note ORDER BY id')).rows,
    ].map((row) => ({ ...row })),
  );

const tables = async (url: string) =>
  await withConnection(url, async (connection) =>
    (await connection.query('SHOW TABLES')).rows.map((row) => String(Object.values(row)[0])).sort(),
  );

const engines = selectedEngines().filter((engine) => engine === 'mysql9' || engine === 'mariadb');

describe.each(representatives(engines))('%s', (engine) => {
  test('a runner killed while it keeps: the next one loses nothing, and keeps nothing twice', {
    timeout: 600_000,
  }, async () => {
    using project = testProject(...revisions);
    const surefoot = (url: string) => project.surefoot({ url });
    const options = { folder: project.folder, direction: 'downgrade', target: 'aaaa1111' } as const;
    const undisturbed = await filled(engine, surefoot);
    const sent = await sentUndisturbed({ ...options, url: undisturbed.url });
    await undisturbed.drop();
    const keeping = sent.flatMap((sql, at) =>
      /surefoot_kept|LOCK TABLES|DROP|RENAME/i.test(sql) ? [at] : [],
    );
    expect(keeping.length).toBeGreaterThan(4);
    const dropping = sent.findIndex((sql) => /DROP COLUMN/.test(sql));
    const renaming = sent.findIndex((sql) => /RENAME TO/.test(sql));
    const points = share<readonly (readonly [number, Moment])[]>(
      keeping.flatMap((at) => [[at, 'before'] as const, [at, 'after'] as const]),
      [
        [dropping, 'before'],
        [renaming, 'after'],
      ],
    );
    for (const [at, when] of points) {
      const database = await filled(engine, surefoot);
      const { url } = database;
      const before = await rowsOf(url);
      expect((await killedRunner({ ...options, url, at, when })).signal, sent[at]).toBe('SIGKILL');
      await ageLease(url);
      expect(await surefoot(url).downgrade('aaaa1111'), sent[at]).toMatchObject({
        failed: null,
        differences: [],
      });
      const { kept } = await surefoot(url).kept();
      expect(kept.map(({ object }) => object).sort(), sent[at]).toEqual(['note', 'user.token']);
      expect(await surefoot(url).upgrade(), sent[at]).toMatchObject({ failed: null, differences: [] });
      expect(await rowsOf(url), sent[at]).toEqual(before);
      expect((await surefoot(url).kept()).kept).toEqual([]);
      expect(await tables(url)).toEqual([
        'note',
        'surefoot_journal',
        'surefoot_kept',
        'surefoot_lock',
        'surefoot_version',
        'user',
      ]);
      await database.drop();
    }
  });
});
