// Autogenerate in two halves: what it writes runs while both releases do, and ends at the models.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createSurefoot } from '../../src/library/surefoot.ts';
import { session, until } from '../runner/support.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import { refusal } from '../support/refusal.ts';
import { testProject } from '../support/revisions.ts';
import { share } from '../support/share.ts';
import { release } from './release.ts';

const able = selectedEngines().filter((one) => ['postgres18', 'mysql9', 'mariadb'].includes(one));
const engines = share(able, []);

const before = {
  id: 'aaaa',
  up: `op.createTable('person', (t) => ({ id: t.bigint().identity().primaryKey(), name: t.varchar(60).notNull(),
      note: t.varchar(60).default('none'), nick: t.varchar(20), age: t.integer() }), { indexes: [{ name: 'ix_person_age', columns: ['age'] }] });
    op.insertRows('person', Array.from({ length: 300 }, (_, i) => ({ name: 'person ' + i, note: i % 2 ? null : 'x' })));`,
};

const models = `import { defineSchema, table } from 'surefoot';
export default defineSchema({ tables: { person: table((t) => ({
  id: t.bigint().identity().primaryKey(), full_name: t.varchar(60).notNull(),
  note: t.varchar(60).notNull().default('none'), years: t.integer(), email: t.varchar(80),
}), { indexes: [{ name: 'ix_person_age', columns: ['years'] }] }) } });
`;

const old = (i: number) => [
  `INSERT INTO person (name, nick, note) VALUES ('old ${i}', 'o', NULL)`,
  `UPDATE person SET name = 'changed by old ${i}', age = ${i}, note = NULL WHERE id = ${1 + (i % 300)}`,
  `SELECT name, nick, note FROM person WHERE name = 'old ${i}'`,
];
const next = (i: number) => [
  `INSERT INTO person (full_name, email) VALUES ('new ${i}', 'e')`,
  `UPDATE person SET full_name = 'changed by new ${i}', years = ${i} WHERE id = ${1 + ((i + 150) % 300)}`,
  `SELECT full_name, email, note FROM person WHERE full_name = 'new ${i}'`,
];

test.each(engines)(
  '%s: a rename, NOT NULL, a drop and a new column',
  async (engine) => {
    const { url, drop } = await freshDatabase(engine);
    using project = testProject(before);
    project.writeFile('schema.ts', models);
    const surefoot = () => createSurefoot({ url, projectFolder: project.folder, models: './schema.ts' });
    try {
      await surefoot().upgrade();
      const rename = ['person.name:full_name', 'person.age:years'];
      const { revision } = await surefoot().autogenerate({
        message: 'names',
        id: 'bbbb',
        noRenames: true,
        rename,
        online: true,
      });
      const text = readFileSync(revision?.file ?? '', 'utf8');
      expect(text).toContain('  contract: {\n    upgrade(op) {');
      // The index of a column is made for the other one, too.
      expect(text).toContain('ix_person_age_new');
      expect(text).not.toContain('does not survive it');
      const releaseBefore = release(url, old);
      await until('the old release is at work', () => releaseBefore.queries() > 6);
      const expanded = await surefoot().upgrade('heads', { phase: 'expand' });
      expect(expanded).toMatchObject({ failed: null, differences: [] });
      const releaseToCome = release(url, next);
      await until('the new release is at work', () => releaseToCome.queries() > 15);
      const looker = await session(url);
      const apart = await looker.query(
        'SELECT id FROM person WHERE name IS NULL OR full_name IS NULL OR name <> full_name OR age <> years',
      );
      expect(apart.rows).toEqual([]);
      await looker.close();
      expect((await releaseBefore.stop()).failures).toEqual([]);
      expect(await surefoot().upgrade('heads', { phase: 'contract' })).toMatchObject({
        failed: null,
        differences: [],
      });
      const there = releaseToCome.queries();
      await until('the new release goes on', () => releaseToCome.queries() > there + 9);
      expect((await releaseToCome.stop()).failures).toEqual([]);
      const { findings } = await surefoot().check();
      expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect((await surefoot().autogenerate({ message: 'again', noRenames: true })).operations).toEqual([]);
      // And all the way back.
      expect(await surefoot().downgrade('aaaa')).toMatchObject({ failed: null, differences: [] });
    } finally {
      await drop();
    }
  },
  240_000,
);

test('in SQL there are no halves', async () => {
  using project = testProject(before);
  project.writeFile('schema.ts', models);
  const surefoot = createSurefoot({
    url: 'sqlite::memory:',
    projectFolder: project.folder,
    models: './schema.ts',
  });
  await refusal(
    surefoot.autogenerate({ message: 'x', online: true, sql: true, noRenames: true }),
    'usage/invalid',
  );
});
