// Histories in SQL, as their tools leave them: folders as documented, rows as documented. `tools.test.ts` has the tools
// themselves.

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isSurefootError } from '../../src/kernel/errors.ts';
import { flywayChecksum } from '../../src/takeover/flyway/checksum.ts';
import { compareVersions } from '../../src/takeover/flyway/files.ts';
import { refusal } from '../support/refusal.ts';
import type { ForeignProject } from './foreign.ts';
import { foreignProject } from './foreign.ts';

const users = 'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);';
const mail = 'ALTER TABLE users ADD COLUMN mail TEXT;';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** What every taken over project must do: nothing is found, nothing is to do, and life goes on. */
async function goesOn(project: ForeignProject, found: Awaited<ReturnType<ForeignProject['import']>>) {
  const surefoot = project.surefoot(found);
  expect(await surefoot.check()).toMatchObject({ findings: [], pending: [] });
  expect((await surefoot.upgrade()).finished).toEqual([]);
  const [head = ''] = found.report.heads;
  project.write(
    `${found.folder.split('/').at(-1)}/next.sql`,
    `-- id: next\n-- revises: ${head}\n-- message: next\n\n-- upgrade\nCREATE TABLE next (id INTEGER PRIMARY KEY);\n\n-- downgrade\nDROP TABLE next;\n`,
  );
  const later = project.surefoot(found);
  expect((await later.upgrade()).heads).toEqual(['next']);
  expect(await later.check()).toMatchObject({ findings: [], pending: [] });
  expect((await later.downgrade()).heads).toEqual([head]);
}

const prismaTable = `CREATE TABLE "_prisma_migrations" (
  "id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL,
  "logs" TEXT, "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp,
  "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0);`;

function prismaRow(
  name: string,
  more: { checksum?: string; finished?: boolean; logs?: string; undone?: boolean } = {},
) {
  const { checksum = 'x', finished = true, logs, undone = false } = more;
  const text = (value: string | undefined) => (value === undefined ? 'NULL' : `'${value}'`);
  return `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, logs, rolled_back_at, started_at, applied_steps_count)
    VALUES (lower(hex(randomblob(8))), '${checksum}', ${finished ? '1767268800000' : 'NULL'}, '${name}', ${text(logs)}, ${undone ? '1767268800000' : 'NULL'}, 1767268800000 + (SELECT count(*) FROM _prisma_migrations), 1);`;
}

const prismaFiles = {
  'prisma/schema.prisma': 'datasource db {\n  provider = "sqlite"\n  url = "file:./dev.db"\n}\n',
  'prisma/migrations/migration_lock.toml': 'provider = "sqlite"\n',
  'prisma/migrations/20260101120000_init/migration.sql': `-- CreateTable\n${users}\n`,
  'prisma/migrations/20260102120000_add-mail/migration.sql': `${mail}\r\n`,
};

