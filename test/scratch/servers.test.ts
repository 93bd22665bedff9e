import { describe, expect, test } from 'vitest';
import { leftoverScratch } from '../../src/scratch/scratch.ts';
import type { ServerEngine } from '../servers/index.ts';
import { ensureServers, freshDatabase, selectedEngines } from '../servers/index.ts';
import { testProject } from '../support/revisions.ts';
import { onDatabase, writeSql } from './histories.ts';

const isSelected = (engine: ServerEngine) => (selectedEngines() as readonly string[]).includes(engine);

const checked = {
  id: 'aaa1',
  up: 'CREATE TABLE a (id int PRIMARY KEY, b int, CONSTRAINT ck_b CHECK (b IN (1, 2) AND b <> 3));',
  down: 'DROP TABLE a;',
};
const bare = {
  id: 'aaa1',
  up: 'CREATE TABLE a (id int PRIMARY KEY, b int NOT NULL);',
  down: 'DROP TABLE a;',
};

const inDatabase = (url: string, name: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href;

describe.runIf(isSelected('postgres14'))('PostgreSQL 14', () => {
  /** A role that may do everything in its own database, and make no other. */
  async function poor() {
    const database = await freshDatabase('postgres14');
    const { postgres14 } = await ensureServers(['postgres14']);
    const name = new URL(database.url).pathname.slice(1);
    const role = `${name}_role`;
    const admin = inDatabase(postgres14.adminUrl, name);
    await onDatabase(admin, async (connection) => {
      await connection.query(`CREATE ROLE ${role} LOGIN PASSWORD 'x' NOSUPERUSER NOCREATEDB`);
      await connection.query(`ALTER DATABASE ${name} OWNER TO ${role}`);
      await connection.query(`ALTER SCHEMA public OWNER TO ${role}`);
    });
    const url = Object.assign(new URL(database.url), { username: role, password: 'x' }).href;
    const drop = async () => {
      await database.drop();
      await onDatabase(postgres14.adminUrl, (connection) => connection.query(`DROP ROLE ${role}`));
    };
    return { url, admin, role, drop, server: postgres14 };
  }

  test('a role without CREATEDB: another version in the process tells what holds no text, and texts go by the server', async () => {
    const { url, drop } = await poor();
    using project = testProject();
    writeSql(project, [
      bare,
      { ...checked, id: 'aaa2', up: checked.up.replace('TABLE a', 'TABLE c'), down: 'DROP TABLE c;' },
    ]);
    const surefoot = project.surefoot({ url });
    expect(await surefoot.upgrade()).toMatchObject({ failed: null, differences: [], unverified: [] });
    expect(await surefoot.plan()).toMatchObject({ unverified: [], unproven: [] });
    await onDatabase(url, async (connection) => {
      await connection.query('ALTER TABLE c DROP CONSTRAINT ck_b');
      await connection.query('ALTER TABLE c ADD CONSTRAINT ck_b CHECK (b IN (1, 7))');
    });
    await expect(surefoot.plan()).rejects.toMatchObject({ code: 'plan/drift' });
    await drop();
  });

  test('a role that may not even make temporary objects: what cannot be proven is no drift', async () => {
    const { url, admin, role, drop } = await poor();
    using project = testProject();
    writeSql(project, [checked]);
    const surefoot = project.surefoot({ url });
    await surefoot.upgrade();
    await onDatabase(admin, async (connection) => {
      const name = new URL(admin).pathname.slice(1);
      await connection.query(`ALTER DATABASE ${name} OWNER TO CURRENT_USER`);
      await connection.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC, ${role}`);
      await connection.query(`GRANT CONNECT ON DATABASE ${name} TO ${role}`);
      await connection.query('ALTER TABLE a DROP CONSTRAINT ck_b');
      await connection.query('ALTER TABLE a ADD CONSTRAINT ck_b CHECK (b IN (1, 7))');
    });
    const plan = await surefoot.plan();
    expect(plan.unproven).toMatchObject([{ kind: 'unproven', object: 'check ck_b of a', revision: 'aaa1' }]);
    await onDatabase(admin, (connection) => connection.query('ALTER TABLE a DROP CONSTRAINT ck_b'));
    await expect(surefoot.plan()).rejects.toMatchObject({ code: 'plan/drift' });
    await drop();
  });

  test('a server for scratch databases, where none may be made beside', async () => {
    const { url, drop, server } = await poor();
    using project = testProject();
    writeSql(project, [checked]);
    const surefoot = project.surefoot({ url, scratchUrl: server.adminUrl });
    expect(await surefoot.upgrade()).toMatchObject({ failed: null, differences: [], unverified: [] });
    const unreachable = project.surefoot({ url, scratchUrl: 'postgres://nobody:secret@127.0.0.1:1/x' });
    expect(await unreachable.plan()).toMatchObject({ unverified: [] });
    writeSql(project, [checked, { id: 'aaa2', up: 'CREATE TABLE d (id int);', down: 'DROP TABLE d;' }]);
    const without = project.surefoot({ url, scratchUrl: 'postgres://nobody:secret@127.0.0.1:1/x' });
    const plan = await without.plan();
    expect(plan.unverified).toEqual(['aaa1', 'aaa2']);
    expect(plan.unverifiedBecause).toMatch(/127\.0\.0\.1/);
    expect(plan.unverifiedBecause).not.toMatch(/secret/);
    await drop();
  });
});

describe.each((['postgres14', 'mysql9', 'mariadb'] as const).filter(isSelected))('%s', (engine) => {
  test('scratch databases are gone afterwards, also when something fails on them', async () => {
    const database = await freshDatabase(engine);
    using project = testProject();
    writeSql(project, [
      checked,
      { id: 'aaa2', up: 'CREATE TABLE b (id int);\nALTER TABLE nowhere ADD COLUMN x int;', down: '' },
    ]);
    const list = async () => {
      const { [engine]: server } = await ensureServers([engine]);
      const sql =
        engine === 'postgres14'
          ? 'SELECT datname AS name FROM pg_database'
          : 'SELECT schema_name AS name FROM information_schema.schemata';
      const { rows } = await onDatabase(server.adminUrl, (connection) => connection.query(sql));
      return rows.map((row) => String(row['name'])).filter((name) => /^surefoot_scratch_\d+_/.test(name));
    };
    const before = await list();
    const plan = await project.surefoot({ url: database.url }).plan();
    expect(plan.unverified).toEqual(['aaa2']);
    // Other tests have theirs on the same server, for a while.
    const fresh = (await list()).filter((name) => !before.includes(name));
    const left = async () => (await list()).filter((name) => fresh.includes(name));
    await expect.poll(left, { timeout: 60_000 }).toEqual([]);
    await database.drop();
  });

  test('what would reach beyond the scratch database is not run', async () => {
    const database = await freshDatabase(engine);
    const other = await freshDatabase(engine);
    const name = new URL(other.url).pathname.slice(1);
    await onDatabase(other.url, (connection) => connection.query('CREATE TABLE precious (id int)'));
    const statements =
      engine === 'postgres14'
        ? [
            "DO $$ BEGIN IF version() NOT LIKE '%18.%' THEN EXECUTE 'CREATE ROLE surefoot_never'; END IF; PERFORM 1/0; END $$",
          ]
        : [
            `DROP TABLE ${name}.precious`,
            `DROP TABLE \`${name}\` . \`precious\``,
            `USE ${name}`,
            `PREPARE s FROM 'DROP TABLE ${name}.precious'`,
            'SET GLOBAL max_connections = 100',
          ];
    for (const sql of statements) {
      using project = testProject();
      writeSql(project, [{ id: 'aaa1', up: `${sql};\nCREATE TABLE x (id int);`, down: '' }]);
      const plan = await project.surefoot({ url: database.url }).plan();
      expect(plan.unverified).toEqual(['aaa1']);
      expect(plan.unverifiedBecause).toMatch(/beyond|beside|names the database/);
    }
    await onDatabase(other.url, (connection) => connection.query('SELECT id FROM precious'));
    await other.drop();
    await database.drop();
  });
});

test('leftovers are told by name and age', () => {
  const old = 'surefoot_scratch_1600000000_0123456789abcdef';
  const young = `surefoot_scratch_${Math.floor(Date.now() / 1000)}_0123456789abcdef`;
  expect(
    leftoverScratch([old, young, 'surefoot_scratch_x', 'surefoot_scratch_0123456789abcdef', 'app']),
  ).toEqual([{ name: old, madeAt: 1_600_000_000_000 }]);
});
