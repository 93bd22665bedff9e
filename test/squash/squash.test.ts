// One revision in place of many: proved, written, and what becomes of databases that stand in its midst.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Surefoot } from '../../src/library/api.ts';
import type { Engine } from '../servers/index.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import type { RevisionText, TestProject } from '../support/revisions.ts';
import { testProject } from '../support/revisions.ts';
import { representatives, share } from '../support/share.ts';

const chain: readonly RevisionText[] = [
  {
    id: 'aaaa1111',
    message: 'create person',
    up: `op.createTable('person', (t) => ({ id: t.integer().primaryKey(), name: t.varchar(60) }));`,
  },
  { id: 'bbbb2222', message: 'mail', up: `op.addColumn('person', 'mail', t.varchar(120));` },
  { id: 'cccc3333', message: 'index', up: `op.createIndex('person', ['mail'], { unique: true });` },
  {
    id: 'dddd4444',
    message: 'pet',
    up: `op.createTable('pet', (t) => ({ id: t.integer().primaryKey(), owner: t.integer().references('person', 'id') }));
    op.dropColumn('person', 'name');`,
  },
  { id: 'eeee5555', message: 'after', up: `op.addColumn('pet', 'name', t.varchar(40));` },
];

const files = (project: TestProject, folder = ''): readonly string[] =>
  readdirSync(join(project.folder, 'migrations', folder))
    .filter((name) => /\.(ts|sql)$/.test(name))
    .map((name) => name.replace(/^\d{14}_/, '').replace(/_.*$/, ''))
    .sort();

/** The heads are reached, and nothing is said against it. */
async function expectClean(surefoot: Surefoot, heads: readonly string[]): Promise<void> {
  const { heads: recorded, pending } = await surefoot.current();
  expect({ recorded, pending }).toEqual({ recorded: heads, pending: [] });
  expect((await surefoot.check()).findings).toEqual([]);
}

describe.each(representatives(selectedEngines()))('%s', (engine: Engine) => {
  test('databases at every revision of the range come to the heads', async () => {
    using project = testProject(...chain);
    const databases = [];
    // On servers, those on both sides of the edge; the others where the long proof is asked for.
    const few = [null, 'cccc3333'];
    const places = [null, 'aaaa1111', 'bbbb2222', 'cccc3333', 'dddd4444', 'eeee5555'];
    for (const at of places.filter((one) => engine === 'sqlite' || share(1, 0) === 1 || few.includes(one))) {
      const database = await freshDatabase(engine);
      const surefoot = project.surefoot({ url: database.url });
      if (at !== null) await surefoot.upgrade(at);
      databases.push({ at, database });
    }
    const [first] = databases;
    const result = await project
      .surefoot({ url: first?.database.url })
      .squash({ range: 'bbbb2222:dddd4444' });
    expect(result).toMatchObject({
      id: 'dddd4444',
      replaces: ['bbbb2222', 'cccc3333'],
      way: 'combined',
      proof: { downgrade: 'same' },
    });
    expect(files(project)).toEqual(['aaaa1111', 'dddd4444', 'eeee5555']);
    expect(files(project, 'squashed')).toEqual(['bbbb2222', 'cccc3333', 'dddd4444']);
    for (const { at, database } of databases) {
      const surefoot = project.surefoot({ url: database.url });
      const inside = at === 'bbbb2222' || at === 'cccc3333';
      const { pending } = await surefoot.status();
      const wanted = chain.map(({ id }) => id).filter((id) => at === null || id > at);
      const seen = inside ? wanted : wanted.filter((id) => id !== 'bbbb2222' && id !== 'cccc3333');
      expect({ at, pending }).toEqual({ at, pending: seen });
      if (inside) {
        const history = await surefoot.history();
        expect(history.find(({ id }) => id === at)?.applied).toBe(true);
        const codes = (await surefoot.check()).findings.map(({ code }) => code);
        expect([...new Set(codes)]).toEqual(['history/pending']);
      }
      const run = await surefoot.upgrade();
      expect(run).toMatchObject({ failed: null, differences: [], extras: [] });
      expect(run.finished.map(({ revision }) => revision)).toEqual(seen);
      await expectClean(surefoot, ['eeee5555']);
      if (at !== 'cccc3333') continue;
      await surefoot.downgrade('aaaa1111');
      expect((await surefoot.current()).heads).toEqual(['aaaa1111']);
      await surefoot.upgrade();
      await expectClean(surefoot, ['eeee5555']);
    }
    for (const { database } of databases) await database.drop();
  }, 400_000);
});
