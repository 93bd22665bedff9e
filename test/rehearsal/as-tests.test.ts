// Revisions of a project, rehearsed as tests of that project.

import { expect, test } from 'vitest';
import { rehearse } from '../../src/testing.ts';
import { testProject } from '../support/revisions.ts';

const create = {
  id: 'aaaa1111',
  message: 'create',
  up: `op.createTable('a', (t) => ({ id: t.integer().primaryKey() }));`,
};
const broken = {
  id: 'bbbb2222',
  message: 'stops',
  up: `op.addColumn('a', 'x', t.integer());`,
  down: `op.dropColumn('a', 'y');`,
};

test('what was not reached has not passed', async () => {
  const stops = { ...broken, up: `op.createIndex('a', ['nothing']);` };
  using project = testProject(create, stops, { id: 'cccc3333', message: 'after', up: '' });
  const { folder: projectFolder } = project;
  const declared = new Map<string, (context?: unknown) => Promise<void>>();
  await rehearse({ test: (name, run) => declared.set(name, run), url: 'sqlite::memory:', projectFolder });
  const after = declared.get('rehearsal of cccc3333 after');
  const notes: string[] = [];
  await after?.({ skip: (note: string) => notes.push(note) });
  expect(notes).toEqual(['not reached: the upgrade of bbbb2222 stops']);
  await expect(after?.()).rejects.toMatchObject({ code: 'rehearsal/failed' });

  const behind = new Map<string, (context?: unknown) => Promise<void>>();
  const range = 'cccc3333:heads';
  await rehearse({
    test: (name, run) => behind.set(name, run),
    range,
    url: 'sqlite::memory:',
    projectFolder,
  });
  await expect(behind.get('rehearsal of cccc3333 after')?.()).rejects.toMatchObject({
    code: 'rehearsal/failed',
    message: expect.stringContaining('not reached'),
  });
});

test('one test for each revision, and one for all together', async () => {
  using project = testProject(create, broken);
  const declared = new Map<string, () => Promise<void>>();
  await rehearse({
    test: (name, run) => declared.set(name, run),
    url: 'sqlite::memory:',
    projectFolder: project.folder,
  });
  expect([...declared.keys()]).toEqual([
    'rehearsal of aaaa1111 create',
    'rehearsal of bbbb2222 stops',
    'rehearsal of all revisions together',
  ]);
  await declared.get('rehearsal of aaaa1111 create')?.();
  await expect(declared.get('rehearsal of bbbb2222 stops')?.()).rejects.toMatchObject({
    code: 'rehearsal/failed',
    message: expect.stringContaining('both-ways'),
  });
  await declared.get('rehearsal of all revisions together')?.();
});
