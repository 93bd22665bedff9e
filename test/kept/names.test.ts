import { describe, expect, test } from 'vitest';
import { openSession } from '../../src/library/open.ts';
import type { Engine } from '../servers/index.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import type { RevisionText } from '../support/revisions.ts';
import { testProject } from '../support/revisions.ts';
import { representatives } from '../support/share.ts';

// A table that is put aside by another name leaves nothing behind under the names that it had, and holds nobody.

const isMysql = (engine: Engine) => engine === 'mysql9' || engine === 'mariadb';

const trigger = (engine: Engine): string =>
  isMysql(engine)
    ? `op.createTrigger('a $kept$ "b', 'touch', 'CREATE TRIGGER touch BEFORE UPDATE ON \`a $kept$ "b\` FOR EACH ROW SET NEW.n = OLD.n');`
    : `op.createFunction('touch', 'CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$', { signature: '' });
      op.createTrigger('a $kept$ "b', 'touch', 'CREATE TRIGGER touch BEFORE UPDATE ON "a $kept$ ""b" FOR EACH ROW EXECUTE FUNCTION touch()');
      op.execute('CREATE STATISTICS st ON n, m FROM "a $kept$ ""b"', { inverse: 'SELECT 1', effect: 'none' });
      op.execute('CREATE POLICY mine ON "a $kept$ ""b" USING (n > 0)', { inverse: 'SELECT 1', effect: 'none' });`;

const serial = (engine: Engine) => (isMysql(engine) ? 't.integer()' : `t.native('serial')`);

const revisionsFor = (engine: Engine): readonly RevisionText[] => [
  { id: 'aaaa1111', up: `op.createTable('parent', (t) => ({ id: t.integer().primaryKey() }));` },
  {
    id: 'bbbb2222',
    up: `op.createTable('a $kept$ "b', (t) => ({
        id: t.integer().identity().primaryKey(), parent_id: t.integer().references('parent', 'id'), next_id: t.integer(),
        n: t.integer().default(3), m: ${serial(engine)}, twice: t.bigint().generatedAs('n * 2'),
      }), { uniques: [{ name: 'uq', columns: ['n', 'm'] }], checks: [{ name: 'ck', sql: 'n > 0' }],
        indexes: [{ name: 'ix', columns: ['m'] }],
        foreignKeys: [{ name: 'fk_self', columns: ['next_id'], references: { table: 'a $kept$ "b', columns: ['id'] } }] });
      ${trigger(engine)}`,
    down: `op.dropTable('a $kept$ "b'); ${isMysql(engine) ? '' : `op.dropFunction('touch', '');`}`,
  },
];

const engines = selectedEngines().filter((engine) => engine !== 'pglite' && engine !== 'sqlite');

describe.each(representatives(engines))('%s', (engine) => {
  test('the same table is made again beside the one that is kept', { timeout: 240_000 }, async () => {
    using project = testProject(...revisionsFor(engine));
    const database = await freshDatabase(engine);
    const options = { url: database.url, projectFolder: project.folder };
    // However large it is.
    const surefoot = project.surefoot({ ...options, keep: { maxRows: 1 } });
    const opened = await openSession(options, project.folder);
    const { connection, dialect } = opened;
    const ask = async (sql: string) => (await connection.query(sql)).rows.map((row) => ({ ...row }));
    const table = dialect.quote('a $kept$ "b');
    const all = async () => await ask(`SELECT * FROM ${table} ORDER BY id`);
    try {
      await surefoot.upgrade();
      await ask('INSERT INTO parent VALUES (1), (2)');
      await ask(`INSERT INTO ${table} (parent_id, n, m) VALUES (1, 1, 1), (2, 2, 2), (NULL, 3, 3)`);
      await ask(`UPDATE ${table} SET next_id = 4 - id`);
      const before = await all();
      const schema = await surefoot.dump();
      expect((await surefoot.downgrade('aaaa1111')).failed).toBeNull();
      expect((await surefoot.kept()).kept).toMatchObject([{ kind: 'table', rows: 3 }]);
      // Nobody refers to the parent any more.
      await ask('DELETE FROM parent WHERE id = 1');
      await ask('INSERT INTO parent VALUES (1)');
      // Without what is kept: every name is free.
      expect(await surefoot.upgrade('heads', { keep: false })).toMatchObject({
        failed: null,
        differences: [],
      });
      expect(await surefoot.dump()).toBe(schema);
      expect(await all()).toEqual([]);
      expect((await surefoot.kept({ drop: 'all' })).dropped).toMatchObject([{ rows: 3 }]);
      expect(await surefoot.dump()).toBe(schema);
      // And with it.
      await ask(`INSERT INTO ${table} (parent_id, n, m) VALUES (1, 1, 1), (2, 2, 2), (NULL, 3, 3)`);
      await ask(`UPDATE ${table} SET next_id = (4 - id)`);
      await surefoot.downgrade('aaaa1111');
      expect(await surefoot.upgrade()).toMatchObject({ failed: null, differences: [] });
      expect(await surefoot.dump()).toBe(schema);
      expect(await all()).toEqual(before);
    } finally {
      await opened.close();
      await database.drop();
    }
  });

  test('what depends on a table stops its end, as ever', { timeout: 240_000 }, async () => {
    using project = testProject(
      { id: 'aaaa1111', up: '' },
      { id: 'bbbb2222', up: `op.createTable('lone', (t) => ({ id: t.integer().primaryKey() }));` },
    );
    const database = await freshDatabase(engine);
    const opened = await openSession({ url: database.url }, project.folder);
    const ask = async (sql: string) => (await opened.connection.query(sql)).rows;
    const surefoot = project.surefoot({ url: database.url });
    // Somebody makes it when the plan is made already.
    const refer = 'CREATE TABLE child (lone_id integer, FOREIGN KEY (lone_id) REFERENCES lone (id))';
    const late = project.surefoot({
      url: database.url,
      hooks: { beforeStep: async () => void (await ask(refer)) },
    });
    try {
      await surefoot.upgrade();
      await ask('INSERT INTO lone VALUES (1)');
      expect((await late.downgrade('-1')).failed).toMatchObject({
        code: isMysql(engine) ? 'plan/stale' : 'database/query-failed',
      });
      expect((await surefoot.kept()).kept).toEqual([]);
      expect(await ask('SELECT * FROM lone')).toHaveLength(1);
      await ask('DROP TABLE child');
      expect((await surefoot.downgrade('-1')).failed).toBeNull();
      expect((await surefoot.kept()).kept).toMatchObject([{ object: 'lone', rows: 1 }]);
    } finally {
      await opened.close();
      await database.drop();
    }
  });
});
