import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FreshDatabase } from '../servers/index.ts';
import { ensureServers, freshDatabase, isServerEngine, selectedEngines } from '../servers/index.ts';
import { cli } from '../support/cli.ts';
import { refusal } from '../support/refusal.ts';
import { testProject } from '../support/revisions.ts';
import { representatives, share } from '../support/share.ts';
import { ask, familyOf, toolFolder } from './support.ts';

const engines = representatives(selectedEngines()).filter(isServerEngine);
const allow = ['lose-writes-since-backup'] as const;

const programsOf = {
  postgres: ['pg_dump', 'pg_restore', 'psql'],
  mysql: ['mysqldump', 'mysql'],
  sqlite: [],
} as const;

const versions = {
  postgres: 'pg_dump (PostgreSQL) 9.6.24',
  mysql: 'mysqldump  Ver 10.13 Distrib 5.7.44, for Linux (x86_64)',
  mariadb: 'mysqldump  Ver 10.19 Distrib 10.3.39-MariaDB, for debian-linux-gnu (x86_64)',
} as const;

/** Programs that do nothing but say their version and who they are called by. */
function fakePrograms(folder: string, names: readonly string[], version: string): string {
  mkdirSync(folder, { recursive: true });
  for (const name of names) {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\necho "$@" >> ${folder}/calls\necho '${version}'\n`);
    chmodSync(file, 0o755);
  }
  return folder;
}

describe.each(engines)('%s', (engine) => {
  const family = familyOf(engine);
  let database: FreshDatabase;
  let folder: string;
  beforeAll(async () => {
    database = await freshDatabase(engine);
    folder = mkdtempSync(join(tmpdir(), 'surefoot-programs-'));
    await ask(database.url, 'CREATE TABLE person (id integer PRIMARY KEY)', 'INSERT INTO person VALUES (1)');
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await database.drop();
  });

  test('no program: refused before anything runs, upgrade --backup too', async () => {
    using project = testProject({
      id: 'a001',
      up: `op.createTable('made', { id: t.integer().primaryKey() });`,
    });
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    for (const given of [{ clientTools: empty }, { env: { PATH: empty } }]) {
      const surefoot = project.surefoot({ url: database.url, ...given });
      const refused = await refusal(surefoot.backup(), 'backup/tool-missing');
      expect(refused.hint).toContain('--no-backup');
      expect(refused.details.tools[0]).toMatch(/dump$/);
      await refusal(surefoot.upgrade('heads', { backup: true }), 'backup/tool-missing');
      expect((await surefoot.status()).pending).toEqual(['a001']);
    }
    const [found] = await ask(
      database.url,
      `SELECT COUNT(*) AS n FROM information_schema.tables WHERE table_name = 'made'`,
    );
    expect(Number(found?.['n'])).toBe(0);
    expect(existsSync(join(project.folder, '.surefoot'))).toBe(false);
  });

  test('a program older than the server: refused, and asked nothing but its version', async () => {
    using project = testProject();
    const version =
      engine === 'mariadb' ? versions.mariadb : versions[family === 'mysql' ? 'mysql' : 'postgres'];
    const old = fakePrograms(join(folder, 'old'), programsOf[family], version);
    const surefoot = project.surefoot({ url: database.url, clientTools: old });
    const refused = await refusal(surefoot.backup(), 'backup/tool-version');
    expect(refused.message).toMatch(/older than the server/);
    expect(readFileSync(join(old, 'calls'), 'utf8')).toBe('--version\n');
    expect(existsSync(join(project.folder, '.surefoot'))).toBe(false);
  });

  test('an old program does not hide a fitting one further down the PATH; one without its siblings does not do', async () => {
    using project = testProject();
    const version =
      engine === 'mariadb' ? versions.mariadb : versions[family === 'mysql' ? 'mysql' : 'postgres'];
    const old = fakePrograms(join(folder, 'hiding'), programsOf[family], version);
    const fitting = (await toolFolder(engine)) ?? '';
    const surefoot = project.surefoot({ url: database.url, env: { PATH: `${old}:${fitting}` } });
    expect(await surefoot.backup()).toMatchObject({ rows: 1 });
    const alone = fakePrograms(
      join(folder, 'alone'),
      [programsOf[family][0] ?? ''],
      {
        postgres14: 'pg_dump (PostgreSQL) 18.1',
        postgres18: 'pg_dump (PostgreSQL) 18.1',
        mariadb: 'mysqldump from 99.1.1-MariaDB, client 10.19 for Linux',
        mysql9: 'mysqldump  Ver 99.1.1 for Linux on x86_64 (MySQL)',
        pgbouncer: '',
        redis: '',
      }[engine],
    );
    const { details } = await refusal(
      project.surefoot({ url: database.url, clientTools: alone }).backup(),
      'backup/tool-missing',
    );
    expect(details.folder).toBe(alone);
  });

  test('programs of other makers, and what is no such program, are not taken', async () => {
    using project = testProject();
    const other =
      engine === 'mariadb' ? 'mysqldump  Ver 99.4.0 for Linux (MySQL)' : 'mysqldump from 99.8.6-MariaDB';
    const strange = fakePrograms(
      join(folder, 'strange'),
      programsOf[family],
      family === 'mysql' ? other : 'hello',
    );
    const refused = await refusal(
      project.surefoot({ url: database.url, clientTools: strange }).backup(),
      'backup/tool-version',
    );
    expect(refused.details.version).toBeNull();
  });

  test('a program that fails is quoted, and leaves no file', async () => {
    using project = testProject();
    const version = {
      postgres14: 'pg_dump (PostgreSQL) 18.1',
      postgres18: 'pg_dump (PostgreSQL) 18.1',
      mariadb: 'mysqldump from 99.1.1-MariaDB, client 10.19 for Linux',
      mysql9: 'mysqldump  Ver 99.1.1 for Linux on x86_64 (MySQL)',
      pgbouncer: '',
      redis: '',
    }[engine];
    const failing = fakePrograms(join(folder, 'failing'), programsOf[family], version);
    const [dumper = ''] = programsOf[family];
    const script = `#!/bin/sh\nif [ "$1" = --version ]; then echo '${version}'; exit; fi\necho half a dump\necho "no luck with $PGPASSWORD" >&2\nexit 7\n`;
    writeFileSync(join(failing, dumper), script);
    const surefoot = project.surefoot({ url: database.url, clientTools: failing });
    const { message, details } = await refusal(surefoot.backup(), 'backup/tool-failed');
    expect(message).toMatch(/exit code 7: no luck/);
    expect(details.exitCode).toBe(7);
    const { password } = new URL(database.url);
    expect(password).not.toBe('');
    expect(message).not.toContain(password);
    expect(readdirSync(join(project.folder, '.surefoot/backups'))).toEqual([]);
  });

  test('nobody to confirm: refused, nothing touched; confirmed by --yes', async () => {
    using project = testProject();
    const env = { SUREFOOT_CLIENT_TOOLS: (await toolFolder(engine)) ?? '', DATABASE_URL: database.url };
    const options = { cwd: project.folder, env };
    expect(await cli(['backup', '--out', 'a.b'], options)).toMatchObject({ code: 0 });
    const refused = await cli(['restore', 'a.b'], options);
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toMatch(/run\/confirmation-needed/);
    const restored = await cli(['restore', 'a.b', '--yes', '--allow', 'lose-writes-since-backup'], options);
    expect(restored).toMatchObject({ code: 0 });
    expect(restored.out).toMatch(/proven +1 table, 1 row/);
  });
});

