import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Surefoot } from '../../src/library/api.ts';
import { createSurefoot } from '../../src/library/surefoot.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import type { TestProject } from '../support/revisions.ts';
import { testProject } from '../support/revisions.ts';

const todobox = join(import.meta.dirname, '../../examples/todobox');

/** One revision of each thing that families do differently, with names that need every care. */
function everything(): TestProject {
  const odd = `{ namespace: null, name: 'o\\'h "x" \`y\` .z' }`;
  return testProject(
    {
      id: 'a001',
      up: `op.createEnum('mood', ['sad', 'ok']);
        op.createTable('author', { id: t.integer().identity().primaryKey(), name: t.varchar(50).notNull().unique(), mood: t.enum('mood', ['sad', 'ok']) }, { comment: 'who writes' });
        op.createTable('book', {
          id: t.integer().identity().primaryKey(),
          author_id: t.integer().references('author', 'id', { onDelete: 'cascade' }),
          title: t.varchar(100).notNull().default('it\\'s'),
          price: t.numeric(10, 2).default(1.5),
          pages: t.integer().check('pages > 0', 'ck_pages'),
          active: t.boolean().notNull().default(true),
          created: t.timestamp().default(sql('CURRENT_TIMESTAMP')),
          body: t.text(), data: t.json(), raw: t.binary(), at: t.timestamptz(), key: t.uuid(), ratio: t.double(),
        });`,
    },
    {
      id: 'a002',
      up: `op.createTable(${odd}, Object.fromEntries([['sel"ect', t.integer().primaryKey()], ['größe \`q\`', t.varchar(10)]]));
        op.createIndex(${odd}, ['größe \`q\`'], { name: 'ix "odd" \`one\`' });`,
    },
    {
      id: 'a003',
      up: `op.insertRows('author', [{ id: 1, name: 'O\\'Brien "Q" \\\\ x', mood: 'ok' }, { id: 2, name: 'b', mood: null }]);
        op.insertRows('book', [{ id: 1, author_id: 1, title: 't', price: 2.25, pages: 3, active: false, data: { json: { a: [1, null, 'x'] } }, raw: { hex: '00ff' } }]);`,
    },
    {
      id: 'a004',
      up: `op.addEnumValue('mood', 'good', { after: 'ok' });`,
      down: `/* a value stays */`,
    },
    {
      id: 'a005',
      up: `op.alterColumn('book', 'title', { type: t.varchar(200) });
        op.alterColumn('book', 'pages', { nullable: false });
        op.renameColumn('book', 'body', 'content');
        op.dropColumn('book', 'ratio');
        op.createIndex('book', ['title', { column: 'price', descending: true }]);
        op.addUnique('book', ['author_id', 'title']);
        op.renameTable('book', 'volume');`,
    },
    { id: 'a006', up: `op.createView('cheap', 'SELECT id, title FROM volume WHERE price < 5');` },
  );
}

async function rows(surefoot: { readonly url: string }, sql: string): Promise<readonly unknown[]> {
  const { openDatabase } = await import('../../src/config/choose-dialect.ts');
  const { database } = await openDatabase({ url: surefoot.url });
  const connection = await database.connect();
  try {
    return (await connection.query(sql)).rows;
  } finally {
    await connection.close();
    await database.close();
  }
}

describe.each(selectedEngines())('%s', (engine) => {
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  beforeAll(async () => {
    database = await freshDatabase(engine);
  });
  afterAll(() => database.drop());

  const upDownUp = async (surefoot: Surefoot) => {
    const up = await surefoot.upgrade();
    expect(up).toMatchObject({ failed: null, differences: [], extras: [], remaining: [] });
    expect((await surefoot.upgrade()).finished).toEqual([]);
    return up;
  };

  test('the todobox chain: up, nothing to do, down, up again', async () => {
    using project = testProject();
    cpSync(join(todobox, 'migrations'), join(project.folder, 'migrations'), { recursive: true });
    const surefoot = createSurefoot({ url: database.url, projectFolder: project.folder });
    const up = await upDownUp(surefoot);
    expect(up.finished).toHaveLength(5);
    expect(await surefoot.downgrade('base')).toMatchObject({
      failed: null,
      differences: [],
      extras: [],
      heads: [],
    });
    await upDownUp(surefoot);
    expect(await surefoot.downgrade('base')).toMatchObject({ failed: null, differences: [] });
  });

  test('every kind of object, and rows: up, down to base, up again', async () => {
    using project = everything();
    const surefoot = project.surefoot({ url: database.url });
    await upDownUp(surefoot);
    expect(await rows(database, 'SELECT id, title FROM cheap')).toEqual([{ id: 1, title: 't' }]);
    const [name] = await rows(database, 'SELECT name FROM author WHERE id = 1');
    expect(name).toEqual({ name: `O'Brien "Q" \\ x` });
    expect(await surefoot.downgrade('base')).toMatchObject({ failed: null, differences: [], extras: [] });
    await upDownUp(surefoot);
    const events = (await surefoot.log()).filter(
      ({ event, revision }) => event === 'moved' && revision?.startsWith('a0'),
    );
    expect(events).toHaveLength(18);
    await surefoot.dropAll();
    expect((await surefoot.current()).heads).toEqual([]);
    expect(await surefoot.upgrade()).toMatchObject({ failed: null, differences: [], extras: [] });
  });
});
