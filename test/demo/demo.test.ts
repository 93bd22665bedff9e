import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { BrokenClaim } from '../../scripts/demo/output.ts';
import { openStage } from '../../scripts/demo/stage.ts';
import { tellStory } from '../../scripts/demo/story.ts';
import { createWorld } from '../../scripts/demo/world.ts';
import { type Engine, ensureServers, isServerEngine, selectedEngines } from '../servers/index.ts';
import { mysqlUri } from '../servers/probe.ts';

const root = join(import.meta.dirname, '../..');

const folders: string[] = [];
async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'demo-test-'));
  folders.push(folder);
  return folder;
}
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

interface Told {
  readonly pid: number | undefined;
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The demo as a person starts it, with a temporary folder that nobody else uses. */
async function demo(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Told & { folder: string }> {
  const folder = await newFolder();
  const { promise, resolve } = Promise.withResolvers<Omit<Told, 'pid'>>();
  const options = { cwd: root, env: { ...process.env, TMPDIR: folder, FORCE_COLOR: '0', ...env } };
  const { pid } = execFile(
    process.execPath,
    ['scripts/demo.ts', ...args],
    options,
    (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr });
    },
  );
  return { ...(await promise), pid, folder };
}

/** What each server says of the column that is not there. */
const complaints: Readonly<Record<Engine, string>> = {
  sqlite: 'no such column: user.api_token',
  pglite: 'column user.api_token does not exist',
  postgres14: 'column user.api_token does not exist',
  postgres18: 'column user.api_token does not exist',
  mariadb: "Unknown column 'user.api_token' in 'SELECT'",
  mysql9: "Unknown column 'user.api_token' in 'field list'",
};

async function urlOf(engine: Engine): Promise<string | null> {
  if (isServerEngine(engine)) return (await ensureServers([engine]))[engine].adminUrl;
  return engine === 'pglite' ? 'pglite:' : null;
}

/** The databases of that process's demo that are still on a server. */
async function leftovers(url: string | null, pid: number | undefined): Promise<readonly string[]> {
  if (url === null || url === 'pglite:') return [];
  if (url.startsWith('postgres')) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const text = 'select datname from pg_database where datname like $1';
    const { rows } = await client.query<{ datname: string }>(text, [`surefoot_demo_${pid}_%`]);
    await client.end();
    return rows.map(({ datname }) => datname);
  }
  const connection = await createConnection(mysqlUri(url));
  const text = 'select schema_name as name from information_schema.schemata where schema_name like ?';
  const pattern = `surefoot_demo_${pid}_%`;
  const [rows] = await connection.query<(RowDataPacket & { name: string })[]>(text, [pattern]);
  await connection.end();
  return rows.map(({ name }) => name);
}

for (const engine of selectedEngines()) {
  test(`${engine}: the story is told to its end, and leaves nothing behind`, async () => {
    const url = await urlOf(engine);
    const { pid, code, stdout, stderr, folder } = await demo(url === null ? [] : ['--url', url]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain(complaints[engine]);
    expect(stdout).toMatch(/satisfied +add column user\.api_token varchar\(255\)/);
    expect(stdout).toContain('The schema landed.');
    expect(await readdir(folder)).toEqual([]);
    expect(await leftovers(url, pid)).toEqual([]);
  }, 180_000);
}

const [someServer] = selectedEngines().filter(isServerEngine);

test.runIf(someServer)('an interrupted story leaves nothing behind either', async () => {
  const url = (await urlOf(someServer ?? 'mysql9')) ?? '';
  const folder = await newFolder();
  const child = spawn(process.execPath, ['scripts/demo.ts', '--url', url], {
    cwd: root,
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // As soon as it speaks, it makes its databases.
  child.stdout.once('data', () => child.kill('SIGINT'));
  const [code] = await once(child, 'close');
  expect(code).toBe(130);
  expect(await readdir(folder)).toEqual([]);
  expect(await leftovers(url, child.pid)).toEqual([]);
});

test('colours are for those who want them', async () => {
  const { stdout } = await demo([], { FORCE_COLOR: '1' });
  expect(stdout).not.toBe(stripVTControlCharacters(stdout));
  const plain = await demo([], { FORCE_COLOR: undefined, NO_COLOR: '1' });
  expect(plain.stdout).toBe(stripVTControlCharacters(plain.stdout));
});

test('a server that is not there is a failure, told without the password', async () => {
  const { code, stdout, stderr } = await demo(['--url', 'mysql://me:secret@127.0.0.1:1/']);
  expect(code).toBe(1);
  expect(stderr).toContain('ECONNREFUSED');
  expect(stdout + stderr).not.toContain('secret');
});

test('wrong usage is told apart', async () => {
  expect((await demo(['--nonsense'])).code).toBe(64);
  expect((await demo(['--url', 'oracle://somewhere'])).stderr).toContain('oracle:');
});

test('a sentence that is not true stops the story', async () => {
  const stage = await openStage(undefined);
  try {
    const world = await createWorld(stage);
    const { production } = world;
    const queries = { ...production.queries, allUsers: 'SELECT 1' };
    const told = tellStory({ ...world, production: { ...production, queries } });
    await expect(told).rejects.toThrow(BrokenClaim);
    await expect(told).rejects.toThrow('every query of the application dies');
  } finally {
    await stage.dispose();
  }
});