const all = [`p@s's"w\\o#r d;$(x)\`é%`, '-leading=dash'];
const passwords = share(all, all.slice(0, 1));

describe.each(engines)('%s with a hostile name and password', (engine) => {
  const name = `-o'd "d" \`x\` .z; größe`;
  const user = `sf_${engine}`;
  let admin: string;
  let place: URL;
  const quoted = (text: string) =>
    familyOf(engine) === 'postgres' ? `"${text.replaceAll('"', '""')}"` : `\`${text.replaceAll('`', '``')}\``;
  const literal = (text: string) =>
    `'${text.replaceAll('\\', familyOf(engine) === 'mysql' ? '\\\\' : '\\').replaceAll("'", "''")}'`;
  const clean =
    familyOf(engine) === 'postgres'
      ? [`DROP DATABASE IF EXISTS ${quoted(name)} WITH (FORCE)`, `DROP ROLE IF EXISTS ${user}`]
      : [`DROP DATABASE IF EXISTS ${quoted(name)}`, `DROP USER IF EXISTS ${user}@'%'`];
  beforeAll(async () => {
    const { [engine]: server } = await ensureServers([engine]);
    admin = server.adminUrl;
    place = new URL(server.url);
    await ask(admin, ...clean);
  });
  afterAll(async () => {
    await ask(admin, ...clean);
  });

  test.each(passwords)('%s', async (password) => {
    using project = testProject({
      id: 'a001',
      up: `op.createTable('made', { id: t.integer().primaryKey() });`,
    });
    const make =
      familyOf(engine) === 'postgres'
        ? [
            `CREATE ROLE ${user} LOGIN PASSWORD ${literal(password)}`,
            `CREATE DATABASE ${quoted(name)} OWNER ${user} TEMPLATE template0`,
          ]
        : [
            `CREATE USER ${user}@'%' IDENTIFIED BY ${literal(password)}`,
            `CREATE DATABASE ${quoted(name)} CHARACTER SET utf8mb4`,
            `GRANT ALL ON ${quoted(name)}.* TO ${user}@'%'`,
          ];
    await ask(admin, ...clean, ...make);
    place.username = user;
    place.password = encodeURIComponent(password);
    place.pathname = `/${encodeURIComponent(name)}`;
    const env = { SUREFOOT_CLIENT_TOOLS: (await toolFolder(engine)) ?? '', DATABASE_URL: place.href };
    const options = { cwd: project.folder, env };
    const said: string[] = [];
    const run = async (code: number, ...args: string[]) => {
      const result = await cli(['--verbose', ...args], options);
      said.push(result.out, result.err);
      expect({ args, ...result }).toMatchObject({ code });
    };
    await run(0, 'upgrade', '--backup');
    await run(0, 'backup', '--out=-x y.dump');
    await ask(place.href, 'INSERT INTO made VALUES (1)');
    await run(2, 'restore', '--yes', '--', '-x y.dump');
    await run(0, 'restore', '--yes', '--allow', 'lose-writes-since-backup', '--', '-x y.dump');
    expect(await ask(place.href, 'SELECT id FROM made')).toEqual([]);
    // A file that names the password in a complaint of the program.
    writeFileSync(join(project.folder, '-x y.dump.sha256'), password);
    await run(2, 'restore', '--yes', '--', '-x y.dump');
    const shown = said.join('\n');
    for (const secret of [password, encodeURIComponent(password)]) expect(shown).not.toContain(secret);
    const files = readdirSync(join(project.folder, '.surefoot/backups'));
    expect(files.length).toBeGreaterThanOrEqual(3);
    expect(files.filter((file) => !/^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u.test(file))).toEqual([]);
  });
});

