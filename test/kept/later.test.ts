import { describe, expect, test } from 'vitest';
import { openSession } from '../../src/library/open.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import type { RevisionText } from '../support/revisions.ts';
import { testProject } from '../support/revisions.ts';
import { representatives, share } from '../support/share.ts';

// What was dropped comes back where later steps of the same run rename it, give it another type, or move its values on.

const revisions: readonly RevisionText[] = [
  {
    id: 'aaaa1111',
    up: `op.createTable('person', (t) => ({ id: t.integer().primaryKey(), name: t.varchar(40) }));`,
  },
  { id: 'bbbb2222', up: `op.addColumn('person', 'tel', t.varchar(20));` },
  {
    id: 'cccc3333',
    up: `op.renameColumn('person', 'tel', 'phone'); op.alterColumn('person', 'phone', { type: t.varchar(40) });`,
  },
  {
    id: 'dddd4444',
    up: `op.addColumn('person', 'full_name', t.varchar(40));
      op.backfill({ table: 'person', set: { full_name: 'name' }, inverse: 'nothing' });
      op.dropColumn('person', 'name', { erase: true });`,
    down: `op.addColumn('person', 'name', t.varchar(40));
      op.backfill({ table: 'person', set: { name: 'full_name' }, inverse: 'nothing' });
      op.dropColumn('person', 'full_name', { erase: true });`,
  },
];

const engines = selectedEngines().filter((engine) => engine !== 'pglite');

async function openStory(engine: (typeof engines)[number], ...texts: readonly RevisionText[]) {
  const project = testProject(...texts);
  const database = await freshDatabase(engine);
  const options = { url: database.url, projectFolder: project.folder };
  const opened = await openSession(options, project.folder);
  return {
    surefoot: project.surefoot(options),
    ask: async (sql: string) => (await opened.connection.query(sql)).rows.map((row) => ({ ...row })),
    [Symbol.asyncDispose]: async () => {
      await opened.close();
      await database.drop();
      project[Symbol.dispose]();
    },
  };
}

