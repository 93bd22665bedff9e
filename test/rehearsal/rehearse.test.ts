// A rehearsal finds what is wrong with revisions, and accuses none that is sound.

import { describe, expect, test } from 'vitest';
import type { RehearsalChoices } from '../../src/library/rehearsal-choices.ts';
import type { RehearsalResult } from '../../src/rehearsal/rehearsal.ts';
import { toolFolder } from '../backup/support.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import type { RevisionText } from '../support/revisions.ts';
import { testProject } from '../support/revisions.ts';
import { representatives } from '../support/share.ts';
import { rehearsed } from './rehearsed.ts';

const start: RevisionText = {
  id: 'aaaa1111',
  message: 'create person',
  up: `op.createEnum('mood', ['sad', 'ok']);
  op.createTable('person', (t) => ({
    id: t.integer().primaryKey(),
    mail: t.varchar(120).notNull().unique(),
    age: t.integer().check('age > 17', 'ck_person_age'),
    mood: t.enum('mood', ['sad', 'ok']).notNull(),
    born: t.date(),
  }));
  op.createTable('pet', (t) => ({
    id: t.integer().primaryKey(),
    owner: t.integer().notNull().references('person', 'id'),
    name: t.varchar(40),
  }));`,
};

/** Revisions with which nothing is wrong. */
const sound: readonly RevisionText[] = [
  start,
  {
    id: 'bbbb2222',
    up: `op.addColumn('person', 'phone', t.varchar(20)); op.createIndex('person', ['phone']);`,
  },
  { id: 'cccc3333', up: `op.renameColumn('pet', 'name', 'nickname');` },
  { id: 'dddd4444', up: `op.renameTable('pet', 'animal');` },
  {
    id: 'eeee5555',
    up: `op.insertRows('person', [{ id: 100, mail: 'ada@example.com', age: 36, mood: 'ok' }]);`,
  },
  {
    id: 'ffff6666',
    up: `op.execute("UPDATE person SET phone = 'none' WHERE phone IS NULL", { inverse: [], effect: [] });
         op.alterColumn('person', 'phone', { nullable: false });`,
  },
  { id: '77777777', up: `op.dropColumn('person', 'born');`, more: '' },
];

type Case = readonly [name: string, broken: RevisionText, expected: Partial<RehearsalResult>];

/** One thing that is wrong, each. */
const broken: readonly Case[] = [
  [
    'a downgrade that forgets an index',
    {
      id: 'bbbb2222',
      up: `op.createIndex('person', ['age'], { name: 'ix_person_age' }); op.addColumn('person', 'x', t.integer());`,
      down: `op.dropColumn('person', 'x');`,
    },
    { test: 'both-ways', status: 'failed' },
  ],
  [
    'a downgrade that stops',
    {
      id: 'bbbb2222',
      up: `op.addColumn('person', 'x', t.integer());`,
      down: `op.dropColumn('person', 'y');`,
    },
    { test: 'both-ways', status: 'failed' },
  ],
  [
    'an upgrade that stops where rows are',
    { id: 'bbbb2222', up: `op.addColumn('person', 'x', t.integer().notNull());` },
    { test: 'both-ways', status: 'failed' },
  ],
  [
    'SQL that changes the schema and says that it does not',
    {
      id: 'bbbb2222',
      up: `op.execute('CREATE TABLE hidden (id INTEGER)', { inverse: ['DROP TABLE hidden'], effect: [] });`,
    },
    { test: 'both-ways', status: 'failed' },
  ],
  [
    'a table made anew without one of its columns’ values',
    {
      id: 'bbbb2222',
      up: `op.execute('CREATE TABLE pet2 (id INTEGER NOT NULL PRIMARY KEY, owner INTEGER NOT NULL, name VARCHAR(40), CONSTRAINT fk_pet2 FOREIGN KEY (owner) REFERENCES person (id))');
           op.execute('INSERT INTO pet2 (id, owner) SELECT id, owner FROM pet', { effect: [] });
           op.execute('DROP TABLE pet');
           op.execute('ALTER TABLE pet2 RENAME TO pet');`,
      down: '',
    },
    { test: 'rows', status: 'failed' },
  ],
  [
    'a step that says it may be repeated, and may not',
    {
      id: 'bbbb2222',
      up: `op.run(async ({ connection }) => { await connection.query("UPDATE person SET age = age + 1"); }, { description: 'x', repeatable: true, inverse: 'nothing' });`,
    },
    { test: 'idempotent', status: 'failed' },
  ],
];

const loud = (results: readonly RehearsalResult[]) => results.filter(({ status }) => status === 'failed');

const broad = process.env['SUREFOOT_LONG'] === '1';