describe('prisma', () => {
  test('goes on where it was', async () => {
    using project = foreignProject(
      prismaFiles,
      `${users}${mail}${prismaTable}${prismaRow('20260101120000_init', { checksum: sha256(`-- CreateTable\n${users}\n`) })}${prismaRow('20260102120000_add-mail', { checksum: sha256(`${mail}\n`) })}`,
    );
    const found = await project.import('prisma');
    expect(found.report).toMatchObject({
      heads: ['20260102120000_add_mail'],
      totals: { revisions: 2, full: 2, schema: 0, none: 0 },
    });
    expect(found.applied).toMatchObject({
      applied: ['20260101120000_init', '20260102120000_add_mail'],
      problems: [],
    });
    expect(found).toMatchObject({ recorded: ['20260102120000_add_mail'], dialect: 'sqlite' });
    expect(project.read('migrations/20260102120000_add-mail.sql')).toBe(
      `-- id: 20260102120000_add_mail
-- revises: 20260101120000_init
-- message: add mail
-- created: 2026-01-02T12:00:00.000Z
-- imported-as: 20260102120000_add-mail
-- irreversible: Prisma writes no way back

-- upgrade
${mail}
`,
    );
    const named = await project.import('prisma', { path: 'prisma/schema.prisma', dryRun: true });
    expect(named.report).toEqual(found.report);
    const rows = project.database.prepare('SELECT * FROM _prisma_migrations').all();
    await goesOn(project, found);
    expect(project.database.prepare('SELECT * FROM _prisma_migrations').all()).toEqual(rows);
  });

  test('what failed, was rolled back, edited, or has lost its file is said', async () => {
    using project = foreignProject(
      prismaFiles,
      `${users}${prismaTable}${prismaRow('20250101120000_gone')}${prismaRow('20260101120000_init', { checksum: sha256('something else') })}${prismaRow('20260102120000_add-mail', { finished: false, undone: true })}${prismaRow('20260102120000_add-mail', { finished: false, logs: 'no such table: users' })}`,
    );
    const found = await project.import('prisma');
    expect(found.applied?.problems.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'edited 20260101120000_init',
      'failed 20260102120000_add-mail',
      'file-gone 20250101120000_gone',
    ]);
    expect(found.applied?.problems[1]?.reason).toContain('no such table: users');
    expect(found.recorded).toEqual(['20260101120000_init']);
    expect((await project.surefoot(found).check()).pending).toEqual(['20260102120000_add_mail']);
  });

  test('what was begun and never ended stops the state before it; a row that was rolled back does not count', async () => {
    using project = foreignProject(
      prismaFiles,
      `${users}${prismaTable}${prismaRow('20260101120000_init', { finished: false })}${prismaRow('20260102120000_add-mail', { finished: false, undone: true })}`,
    );
    const found = await project.import('prisma');
    expect(found.applied?.problems.map(({ kind }) => kind)).toEqual(['half-applied']);
    expect(found.applied?.notes).toEqual(['20260102120000_add-mail: an attempt was marked as rolled back']);
    expect(found.recorded).toEqual([]);
  });

  test('of a half-applied migration upgrade does the rest', async () => {
    using project = foreignProject(
      {
        'prisma/migrations/migration_lock.toml': 'provider = "sqlite"\n',
        'prisma/migrations/1_two/migration.sql': `${users}\nCREATE TABLE late (id INTEGER PRIMARY KEY);\n`,
      },
      `${users}INSERT INTO users VALUES (1, 'ada');${prismaTable}${prismaRow('1_two', { finished: false })}`,
    );
    const found = await project.import('prisma');
    expect(found).toMatchObject({ recorded: [], applied: { problems: [{ kind: 'half-applied' }] } });
    expect(await project.surefoot(found).upgrade()).toMatchObject({ failed: null, heads: ['1_two'] });
    expect(project.database.prepare('SELECT name FROM users').all()).toEqual([{ name: 'ada' }]);
    expect(project.database.prepare('SELECT count(*) AS n FROM late').get()).toEqual({ n: 0 });
  });

  test('hostile names: no id that could mean something else, no file outside the folder', async () => {
    const names = [
      '1_line\nbreak',
      '2_..%2f..',
      '3_head',
      '__proto__',
      `5_${'x'.repeat(240)}`,
      "6_it's; --",
      'head',
    ];
    using project = foreignProject({
      'prisma/migrations/migration_lock.toml': 'provider = "sqlite"\n',
      ...Object.fromEntries(
        names.map((name, i) => [
          `prisma/migrations/${name}/migration.sql`,
          `CREATE TABLE t${i} (id INTEGER PRIMARY KEY);`,
        ]),
      ),
    });
    const found = await project.import('prisma');
    expect(found.report.revisions).toHaveLength(7);
    const surefoot = project.surefoot(found);
    expect((await surefoot.upgrade()).finished).toHaveLength(7);
    const imported = (await surefoot.graph()).imported;
    for (const name of ['1_line\nbreak', '2_..%2f..', "6_it's; --", 'head'])
      expect(imported.has(name)).toBe(true);
    expect(found.report.heads).toEqual(['m_head']);
    expect(project.read('migrations/1_line_break.sql')).toContain('-- imported-as: "1_line\\nbreak"');
  });

  test('a table that is made anew on SQLite takes no rows of others along', async () => {
    using project = foreignProject({
      'prisma/migrations/migration_lock.toml': 'provider = "sqlite"\n',
      'prisma/migrations/1_a/migration.sql':
        'CREATE TABLE "User" (id INTEGER PRIMARY KEY);\nCREATE TABLE "Post" (id INTEGER PRIMARY KEY, "user" INTEGER NOT NULL REFERENCES "User" (id) ON DELETE CASCADE);\nINSERT INTO "User" VALUES (1);\nINSERT INTO "Post" VALUES (7, 1);',
      'prisma/migrations/2_b/migration.sql':
        '-- RedefineTables\nPRAGMA defer_foreign_keys=ON;\nPRAGMA foreign_keys=OFF;\nCREATE TABLE "new_User" (id INTEGER PRIMARY KEY, name TEXT);\nINSERT INTO "new_User" (id) SELECT id FROM "User";\nDROP TABLE "User";\nALTER TABLE "new_User" RENAME TO "User";\nPRAGMA foreign_keys=ON;\nPRAGMA defer_foreign_keys=OFF;\n',
    });
    const found = await project.import('prisma', { filesOnly: true });
    expect((await project.surefoot(found).upgrade()).failed).toBeNull();
    expect(project.database.prepare('SELECT * FROM "Post"').all()).toEqual([{ id: 7, user: 1 }]);
    expect(project.database.prepare('PRAGMA foreign_keys').get()).toEqual({ foreign_keys: 1 });
    expect((await project.surefoot(found).check()).pending).toEqual([]);
  });

  test('a schema elsewhere, with the path of its database in a .env beside it', async () => {
    using project = foreignProject({
      'prisma.config.ts': "export default { schema: 'db/schema' };",
      'db/schema/main.prisma':
        '// url = "no"\ndatasource db {\n  provider = "sqlite" // here\n  url = env("APP_DB")\n}\n',
      'db/schema/.env': 'APP_DB=file:../data/app.db\n',
      'db/migrations/1_a/migration.sql': users,
    });
    const found = await project.import('prisma', { filesOnly: true });
    expect(found).toMatchObject({
      dialect: 'sqlite',
      place: { url: 'sqlite:./db/data/app.db', variable: null },
    });
  });

  test('a database that Surefoot does not know is refused', async () => {
    using project = foreignProject({
      'prisma/migrations/migration_lock.toml': 'provider = "sqlserver"\n',
      'prisma/migrations/1_x/migration.sql': 'SELECT 1;',
    });
    const error = await refusal(project.import('prisma'), 'import/other-database');
    expect(error.details).toMatchObject({ found: 'sqlserver' });
  });
});

