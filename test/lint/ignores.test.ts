// Comments that silence rules: what is wrong with one is said, and none is accused for what lint cannot know here.

import { expect, test } from 'vitest';
import type { LintChoices } from '../../src/library/lint-choices.ts';
import { testProject } from '../support/revisions.ts';

const product = { sqlite: 'SQLite 3.53.4', postgres: 'PostgreSQL 18.4' } as const;

async function linted(
  up: string,
  choices: LintChoices = {},
  family: keyof typeof product = 'sqlite',
): Promise<readonly string[]> {
  using project = testProject(
    {
      id: 'aaaa1111',
      up: `op.createTable('person', (t) => ({ id: t.integer().primaryKey(), a: t.text(), b: t.text() }));`,
    },
    { id: 'bbbb2222', up },
  );
  const surefoot = project.surefoot({ url: family === 'sqlite' ? 'sqlite::memory:' : 'postgres://h/d' });
  const { findings } = await surefoot.lint({
    statistics: { format: 1, takenAt: '', product: product[family], tables: [] },
    ...choices,
  });
  return findings.map(({ rule, message }) => `${rule}: ${message}`);
}

const drop = `op.dropColumn('person', 'a');`;

test('several rules at once; what is not in the form that is read is said', async () => {
  expect(await linted(`// surefoot-ignore drop-column: nobody reads it\n${drop}`)).toEqual([]);
  expect(await linted(`// surefoot-ignore drop-table, drop-column: nobody reads it\n${drop}`)).toEqual([
    'unused-ignore: the comment silences drop-table, which finds nothing here',
  ]);
  for (const odd of ['surefoot-ignore', 'surefoot-ignore: why', 'surefoot-ignore drop-column - why'])
    expect(await linted(`// ${odd}\n${drop}`)).toEqual([
      expect.stringMatching(/^drop-column: /),
      'unknown-rule: the comment silences nothing: it names no rule in the form that is read',
    ]);
});

test('a rule of another server, and what is small or new only here, is no accusation', async () => {
  const concurrently = `// surefoot-ignore pg-index-not-concurrent: it is small\nop.createIndex('person', ['a']);`;
  expect(await linted(concurrently)).toEqual([]);
  expect(await linted(concurrently, {}, 'postgres')).toEqual([]);
  const tables = [{ namespace: null, name: 'person', rows: 2, bytes: null }];
  const statistics = { format: 1, takenAt: '', product: product.postgres, tables } as const;
  expect(await linted(concurrently, { statistics }, 'postgres')).toEqual([]);
  expect(await linted(concurrently, { range: ':heads' }, 'postgres')).toEqual([]);
});

test('what raw SQL does is not known without a server', async () => {
  const raw = `// surefoot-ignore drop-column: nobody reads it\nop.execute('ALTER TABLE person DROP COLUMN a', { inverse: [] });`;
  expect(await linted(raw)).toEqual([expect.stringMatching(/^raw-sql-unparsed: /)]);
  expect(await linted(raw, { server: true })).toEqual([]);
  const idle = `// surefoot-ignore drop-table: nobody reads it\nop.execute('ALTER TABLE person DROP COLUMN a', { inverse: [] });`;
  expect(await linted(idle, { server: true })).toEqual([
    expect.stringMatching(/^drop-column: /),
    expect.stringMatching(/^unused-ignore: /),
  ]);
});
