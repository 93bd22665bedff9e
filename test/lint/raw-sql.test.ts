// Raw SQL on a real server: what it did to the schema is looked at where its words say nothing to a rule.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FreshDatabase } from '../servers/index.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import { testProject } from '../support/revisions.ts';

const statements = {
  aa01: 'CREATE INDEX i ON person (mail)',
  aa02: 'CREATE INDEX CONCURRENTLY j ON person (mail)',
  aa03: 'ALTER TABLE person ALTER COLUMN mail SET NOT NULL',
  aa04: "DO $$ BEGIN EXECUTE 'CREATE INDEX k ON person (mail)'; END $$",
} as const;

const history = {
  id: 'aa00',
  up: `op.createTable('person', (t) => ({ id: t.integer().primaryKey(), mail: t.varchar(120) }));`,
};

const engine = selectedEngines().find((one) => one === 'postgres18');

describe.skipIf(engine === undefined)('raw SQL on PostgreSQL', () => {
  let database: FreshDatabase;
  beforeAll(async () => {
    database = await freshDatabase('postgres18');
  });
  afterAll(() => database.drop());

  /** The rules about PostgreSQL that find something, by statement. */
  async function found(options: { readonly server: boolean }) {
    const raw = Object.entries(statements).map(([id, sql]) => ({
      id,
      up: `op.execute(${JSON.stringify(sql)}, { inverse: [] });`,
    }));
    using project = testProject(history, ...raw);
    const surefoot = project.surefoot({ url: database.url });
    try {
      const { findings } = await surefoot.lint(options);
      const about = findings.filter(({ rule }) => rule.startsWith('pg-'));
      return about.map(({ revision, rule }) => [revision, rule]);
    } finally {
      await surefoot.close();
    }
  }

  const said = [
    ['aa01', 'pg-index-not-concurrent'],
    ['aa03', 'pg-set-not-null-scan'],
  ];

  test('is known by its words', async () => {
    expect(await found({ server: false })).toEqual(said);
  });

  test('is found once with a server, and a block by its effect', async () => {
    expect(await found({ server: true })).toEqual([...said, ['aa04', 'pg-index-not-concurrent']]);
  });
});
