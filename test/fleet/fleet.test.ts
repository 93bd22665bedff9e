import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { FleetConfig } from '../../src/config/define-config.ts';
import type { TargetResult } from '../../src/fleet/result.ts';
import type { FleetSummary } from '../../src/fleet/summary.ts';
import { createFleet } from '../../src/library/fleet.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import type { CliOptions } from '../support/cli.ts';
import { atTerminal, cli } from '../support/cli.ts';
import { schemaProblems } from '../support/json-schema.ts';
import { testProject } from '../support/revisions.ts';
import { share } from '../support/share.ts';
import { fileFleet, fleetRevisions, journalOf } from './support.ts';

const schema = fileURLToPath(new URL('../../docs/schemas/fleet.schema.json', import.meta.url));
const both = ['aaaa1111', 'bbbb2222'];

/** The lines of a fleet's --json, each checked. */
async function lines(args: readonly string[], options: CliOptions & { readonly code: number }) {
  const { code, out, err } = await cli(['fleet', ...args, '--json'], options);
  const all = out
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  for (const one of all) expect(schemaProblems(schema, one)).toEqual([]);
  expect({ code, err }).toEqual({ code: options.code, err: '' });
  return { targets: all.slice(0, -1) as TargetResult[], summary: all.at(-1) as FleetSummary };
}

