// A downgrade after the code is gone: the journal keeps the way back as it was when the revision ran.

import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type FreshDatabase, freshDatabase, selectedEngines } from '../servers/index.ts';
import { refusal } from '../support/refusal.ts';
import type { RevisionText, TestProject } from '../support/revisions.ts';
import { testProject } from '../support/revisions.ts';
import { representatives } from '../support/share.ts';

const chain: readonly RevisionText[] = [
  {
    id: 'aaaa1111',
    up: `op.createTable('item', { id: t.integer().primaryKey(), name: t.varchar(20), old: t.varchar(9).nullable() });`,
  },
  {
    id: 'bbbb2222',
    message: 'a column goes, a table comes',
    up: `op.dropColumn('item', 'old');
      op.createTable('note', { id: t.integer().primaryKey(), text: t.varchar(40) });
      op.insertRows('note', [{ id: 1, text: "it's" }]);`,
  },
  {
    id: 'cccc3333',
    up: `op.addColumn('item', 'n', t.integer().default(4));
      op.createIndex('item', ['n'], { name: 'ix_n' });`,
  },
];

/** What it does is learned on a scratch database, which takes its time. */
const rawSql: RevisionText = {
  id: 'eeee5555',
  up: `op.execute('CREATE TABLE raw_one (id integer NOT NULL PRIMARY KEY)', { inverse: 'DROP TABLE raw_one' });`,
};

const engines = representatives(selectedEngines());

/** Removes the file of a revision. */
function removeFile(project: TestProject, id: string): void {
  const folder = join(project.folder, 'migrations');
  for (const name of readdirSync(folder)) if (name.includes(id)) rmSync(join(folder, name));
}

async function onFresh(engine: (typeof engines)[number], work: (database: FreshDatabase) => Promise<void>) {
  const database = await freshDatabase(engine);
  try {
    await work(database);
  } finally {
    await database.drop();
  }
}

describe.each(engines)('%s', (engine) => {
  test('the newest files are gone: what ran is taken back, and verified', async () => {
    using project = testProject(...chain, rawSql);
    await onFresh(engine, async ({ url }) => {
      const surefoot = project.surefoot({ url });
      await surefoot.upgrade('aaaa1111');
      const before = await surefoot.dump();
      await surefoot.upgrade();
      for (const { id } of [...chain.slice(1), rawSql]) removeFile(project, id);
      const later = project.surefoot({ url });
      expect((await refusal(later.upgrade(), 'version/unknown-revision')).hint).toContain(
        'surefoot downgrade',
      );
      const plan = await later.plan('-1', { direction: 'downgrade' });
      expect(plan).toMatchObject({ remembered: ['eeee5555'], heads: { after: ['cccc3333'] } });
      const result = await later.downgrade('aaaa1111');
      expect(result).toMatchObject({
        failed: null,
        differences: [],
        heads: ['aaaa1111'],
        remembered: ['eeee5555', 'cccc3333', 'bbbb2222'],
      });
      expect(await later.dump()).toBe(before);
      expect(await later.upgrade()).toMatchObject({ heads: ['aaaa1111'], differences: [] });
    });
  });

  test('no file is left at all', async () => {
    using project = testProject(...chain);
    await onFresh(engine, async ({ url }) => {
      await project.surefoot({ url }).upgrade();
      for (const { id } of chain) removeFile(project, id);
      const result = await project.surefoot({ url }).downgrade('base');
      expect(result).toMatchObject({ failed: null, differences: [], extras: [], heads: [] });
      expect(result.remembered).toHaveLength(3);
    });
  });

  test('a file in the middle is gone, and the next one was edited', async () => {
    using project = testProject(...chain);
    await onFresh(engine, async ({ url }) => {
      const surefoot = project.surefoot({ url });
      await surefoot.upgrade('aaaa1111');
      const before = await surefoot.dump();
      await surefoot.upgrade();
      removeFile(project, 'bbbb2222');
      removeFile(project, 'cccc3333');
      project.write({ id: 'cccc3333', revises: 'bbbb2222', up: `op.addColumn('item', 'n', t.text());` });
      const later = project.surefoot({ url });
      expect(await later.downgrade('aaaa1111')).toMatchObject({
        failed: null,
        differences: [],
        heads: ['aaaa1111'],
        remembered: ['cccc3333', 'bbbb2222'],
      });
      expect(await later.dump()).toBe(before);
    });
  });

  test('a way back that is code refuses, and nothing is touched', async () => {
    using project = testProject(chain[0] ?? { id: 'x', up: '' }, {
      id: 'dddd4444',
      up: `op.addColumn('item', 'n', t.integer().nullable());
        op.run(async () => {}, { inverse: async () => {} });`,
    });
    await onFresh(engine, async ({ url }) => {
      const surefoot = project.surefoot({ url });
      await surefoot.upgrade();
      const before = await surefoot.dump();
      removeFile(project, 'dddd4444');
      const later = project.surefoot({ url });
      expect((await refusal(later.downgrade(), 'revision/irreversible')).message).toContain(
        'data step in TypeScript',
      );
      expect(await later.dump()).toBe(before);
    });
  });
});
