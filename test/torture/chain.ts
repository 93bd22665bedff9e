// The chain that is tortured: DDL, data steps that must not run twice, raw SQL, and what each family does outside of
// transactions. In: an engine. Out: a project. Must not know how it is disturbed.

import type { Engine } from '../servers/index.ts';
import type { RevisionText, TestProject } from '../support/revisions.ts';
import { testProject } from '../support/revisions.ts';
import { withConnection } from './state.ts';

type Family = 'sqlite' | 'postgres' | 'mysql';

export function familyOf(engine: Engine): Family {
  if (engine === 'sqlite') return 'sqlite';
  return engine === 'mariadb' || engine === 'mysql9' ? 'mysql' : 'postgres';
}

const common: readonly RevisionText[] = [
  {
    id: '0000aaaa',
    message: 'a table that is there already, and one that is not',
    up: `op.createTable('present', { id: t.integer().primaryKey() });
      op.createTable('absent', { id: t.integer().primaryKey() });`,
  },
  {
    id: 'aaaa1111',
    message: 'items',
    up: `op.createTable('item', { id: t.integer().primaryKey(), n: t.integer(), name: t.varchar(60).nullable() });
      op.insertRows('item', [{ id: 1, n: 1, name: 'first' }, { id: 2, n: 2, name: 'second' }]);`,
  },
  {
    id: 'bbbb2222',
    message: 'owners, and a data step between the DDL',
    up: `op.createTable('owner', { id: t.integer().primaryKey() });
      op.addColumn('item', 'owner_id', t.integer().nullable());
      op.run(async ({ connection }) => { await connection.query('UPDATE item SET n = n + 10'); }, { inverse: async ({ connection }) => { await connection.query('UPDATE item SET n = n - 10'); } });
      op.createIndex('item', ['owner_id'], { name: 'ix_item_owner' });
      op.addForeignKey('item', ['owner_id'], { name: 'fk_item_owner', table: 'owner', columns: ['id'] });`,
  },
  {
    id: 'cccc3333',
    message: 'raw SQL',
    up: `op.execute('UPDATE item SET n = n * 2 + 1', { inverse: 'UPDATE item SET n = (n - 1) / 2' });
      op.execute('CREATE TABLE raw_one (id integer NOT NULL PRIMARY KEY)', { inverse: 'DROP TABLE raw_one' });
      op.execute('INSERT INTO raw_one SELECT id + 100 FROM item', { inverse: 'DELETE FROM raw_one' });
      op.execute('CREATE INDEX raw_ix ON item (n)', { inverse: dialect === 'mysql' ? 'DROP INDEX raw_ix ON item' : 'DROP INDEX raw_ix' });`,
  },
];

/** Outside of transactions, and without a trace in the catalogue where the last one is concerned. */
const special: Readonly<Record<Family, string>> = {
  postgres: `op.createIndex('item', ['name'], { name: 'ix_item_name', concurrently: true });
      op.execute('CREATE INDEX CONCURRENTLY raw_conc ON owner (id)', { inverse: 'DROP INDEX CONCURRENTLY raw_conc', transaction: false });
      op.execute('VACUUM item', { transaction: false, effect: 'none', inverse: 'VACUUM item' });`,
  mysql: `op.createIndex('item', ['name'], { name: 'ix_item_name' });
      op.execute('ANALYZE TABLE item', { transaction: false, effect: 'none', inverse: 'ANALYZE TABLE item' });`,
  sqlite: `op.createIndex('item', ['name'], { name: 'ix_item_name' });
      op.execute('PRAGMA optimize = 2', { transaction: false, effect: 'none', inverse: 'PRAGMA optimize = 2' });`,
};

const last: RevisionText = {
  id: 'eeee5555',
  message: 'a table altered in several ways at once',
  up: `op.addColumn('item', 'note', t.varchar(20).nullable());
      op.alterColumn('item', 'name', { type: t.varchar(80) });
      op.insertRows('owner', [{ id: 7 }]);
      op.run(async ({ connection }) => { await connection.query('UPDATE item SET n = n + 1, owner_id = 7'); }, { inverse: async ({ connection }) => { await connection.query('UPDATE item SET n = n - 1, owner_id = NULL'); } });
      op.dropColumn('item', 'note');`,
};

export function chainOf(engine: Engine): TestProject {
  const outside = { id: 'dddd4444', message: 'outside of transactions', up: special[familyOf(engine)] };
  return testProject(...common, outside, last);
}

/** The table that is there before the chain runs. */
export async function prepared(url: string): Promise<void> {
  await withConnection(url, (connection) =>
    connection.query('CREATE TABLE present (id integer NOT NULL PRIMARY KEY)'),
  );
}
