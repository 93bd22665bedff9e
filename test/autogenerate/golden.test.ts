// Revisions as autogenerate writes them, kept as files and read as prose.

import { describe, expect, test } from 'vitest';
import { draftRevision } from '../../src/autogenerate/draft-revision.ts';
import { propose } from '../../src/autogenerate/propose.ts';
import { renderOperationsRevision } from '../../src/autogenerate/write-operations.ts';
import { offlineDialect } from '../../src/config/choose-dialect.ts';
import { defaultNaming } from '../../src/schema/naming.ts';
import type { Story } from './stories.ts';
import { stories } from './stories.ts';

const urls = {
  sqlite: 'sqlite::memory:',
  postgres: 'postgres://h/d',
  mysql: 'mysql://h/d',
} as const;

async function written(story: Story, url: string, sql: boolean): Promise<string> {
  const dialect = await offlineDialect({ url }, '/');
  const naming = defaultNaming(dialect.traits.maxIdentifier);
  const { before, models } = story;
  const from = dialect.normalize(before);
  const { operations, leftOut, unanswered } = await propose({
    from,
    before,
    to: dialect.normalize(models),
    declared: models,
    dialect,
    speller: { spell: async () => null },
    renames: { rename: story.rename ?? [], noRenames: false, hints: [], ask: null },
  });
  expect(unanswered).toEqual([]);
  const draft = draftRevision(operations, { from, dialect, naming, leftOut });
  const header = {
    ...{ id: '3e5106ee570c', revises: ['366e5694a9ad'], message: story.message },
    createdAt: '2024-06-11T17:00:00Z',
  };
  return renderOperationsRevision({
    ...{ folder: '/', header, before, upgrade: draft.upgrade, downgrade: 'auto' },
    comments: draft.comments,
    ...(sql ? { sql: { dialect, naming } } : {}),
  });
}

describe.each(stories)('$name', (story) => {
  test.each(Object.entries(urls))('in TypeScript, for %s', async (server, url) => {
    await expect(await written(story, url, false)).toMatchFileSnapshot(
      `golden/${story.name}.${server}.ts.txt`,
    );
  });

  test.each(Object.entries(urls).filter(([server]) => server !== 'sqlite'))(
    'in SQL, for %s',
    async (server, url) => {
      await expect(await written(story, url, true)).toMatchFileSnapshot(
        `golden/${story.name}.${server}.sql.txt`,
      );
    },
  );
});
