// Names that a server lets only one object have: refused before the first statement, never in the middle of a run. Where
// Surefoot refuses, the server is asked, too; where it does not, the server has carried it out.

import { describe, expect, test } from 'vitest';
import { session } from '../runner/support.ts';
import { type Engine, freshDatabase, selectedEngines } from '../servers/index.ts';
import { refusal } from '../support/refusal.ts';
import { testProject } from '../support/revisions.ts';
import { representatives } from '../support/share.ts';

interface Clash {
  readonly title: string;
  /** Operations that give the name first, and again. */
  readonly first: string;
  readonly second: string;
  /** The second as a server's own statement. */
  readonly sql: string;
  /** Engines that share such names. */
  readonly sharedOn: readonly Engine[];
  /** What is named first, and what cannot be. */
  readonly holder: string;
  readonly object: string;
}

const tables = `
  for (const name of ['a', 'b'])
    op.createTable(name, { id: t.integer().primaryKey(), n: t.integer() });`;

const [postgres, mysql]: readonly (readonly Engine[])[] = [
  ['postgres18', 'postgres14', 'pglite'],
  ['mysql9', 'mariadb'],
] as const;
const all: readonly Engine[] = ['sqlite', ...(postgres ?? []), ...(mysql ?? [])];

const clashes: readonly Clash[] = [
  {
    title: 'two indexes',
    first: `op.createIndex('a', ['n'], { name: 'shared' });`,
    second: `op.createIndex('b', ['n'], { name: 'shared' });`,
    sql: 'CREATE INDEX shared ON b (n)',
    sharedOn: ['sqlite', ...(postgres ?? [])],
    holder: 'index shared of a',
    object: 'index shared of b',
  },
  {
    title: 'two indexes, one of raw SQL',
    first: `op.execute('CREATE INDEX shared ON a (n)', { inverse: [dialect === 'mysql' ? 'DROP INDEX shared ON a' : 'DROP INDEX shared'] });`,
    second: `op.createIndex('b', ['n'], { name: 'shared' });`,
    sql: 'CREATE INDEX shared ON b (n)',
    sharedOn: ['sqlite', ...(postgres ?? [])],
    holder: 'index shared of a',
    object: 'index shared of b',
  },
  {
    title: 'an index and a table',
    first: `op.createIndex('a', ['n'], { name: 'shared' });`,
    second: `op.createTable('shared', { id: t.integer() });`,
    sql: 'CREATE TABLE shared (id integer)',
    sharedOn: ['sqlite', ...(postgres ?? [])],
    holder: 'index shared of a',
    object: 'table shared',
  },
  {
    title: 'a table and a view',
    first: `op.createTable('shared', { id: t.integer() });`,
    second: `op.createView('shared', 'SELECT 1 AS x');`,
    sql: 'CREATE VIEW shared AS SELECT 1 AS x',
    sharedOn: all,
    holder: 'table shared',
    object: 'view shared',
  },
  {
    title: 'two foreign keys',
    first: `op.addForeignKey('a', ['n'], { table: 'b', columns: ['id'], name: 'shared' });`,
    second: `op.addForeignKey('b', ['n'], { table: 'a', columns: ['id'], name: 'shared' });`,
    sql: 'ALTER TABLE b ADD CONSTRAINT shared FOREIGN KEY (n) REFERENCES a (id)',
    sharedOn: mysql ?? [],
    holder: 'foreign-key shared of a',
    object: 'foreign-key shared of b',
  },
  {
    title: 'two checks',
    first: `op.addCheck('a', 'n > 0', { name: 'shared' });`,
    second: `op.addCheck('b', 'n > 0', { name: 'SHARED' });`,
    sql: 'ALTER TABLE b ADD CONSTRAINT SHARED CHECK (n > 0)',
    sharedOn: ['mysql9'],
    holder: 'check shared of a',
    object: 'check SHARED of b',
  },
];

const bodies: Readonly<Record<string, string>> = {
  sqlite: 'BEGIN SELECT 1; END',
  mysql9: 'SET NEW.n = 1',
  mariadb: 'SET NEW.n = 1',
};