const journal = JSON.stringify({
  version: '7',
  dialect: 'sqlite',
  entries: [
    { idx: 0, version: '6', when: 1767268800000, tag: '0000_first', breakpoints: true },
    { idx: 1, version: '6', when: 1767355200000, tag: '0001_second', breakpoints: true },
  ],
});
const second = `${mail.slice(0, -1)}\n--> statement-breakpoint\nCREATE INDEX by_mail ON users (mail);`;
const drizzleFiles = {
  'drizzle.config.ts': `export default { out: './drizzle', dialect: 'sqlite', dbCredentials: { url: 'file:./local.db' }, migrations: { table: 'done' } };`,
  'drizzle/meta/_journal.json': journal,
  'drizzle/0000_first.sql': users,
  'drizzle/0001_second.sql': second,
};
const drizzleTable = 'CREATE TABLE done (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric);';
const drizzleRow = (text: string, when: number) =>
  `INSERT INTO done (hash, created_at) VALUES ('${sha256(text)}', ${when});`;

describe('drizzle', () => {
  test('goes on where it was; the config is read as text', async () => {
    using project = foreignProject(
      drizzleFiles,
      `${users}${mail}CREATE INDEX by_mail ON users (mail);${drizzleTable}${drizzleRow(users, 1767268800000)}${drizzleRow(second, 1767355200000)}`,
    );
    const found = await project.import('drizzle');
    expect(found).toMatchObject({
      recorded: ['0001_second'],
      tables: ['done'],
      place: { url: 'sqlite:./local.db', variable: null },
      applied: { problems: [], table: 'done' },
    });
    expect(project.read('migrations/0001_second.sql')).toContain(
      `-- upgrade\n${mail}\n\nCREATE INDEX by_mail ON users (mail);\n`,
    );
    await goesOn(project, found);
  });

  test('an edited file, a row without a file, a file without an entry, an entry without a file', async () => {
    using project = foreignProject(
      { ...drizzleFiles, 'drizzle/0009_stray.sql': 'SELECT 1;' },
      `${users}${drizzleTable}${drizzleRow('edited since', 1767268800000)}${drizzleRow('nobody knows', 5)}`,
    );
    project.write('drizzle/meta/_journal.json', journal.replace('0001_second', '0001_lost'));
    const found = await project.import('drizzle');
    expect(found.applied?.problems.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'edited 0000_first',
      `file-gone ${sha256('nobody knows')}`,
    ]);
    expect(found.unread.map(({ reason }) => reason)).toEqual([
      'the journal names 0001_lost.sql, which is not there',
      'the journal does not name it, so Drizzle never ran it',
      'the journal does not name it, so Drizzle never ran it',
    ]);
  });

  test('a migration that Drizzle passed over is pending, and runs', async () => {
    using project = foreignProject(
      drizzleFiles,
      `CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);${drizzleTable}${drizzleRow(users, 1767268800000)}`,
    );
    const third = 'CREATE TABLE third (id INTEGER PRIMARY KEY);';
    project.database.exec(`${third}${drizzleRow(third, 1767355200001)}`);
    project.write('drizzle/0002_third.sql', third);
    project.write(
      'drizzle/meta/_journal.json',
      journal.replace(
        ']',
        ',{"idx":2,"version":"6","when":1767355200001,"tag":"0002_third","breakpoints":true}]',
      ),
    );
    const found = await project.import('drizzle');
    expect(found.applied?.problems.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'skipped 0001_second',
    ]);
    expect(found.recorded).toEqual(['0002_third']);
    const result = await project.surefoot(found).upgrade();
    expect(result.finished.map(({ revision }) => revision)).toEqual(['0001_second']);
    const after = await project.surefoot(found).check();
    expect(after.findings.map(({ code, revision }) => `${code} ${revision}`)).toEqual([
      'history/irreversible 0001_second',
    ]);
  });

  test('the newer form, a folder for each', async () => {
    using project = foreignProject(
      {
        'drizzle/20260101120000_first/migration.sql': users,
        'drizzle/20260101120000_first/snapshot.json': '{ "dialect": "sqlite" }',
      },
      `${users}CREATE TABLE __drizzle_migrations (id INTEGER PRIMARY KEY, hash text, created_at numeric, name text, applied_at TEXT);
       INSERT INTO __drizzle_migrations VALUES (1, '${sha256(users)}', 1767268800000, '20260101120000_first', '2026-01-02T00:00:00Z');`,
    );
    const found = await project.import('drizzle');
    expect(found).toMatchObject({
      dialect: 'sqlite',
      recorded: ['20260101120000_first'],
      applied: { entries: [{ at: '2026-01-02T00:00:00.000Z' }], problems: [] },
    });
    await goesOn(project, found);
  });
});

