import { describe, expect, test } from 'vitest';
import { openSession } from '../../src/library/open.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import type { RevisionText } from '../support/revisions.ts';
import { testProject } from '../support/revisions.ts';
import { representatives } from '../support/share.ts';

// Down and up again, with what was kept: every value back.

const revisions: readonly RevisionText[] = [
  {
    id: 'aaaa1111',
    up: `op.createTable('team', (t) => ({ id: t.integer().primaryKey(), name: t.varchar(40) }));
      op.createTable('user', (t) => ({
        id: t.integer().identity().primaryKey(),
        name: t.varchar(40),
        team_id: t.integer().references('team', 'id'),
      }));`,
  },
  {
    id: 'bbbb2222',
    up: `op.addColumn('user', 'api_token', t.varchar(255));
      op.createIndex('user', ['api_token'], { name: 'ix_user_api_token' });
      op.addColumn('user', 'order', t.json());
      op.addColumn('user', 'picture', t.binary());
      op.addColumn('user', 'seen_at', t.timestamp());
      op.addColumn('user', 'level', t.integer().default(7));`,
  },
  {
    id: 'cccc3333',
    up: `op.createTable('plain', (t) => ({ "it's": t.varchar(10), n: t.bigint() }));`,
  },
];

const values = `INSERT INTO team (id, name) VALUES (1, 'red'), (2, 'it''s')`;
const inserted = (quote: (name: string) => string) =>
  `INSERT INTO ${quote('user')} (name, team_id, api_token, ${quote('order')}, seen_at, level) VALUES
    ('ann', 1, 'tok''1', '{"a": [1, null]}', '2024-02-29 12:34:56', NULL), ('bob', 2, NULL, NULL, NULL, 3),
    ('用户 🦶', NULL, '', '[]', '1999-12-31 23:59:59', 7)`;

// A folder of PGlite takes one process at a time, and the test looks on through a session of its own.
const engines = selectedEngines().filter((engine) => engine !== 'pglite');

describe.each(representatives(engines))('%s', (engine) => {
  test('every value back; nothing of it is drift; gone when it is dropped', {
    timeout: 240_000,
  }, async () => {
    using project = testProject(...revisions);
    const database = await freshDatabase(engine);
    const options = { url: database.url, projectFolder: project.folder };
    const surefoot = project.surefoot(options);
    const opened = await openSession(options, project.folder);
    const { connection, dialect } = opened;
    const quote = (name: string) => dialect.quote(name);
    const rows = async () => {
      const lists: object[][] = [];
      for (const name of ['team', 'user', 'plain']) {
        const { rows: found } = await connection.query(`SELECT * FROM ${quote(name)} ORDER BY 1`);
        lists.push(found.map((row) => ({ ...row })));
      }
      return lists as Record<string, unknown>[][];
    };
    try {
      await surefoot.upgrade();
      await connection.query(values);
      await connection.query(inserted(quote));
      await connection.query(`INSERT INTO plain VALUES ('a', 9007199254740993), (NULL, NULL)`);
      const before = await rows();

      // One column, and the table without a key.
      const down = await surefoot.downgrade('aaaa1111', { keep: true });
      expect(down.failed).toBeNull();
      expect(down.losses.filter(({ kept }) => kept === undefined && down.losses.length > 0)).toEqual(
        down.losses.filter(({ count }) => count === 0),
      );
      const { kept } = await surefoot.kept();
      expect(kept.map(({ object, rows: n }) => [object, n]).sort()).toEqual(
        [
          ['plain', 2],
          ['user.api_token', 2],
          ['user.level', 3],
          ['user.order', 2],
          ['user.seen_at', 2],
        ].sort(),
      );
      const { findings } = await surefoot.check();
      expect(
        findings.filter(({ severity, code }) => severity !== 'information' && code !== 'history/pending'),
      ).toEqual([]);
      await connection.query(`UPDATE ${quote('user')} SET name = 'Ann' WHERE name = 'ann'`);
      await connection.query(`INSERT INTO ${quote('user')} (name) VALUES ('new')`);
      const up = await surefoot.upgrade();
      expect([up.failed, up.differences, up.restored?.length]).toEqual([null, [], 5]);
      const [team, user, plain] = await rows();
      expect([team, plain]).toEqual([before[0], before[2]]);
      expect(user?.slice(0, 3)).toEqual(
        before[1]?.map((row) => (row['name'] === 'ann' ? { ...row, name: 'Ann' } : row)),
      );
      expect(user?.[3]).toMatchObject({ name: 'new', api_token: null, level: 7 });
      expect((await surefoot.kept()).kept).toEqual([]);

      // Everything, tables with references and counters.
      const all = await rows();
      expect((await surefoot.downgrade('base', { keep: true })).failed).toBeNull();
      const back = await surefoot.upgrade();
      expect([back.failed, back.differences]).toEqual([null, []]);
      expect(await rows()).toEqual(all);
      await connection.query(`INSERT INTO ${quote('user')} (name) VALUES ('counted on')`);

      // Without it nothing is kept; what is dropped from the list is gone.
      await surefoot.downgrade('bbbb2222', { keep: true });
      expect((await surefoot.kept({ drop: 'all', olderThanDays: 1 })).dropped).toEqual([]);
      const { dropped, kept: left } = await surefoot.kept({ drop: 'all' });
      expect([dropped.map(({ object }) => object), left]).toEqual([['plain'], []]);
      await surefoot.upgrade();
      expect((await rows())[2]).toEqual([]);
      await surefoot.downgrade('aaaa1111', { keep: true });
      await surefoot.upgrade('heads', { keep: false });
      expect((await rows())[1]?.filter((row) => row['api_token'] !== null)).toEqual([]);
      expect((await surefoot.kept()).kept).toHaveLength(4);
      // What was not wanted back stays, and never overwrites what is newer.
      await connection.query(`UPDATE ${quote('user')} SET level = 99 WHERE name = 'bob'`);
      await surefoot.downgrade('bbbb2222', { keep: true });
      await surefoot.upgrade();
      const levels = (await rows())[1]?.map((row) => row['level']);
      expect([levels?.includes(99), levels?.includes(3)]).toEqual([true, false]);
      expect((await rows())[1]?.filter((row) => row['api_token'] !== null)).toEqual([]);
      // Of two, the one that was put aside last comes back.
      await surefoot.downgrade('aaaa1111', { keep: true });
      expect((await surefoot.kept()).kept.length).toBeGreaterThan(4);
      await surefoot.upgrade();
      expect((await rows())[1]?.map((row) => row['level'])).toEqual(levels);
      expect((await surefoot.kept()).kept).toHaveLength(4);
      await expect(surefoot.kept({ drop: ['nope'] })).rejects.toMatchObject({ code: 'kept/not-found' });
    } finally {
      await opened.close();
      await database.drop();
    }
  });
});
