import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/config/choose-dialect.ts';
import { ensureServers, freshDatabase, isServerEngine, selectedEngines } from '../servers/index.ts';
import { refusal } from '../support/refusal.ts';
import { testProject } from '../support/revisions.ts';
import { representatives } from '../support/share.ts';
import { ask, familyOf, toolFolder } from './support.ts';

const engines = representatives(selectedEngines()).filter((engine) => engine !== 'pglite');
const servers = engines.filter(isServerEngine);
const postgres = servers.filter((engine) => familyOf(engine) === 'postgres');
const allow = ['lose-writes-since-backup'] as const;

const revisions = [
  { id: 'a001', up: `op.createTable('owned', { id: t.integer().primaryKey() });` },
  { id: 'a002', up: `op.createTable('second', { id: t.integer().primaryKey() });` },
];

test.runIf(engines.includes('sqlite'))('a file that is not there is refused, and not made', async () => {
  using project = testProject();
  const file = join(project.folder, 'absent.db');
  await refusal(project.surefoot({ url: `sqlite:${file}` }).backup({}), 'database/unreachable');
  expect(readdirSync(project.folder)).toEqual(['migrations']);
});

/** Inserts and deletes until it is told to stop. */
async function keepWriting(url: string): Promise<{ stop(): Promise<number> }> {
  const { database } = await openDatabase({ url });
  const connection = await database.connect();
  let isOver = false;
  let count = 0;
  const running = (async () => {
    while (!isOver) {
      count += 1;
      await connection.query(`INSERT INTO busy VALUES (${count}, 'some text, so that it takes a while')`);
      if (count % 3 === 0) await connection.query(`DELETE FROM busy WHERE id = ${count}`);
    }
  })();
  return {
    async stop() {
      isOver = true;
      await running;
      await connection.close();
      await database.close();
      return count;
    },
  };
}

describe.each(engines)('%s', (engine) => {
  test('saved while it is written to, the rows counted are those of the file', async () => {
    const database = await freshDatabase(engine);
    using project = testProject();
    try {
      await ask(database.url, 'CREATE TABLE busy (id integer PRIMARY KEY, words varchar(100))');
      // A writer in this very process would stand in the way of SQLite's copy.
      const writer = engine === 'sqlite' ? null : await keepWriting(database.url);
      const clientTools = await toolFolder(engine);
      const surefoot = project.surefoot({ url: database.url, clientTools, env: process.env });
      const { file, rows } = await surefoot.backup();
      if (writer) expect(await writer.stop()).toBeGreaterThan(10);
      const restored = await surefoot.restore(file, { allow });
      expect(restored.rows).toBe(rows);
      const [found] = await ask(database.url, 'SELECT COUNT(*) AS n FROM busy');
      expect(Number(found?.['n'])).toBe(rows);
      if (writer) expect(rows).toBeGreaterThan(0);
    } finally {
      await database.drop();
    }
  });

  test('a journal that was lost and begun anew is put behind the one of the backup', async () => {
    const database = await freshDatabase(engine);
    using project = testProject(...revisions);
    try {
      const clientTools = await toolFolder(engine);
      const surefoot = project.surefoot({ url: database.url, clientTools, env: process.env });
      await surefoot.upgrade();
      const old = await surefoot.log();
      const { file } = await surefoot.backup();
      const own = ['surefoot_version', 'surefoot_journal', 'surefoot_lock', 'owned', 'second'];
      await ask(database.url, ...own.map((table) => `DROP TABLE ${table}`));
      await surefoot.upgrade('a001');
      const young = await surefoot.log();
      await surefoot.restore(file, { allow });
      const now = await surefoot.log();
      expect(now.slice(0, old.length)).toEqual(old);
      const kept = now.slice(old.length, -1);
      expect(kept.map(({ id: _, ...rest }) => rest)).toEqual(young.map(({ id: _, ...rest }) => rest));
      expect(now.map(({ id }) => id)).toEqual(now.map(({ id }) => id).toSorted((a, b) => a - b));
      expect(now.at(-1)).toMatchObject({ event: 'restored', data: { heads: ['a002'] } });
      expect(await surefoot.current()).toEqual({ heads: ['a002'], pending: [] });
      expect(await surefoot.upgrade()).toMatchObject({ finished: [], differences: [] });
      expect(await surefoot.downgrade('base')).toMatchObject({ failed: null, differences: [], heads: [] });
    } finally {
      await database.drop();
    }
  });

  test('a database without revisions, saved before it had any', async () => {
    const database = await freshDatabase(engine);
    using project = testProject(...revisions);
    try {
      const clientTools = await toolFolder(engine);
      const surefoot = project.surefoot({ url: database.url, clientTools, env: process.env });
      await ask(database.url, 'CREATE TABLE before_all (id integer PRIMARY KEY)');
      const { file, heads } = await surefoot.backup();
      expect(heads).toEqual([]);
      await surefoot.upgrade();
      await surefoot.restore(file, { allow });
      expect(await surefoot.current()).toEqual({ heads: [], pending: ['a001', 'a002'] });
      expect((await surefoot.log()).map(({ event }) => event)).toContain('moved');
      expect(await surefoot.upgrade()).toMatchObject({ failed: null, differences: [], heads: ['a002'] });
    } finally {
      await database.drop();
    }
  });

  test('sha256sum takes the checksum file, whatever the name is', async () => {
    const database = await freshDatabase(engine);
    using project = testProject();
    try {
      await ask(database.url, 'CREATE TABLE t (id integer)');
      const clientTools = await toolFolder(engine);
      const surefoot = project.surefoot({ url: database.url, clientTools, env: process.env });
      const { file } = await surefoot.backup({ out: 'back\\slash\nnew line.x' });
      const check = execFileSync('sha256sum', ['--check', `${file}.sha256`], { cwd: dirname(file) });
      expect(check.toString().match(/: OK$/gm)).toHaveLength(2);
    } finally {
      await database.drop();
    }
  });
});

