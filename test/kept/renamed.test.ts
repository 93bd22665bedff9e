import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { selectedEngines } from '../servers/index.ts';
import { testProject } from '../support/revisions.ts';

const onSqlite = test.runIf(selectedEngines().includes('sqlite'));

onSqlite(
  'what got another name on the way comes back under its own; the same name is not the same thing',
  async () => {
    using project = testProject(
      {
        id: 'aaaa1111',
        up: `op.createTable('people', (t) => ({ id: t.integer().primaryKey() }));
        op.addColumn('people', 'tel', t.varchar(20)); op.createTable('pet', (t) => ({ id: t.integer().primaryKey() }));`,
      },
      {
        id: 'bbbb2222',
        up: `op.renameTable('people', 'user'); op.renameColumn('user', 'tel', 'phone'); op.renameTable('pet', 'animal');
        op.alterColumn('user', 'phone', { type: t.varchar(40) });`,
      },
      { id: 'dddd4444', up: `op.dropColumn('user', 'phone');` },
      { id: 'eeee5555', up: `op.addColumn('user', 'phone', t.varchar(40));` },
    );
    const file = `${project.folder}/app.db`;
    const surefoot = project.surefoot({ url: `sqlite:${file}` });
    const ask = (sql: string) => {
      const db = new DatabaseSync(file);
      try {
        return db.prepare(sql).all();
      } finally {
        db.close();
      }
    };
    await surefoot.upgrade('bbbb2222');
    ask(`INSERT INTO "user" VALUES (1, '1')`);
    ask('INSERT INTO animal VALUES (1)');
    expect((await surefoot.downgrade('base')).losses).toMatchObject([
      { subject: 'rows of animal', kept: 'surefoot_kept_1' },
      { subject: 'values of user.phone', kept: 'surefoot_kept_2' },
      { subject: 'rows of user', kept: 'surefoot_kept_3' },
    ]);
    expect((await surefoot.upgrade('bbbb2222')).failed).toBeNull();
    expect(ask('SELECT * FROM "user"')).toMatchObject([{ id: 1, phone: '1' }]);
    expect(ask('SELECT * FROM animal')).toMatchObject([{ id: 1 }]);
    // Another revision makes another column.
    await surefoot.upgrade('dddd4444');
    expect((await surefoot.upgrade()).restored).toBeUndefined();
    expect(ask('SELECT * FROM "user"')).toMatchObject([{ id: 1, phone: null }]);
    ask(`UPDATE "user" SET phone = '2'`);
    await surefoot.downgrade('dddd4444');
    await surefoot.downgrade('bbbb2222');
    expect(ask('SELECT * FROM "user"')).toMatchObject([{ id: 1, phone: '1' }]);
    // Each of the two has its own.
    await surefoot.upgrade('dddd4444');
    await surefoot.upgrade();
    expect(ask('SELECT * FROM "user"')).toMatchObject([{ id: 1, phone: '2' }]);
  },
);

onSqlite('a table of the user’s that is called like one beside stays', async () => {
  using project = testProject(
    {
      id: 'aaaa1111',
      up: `op.createTable('user', (t) => ({ id: t.integer().primaryKey(), phone: t.text() }));`,
    },
    { id: 'bbbb2222', up: `op.dropColumn('user', 'phone');` },
  );
  const file = `${project.folder}/app.db`;
  const surefoot = project.surefoot({ url: `sqlite:${file}` });
  await surefoot.upgrade('aaaa1111');
  const db = new DatabaseSync(file);
  db.exec(`INSERT INTO "user" VALUES (1, '1'); CREATE TABLE surefoot_kept_7 (mine); INSERT INTO surefoot_kept_7 VALUES ('x');
    CREATE TABLE surefoot_keptsake (mine)`);
  expect((await surefoot.upgrade()).losses).toMatchObject([{ kept: 'surefoot_kept_8' }]);
  expect((await surefoot.kept({ drop: 'all' })).dropped).toMatchObject([{ id: 'surefoot_kept_8' }]);
  expect(db.prepare('SELECT * FROM surefoot_kept_7').all()).toMatchObject([{ mine: 'x' }]);
  db.close();
  // What only begins like them is a table like any other.
  expect((await surefoot.check()).findings.map(({ code }) => code)).toEqual(['drift/extra-table']);
});