test.runIf(engines.includes('mysql9') || engines.includes('mariadb'))(
  'an object of another definer is restored by a user who may not name him',
  async () => {
    const engine = engines.includes('mysql9') ? 'mysql9' : 'mariadb';
    const { [engine]: server } = await ensureServers([engine]);
    const database = await freshDatabase(engine);
    using project = testProject();
    const inDatabase = new URL(server.adminUrl);
    inDatabase.pathname = new URL(database.url).pathname;
    try {
      await ask(database.url, 'CREATE TABLE person (id integer PRIMARY KEY)');
      await ask(
        inDatabase.href,
        'CREATE VIEW everybody AS SELECT id FROM person',
        'CREATE PROCEDURE one() SELECT 1',
        'CREATE TRIGGER watch BEFORE INSERT ON person FOR EACH ROW SET NEW.id = NEW.id',
      );
      const clientTools = await toolFolder(engine);
      const byAdmin = project.surefoot({ url: inDatabase.href, clientTools, env: process.env });
      const { file } = await byAdmin.backup();
      await ask(inDatabase.href, 'DROP VIEW everybody', 'DROP PROCEDURE one');
      const surefoot = project.surefoot({ url: database.url, clientTools, env: process.env });
      // The safety copy would need to read the body of a trigger that is another's.
      expect(await surefoot.restore(file, { allow, safetyCopy: false })).toMatchObject({ confirmed: true });
      const definers = await ask(
        database.url,
        'SELECT definer AS definer FROM information_schema.views WHERE table_schema = DATABASE() UNION SELECT definer FROM information_schema.routines WHERE routine_schema = DATABASE()',
      );
      expect(definers).toEqual([{ definer: expect.stringMatching(/^surefoot@/) }]);
    } finally {
      await database.drop();
    }
  },
);

