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