describe.each(representatives(selectedEngines()))('%s', (engine) => {
  // What is wrong with them is wrong on every server: each has one of them in every run, and another than the others.
  const own = engine === 'postgres18' ? 0 : 3;
  const cases = engine === 'sqlite' || broad ? broken : broken.filter((_, index) => index === own);

  test('sound revisions are not accused', { timeout: 180_000 }, async () => {
    const chosen = engine === 'sqlite' || broad ? sound : [0, 1, 6].flatMap((i) => sound[i] ?? []);
    const results = await rehearsed(engine, chosen);
    expect(loud(results)).toEqual([]);
    const of = (name: RehearsalResult['test']) => results.filter((one) => one.test === name);
    expect(of('both-ways').map(({ status }) => status)).toEqual(chosen.map(() => 'passed'));
    expect(of('interrupted').map(({ status }) => status)).toEqual(chosen.map(() => 'passed'));
    expect(of('rows').map(({ status }) => status)).toEqual([
      'skipped',
      ...chosen.slice(1).map(() => 'passed'),
    ]);
    // The release before names what was renamed and dropped.
    const stale = of('old-queries').filter(({ status }) => status === 'warning');
    const going = ['cccc3333', 'dddd4444', '77777777'];
    expect(stale.map(({ revision }) => revision)).toEqual(
      chosen.map(({ id }) => id).filter((id) => going.includes(id)),
    );
    const failure = of('failure').find(({ revision }) => revision === 'bbbb2222');
    expect(failure?.facts.join('\n')).toMatch(/phone/);
  });

  test.each(cases)('%s is caught', async (_name, revision, expected) => {
    const results = await rehearsed(engine, [start, revision]);
    expect(loud(results)).toContainEqual(expect.objectContaining({ ...expected, revision: revision.id }));
    expect(loud(results).filter((one) => one.revision === start.id)).toEqual([]);
  });
});

describe.each(representatives(selectedEngines()))('a copy of a database of %s', (engine) => {
  test('with its rows, from where it stands; it stays as it is', { timeout: 180_000 }, async () => {
    using project = testProject(start, {
      id: 'bbbb2222',
      up: `op.addColumn('person', 'phone', t.varchar(20));`,
    });
    const database = await freshDatabase(engine);
    try {
      const clientTools = await toolFolder(engine);
      const open = () => project.surefoot({ url: database.url, clientTools, env: process.env });
      const surefoot = open();
      await surefoot.upgrade('aaaa1111');
      const before = await surefoot.dump();
      project.write({ id: 'cccc3333', up: `op.dropColumn('person', 'born');` });
      const again = open();
      const { results, place } = await again.rehearse({ onCopy: true });
      expect(place).toMatch(/^a copy of /);
      expect(loud(results)).toEqual([]);
      const practised = results.filter(({ test: name }) => name === 'both-ways');
      expect(practised.map(({ revision, status }) => [revision, status])).toEqual([
        ['bbbb2222', 'passed'],
        ['cccc3333', 'passed'],
      ]);
      expect(await again.dump()).toBe(before);
      expect(await again.current()).toEqual({ heads: ['aaaa1111'], pending: ['bbbb2222', 'cccc3333'] });
    } finally {
      await database.drop();
    }
  });
});

test.runIf(selectedEngines().includes('pglite'))(
  'an extension that the throw-away server lacks is named',
  async () => {
    const results = await rehearsed('pglite', [
      {
        id: 'aaaa1111',
        up: `op.execute('CREATE EXTENSION plrust', { inverse: ['DROP EXTENSION plrust'], effect: [] });`,
      },
    ]);
    expect(loud(results)[0]?.facts.join('\n')).toMatch(/does not have the extension plrust: --scratch-url/);
  },
);