describe.runIf(selectedEngines().includes('sqlite'))('files', () => {
  test('each once at head, in waves; memory does not follow their number', { timeout: 900_000 }, async () => {
    const count = share(1000, 20);
    using project = fileFleet(count);
    const fleet = createFleet({ projectFolder: project.folder, fleet: { file: 'targets.txt' } });
    const heaps: number[] = [];
    const waves: number[] = [];
    const summary = await fleet.upgrade({
      onResult: ({ wave }) => {
        waves.push(wave);
        heaps.push(process.memoryUsage().heapUsed);
      },
    });
    expect(summary).toMatchObject({ total: count, notRun: 0, halted: null });
    expect(summary.targets).toEqual({ done: count, current: 0, pending: 0, findings: 0, failed: 0 });
    expect(waves.filter((wave) => wave < 3)).toHaveLength(1 + Math.ceil(count / 10));
    for (const file of project.files) expect(journalOf(file)).toEqual({ moved: both, heads: ['bbbb2222'] });
    // The lowest of each hundred is what garbage collection leaves.
    const floors = Array.from({ length: count / 100 }, (_, i) =>
      Math.min(...heaps.slice(i * 100, i * 100 + 100)),
    );
    if (floors.length > 2) expect(floors.at(-1)).toBeLessThan((floors[1] ?? 0) + 30_000_000);
    const again = await fleet.upgrade();
    expect(again.targets).toMatchObject({ done: 0, current: count, failed: 0 });
  });

  test('one that fails stops no other; what is wrong with each is said, and no password', async () => {
    using project = fileFleet(6);
    const { folder: cwd, files } = project;
    const { code } = await cli(['fleet', 'upgrade', '--targets', 'targets.txt'], { cwd });
    expect(code).toBe(0);
    const onFile = (index: number, sql: string) => {
      const db = new DatabaseSync(files[index] ?? '');
      db.exec(sql);
      db.close();
    };
    onFile(0, `UPDATE surefoot_version SET version_num = 'ffff9999'`);
    onFile(1, 'DROP INDEX ix_user_token');
    writeFileSync(
      files[2] ?? '',
      'this is no database, and longer than a header of one would be: 100 bytes at least, of which each is wrong.',
    );
    project.write({
      id: 'cccc3333',
      revises: 'bbbb2222',
      up: `op.dropColumn('user', 'name', { erase: true });`,
    });
    onFile(3, `INSERT INTO "user" (id, name) VALUES (1, 'ann')`);
    const more = [
      'postgres://ann:s3cret@127.0.0.1:1/shop',
      '{"name": "broken", s3cret',
      'ftp://ann:s3cret@host/x',
    ];
    project.writeFile('targets.txt', `${readFileSync(join(cwd, 'targets.txt'), 'utf8')}${more.join('\n')}\n`);

    const said = await cli(['fleet', 'plan', '--targets', 'targets.txt'], { cwd });
    expect(said.out + said.err).not.toContain('s3cret');
    expect(said.out).toMatch(/^pending {2}t3 .*loses .*name: 1 \(revision cccc3333\)/m);

    const all = await lines(['upgrade', '--targets', 'targets.txt', '--stop-above', '100%'], {
      cwd,
      code: 2,
    });
    expect(JSON.stringify(all)).not.toContain('s3cret');
    const codes = Object.fromEntries(all.targets.map(({ target, error }) => [target, error?.code ?? null]));
    expect(codes).toEqual({
      t0: 'version/unknown-revision',
      t1: 'plan/drift',
      t2: 'database/not-a-database',
      t3: 'run/confirmation-needed',
      t4: null,
      t5: null,
      'postgres://127.0.0.1:1/shop': 'database/unreachable',
      [`${join(cwd, 'targets.txt')}:10`]: 'fleet/not-a-target',
      [`${join(cwd, 'targets.txt')}:11`]: 'url/invalid',
    });
    expect(all.summary.targets).toMatchObject({ done: 2, failed: 7 });

    const { summary } = await lines(
      ['retry', '--allow', 'data-loss', '--stop-above', '100%', '--targets', 'targets.txt'],
      { cwd, code: 2 },
    );
    expect(summary).toMatchObject({ total: 7, run: all.summary.run, targets: { done: 1, failed: 6 } });
    const found = await lines(['check', '--targets', 'targets.txt'], { cwd, code: 2 });
    expect(found.targets.find(({ target }) => target === 't1')).toMatchObject({ status: 'findings' });
    expect(found.targets.find(({ target }) => target === 't4')).toMatchObject({ status: 'current' });
    const states = readdirSync(join(cwd, '.surefoot/fleet'));
    expect(states).toHaveLength(2);
    for (const state of states)
      expect(readFileSync(join(cwd, '.surefoot/fleet', state), 'utf8')).not.toContain('s3cret');
  });

  test('a slip in an entry is refused, and not passed over', async () => {
    using project = fileFleet(1);
    const { folder: cwd } = project;
    const url = 'sqlite:./x.db';
    const entries = [{ url, directurl: url }, { url, schema: 'a' }, { name: 'x' }];
    project.writeFile('slips.txt', entries.map((entry) => JSON.stringify(entry)).join('\n'));
    const { targets } = await lines(['plan', '--targets', 'slips.txt'], { cwd, code: 2 });
    const told = targets.map(({ error }) => [error?.code, error?.message.split('slips.txt')[1]]);
    expect(told).toEqual([
      ['fleet/not-a-target', ':1: it knows no "directurl"; `directUrl`?'],
      ['fleet/not-a-target', `:2: sqlite:${cwd}/x.db is no database with schemas`],
      ['fleet/not-a-target', ':3: it names neither a URL nor a schema'],
    ]);
  });

  test('one that is ahead, and one with another history, are told apart by every verb', async () => {
    using project = fileFleet(3);
    const at = (index: number) => ({ url: `sqlite:${project.files[index]}` });
    using ahead = testProject(...fleetRevisions, {
      id: 'cccc3333',
      up: `op.addColumn('user', 'x', t.integer());`,
    });
    using other = testProject({
      id: 'dddd4444',
      up: `op.createTable('thing', (t) => ({ id: t.integer() }));`,
    });
    await ahead.surefoot(at(0)).upgrade();
    await other.surefoot(at(1)).upgrade();
    const fleet = createFleet({
      projectFolder: project.folder,
      fleet: { file: 'targets.txt', stopAbove: 1 },
    });
    for (const verb of ['status', 'plan', 'upgrade'] as const) {
      const said = new Map<string, string | undefined>();
      await fleet[verb]({ onResult: ({ target, error }) => void said.set(target, error?.message) });
      const names = (id: string) => `surefoot_version names ${id}, which no file declares; its journal has`;
      expect(Object.fromEntries(said)).toEqual({
        t0: `${names('cccc3333')} every revision of these files: it is ahead of them`,
        t1: `${names('dddd4444')} none of the revisions of these files: it has another history`,
        t2: undefined,
      });
    }
    const { targets, findings } = await fleet.check();
    expect(targets).toMatchObject({ findings: 2, current: 1 });
    expect(findings).toContainEqual({ code: 'history/missing-revision', count: 2 });
  });

  test('a canary that fails stops the rest; retry goes on where it was mended', async () => {
    using project = fileFleet(8);
    writeFileSync(project.files[0] ?? '', 'no database '.repeat(20));
    const fleet = createFleet({ projectFolder: project.folder, fleet: { file: 'targets.txt' } });
    const first = await fleet.upgrade();
    expect(first).toMatchObject({ notRun: 7, halted: 'failures', targets: { failed: 1, done: 0 } });
    writeFileSync(project.files[0] ?? '', '');
    expect(await fleet.retry()).toMatchObject({ total: 8, notRun: 0, targets: { done: 8 } });
    expect(await fleet.retry()).toMatchObject({ total: 0, notRun: 0 });
    await expect(fleet.retry('nope')).rejects.toMatchObject({ code: 'fleet/no-run' });
  });

  test('of two with one name, the one that failed is tried again', async () => {
    using project = fileFleet(3);
    project.writeFile(
      'targets.txt',
      [0, 1, 2].map((i) => JSON.stringify({ name: 'twin', url: `sqlite:./db/${i}.db` })).join('\n'),
    );
    writeFileSync(project.files[0] ?? '', 'no database '.repeat(20));
    const fleet = createFleet({
      projectFolder: project.folder,
      fleet: { file: 'targets.txt', stopAbove: 1, concurrency: 1 },
    });
    expect(await fleet.upgrade()).toMatchObject({ targets: { failed: 1, done: 2 } });
    writeFileSync(project.files[0] ?? '', '');
    expect(await fleet.retry()).toMatchObject({ total: 1, targets: { done: 1 } });
  });

  test('on a terminal a table shows what runs, and how far a backfill is', async () => {
    const rows = `op.insertRows('user', Array.from({ length: 60 }, (_, id) => ({ id, name: 'ann' })));`;
    const fill = `op.backfill({ table: 'user', set: { token: 'name' }, batch: 20, rowsPerSecond: 100, inverse: 'nothing' });`;
    using project = fileFleet(2, [
      ...fleetRevisions,
      { id: 'cccc3333', up: rows },
      { id: 'dddd4444', up: fill },
    ]);
    const { code, out, err } = await atTerminal(['fleet', 'upgrade', '--targets', 'targets.txt'], {
      cwd: project.folder,
    });
    expect({ code, lines: out.split('\n').slice(0, 3) }).toMatchObject({
      code: 0,
      lines: [/^done {5}t0 {2}4 revisions: /, /^done {5}t1 {2}/, /^upgrade of 2 targets in /].map((line) =>
        expect.stringMatching(line),
      ),
    });
    expect(err).toMatch(/wave 1\/2 {2}░{30} 0\/2$/m);
    expect(err).toMatch(/wave 2\/2 {2}█{15}░{15} 1\/2$/m);
    expect(err).toMatch(/^ {2}t0 {2}\d+ rows changed \[#+·*\] \d+ %, about \S+ m?s left \d/m);
  });

  test('a pause lets the running ones end, and retry does the rest', async () => {
    using project = fileFleet(8);
    const fleet = createFleet({
      projectFolder: project.folder,
      fleet: { file: 'targets.txt', concurrency: 2, waves: [] },
    });
    const pause = new AbortController();
    const summary = await fleet.upgrade({ pause: pause.signal, onStart: () => pause.abort() });
    expect(summary).toMatchObject({ halted: 'paused', targets: { failed: 0 } });
    expect(summary.targets.done).toBeGreaterThan(0);
    expect(summary.targets.done).toBeLessThanOrEqual(2);
    expect(await fleet.retry()).toMatchObject({ notRun: 0, targets: { done: 8 - summary.targets.done } });
  });

  test('two at once: each target once', async () => {
    using project = fileFleet(6);
    const options = { projectFolder: project.folder, fleet: { file: 'targets.txt', waves: [] } };
    const [a, b] = await Promise.all([createFleet(options).upgrade(), createFleet(options).upgrade()]);
    expect([a.targets.failed, b.targets.failed]).toEqual([0, 0]);
    expect(a.targets.done + b.targets.done).toBe(6);
    for (const file of project.files) expect(journalOf(file).moved).toEqual(both);
  });

  test('a query on a control database', async () => {
    using project = fileFleet(3);
    const control = new DatabaseSync(join(project.folder, 'control.db'));
    control.exec(`CREATE TABLE tenants (id INTEGER, name TEXT, url TEXT);
      INSERT INTO tenants VALUES (1, 'one''s', 'sqlite:./db/0.db'), (2, 'two', 'sqlite:./db/1.db'), (3, NULL, 'sqlite:./db/2.db')`);
    const run = async (sql: string, more: Partial<FleetConfig> = {}) =>
      await createFleet({
        projectFolder: project.folder,
        url: 'sqlite:./control.db',
        fleet: { query: { sql }, ...more },
      }).status();
    const { groups } = await run('SELECT id, name, url FROM tenants;');
    expect(groups).toMatchObject([{ revisions: both, count: 3 }]);
    // In the order in which they answered.
    expect(new Set(groups[0]?.targets)).toEqual(new Set(["one's", 'two', project.files[2]]));
    await expect(run('SELECT 1 AS id, url FROM tenants')).rejects.toMatchObject({
      code: 'fleet/targets-unreadable',
      message: 'fleet.query: several rows have "1" in the first column',
    });
    await expect(run('SELECT id FROM tenants')).rejects.toMatchObject({ code: 'fleet/targets-unreadable' });
    await expect(run('SELECT nothing')).rejects.toMatchObject({ code: 'fleet/targets-unreadable' });
    control.close();
  });
});

const servers = selectedEngines().filter(
  (engine) => engine === 'postgres18' || engine === 'mariadb' || engine === 'mysql9',
);

test.runIf(servers.includes('postgres18'))(
  'schemas of one database, each with its own history',
  { timeout: 600_000 },
  async () => {
    const count = share(200, 5);
    using project = fileFleet(0, fleetRevisions);
    const { url, drop } = await freshDatabase('postgres18');
    const { Client } = await import('pg');
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      const names = Array.from({ length: count }, (_, i) => `tenant ${i} "q"`);
      for (const name of names) await client.query(`CREATE SCHEMA "${name.replaceAll('"', '""')}"`);
      const options = { projectFolder: project.folder, url, fleet: { schemas: 'tenant %' } };
      const fleet = createFleet(options);
      const summary = await fleet.upgrade();
      expect(summary.failures).toEqual([]);
      expect(summary.targets).toMatchObject({ done: count, failed: 0 });
      expect((await fleet.check()).targets).toMatchObject({ current: count });
      const { rows } = await client.query(
        `SELECT table_schema, count(*)::int AS n FROM information_schema.columns WHERE table_name = 'user' AND column_name = 'token' GROUP BY 1`,
      );
      expect(
        rows
          .filter((row: { n: number }) => row.n === 1)
          .map((row: { table_schema: string }) => row.table_schema)
          .sort(),
      ).toEqual(names.toSorted());
      const password = new URL(url).password;
      const wrong = createFleet({
        ...options,
        fleet: {
          targets: [
            { name: 'denied', url: url.replace(password, 'wr0ng-s3cret') },
            { name: 'gone', url, schema: 'nowhere' },
            { name: 'there', url, schema: names[0] ?? '' },
          ],
        },
      });
      const { failures, targets } = await wrong.upgrade();
      expect(JSON.stringify(failures)).not.toContain('s3cret');
      expect([failures.map(({ code }) => code), targets.current]).toEqual([['database/denied'], 0]);
      const results: TargetResult[] = [];
      await wrong.status({ onResult: (result) => void results.push(result) });
      expect(results.map(({ target, error }) => [target, error?.code ?? null]).sort()).toEqual([
        ['denied', 'database/denied'],
        ['gone', 'database/no-schema'],
        ['there', null],
      ]);
    } finally {
      await client.end();
      await drop();
    }
  },
);

test.runIf(selectedEngines().includes('sqlite'))('Ctrl-C pauses the command, and retry goes on', async () => {
  using project = fileFleet(12, [
    ...fleetRevisions,
    {
      id: 'cccc3333',
      up: `op.run(async () => { await new Promise((done) => setTimeout(done, 300)); });`,
      down: '',
    },
  ]);
  const { folder: cwd } = project;
  const args = ['fleet', 'upgrade', '--targets', 'targets.txt', '--concurrency', '2', '--waves', '12'];
  const said = await cli(args, {
    cwd,
    onStart: (child) => child.stdout?.once('data', () => child.kill('SIGINT')),
  });
  expect(said.code).toBe(2);
  expect(said.err).toContain('Pausing: what runs comes to its end.');
  expect(said.out).toMatch(/^\d+ targets not started, since it was paused\.$/m);
  expect(said.out).not.toMatch(/^failed/m);
  expect((await cli(['fleet', 'retry', '--targets', 'targets.txt'], { cwd })).code).toBe(0);
  for (const file of project.files) expect(journalOf(file).moved).toEqual([...both, 'cccc3333']);
});
