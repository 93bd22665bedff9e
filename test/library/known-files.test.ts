// With nothing to do, the files are looked at and not read: whatever was changed is noticed all the same.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openDatabase } from '../../src/config/choose-dialect.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import { refusal } from '../support/refusal.ts';
import { testProject } from '../support/revisions.ts';
import { representatives } from '../support/share.ts';

beforeEach(() => {
  // Files settle in a few seconds, which nobody wants to wait for.
  const clock = Date.now;
  vi.spyOn(Date, 'now').mockImplementation(() => clock() + 60_000);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** The clock of a file system ticks every few milliseconds. */
const tick = () => sleep(20);

async function byHand(url: string, statement: string): Promise<void> {
  const { database } = await openDatabase({ url });
  try {
    await (await database.connect()).query(statement);
  } finally {
    await database.close();
  }
}

test.each(representatives(selectedEngines()))('%s', async (engine) => {
  using project = testProject({
    id: 'aaaa1111',
    up: `op.createTable('item', { id: t.integer().primaryKey() });`,
  });
  const database = await freshDatabase(engine);
  const upgrade = () => project.surefoot({ url: database.url }).upgrade();
  try {
    await upgrade();
    const idle = { finished: [], heads: ['aaaa1111'], differences: [], extras: [] };
    for (let i = 0; i < 3; i++) expect(await upgrade()).toMatchObject(idle);
    expect(existsSync(join(project.folder, '.surefoot/cache/nothing-pending.json'))).toBe(true);
    await tick();
    project.write({ id: 'bbbb2222', up: `op.addColumn('item', 'n', t.integer().nullable());` });
    expect(await upgrade()).toMatchObject({ finished: [{ revision: 'bbbb2222' }], heads: ['bbbb2222'] });
    for (let i = 0; i < 2; i++) expect(await upgrade()).toMatchObject({ finished: [] });

    await byHand(database.url, 'CREATE TABLE by_hand (id integer)');
    const { extras } = await upgrade();
    expect(extras.map(({ object }) => object)).toContain('table by_hand');

    await tick();
    const folder = join(project.folder, 'migrations');
    const file = join(folder, readdirSync(folder).find((name) => name.includes('bbbb2222')) ?? '');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('bbbb2222', 'cccc3333'));
    await refusal(upgrade(), 'version/unknown-revision');
  } finally {
    await database.drop();
  }
});

test('the first half of a revision says nothing of the second', async () => {
  using project = testProject(
    { id: 'aaaa1111', up: `op.createTable('item', { id: t.integer().primaryKey(), old: t.integer() });` },
    {
      id: 'bbbb2222',
      up: `op.addColumn('item', 'n', t.integer().nullable());`,
      more: `contract: { upgrade(op) { op.dropColumn('item', 'old'); }, downgrade: 'auto' },`,
    },
  );
  const surefoot = () => project.surefoot({ url: `sqlite:${join(project.folder, 'dev.db')}` });
  for (let i = 0; i < 3; i++) await surefoot().upgrade('heads', { phase: 'expand' });
  const finished = [{ revision: 'bbbb2222c' }];
  expect(await surefoot().upgrade('heads', { phase: 'contract' })).toMatchObject({ finished });
});