describe('sqlite', () => {
  test('a revision without a way back is told apart', async () => {
    const results = await rehearsed('sqlite', [
      start,
      { id: 'bbbb2222', up: `op.dropTable('pet');`, more: '' },
    ]);
    expect(loud(results)).toEqual([]);
    using project = testProject(start);
    project.writeFile(
      'migrations/20240102000000_bbbb2222_x.ts',
      `import { irreversible, revision } from 'surefoot';
export default revision({
  id: 'bbbb2222',
  revises: 'aaaa1111',
  message: 'drop pet',
  upgrade(op) { op.dropTable('pet'); },
  downgrade: irreversible('the pets are gone'),
});
`,
    );
    const { results: found } = await project.surefoot({ url: 'sqlite::memory:' }).rehearse();
    expect(loud(found)).toEqual([]);
    expect(found).toContainEqual(
      expect.objectContaining({ test: 'both-ways', revision: 'bbbb2222', status: 'irreversible' }),
    );
    expect(found).toContainEqual(
      expect.objectContaining({ test: 'interrupted', revision: 'bbbb2222', status: 'passed' }),
    );
  });

  test('what an upgrade that stops hides is said to be not reached', async () => {
    const results = await rehearsed('sqlite', [
      start,
      { id: 'bbbb2222', up: `op.execute('SELECT broken FROM nothing', { effect: [], inverse: [] });` },
      { id: 'cccc3333', up: `op.addColumn('person', 'x', t.integer());` },
    ]);
    expect(results).toContainEqual(expect.objectContaining({ test: 'from-empty', status: 'failed' }));
    expect(results).toContainEqual(
      expect.objectContaining({ test: 'both-ways', revision: 'bbbb2222', status: 'failed' }),
    );
    expect(results).toContainEqual(
      expect.objectContaining({
        revision: 'cccc3333',
        status: 'skipped',
        detail: expect.stringContaining('bbbb2222'),
      }),
    );
  });

  test('several ends without labels', async () => {
    const results = await rehearsed('sqlite', [
      start,
      { id: 'bbbb2222', up: '' },
      { id: 'cccc3333', revises: 'aaaa1111', up: '' },
    ]);
    expect(results).toContainEqual(expect.objectContaining({ test: 'graph', status: 'failed' }));
    const empty = results.find(({ test: name }) => name === 'from-empty');
    expect(empty?.detail).toBe('an empty database comes to bbbb2222, cccc3333');
  });

  test('models apart from history', async () => {
    using project = testProject(start);
    project.writeFile(
      'schema.ts',
      `import { defineSchema, t, table } from 'surefoot';
export default defineSchema({ tables: { other: table({ id: t.integer().primaryKey() }) } });
`,
    );
    const surefoot = project.surefoot({ url: 'sqlite::memory:', models: './schema.ts' });
    const { results } = await surefoot.rehearse();
    expect(results).toContainEqual(expect.objectContaining({ test: 'models', status: 'failed' }));
  });

  test('queries and rows of the user’s own', async () => {
    const seen: unknown[] = [];
    const results = await rehearsed(
      'sqlite',
      [start, { id: 'bbbb2222', up: `op.dropColumn('person', 'born');` }],
      {
        queries: 'SELECT mail FROM person; SELECT born FROM person',
        seeds: {
          bbbb2222: async (connection) => {
            await connection.query(
              `INSERT INTO person (id, mail, mood) VALUES (500, 'own@example.com', 'ok')`,
            );
            seen.push((await connection.query('SELECT count(*) AS n FROM person')).rows[0]?.['n']);
          },
        },
      },
    );
    expect(seen).toEqual([1]);
    expect(loud(results)).toMatchObject([{ test: 'old-queries', revision: 'bbbb2222' }]);
    expect(loud(results)[0]?.facts).toEqual([expect.stringContaining('SELECT born FROM person')]);
  });

  test('queries that do not run before a revision do not die of it; those that run nowhere are named', async () => {
    const results = await rehearsed(
      'sqlite',
      [start, { id: 'bbbb2222', up: `op.addColumn('person', 'phone', t.text());` }],
      { queries: 'SELECT mail FROM person; SELECT phone FROM person; SELEC;' },
    );
    const told = results.filter((one) => one.test === 'old-queries');
    expect(told.map(({ revision, status }) => [revision, status])).toEqual([
      ['aaaa1111', 'skipped'],
      ['bbbb2222', 'passed'],
      [null, 'failed'],
    ]);
    expect(told.at(-1)?.facts).toEqual([expect.stringMatching(/^SELEC: /)]);
  });

  test('a way back that an operation has not got is told from a revision that says so', async () => {
    const results = await rehearsed('sqlite', [
      start,
      { id: 'bbbb2222', up: `op.addEnumValue('mood', 'great');` },
    ]);
    const [stopped] = loud(results);
    expect(stopped?.detail).toContain('nothing undoes: add value');
    expect(stopped?.facts.join()).toContain('irreversible(');
  });

  test('a seed that stops is named by its revision, and so is one for no revision', async () => {
    const choices = (id: string): RehearsalChoices => ({
      seeds: {
        [id]: async ({ query }) => {
          await query('INSERT INTO nothing VALUES (1)');
        },
      },
    });
    await expect(rehearsed('sqlite', [start], choices('aaaa1111'))).rejects.toMatchObject({
      code: 'run/code-failed',
      message: expect.stringMatching(/^the seed of aaaa1111 stops: /),
    });
    await expect(rehearsed('sqlite', [start], choices('aaaa1112'))).rejects.toMatchObject({
      code: 'revision/not-found',
      hint: expect.stringContaining('Did you mean aaaa1111?'),
    });
  });

  test('a range begins where what it rests on has run', async () => {
    const results = await rehearsed('sqlite', sound, { range: 'cccc3333:eeee5555' });
    expect(loud(results)).toEqual([]);
    expect([...new Set(results.map(({ revision }) => revision))]).toEqual([
      null,
      'cccc3333',
      'dddd4444',
      'eeee5555',
    ]);
  });
});