describe.each(servers)('%s', (engine) => {
  test('programs are told nothing in their arguments, and little of the environment', async () => {
    const database = await freshDatabase(engine);
    using project = testProject();
    const fitting = (await toolFolder(engine)) ?? '';
    const spies = join(project.folder, 'spies');
    mkdirSync(spies);
    for (const name of readdirSync(fitting)) {
      const say = `printf '%s\\n' "$@" >> ${spies}/arguments; env >> ${spies}/env`;
      writeFileSync(join(spies, name), `#!/bin/sh\n${say}\nexec '${join(fitting, name)}' "$@"\n`);
      chmodSync(join(spies, name), 0o755);
    }
    try {
      await ask(database.url, 'CREATE TABLE t (id integer)');
      const env = { ...process.env, PGPASSWORD: 'another', MYSQL_PWD: 'another', SECRET_OF_OURS: 'hidden' };
      const surefoot = project.surefoot({ url: database.url, clientTools: spies, env });
      const { file } = await surefoot.backup();
      await surefoot.restore(file, { allow });
      const { password, username, port } = new URL(database.url);
      const said = readFileSync(join(spies, 'arguments'), 'utf8');
      for (const secret of [password, username === 'surefoot' ? `${username}:` : username, port])
        expect(said).not.toContain(secret);
      expect(readFileSync(join(spies, 'env'), 'utf8')).not.toMatch(/another|hidden/);
      const [, option] = /^--defaults-file=(.*)$/m.exec(said) ?? [];
      // The option file lives as long as the program.
      if (option !== undefined) expect(existsSync(option)).toBe(false);
    } finally {
      await database.drop();
    }
  });

  test('stopped in the middle, a backup leaves nothing', async () => {
    const database = await freshDatabase(engine);
    using project = testProject();
    try {
      await ask(database.url, 'CREATE TABLE t (id integer)');
      const clientTools = await toolFolder(engine);
      const surefoot = project.surefoot({ url: database.url, clientTools, env: process.env });
      const stopping = new AbortController();
      stopping.abort();
      await refusal(surefoot.backup({ signal: stopping.signal }), 'run/cancelled');
      expect(readdirSync(join(project.folder, '.surefoot/backups'))).toEqual([]);
      expect(await surefoot.backup()).toMatchObject({ tables: 1 });
    } finally {
      await database.drop();
    }
  });
});

