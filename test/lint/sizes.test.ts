// Sizes of tables, as lint finds them.

import { expect, test } from 'vitest';
import { testProject } from '../support/revisions.ts';

test('a table that was renamed is as large as it was', async () => {
  using project = testProject(
    {
      id: 'aaaa1111',
      up: `for (const name of ['big', 'tiny']) op.createTable(name, (t) => ({ id: t.integer().primaryKey(), a: t.integer() }));`,
    },
    { id: 'bbbb2222', up: `op.renameTable('big', 'huge'); op.renameTable('tiny', 'big');` },
    { id: 'cccc3333', up: `op.createIndex('huge', ['a']);` },
  );
  const sizes = (rows: Readonly<Record<string, number>>) => ({
    format: 1 as const,
    takenAt: '2024-01-01T00:00:00Z',
    product: 'PostgreSQL 18.4',
    tables: Object.entries(rows).map(([name, n]) => ({ namespace: null, name, rows: n, bytes: null })),
  });
  const surefoot = project.surefoot({ url: 'postgres://h/d' });
  const found = async (rows: Readonly<Record<string, number>>) =>
    (await surefoot.lint({ statistics: sizes(rows) })).findings
      .filter(({ rule }) => rule === 'pg-index-not-concurrent')
      .map(({ severity, rows: counted }) => [severity, counted]);
  expect(await found({ big: 80_000_000 })).toEqual([['error', 80_000_000]]);
  expect(await found({ huge: 80_000_000, big: 2 })).toEqual([['error', 80_000_000]]);
  expect(await found({ big: 2 })).toEqual([]);
  expect(await found({})).toEqual([['warning', null]]);
});
