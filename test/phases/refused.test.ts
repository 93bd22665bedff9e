// What is wrong with a change in two halves is said before anything is touched.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSurefoot } from '../../src/library/surefoot.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import { refusal } from '../support/refusal.ts';
import { testProject } from '../support/revisions.ts';
import { share } from '../support/share.ts';

const able = selectedEngines().filter((one) => ['postgres18', 'mysql9', 'mariadb'].includes(one));
const engines = share(able, []);

const before = {
  id: 'aaaa',
  up: `op.createTable('item', (t) => ({ id: t.integer().primaryKey(), a: t.integer() }));
    if (dialect === 'postgres') {
      op.createFunction('dual_item_b', "CREATE FUNCTION dual_item_b() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'");
      op.createTrigger('item', 'dual_item_b', 'CREATE TRIGGER dual_item_b BEFORE INSERT ON item FOR EACH ROW EXECUTE FUNCTION dual_item_b()');
    } else op.createTrigger('item', 'dual_item_b_ins', 'CREATE TRIGGER dual_item_b_ins BEFORE INSERT ON item FOR EACH ROW SET NEW.a = 1');`,
};
const dual = (more: string) => ({
  id: 'bbbb',
  up: `op.createTable('first', (t) => ({ id: t.integer().primaryKey() }));
    op.addColumn('item', 'b', t.integer());
    op.dualWrite({ table: 'item', from: 'a', to: 'b'${more} });`,
});

test.each(engines)('%s: a trigger of that name is there already', async (engine) => {
  const { url, drop } = await freshDatabase(engine);
  try {
    using project = testProject(before);
    const surefoot = () => createSurefoot({ url, projectFolder: project.folder });
    await surefoot().upgrade();
    project.write(dual(''));
    const error = await refusal(surefoot().upgrade(), 'plan/conflict');
    expect(error.message).toContain('dual_item_b');
    expect((await surefoot().current()).heads).toEqual(['aaaa']);
    // Another name is all that it takes.
    project.remove('migrations/20240101000002_bbbb_x.ts');
    project.write({ ...dual(", name: 'other'"), revises: 'aaaa' });
    expect(await surefoot().upgrade()).toMatchObject({ failed: null, differences: [] });
  } finally {
    await drop();
  }
});

test.each(engines)('%s: a backfill of a table without a key', async (engine) => {
  const { url, drop } = await freshDatabase(engine);
  try {
    using project = testProject({ id: 'aaaa', up: `op.createTable('item', { a: t.integer() });` });
    const surefoot = () => createSurefoot({ url, projectFolder: project.folder });
    await surefoot().upgrade();
    project.write({
      id: 'bbbb',
      up: `op.createTable('first', { id: t.integer().primaryKey() });
        op.backfill({ table: 'item', set: { a: '1' }, inverse: 'nothing' });`,
    });
    const error = await refusal(surefoot().upgrade(), 'operation/no-key');
    expect(error.message).toContain('item');
    expect((await surefoot().current()).heads).toEqual(['aaaa']);
  } finally {
    await drop();
  }
});

test('on SQLite there is no --online for another name or type: nothing is written', async () => {
  using project = testProject({
    id: 'aaaa',
    up: `op.createTable('item', { id: t.integer().primaryKey(), a: t.integer() });`,
  });
  project.writeFile(
    'schema.ts',
    `import { defineSchema, table } from 'surefoot';
export default defineSchema({ tables: { item: table((t) => ({ id: t.integer().primaryKey(), b: t.integer() })) } });`,
  );
  const surefoot = createSurefoot({
    url: 'sqlite::memory:',
    projectFolder: project.folder,
    models: './schema.ts',
  });
  const error = await refusal(
    surefoot.autogenerate({ message: 'x', online: true, rename: ['item.a:b'], noRenames: true }),
    'autogenerate/not-online',
  );
  expect(error.message).toMatch(
    /item\.a cannot be changed while the release before runs: a trigger of this database/,
  );
  expect(readdirSync(join(project.folder, 'migrations'))).toHaveLength(1);
});
