// Words that are those of a table and of a column, or of columns of several tables: a renaming reaches the views and triggers
// that mean it, and leaves the others alone.

import { describe, expect, test } from 'vitest';
import { t } from '../../src/schema/column-builder.ts';
import { emptySchema } from '../../src/schema/schema.ts';
import { type At, memoryRevision, openWorld, type Written } from '../conformance/world.ts';
import { selectedEngines } from '../servers/index.ts';
import { representatives } from '../support/share.ts';
import { waysIn } from './ways.ts';

const tables: Written = (op) => {
  op.createTable('role', { id: t.integer().primaryKey(), name: t.varchar(20) });
  op.createTable('user', { id: t.integer().primaryKey(), name: t.varchar(20), role: t.varchar(20) });
  op.addCheck('user', 'length(name) < 9', { name: 'ck_name' });
};

const views: Written = (op, { q }) => {
  const user = q('user');
  op.createView('with_role', `SELECT id, role FROM ${user}`);
  op.createView('of_both', `SELECT u.id, u.name, r.id AS role FROM ${user} u JOIN role r ON r.name = u.role`);
  op.createView('aliases', `SELECT id AS name FROM role`);
  op.createView('inside', `SELECT u.name FROM ${user} u WHERE u.role IN (SELECT name FROM role)`);
  op.createView(
    'on_the_way',
    `SELECT u.id, x.name FROM ${user} u JOIN (SELECT name FROM role) x ON x.name = u.role`,
  );
  op.createView('roles_again', 'SELECT name, id FROM role');
  op.createView('a_reader', 'SELECT r.name AS role, id FROM roles_again r');
  op.createView(
    'another',
    `SELECT x.name FROM (SELECT name FROM roles_again) x JOIN ${user} u ON u.role = x.name`,
  );
  op.createView('last', 'SELECT max(name) AS name FROM another');
  op.createView('name', `SELECT id, name FROM role UNION SELECT id, role FROM ${user}`);
};

function trigger({ dialect, q }: At, name: string, table: string, body: string): string {
  const text = dialect === 'sqlite' ? `BEGIN ${body}; END` : `FOR EACH ROW ${body}`;
  return `CREATE TRIGGER ${q(name)} AFTER INSERT ON ${q(table)} ${text}`;
}

/** PostgreSQL's call functions, whose text is nobody's but the author's. */
const triggers: Written = (op, at) => {
  if (at.dialect === 'postgres') return;
  const log = 'INSERT INTO role (name) VALUES (NEW.name)';
  op.createTrigger('user', 'role', trigger(at, 'role', 'user', log));
  op.createTrigger(
    'role',
    'name',
    trigger(
      at,
      'name',
      'role',
      at.dialect === 'sqlite' ? 'UPDATE role SET name = NEW.name' : 'SET @n = NEW.name',
    ),
  );
};

const renamings: readonly Written[] = [
  (op) => op.renameColumn('role', 'name', 'title'),
  (op) => op.renameTable('role', 'roles'),
  (op) => op.renameColumn('user', 'name', 'roleName'),
  (op) => op.renameColumn('roles', 'title', 'role'),
  (op) => op.renameTable('roles', 'Role'),
  (op) => op.dropView('of_both'),
  (op) => op.addColumn('user', 'name', t.varchar(20)),
];

describe.each(representatives(selectedEngines()))('%s', (engine) => {
  test('up, down, and up again', async () => {
    const world = await openWorld(engine);
    const { upgrade, downgrade } = waysIn(() => world);
    const all = [tables, views, triggers, ...renamings].map((written, i) =>
      memoryRevision(`r${i}`, written, world.at),
    );
    try {
      for (const [i, one] of all.entries()) await upgrade(all.slice(0, i), [one]);
      await downgrade(all, 0);
      expect(await world.introspect()).toEqual(emptySchema);
      await upgrade([], all);
      expect((await world.plan({ direction: 'upgrade', applied: all, path: [] })).plan.steps).toEqual([]);
    } finally {
      await world.close();
    }
  });
});