const dbmateFiles = {
  'db/migrations/20260101120000_users.sql': `-- migrate:up\n${users}\nBEGIN;\nINSERT INTO users (name) VALUES ('-- upgrade');\nCOMMIT;\n\n-- upgrade the rest by hand\n-- migrate:down\nDROP TABLE users;\n`,
  'db/migrations/20260102120000_mail.sql': `\ufeff-- migrate:up transaction:false\r\n${mail}\r\n-- migrate:down\r\n`,
};
const dbmateTable = 'CREATE TABLE schema_migrations (version varchar(128) primary key);';

describe('dbmate', () => {
  test('goes on where it was, and back where it had a way', async () => {
    using project = foreignProject(
      dbmateFiles,
      `${users}INSERT INTO users (name) VALUES ('ada');${mail}${dbmateTable}INSERT INTO schema_migrations VALUES ('20260101120000'), ('20260102120000');`,
    );
    const found = await project.import('dbmate');
    expect(found.report.totals).toEqual({ revisions: 2, full: 2, schema: 0, none: 0 });
    const first = project.read('migrations/20260101120000_users.sql');
    expect(first).toContain(
      `${users}\n-- BEGIN;\n\nINSERT INTO users (name) VALUES ('-- upgrade');\n-- COMMIT;\n\n\n -- upgrade the rest by hand\n`,
    );
    const second = project.read('migrations/20260102120000_mail.sql');
    expect(second).toContain('-- transaction: none\n-- irreversible: its way back was empty\n');
    await goesOn(project, found);
    expect(project.database.prepare('SELECT name FROM users').all()).toEqual([{ name: 'ada' }]);
  });

  test('the way back is the tool’s', async () => {
    using project = foreignProject(
      { 'db/migrations/1_users.sql': dbmateFiles['db/migrations/20260101120000_users.sql'] },
      `${users}${dbmateTable}INSERT INTO schema_migrations VALUES ('1');`,
    );
    const found = await project.import('dbmate');
    const surefoot = project.surefoot(found);
    expect((await surefoot.downgrade('base')).heads).toEqual([]);
    expect(
      project.database.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'users'").get(),
    ).toEqual({ n: 0 });
  });

  test('files that dbmate would not take, values from the environment, odd encodings', async () => {
    using project = foreignProject({
      'db/migrations/1_a.sql': 'CREATE TABLE a (id INTEGER);',
      'db/migrations/2_b.sql': '-- migrate:down\nDROP TABLE b;\n-- migrate:up\nCREATE TABLE b (id INTEGER);',
      'db/migrations/3_c.sql': "-- migrate:up env:OWNER\nCREATE TABLE c (owner TEXT DEFAULT '{{ .OWNER }}');",
      'db/migrations/3_again.sql': '-- migrate:up\nSELECT 1;',
      'db/migrations/4_d.sql': Buffer.from("\ufeff-- migrate:up\nSELECT 'ü';\n", 'utf16le'),
      'db/migrations/5_e.sql': Buffer.from("-- migrate:up\nSELECT 'ü';\n", 'latin1'),
      'db/migrations/6_f.sql': "-- migrate:up\nCREATE TABLE f (t TEXT DEFAULT '\n-- upgrade\n');\n",
    });
    const found = await project.import('dbmate', { filesOnly: true });
    expect(found.unread.map(({ reason }) => reason)).toEqual([
      "it has no line '-- migrate:up'",
      "'-- migrate:down' stands before '-- migrate:up'",
      'version 3 has another file already: dbmate never ran this one',
    ]);
    expect(found.report.revisions.map(({ id, status }) => `${id} ${status}`)).toEqual([
      '3 full',
      '4 full',
      '5 full',
      '6 full',
    ]);
    expect(project.read('migrations/4_d.sql')).toContain("SELECT 'ü';");
    expect(project.read('migrations/6_f.ts')).toContain(
      String.raw`op.execute("CREATE TABLE f (t TEXT DEFAULT '\n-- upgrade\n')");`,
    );
  });
});

