// A database with what grants are about: rows, a view, a trigger, keys. In: an engine. Out: it, and roles made on it.
// Must not know: what a role should be able to do.

import { randomBytes } from 'node:crypto';
import { ask } from '../backup/support.ts';
import { type Engine, type FreshDatabase, freshDatabase } from '../servers/index.ts';
import { type TestProject, testProject } from '../support/revisions.ts';
import type { Grant, Role } from './roles.ts';

export type Family = 'postgres' | 'mysql';

export const familyOf = (engine: Engine): Family => (engine.startsWith('postgres') ? 'postgres' : 'mysql');

const trigger: Readonly<Record<Family, string>> = {
  postgres: `op.createFunction('note_changed', 'CREATE FUNCTION note_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$', { signature: '' });
    op.createTrigger('note', 'note_changed', 'CREATE TRIGGER note_changed BEFORE UPDATE ON note FOR EACH ROW EXECUTE FUNCTION note_changed()');`,
  mysql: `op.createTrigger('note', 'note_changed', 'CREATE TRIGGER note_changed BEFORE UPDATE ON note FOR EACH ROW SET NEW.text = TRIM(NEW.text)');`,
};

/** Two revisions that run, and a third whose plan asks about rows. */
export function projectFor(family: Family): TestProject {
  return testProject(
    {
      id: 'aaaa1111',
      up: `op.createTable('person', (t) => ({ id: t.integer().identity().primaryKey(), name: t.varchar(40).notNull() }));
    op.createTable('note', (t) => ({ id: t.integer().primaryKey(), person_id: t.integer().notNull(), text: t.varchar(80) }));
    op.addForeignKey('note', ['person_id'], { table: 'person', columns: ['id'] });
    op.insertRows('person', [{ id: 1, name: 'Ada' }, { id: 2, name: 'Grace' }]);`,
    },
    {
      id: 'bbbb2222',
      up: `op.addColumn('person', 'born', t.integer());
    op.execute('UPDATE person SET born = 1906 WHERE id = 2', { inverse: 'UPDATE person SET born = NULL WHERE id = 2' });
    op.createIndex('person', ['name']);
    op.createView('known', 'SELECT id, name FROM person WHERE born IS NOT NULL');
    ${trigger[family]}`,
    },
    { id: 'cccc3333', up: "op.addUnique('person', ['name']);" },
  );
}

export interface World {
  readonly engine: Engine;
  readonly family: Family;
  readonly url: string;
  readonly database: string;
  readonly project: TestProject;
  /** The statements, as the account that may do everything. */
  run(...statements: readonly string[]): Promise<void>;
  /** An account with these grants and nothing else. */
  account(grants: readonly Grant[]): Promise<{ readonly url: string; gone(): Promise<void> }>;
  close(): Promise<void>;
}

const filled = (sql: string, role: string, database: string): string =>
  sql.replaceAll('{role}', role).replaceAll('{database}', database);

async function closeToPublic(database: FreshDatabase, name: string): Promise<void> {
  await ask(
    database.url,
    `REVOKE ALL ON DATABASE ${name} FROM PUBLIC`,
    'REVOKE ALL ON SCHEMA public FROM PUBLIC',
  );
}

/** An empty database that lets nobody in. */
export async function newWorld(engine: Engine): Promise<World> {
  const family = familyOf(engine);
  const fresh = await freshDatabase(engine);
  const database = new URL(fresh.url).pathname.slice(1);
  const project = projectFor(family);
  if (family === 'postgres') await closeToPublic(fresh, database);
  const run = async (...statements: readonly string[]): Promise<void> =>
    void (await ask(fresh.url, ...statements));
  return {
    engine,
    family,
    url: fresh.url,
    database,
    project,
    run,
    async account(grants) {
      const role = `r_${randomBytes(5).toString('hex')}`;
      const making =
        family === 'postgres'
          ? `CREATE ROLE ${role} LOGIN PASSWORD 'x'`
          : `CREATE USER ${role} IDENTIFIED BY 'x'`;
      await run(making, ...grants.map(({ sql }) => filled(sql, role, database)));
      const url = new URL(fresh.url);
      [url.username, url.password] = [role, 'x'];
      const leaving =
        family === 'postgres'
          ? [`DROP OWNED BY ${role} CASCADE`, `DROP ROLE ${role}`]
          : [`DROP USER ${role}`];
      return { url: url.href, gone: () => run(...leaving) };
    },
    async close() {
      project[Symbol.dispose]();
      await fresh.drop();
    },
  };
}

export const grantsOf = (role: Role, engine: Engine): readonly Grant[] => role[familyOf(engine)];