describe.each(representatives(engines))('%s', (engine) => {
  test('down step by step or at once, and up at once: every value back', { timeout: 240_000 }, async () => {
    await using story = await openStory(engine, ...revisions);
    const { surefoot, ask } = story;
    await surefoot.upgrade();
    await ask(`INSERT INTO person (id, phone, full_name) VALUES (1, '1', 'ann'), (2, NULL, 'bob')`);
    const rows = () => ask('SELECT id, phone, full_name FROM person ORDER BY id');
    const before = await rows();
    const all = [
      ['cccc3333', 'bbbb2222', 'aaaa1111', 'base'],
      ['base'],
      ['cccc3333', 'bbbb2222', 'aaaa1111'],
      ['bbbb2222', 'base'],
    ];
    for (const ways of share(all, all.slice(0, engine === 'sqlite' ? 2 : 1))) {
      for (const way of ways) expect((await surefoot.downgrade(way)).failed).toBeNull();
      const { failed, differences } = await surefoot.upgrade();
      expect([failed, differences]).toEqual([null, []]);
      expect(await rows(), ways.join()).toEqual(before);
      expect((await surefoot.kept()).kept).toEqual([]);
    }
  });

  const thorough = test.runIf(share(true, engine === 'sqlite'));
  thorough('what later steps drop again stays kept, as theirs', { timeout: 240_000 }, async () => {
    await using story = await openStory(
      engine,
      {
        id: 'aaaa1111',
        up: `op.createTable('person', (t) => ({ id: t.integer().primaryKey(), name: t.varchar(40) }));`,
      },
      { id: 'bbbb2222', up: `op.dropColumn('person', 'name');` },
      { id: 'cccc3333', up: `op.dropTable('person');` },
      { id: 'dddd4444', up: `op.createTable('person', (t) => ({ id: t.integer().primaryKey() }));` },
    );
    const { surefoot, ask } = story;
    const list = async () =>
      (await surefoot.kept()).kept.map(({ object, rows, revision }) => [object, rows, revision]);
    await surefoot.upgrade('aaaa1111');
    await ask(`INSERT INTO person VALUES (1, 'ann'), (2, NULL)`);
    await surefoot.downgrade('base');
    const up = await surefoot.upgrade('bbbb2222');
    expect(up.failed).toBeNull();
    expect(up.restored).toMatchObject([{ object: 'person', left: ['name'] }]);
    expect(await ask('SELECT * FROM person')).toEqual([{ id: 1 }, { id: 2 }]);
    expect(await list()).toEqual([['person.name', 1, 'bbbb2222']]);
    await surefoot.downgrade('aaaa1111');
    const rows = [
      { id: 1, name: 'ann' },
      { id: 2, name: null },
    ];
    expect(await ask('SELECT id, name FROM person ORDER BY id')).toEqual(rows);
    expect(await list()).toEqual([]);

    // Another table of the same name gets nothing of it.
    await surefoot.downgrade('base');
    expect((await surefoot.upgrade()).failed).toBeNull();
    expect(await ask('SELECT * FROM person')).toEqual([]);
    await ask('INSERT INTO person VALUES (3)');
    const stepByStep = async (last: string) => {
      for (const id of ['cccc3333', 'bbbb2222', last]) await surefoot.downgrade(id);
    };
    await stepByStep('aaaa1111');
    expect(await ask('SELECT id FROM person ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
    // Two steps took it away, a column and the rest: one of them gives it back, the other's stays in the list.
    expect(await list()).toContainEqual(['person', 2, 'cccc3333']);
    await surefoot.downgrade('base');
    expect((await surefoot.upgrade()).failed).toBeNull();
    expect(await ask('SELECT * FROM person')).toEqual([{ id: 3 }]);
    await stepByStep('aaaa1111');
    expect(await ask('SELECT id FROM person ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
  });

  thorough('a table beside that somebody dropped is told by name', { timeout: 60_000 }, async () => {
    await using story = await openStory(engine, ...revisions);
    const { surefoot, ask } = story;
    await surefoot.upgrade('bbbb2222');
    await ask(`INSERT INTO person VALUES (1, 'ann', '1')`);
    await surefoot.downgrade('aaaa1111');
    await ask('DROP TABLE surefoot_kept_1');
    const { failed } = await surefoot.upgrade();
    expect(failed).toMatchObject({ code: 'kept/not-restored', revision: 'cccc3333' });
    expect(failed?.message).toMatch(/^what was kept of person.tel cannot be put back: /);
    await surefoot.kept({ drop: ['surefoot_kept_1'] });
    expect((await surefoot.upgrade()).failed).toBeNull();
  });

  thorough('several of them stay in the list', { timeout: 120_000 }, async () => {
    await using story = await openStory(
      engine,
      {
        id: 'aaaa1111',
        up: `op.createTable('person', (t) => ({ id: t.integer().primaryKey(), a: t.varchar(9), b: t.varchar(9), c: t.varchar(9) }));`,
      },
      {
        id: 'bbbb2222',
        up: `op.dropColumn('person', 'a'); op.dropColumn('person', 'b'); op.dropColumn('person', 'c', { erase: true });`,
      },
    );
    const { surefoot, ask } = story;
    await surefoot.upgrade('aaaa1111');
    await ask(`INSERT INTO person VALUES (1, 'a', 'b', 'c')`);
    await surefoot.downgrade('base');
    expect((await surefoot.upgrade()).restored).toMatchObject([{ object: 'person', left: ['a', 'b'] }]);
    expect((await surefoot.kept()).kept).toMatchObject([{ object: 'person', rows: 1 }]);
    expect(await ask('SELECT a, b FROM surefoot_kept_1')).toEqual([{ a: 'a', b: 'b' }]);
  });
});