describe('node-pg-migrate', () => {
  test('SQL in both halves, dates of seventeen digits, programs without their library, strangers', async () => {
    using project = foreignProject({
      'migrations/1700000001000_second.sql':
        '-- Down Migration\nDROP TABLE b;\n-- Up Migration\nCREATE TABLE b (id int);\n',
      'migrations/1700000000000_first.sql': 'CREATE TABLE a (id int);\n',
      'migrations/20240101000000000_third.sql': '---- up migration ----\nSELECT 1;\n-- down migration\n',
      'migrations/1800000000000_code.js': "export const up = (pgm) => pgm.createTable('c', {});\n",
      'migrations/readme.md': 'text',
      'migrations/helper.js': 'export {};\n',
    });
    const found = await project.import('node-pg-migrate', { filesOnly: true });
    expect(found.report.revisions.map(({ id, status }) => `${id} ${status}`)).toEqual([
      '1700000000000_first full',
      '1700000001000_second full',
      '20240101000000000_third full',
      '1800000000000_code none',
    ]);
    expect(found.report.revisions[3]?.remainders[0]?.reason).toContain('node-pg-migrate');
    expect(found.folder.endsWith('revisions')).toBe(true);
    expect(project.read('revisions/1700000001000_second.sql')).toContain(
      '-- upgrade\nCREATE TABLE b (id int);\n\n-- downgrade\nDROP TABLE b;\n',
    );
    expect(project.read('revisions/1700000000000_first.sql')).toContain(
      '-- irreversible: it had no down migration',
    );
    expect(project.read('revisions/1800000000000_code.ts')).toContain("pgm.createTable('c', {})");
    expect(found.unread).toMatchObject([{ reason: 'its name begins with no number' }]);
  });
});