test.runIf(postgres.length > 0)('PostgreSQL: the namespace of everything was dropped', async () => {
  const [engine = 'postgres18'] = postgres.toReversed();
  const database = await freshDatabase(engine);
  using project = testProject(...revisions);
  try {
    const clientTools = await toolFolder(engine);
    const surefoot = project.surefoot({ url: database.url, clientTools, env: process.env });
    await surefoot.upgrade();
    await ask(database.url, 'INSERT INTO owned VALUES (1)');
    const { file } = await surefoot.backup();
    const { [engine]: server } = await ensureServers([engine]);
    const admin = new URL(server.adminUrl);
    admin.pathname = new URL(database.url).pathname;
    await ask(admin.href, 'DROP SCHEMA public CASCADE');
    const asAdmin = project.surefoot({ url: admin.href, clientTools, env: process.env });
    expect(await asAdmin.restore(file, { allow })).toMatchObject({ heads: ['a002'], rows: 1 });
    expect(await ask(admin.href, 'SELECT id FROM public.owned')).toEqual([{ id: 1 }]);
  } finally {
    await database.drop();
  }
});

test.runIf(postgres.length > 0)(
  'PostgreSQL: the tables of Surefoot in a namespace of their own, with a name that needs care',
  async () => {
    const [engine = 'postgres18'] = postgres.toReversed();
    const database = await freshDatabase(engine);
    using project = testProject(...revisions);
    const home = 'a "b" c';
    try {
      await ask(
        database.url,
        `CREATE SCHEMA "a ""b"" c"`,
        `CREATE SCHEMA "a"`,
        'CREATE TABLE a.inside (id integer)',
      );
      const clientTools = await toolFolder(engine);
      const options = { url: database.url, clientTools, env: process.env, versionNamespace: home };
      const surefoot = project.surefoot(options);
      await surefoot.upgrade();
      const { file, tables } = await surefoot.backup();
      expect(tables).toBe(3);
      await ask(
        database.url,
        'DROP SCHEMA a CASCADE',
        `CREATE TABLE "a ""b"" c".later (id integer)`,
        'CREATE SCHEMA later',
      );
      expect(await surefoot.restore(file, { allow })).toMatchObject({ tables: 3 });
      const found = await ask(
        database.url,
        `SELECT nspname::text AS n, relname::text AS t FROM pg_class c JOIN pg_namespace s ON s.oid = relnamespace WHERE relkind = 'r' AND nspname LIKE 'a%' ORDER BY 1, 2`,
      );
      expect(found).toEqual([
        { n: 'a', t: 'inside' },
        ...['journal', 'lock', 'version'].map((name) => ({ n: home, t: `surefoot_${name}` })),
      ]);
      expect(await surefoot.status()).toMatchObject({ heads: ['a002'], lock: null });
    } finally {
      await database.drop();
    }
  },
);

test.runIf(postgres.includes('postgres14'))('PostgreSQL 14 with the programs of 18', async () => {
  const database = await freshDatabase('postgres14');
  using project = testProject();
  try {
    // A line of a dump in the data of a table is data.
    const line = 'SET transaction_timeout = 0;';
    await ask(database.url, 'CREATE TABLE t (words text)', ['INSERT INTO t VALUES ($1)', [line]]);
    await ask(database.url, `SELECT lo_from_bytea(0, '\\x0102')`);
    const clientTools = await toolFolder('postgres18');
    const surefoot = project.surefoot({ url: database.url, clientTools, env: process.env });
    const { file, tool } = await surefoot.backup();
    expect(tool).toMatch(/^pg_dump 18/);
    await ask(database.url, 'DELETE FROM t', 'CREATE TABLE later (id integer)');
    await surefoot.restore(file, { allow });
    expect(await ask(database.url, 'SELECT words FROM t')).toEqual([{ words: line }]);
  } finally {
    await database.drop();
  }
});

test.runIf(postgres.length > 0)('PostgreSQL: who may only read can back up', async () => {
  const [engine = 'postgres18'] = postgres.toReversed();
  const database = await freshDatabase(engine);
  using project = testProject(...revisions);
  const { [engine]: server } = await ensureServers([engine]);
  const reader = `reader_${engine}`;
  try {
    const clientTools = await toolFolder(engine);
    await project.surefoot({ url: database.url }).upgrade();
    await ask(server.adminUrl, `CREATE ROLE ${reader} LOGIN PASSWORD 'x' IN ROLE pg_read_all_data`);
    const url = new URL(database.url);
    url.username = reader;
    url.password = 'x';
    const surefoot = project.surefoot({ url: url.href, clientTools, env: process.env });
    expect(await surefoot.backup()).toMatchObject({ heads: ['a002'], tables: 2 });
  } finally {
    await database.drop();
    await ask(server.adminUrl, `DROP ROLE IF EXISTS ${reader}`);
  }
});
