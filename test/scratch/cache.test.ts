import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connectDialect } from '../../src/config/choose-dialect.ts';
import { scratchWays } from '../../src/config/choose-scratch.ts';
import { nodeSqlite } from '../../src/drivers/node-sqlite.ts';
import { learnEffects } from '../../src/plan/learn-effects.ts';
import type { LoadedRevision } from '../../src/revisions/load.ts';
import { defaultNaming } from '../../src/schema/naming.ts';
import { fileCache } from '../../src/scratch/cache.ts';
import type { TestProject } from '../support/revisions.ts';
import { testProject } from '../support/revisions.ts';
import { writeSql } from './histories.ts';

const revision = (id: string, sql: readonly string[]): LoadedRevision => ({
  header: {
    id,
    revises: [],
    message: id,
    createdAt: null,
    branchLabels: [],
    dependsOn: [],
    replaces: [],
    safety: false,
    transaction: 'auto',
    file: `${id}.sql`,
    kind: 'sql',
  },
  upgrade: sql.map((text) => ({
    kind: 'execute',
    sql: text,
    inverse: null,
    effect: null,
    transaction: true,
  })),
  downgrade: { kind: 'irreversible', reason: '' },
  runs: { upgrade: [], downgrade: [] },
  text: '',
});

/** Learns a history of SQLite and counts the scratch databases that it took. */
async function counted(project: TestProject, revisions: readonly LoadedRevision[], circumstances = 'x') {
  const database = nodeSqlite({ file: ':memory:' });
  const connection = await database.connect();
  const { dialect } = await connectDialect('sqlite', connection);
  const choice = { dialect, connection, database, url: undefined, scratchUrl: undefined, folder: '.' };
  const { ways } = await scratchWays(choice);
  let opened = 0;
  let closed = 0;
  const learned = await learnEffects(
    { upgrades: revisions, downgrades: [] },
    {
      dialect,
      naming: defaultNaming(dialect.traits.maxIdentifier),
      cache: fileCache(project.folder),
      circumstances,
      ways: ways.map((way) => ({
        ...way,
        open: async () => {
          const scratch = await way.open();
          opened += 1;
          return {
            ...scratch,
            close: async () => {
              closed += 1;
              await scratch.close();
            },
          };
        },
      })),
    },
  );
  await database.close();
  expect(closed).toBe(opened);
  return { opened, revisions: [...learned.revisions.values()], problem: learned.problem };
}

const history = [
  revision('a', ['CREATE TABLE t (id integer PRIMARY KEY, a text)', 'CREATE INDEX ix ON t (a)']),
  revision('b', [
    'ALTER TABLE t ADD COLUMN b text',
    "UPDATE t SET b = 'x'",
    'CREATE VIEW v AS SELECT b FROM t',
  ]),
];

test('what was learned once opens no scratch database again, until something before it changes', async () => {
  using project = testProject();
  const cold = await counted(project, history);
  expect(cold).toMatchObject({ opened: 1, problem: null });
  const kinds = cold.revisions.map(({ upgrade }) =>
    upgrade.map((one) => (one.kind === 'execute' ? one.effect?.map(({ kind }) => kind) : null)),
  );
  expect(kinds).toEqual([
    [['createTable'], ['createIndex']],
    [['addColumn'], undefined, ['createView']],
  ]);
  expect(await counted(project, history)).toEqual({ ...cold, opened: 0 });
  expect((await counted(project, history.slice(0, 1))).opened).toBe(0);
  expect((await counted(project, history, 'another server')).opened).toBe(1);
  const other = [revision('a', ['CREATE TABLE t (id integer PRIMARY KEY, a text)']), ...history.slice(1)];
  expect((await counted(project, other)).opened).toBe(1);
});

test('a cache that is broken, forged or not to be written changes nothing', async () => {
  using project = testProject();
  const cold = await counted(project, history);
  const folder = join(project.folder, '.surefoot/cache');
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(readFileSync(join(project.folder, '.surefoot/.gitignore'), 'utf8')).toBe('*\n');
  const files = readdirSync(folder);
  expect(files).toHaveLength(2);
  for (const damage of [
    () => '{',
    () => 'null',
    (text: string) => text.replace('createIndex', 'dropIndex'),
    (text: string) => text.slice(0, -9),
  ]) {
    for (const file of files)
      writeFileSync(join(folder, file), damage(readFileSync(join(folder, file), 'utf8')));
    expect(await counted(project, history)).toEqual(cold);
  }
});

test('a project folder that cannot hold a cache', async () => {
  using project = testProject();
  writeFileSync(join(project.folder, '.surefoot'), 'a file is in the way');
  expect(await counted(project, history)).toMatchObject({ opened: 1, problem: null });
  expect(await counted(project, history)).toMatchObject({ opened: 1, problem: null });
});

// Root writes everywhere: only the file in the way above stops it.
test.skipIf(process.getuid?.() === 0)('a cache folder that may only be read', async () => {
  using project = testProject();
  mkdirSync(join(project.folder, '.surefoot/cache'), { recursive: true });
  chmodSync(join(project.folder, '.surefoot/cache'), 0o500);
  expect(await counted(project, history)).toMatchObject({ opened: 1, problem: null });
  chmodSync(join(project.folder, '.surefoot/cache'), 0o700);
});

test('many statements share readings of the catalogue, and nothing of what they do is lost', async () => {
  using project = testProject();
  const many = Array.from({ length: 150 }, (_, i) => `CREATE TABLE t${i} (id integer PRIMARY KEY)`);
  const { revisions, opened } = await counted(project, [revision('a', many)]);
  expect(opened).toBe(1);
  const made = revisions.flatMap(({ upgrade }) =>
    upgrade.flatMap((one) => (one.kind === 'execute' ? (one.effect ?? []) : [])),
  );
  expect(new Set(made.map((one) => (one.kind === 'createTable' ? one.table.name : one.kind))).size).toBe(150);
});

test('statements that reach files are not run', async () => {
  using project = testProject();
  const attach = [revision('a', [`ATTACH '${join(project.folder, 'other.db')}' AS other`])];
  expect((await counted(project, attach)).problem).toMatch(/revision a: .*another database/);
  expect(readdirSync(project.folder)).not.toContain('other.db');
});

test('raw SQL in names that need every care', async () => {
  using project = testProject();
  writeSql(project, [
    {
      id: 'aaa1',
      up: `CREATE TABLE "o'h ""x"" .z" ("sel""ect" integer PRIMARY KEY, "__proto__" text, "größe" text CHECK ("größe" <> ';'));`,
      down: `DROP TABLE "o'h ""x"" .z";`,
    },
  ]);
  const surefoot = project.surefoot({ url: `sqlite:${join(project.folder, 'x.db')}` });
  expect(await surefoot.upgrade()).toMatchObject({
    failed: null,
    differences: [],
    extras: [],
    unverified: [],
  });
  expect(await surefoot.downgrade('base')).toMatchObject({ failed: null, differences: [], extras: [] });
});