const flywayTable = `CREATE TABLE flyway_schema_history (installed_rank INT PRIMARY KEY, version VARCHAR(50), description VARCHAR(200) NOT NULL,
  type VARCHAR(20) NOT NULL, script VARCHAR(1000) NOT NULL, checksum INT, installed_by VARCHAR(100) NOT NULL,
  installed_on TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')), execution_time INT NOT NULL, success BOOLEAN NOT NULL);`;
const flywayRow = (
  rank: number,
  version: string | null,
  more: { type?: string; checksum?: string; success?: boolean } = {},
) =>
  `INSERT INTO flyway_schema_history VALUES (${rank}, ${version === null ? 'NULL' : `'${version}'`}, 'x', '${more.type ?? 'SQL'}', 'V${version}__x.sql', ${more.checksum ?? 'NULL'}, 'ada', '2026-01-01 12:00:00.000', 5, ${more.success === false ? 0 : 1});`;

describe('flyway', () => {
  test('its checksum and its order of versions', () => {
    // Both as Flyway itself wrote them for these files.
    expect(
      flywayChecksum('create table PERSON (\n    ID int not null,\n    NAME varchar(100) not null\n);\n'),
    ).toBe('1715188512');
    expect(
      flywayChecksum(
        "insert into PERSON (ID, NAME) values (1, 'Axel');\ninsert into PERSON (ID, NAME) values (2, 'Mr. Foo');\ninsert into PERSON (ID, NAME) values (3, 'Ms. Bar');",
      ),
    ).toBe('476766047');
    expect(['10', '2', '1.10', '1.9', '20260101120000'].sort(compareVersions)).toEqual([
      '1.9',
      '1.10',
      '2',
      '10',
      '20260101120000',
    ]);
  });

  test('versions, undo, repeatable ones, placeholders', async () => {
    using project = foreignProject(
      {
        'flyway.conf': 'flyway.locations=filesystem:sql\nflyway.placeholders.column=mail\n',
        'sql/V1__users.sql': users,
        'sql/U1__users.sql': 'DROP TABLE users;',
        'sql/V1_2__mail.sql': `ALTER TABLE users ADD COLUMN ${'$'}{column} TEXT;`,
        'sql/V10__later.sql': `INSERT INTO users (name) VALUES ('${'$'}{secret}');`,
        'sql/R__views.sql': 'CREATE VIEW v AS SELECT 1;',
      },
      `${users}${mail}${flywayTable}${flywayRow(1, '1', { checksum: flywayChecksum(users) })}${flywayRow(2, '1.2', { checksum: '12' })}${flywayRow(3, null)}`,
    );
    const found = await project.import('flyway');
    expect(found.report.revisions.map(({ id, status }) => `${id} ${status}`)).toEqual([
      '1 full',
      '1.2 full',
      '10 none',
    ]);
    expect(found.report.revisions[2]?.remainders[0]?.reason).toContain(
      `the placeholder ${'$'}{secret} has no value in the config`,
    );
    expect(project.read('migrations/V1_2__mail.sql')).toContain('ADD COLUMN mail TEXT');
    expect(project.read('migrations/V1__users.sql')).toContain('-- downgrade\nDROP TABLE users;');
    expect(found.notes[0]).toContain('R__views.sql runs again whenever it changes');
    expect(found.applied?.problems).toMatchObject([{ kind: 'edited', name: '1.2' }]);
    expect(found.recorded).toEqual(['1.2']);
    expect((await project.surefoot(found).check()).pending).toEqual(['10']);
  });

  test('a baseline, what was undone, what failed', async () => {
    const files = {
      'sql/V1__a.sql': 'CREATE TABLE a (id INTEGER PRIMARY KEY);',
      'sql/V2__b.sql': 'CREATE TABLE b (id INTEGER PRIMARY KEY);',
      'sql/V3__c.sql': 'CREATE TABLE c (id INTEGER PRIMARY KEY);',
      'sql/B2__base.sql': 'CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (id INTEGER PRIMARY KEY);',
    };
    const baseline = `${flywayTable}${flywayRow(1, '2', { type: 'BASELINE' })}`;
    using project = foreignProject(
      files,
      `${baseline}${flywayRow(2, '3')}${flywayRow(3, '3', { type: 'UNDO_SQL' })}`,
    );
    const found = await project.import('flyway');
    expect(found.recorded).toEqual(['2']);
    expect(found.notes).toEqual([
      'B2__base.sql is left out: the versions that it stands for are here themselves.',
    ]);
    using failed = foreignProject(files, `${baseline}${flywayRow(2, '3', { success: false })}`);
    expect((await failed.import('flyway')).applied?.problems).toMatchObject([{ kind: 'failed', name: '3' }]);
  });
});