test('SQLite: others in a write-ahead log are seen even when they are idle; a mode and page size stay', async () => {
  const database = await freshDatabase('sqlite');
  using project = testProject();
  const surefoot = project.surefoot({ url: database.url });
  try {
    await ask(
      database.url,
      'PRAGMA page_size = 1024',
      'CREATE TABLE t (id integer)',
      'INSERT INTO t VALUES (1)',
    );
    const { file } = await surefoot.backup();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await ask(
      database.url,
      'PRAGMA page_size = 8192',
      'VACUUM',
      'PRAGMA journal_mode = WAL',
      'DELETE FROM t',
    );
    const { DatabaseSync } = await import('node:sqlite');
    const other = new DatabaseSync(database.url.replace('sqlite:', ''));
    expect(other.prepare('SELECT count(*) AS n FROM t').get()).toEqual({ n: 0 });
    await refusal(surefoot.restore(file, { allow }), 'backup/sessions-connected');
    other.close();
    await surefoot.restore(file, { allow });
    expect(await ask(database.url, 'SELECT id FROM t')).toEqual([{ id: 1 }]);
    expect(await ask(database.url, 'PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
    expect(await ask(database.url, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  } finally {
    await database.drop();
  }
});

test('SQLite: a restore goes into the open database, and a session that was opened before sees it', async () => {
  const { DatabaseSync } = await import('node:sqlite');
  const database = await freshDatabase('sqlite');
  using project = testProject();
  try {
    await ask(database.url, 'CREATE TABLE t (id integer)', 'INSERT INTO t VALUES (1)');
    const surefoot = project.surefoot({ url: database.url });
    const { file } = await surefoot.backup();
    const path = database.url.replace('sqlite:', '');
    const open = new DatabaseSync(path);
    open.exec('UPDATE t SET id = 2');
    const { ino } = statSync(path);
    await surefoot.restore(file, { allow });
    expect(open.prepare('SELECT id FROM t').get()).toEqual({ id: 1 });
    expect(statSync(path).ino).toBe(ino);
    open.close();
  } finally {
    await database.drop();
  }
});

test('what cannot be saved or restored is refused: PGlite, memory, another family', async () => {
  const pglite = await freshDatabase('pglite');
  const database = await freshDatabase('sqlite');
  using project = testProject();
  try {
    const refused = await refusal(project.surefoot({ url: pglite.url }).backup(), 'backup/unsupported');
    expect(refused.hint).toContain('--no-backup');
    await ask(database.url, 'CREATE TABLE t (id integer)');
    const { file } = await project.surefoot({ url: database.url }).backup();
    await refusal(
      project.surefoot({ url: 'sqlite::memory:' }).restore(file, { allow }),
      'backup/unsupported',
    );
    const other = await refusal(
      project.surefoot({ url: pglite.url }).restore(file, { allow }),
      'backup/invalid',
    );
    expect(other.message).toMatch(/it is of SQLite/);
  } finally {
    await database.drop();
    await pglite.drop();
  }
});