describe.each(representatives(selectedEngines()))('%s', (engine) => {
  test.each(clashes)('$title', async ({ first, second, sql, sharedOn, holder, object }) => {
    const { url, drop } = await freshDatabase(engine);
    using project = testProject(
      { id: 'aaaa', up: `${tables}\n${first}` },
      { id: 'bbbb', up: `op.addColumn('a', 'more', t.integer());` },
      { id: 'cccc', up: second },
    );
    const surefoot = project.surefoot({ url });
    try {
      if (!sharedOn.includes(engine)) {
        expect((await surefoot.upgrade()).failed).toBeNull();
        return;
      }
      // At once, and from where the first is there.
      await refusal(surefoot.upgrade(), 'plan/name-taken');
      await surefoot.upgrade('aaaa');
      const connection = await session(url);
      const before = await surefoot.status();
      const { details } = await refusal(surefoot.upgrade(), 'plan/name-taken');
      const words = JSON.parse(JSON.stringify(details).replaceAll(' (n)', ''));
      expect(words).toEqual({ revision: 'cccc', object, holder });
      expect(await surefoot.status()).toEqual(before);
      await expect(connection.query(sql)).rejects.toThrow();
      await connection.close();
    } finally {
      await drop();
    }
  });

  test('a name that is given back may be given again', async () => {
    const { url, drop } = await freshDatabase(engine);
    const trigger = `op.createTrigger('t2', 'touched', 'CREATE TRIGGER touched BEFORE INSERT ON t2 FOR EACH ROW ${bodies[engine] ?? ''}');`;
    using project = testProject(
      {
        id: 'aaaa',
        up: `${tables}
          op.createIndex('a', ['n'], { name: 'shared' });
          op.createTable('t1', { id: t.integer().primaryKey(), n: t.integer() });
          ${bodies[engine] === undefined ? '' : trigger.replaceAll('t2', 't1')}`,
      },
      {
        id: 'bbbb',
        up: `
          op.dropIndex('a', 'shared');
          op.createIndex('b', ['n'], { name: 'shared' });
          op.renameTable('a', 'c');
          op.dropTable('t1');
          op.createTable('t2', { id: t.integer().primaryKey(), n: t.integer() });
          ${bodies[engine] === undefined ? '' : trigger}`,
      },
      {
        id: 'cccc',
        up: `
          op.dropColumn('b', 'n');
          op.createTable('a', { id: t.integer().primaryKey(), n: t.integer() });
          op.createIndex('c', ['n'], { name: 'shared' });`,
      },
    );
    const surefoot = project.surefoot({ url });
    try {
      expect((await surefoot.upgrade()).failed).toBeNull();
      expect((await surefoot.downgrade('base')).failed).toBeNull();
    } finally {
      await drop();
    }
  });

  test('a name that Surefoot gives is free', async () => {
    const { url, drop } = await freshDatabase(engine);
    const user = `op.createTable('user', {
      id: t.integer().primaryKey(),
      role_id: t.integer().references('role', 'id'),
      code: t.integer().unique(),
    });`;
    using project = testProject(
      {
        id: 'aaaa',
        up: `
          op.createTable('role', { id: t.integer().primaryKey() });
          ${user}
          op.createIndex('user', ['role_id']);
          op.createTable('user_role', { id: t.integer().primaryKey(), n: t.integer() });
          op.createIndex('user_role', ['id']);`,
      },
      {
        id: 'bbbb',
        up: `op.renameTable('user', 'former_user');\n${user}\nop.createIndex('user', ['role_id']);`,
      },
      {
        id: 'cccc',
        up: `op.dropIndex('user', { columns: ['role_id'] }); op.dropUnique('user', { columns: ['code'] });`,
      },
    );
    const surefoot = project.surefoot({ url });
    const clean = async () => expect((await surefoot.check()).findings).toEqual([]);
    try {
      expect((await surefoot.upgrade()).failed).toBeNull();
      await clean();
      expect((await surefoot.downgrade('aaaa')).failed).toBeNull();
      expect((await surefoot.downgrade('base')).failed).toBeNull();
      expect((await surefoot.upgrade('bbbb')).failed).toBeNull();
      expect((await surefoot.upgrade()).failed).toBeNull();
      await clean();
    } finally {
      await drop();
    }
  });
});
