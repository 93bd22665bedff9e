// Models, revisions and a real server: what is written runs, and afterwards nothing differs.

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Surefoot } from '../../src/library/api.ts';
import { createSurefoot } from '../../src/library/surefoot.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import type { TestProject } from '../support/revisions.ts';
import { testProject } from '../support/revisions.ts';
import { representatives } from '../support/share.ts';

const modelled = (body: string) =>
  `import { defineSchema, sql, table } from 'surefoot';\nexport default defineSchema({ ${body} });\n`;

const first = modelled(`
  enums: { mood: ['sad', 'ok'] },
  tables: {
    user: table((t) => ({
      id: t.integer().identity().primaryKey(), email: t.varchar(120).notNull().unique(), fullname: t.varchar(80),
      mood: t.enum('mood', ['sad', 'ok']), token: t.uuid(), age: t.integer().check('age > 3 and age <> 7'),
      price: t.numeric(8, 2).notNull().default(1.5), at: t.timestamp().default(sql('CURRENT_TIMESTAMP')),
    })),
  },
`);

const second = modelled(`
  enums: { mood: ['sad', 'meh', 'ok', 'good'] },
  tables: {
    user: table((t) => ({
      id: t.integer().identity().primaryKey(), email: t.varchar(160).notNull(), name: t.varchar(80),
      mood: t.enum('mood', ['sad', 'meh', 'ok', 'good']), token: t.uuid(), age: t.integer().check('age > 4'),
      price: t.numeric(8, 2).notNull().default(2.5), phone: t.varchar(20).notNull(),
      team_id: t.integer().references('team', 'id'),
    }), { indexes: [{ name: 'ix_user_email', columns: [{ column: 'email', descending: true }, 'name'], unique: true }] }),
    team: table((t) => ({
      id: t.integer().identity().primaryKey(), lead_id: t.integer().references('user', 'id', { onDelete: 'set-null' }).index(),
    })),
  },
`);

const isPostgres = (engine: string): boolean => engine === 'pglite' || engine.startsWith('postgres');

describe.each(representatives(selectedEngines()))('%s', (engine) => {
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  let project: TestProject;
  beforeAll(async () => {
    database = await freshDatabase(engine);
    project = testProject();
  });
  afterAll(async () => {
    project[Symbol.dispose]();
    await database.drop();
  });

  // A module is run once in a process, so each model is a file of its own.
  let models = '';
  const surefoot = (): Surefoot =>
    createSurefoot({ url: database.url, projectFolder: project.folder, models });
  const writes = async (model: string, ...rename: readonly string[]) => {
    models = model === first ? './first.ts' : './second.ts';
    project.writeFile(models, model);
    const { revision, leftOut } = await surefoot().autogenerate({ message: 'next', noRenames: true, rename });
    expect(leftOut).toEqual([]);
    return revision;
  };
  const runs = async () => {
    expect(await surefoot().upgrade()).toMatchObject({ failed: null, differences: [], remaining: [] });
    expect((await surefoot().autogenerate({ message: 'again', noRenames: true })).operations).toEqual([]);
    const { findings } = await surefoot().check();
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  };

  test('from nothing, changed, and back', async () => {
    expect(await writes(first)).not.toBe(null);
    await runs();
    expect(await writes(second, 'user.fullname:name')).not.toBe(null);
    await runs();
    const back = surefoot().downgrade('base');
    // PostgreSQL cannot take a value out of an enum again, and the revision says so.
    if (isPostgres(engine)) await expect(back).rejects.toMatchObject({ code: 'revision/irreversible' });
    else expect(await back).toMatchObject({ failed: null, differences: [] });
  });

  test.each(['typescript', 'sql'] as const)(
    'a database that is there becomes a history: %s',
    async (model) => {
      const other = await freshDatabase(engine);
      using home = testProject();
      try {
        home.writeFile('schema.ts', second);
        const options = { url: other.url, projectFolder: home.folder };
        await createSurefoot({ ...options, models: './schema.ts' }).push({ noRenames: true });
        const file = join(home.folder, model === 'sql' ? 'model.sql' : 'model.ts');
        const { revision, findings } = await createSurefoot(options).fromDatabase({ model, file });
        expect(revision).not.toBe(null);
        expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
      } finally {
        await other.drop();
      }
    },
  );
});