describe('what is there stays', () => {
  test('a folder with files is never written to; the same import again only reads', async () => {
    using project = foreignProject(dbmateFiles, `${dbmateTable}`);
    project.write('mine/keep.txt', 'mine');
    await refusal(project.import('dbmate', { out: 'mine' }), 'import/folder-exists');
    await refusal(project.import('dbmate', { out: 'db/migrations/new' }), 'import/folder-exists');
    project.write('migrations/other.txt', 'mine');
    const found = await project.import('dbmate');
    expect(found.folder.endsWith('revisions')).toBe(true);
    project.database.exec(
      `${users}${mail}INSERT INTO schema_migrations VALUES ('20260101120000'), ('20260102120000');`,
    );
    const again = await project.import('dbmate', { out: 'revisions' });
    expect(again).toMatchObject({ files: [], recorded: ['20260102120000'] });
    expect((await project.import('dbmate', { out: 'revisions' })).recorded).toEqual(['20260102120000']);
  });

  test('a state that is recorded already is not replaced', async () => {
    using project = foreignProject(
      dbmateFiles,
      `${users}${dbmateTable}INSERT INTO schema_migrations VALUES ('20260101120000');`,
    );
    const found = await project.import('dbmate');
    project.database.exec("UPDATE surefoot_version SET version_num = 'elsewhere'");
    const error = await project.import('dbmate', { out: found.folder }).catch((one: unknown) => one);
    expect(isSurefootError(error, 'import/state-exists')).toBe(true);
  });

  test('what Surefoot took back since is not recorded again; an old narrow table refuses long ids', async () => {
    const sql = `${users}${dbmateTable}INSERT INTO schema_migrations VALUES ('20260101120000');`;
    using project = foreignProject(dbmateFiles, sql);
    const found = await project.import('dbmate');
    await project.surefoot(found).downgrade('base');
    expect((await project.import('dbmate')).recorded).toEqual([]);
    using narrow = foreignProject(
      dbmateFiles,
      `${sql}CREATE TABLE surefoot_version (version_num VARCHAR(8) NOT NULL);`,
    );
    await refusal(narrow.import('dbmate'), 'version/id-too-long');
  });

  test('a dry run writes and records nothing', async () => {
    using project = foreignProject(
      dbmateFiles,
      `${users}${dbmateTable}INSERT INTO schema_migrations VALUES ('20260101120000');`,
    );
    const found = await project.import('dbmate', { dryRun: true });
    expect(found).toMatchObject({ files: [], recorded: null, applied: { applied: ['20260101120000'] } });
    expect(
      project.database.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name LIKE 'surefoot%'").get(),
    ).toEqual({
      n: 0,
    });
  });
});
