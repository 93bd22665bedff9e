// Rows that a rehearsal makes up are nobody's: a revision that they stand in the way of is not accused for them, and
// rows that revisions put in themselves are there for those that come after.

import { expect, test } from 'vitest';
import type { RehearsalResult } from '../../src/rehearsal/rehearsal.ts';
import { selectedEngines } from '../servers/index.ts';
import type { RevisionText } from '../support/revisions.ts';
import { representatives, share } from '../support/share.ts';
import { rehearsed } from './rehearsed.ts';

const irreversible = `downgrade: irreversible('it is gone'),`;
/** The members of a revision that cannot be taken back; the last `downgrade` of an object counts. */
const withoutWayBack = (text: RevisionText): RevisionText => ({ ...text, more: irreversible });

const start: RevisionText = {
  id: 'aaaa1111',
  up: `op.createTable('role', (t) => ({ id: t.integer().identity().primaryKey(), name: t.varchar(20).notNull() }));
       op.createTable('member', (t) => ({ id: t.integer().primaryKey(), role: t.integer(), rank: t.varchar(20).notNull().default('low'), kind: t.boolean().notNull(), age: t.integer() }));`,
};
const roles: RevisionText = {
  id: 'bbbb2222',
  up: `op.insertRows('role', [{ id: 1, name: 'admin' }, { id: 17, name: 'guest' }]);`,
};

const of = (results: readonly RehearsalResult[], wanted: RehearsalResult['test']) =>
  results.filter((one) => one.test === wanted).map(({ revision, status }) => [revision, status]);
const failed = (results: readonly RehearsalResult[]) => results.filter(({ status }) => status === 'failed');

// Each server takes half a minute for it.
const engines = share(
  representatives(selectedEngines()),
  selectedEngines().filter((engine) => engine === 'sqlite'),
);

test.each(engines)('sound revisions among made-up rows on %s', async (engine) => {
  const results = await rehearsed(engine, [
    start,
    roles,
    withoutWayBack({ id: 'cccc3333', up: `op.dropColumn('member', 'age');` }),
    {
      id: 'dddd4444',
      up: `op.assert("SELECT count(*) = 1 FROM role WHERE id = 17 AND name = 'guest'", 'guests are there');
           op.insertRows('member', [{ id: 1, role: 17, rank: 'high', kind: true }]);`,
    },
    { id: 'eeee5555', up: `op.addForeignKey('member', ['role'], { table: 'role', columns: ['id'] });` },
    { id: 'ffff6666', up: `op.addUnique('member', ['kind']);` },
    { id: 'abcd7777', up: `op.addCheck('member', "rank in ('high', 'low')", { name: 'ck_rank' });` },
    { id: 'abcd8888', up: `op.createIndex('role', ['name']);` },
  ]);
  expect(failed(results)).toEqual([]);
  expect(of(results, 'both-ways')).toEqual([
    ['aaaa1111', 'passed'],
    ['bbbb2222', 'passed'],
    ['cccc3333', 'irreversible'],
    ['dddd4444', 'passed'],
    ['eeee5555', 'warning'],
    ['ffff6666', 'warning'],
    ['abcd7777', 'warning'],
    ['abcd8888', 'passed'],
  ]);
  const unique = results.find(({ test: name, revision }) => name === 'both-ways' && revision === 'ffff6666');
  expect(unique?.detail).toBe('it runs where rows let it; among those made up for it, it stops');
  expect(unique?.facts.join('\n')).toContain('duplicate values of (kind) in member');
});

test.runIf(selectedEngines().includes('sqlite'))(
  'a step that no row may be there for is accused',
  async () => {
    const results = await rehearsed('sqlite', [
      start,
      roles,
      {
        id: 'cccc3333',
        up: `op.execute("INSERT INTO role (id, name) VALUES (17, 'again')", { inverse: [] });`,
      },
    ]);
    expect(failed(results)).toContainEqual(
      expect.objectContaining({ test: 'both-ways', revision: 'cccc3333' }),
    );
  },
);

test.runIf(selectedEngines().includes('sqlite'))(
  'rows of the user’s own are there for all that comes after, and a circle of tables keeps no other empty',
  async () => {
    const seen: unknown[] = [];
    const results = await rehearsed(
      'sqlite',
      [
        {
          id: 'aaaa1111',
          up: `op.createTable('hen', (t) => ({ id: t.integer().primaryKey(), egg: t.integer() }));
               op.createTable('egg', (t) => ({ id: t.integer().primaryKey(), hen: t.integer().references('hen', 'id') }));
               op.addForeignKey('hen', ['egg'], { table: 'egg', columns: ['id'] });
               op.createTable('zoo', (t) => ({ id: t.integer().primaryKey(), name: t.text() }));
               op.createTable('cage', (t) => ({ id: t.integer().primaryKey(), zoo: t.integer().notNull().references('zoo', 'id'), old: t.text() }));`,
        },
        withoutWayBack({ id: 'bbbb2222', up: `op.dropColumn('cage', 'old');` }),
        { id: 'cccc3333', up: `op.addColumn('zoo', 'town', t.text());` },
        { id: 'dddd4444', up: `op.addColumn('zoo', 'land', t.text());` },
      ],
      {
        range: 'cccc3333:dddd4444',
        seeds: {
          bbbb2222: async ({ query }) => {
            await query(`INSERT INTO zoo (id, name) VALUES (500, 'own')`);
          },
          dddd4444: async ({ query }) => {
            seen.push((await query('SELECT name FROM zoo WHERE id = 500')).rows[0]?.['name']);
          },
        },
      },
    );
    expect(failed(results)).toEqual([]);
    expect(seen).toEqual(['own']);
    const rows = results.filter(({ test: name }) => name === 'rows');
    expect(rows.map(({ detail, facts }) => [detail, facts])).toEqual([
      ['rows of 4 tables are kept', []],
      ['rows of 4 tables are kept', []],
    ]);
  },
);

test.runIf(selectedEngines().includes('sqlite'))(
  'a table that has had another name comes back whole, whatever its keys are called now',
  async () => {
    const results = await rehearsed('sqlite', [
      {
        id: 'aaaa1111',
        up: `op.createTable('old', (t) => ({ id: t.integer().primaryKey(), a: t.text().unique(), b: t.text().index(), c: t.integer().check('c > 0') }));`,
      },
      { id: 'bbbb2222', up: `op.renameTable('old', 'new'); op.renameColumn('new', 'b', 'd');` },
      { id: 'cccc3333', up: `op.dropTable('new');` },
    ]);
    expect(failed(results)).toEqual([]);
  },
);

test.runIf(selectedEngines().includes('sqlite'))('the release before reads views, too', async () => {
  const view = `op.createView('adults', 'SELECT id FROM member');`;
  const results = await rehearsed('sqlite', [
    { ...start, up: `${start.up} ${view}` },
    {
      id: 'bbbb2222',
      up: `op.dropView('adults'); op.createView('adults', 'SELECT id AS member_id FROM member');`,
    },
    { id: 'cccc3333', up: `op.dropView('adults');` },
  ]);
  expect(failed(results)).toEqual([]);
  expect(of(results, 'old-queries')).toEqual([
    ['aaaa1111', 'skipped'],
    ['bbbb2222', 'warning'],
    ['cccc3333', 'warning'],
  ]);
});
