// Databases that fail: the run ends with a code and a hint, and the next one goes on.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import type { Engine } from '../servers/index.ts';
import { freshDatabase, privateServer, selectedEngines } from '../servers/index.ts';
import { cli, cliJson } from '../support/cli.ts';
import type { RevisionText, TestProject } from '../support/revisions.ts';
import { representatives } from '../support/share.ts';
import { cliProject } from './stories.ts';

const engines = representatives(selectedEngines());

const drops: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const drop of drops) await drop();
});

async function fresh(engine: Engine): Promise<string> {
  const { url, drop } = await freshDatabase(engine);
  drops.push(drop);
  return url;
}

const table: RevisionText = {
  id: 'aaaa1111',
  up: `op.createTable('note', { id: t.integer().primaryKey(), text: t.text() });`,
};

/** As long as there is a file `slow`, the revision sleeps between its rows, and says when it begins to. */
function sleeping({ folder }: TestProject, engine: Engine): RevisionText {
  const query = engine === 'mysql9' ? 'SELECT SLEEP(20)' : 'SELECT pg_sleep(20)';
  return {
    id: 'bbbb2222',
    up: `op.insertRows('note', [{ id: 1, text: 'before' }]);
      op.run(async ({ connection }) => {
        const { existsSync, writeFileSync } = await import('node:fs');
        if (!existsSync(${JSON.stringify(join(folder, 'slow'))})) return;
        writeFileSync(${JSON.stringify(join(folder, 'begun'))}, '');
        await connection.query('${query}');
      }, { inverse: 'nothing' });
      op.insertRows('note', [{ id: 2, text: 'after' }]);`,
  };
}

async function untilThere(file: string): Promise<void> {
  while (!existsSync(file)) await sleep(50);
  // The query is on its way by then, and takes its time.
  await sleep(500);
}

const killable = engines.filter((engine) => engine === 'postgres18' || engine === 'mysql9');

describe.skipIf(killable.length === 0).each(killable)('%s', { concurrent: true }, (engine) => {
  test('a server that goes away in the middle of a step', async () => {
    await using server = await disposable(engine);
    using project = cliProject(table);
    project.write(sleeping(project, engine));
    project.writeFile('slow', '');
    const { folder: cwd } = project;
    // People are told on one family, programs on the other: what is told comes from the same place.
    const isJson = engine === 'mysql9';
    const running = cli(['upgrade', '--url', server.url, ...(isJson ? ['--json'] : [])], { cwd });
    await untilThere(join(cwd, 'begun'));
    await server.kill();
    const killed = performance.now();
    const { code, out, err } = await running;
    expect(performance.now() - killed).toBeLessThan(15_000);
    expect(code).toBe(2);
    if (isJson) {
      expect(err).toBe('');
      expect(JSON.parse(out)).toMatchObject({
        finished: [{ revision: 'aaaa1111' }],
        failed: { revision: 'bbbb2222', code: 'database/lost', hint: expect.stringContaining('again') },
        remaining: ['bbbb2222'],
      });
    } else {
      expect(err).toMatch(/^error the connection to .* was lost: .*\n/);
      expect(err).toMatch(/^hint {2}.*again.*\ncode {2}database\/lost\n$/m);
    }
    project.remove('slow');
    await server.restart();
    // The lock of the run that was cut off ends with its lease.
    const again = await cliJson(['upgrade', '--quiet', '--url', server.url], { cwd });
    expect(again).toMatchObject({
      finished: [{ revision: 'bbbb2222', satisfied: 0 }],
      heads: ['bbbb2222'],
      differences: [],
    });
    expect(await cliJson(['current', '--url', server.url], { cwd })).toMatchObject({ pending: [] });
  }, 180_000);
});

/** A server of this test's own, which keeps what it said it has committed. */
async function disposable(engine: Engine) {
  const server = await privateServer(engine as 'postgres18' | 'mysql9', { durable: true });
  return {
    url: server.url,
    kill: () => server.kill(),
    restart: () => server.restart(),
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

const servers = engines.filter((engine) => engine !== 'sqlite' && engine !== 'pglite');

interface Wrong {
  readonly username?: string;
  readonly password?: string;
  readonly port?: string;
  readonly pathname?: string;
}

describe.skipIf(servers.length === 0).each(servers)('%s', { concurrent: true }, (engine) => {
  const password = encodeURIComponent('s3cr3t-p@ss');

  test.each<[string, string, Wrong]>([
    ['a wrong password', 'database/denied', { password }],
    ['an unknown user', 'database/denied', { username: 'nobody', password }],
    ['an unknown database', 'database/denied', { pathname: '/nowhere' }],
    ['a server that is off', 'database/unreachable', { port: '1', password }],
  ])(
    '%s',
    async (_, code, wrong) => {
      using project = cliProject(table);
      const { folder: cwd } = project;
      const url = new URL(await fresh(engine));
      const secrets = [password, decodeURIComponent(password), url.password].filter((one) => one !== '');
      Object.assign(url, wrong);
      for (const verb of ['upgrade', 'status']) {
        const told = await cli([verb, '--verbose', '--url', url.href], { cwd });
        expect(told).toMatchObject({ code: 2, out: '' });
        expect(told.err).toMatch(new RegExp(`^hint  .*\\ncode  ${code}\\n$`, 'm'));
        const answer = await cliJson([verb, '--url', url.href], { cwd, code: 2 });
        expect(answer).toMatchObject({ error: { code } });
        for (const secret of secrets) expect(told.err + JSON.stringify(answer)).not.toContain(secret);
      }
    },
    60_000,
  );
});

test('a disk that is full: nothing half-done, and the next run goes on', async () => {
  using project = cliProject(table);
  const { folder: cwd } = project;
  project.write({
    id: 'bbbb2222',
    up: `op.run(async ({ connection }) => {
        const { existsSync } = await import('node:fs');
        if (existsSync(${JSON.stringify(join(cwd, 'full'))})) await connection.query('PRAGMA max_page_count = 1');
        await connection.query('INSERT INTO note VALUES (1, hex(zeroblob(1000000)))');
      }, { inverse: 'nothing', repeatable: true });`,
  });
  project.writeFile('full', '');
  const told = await cli(['upgrade'], { cwd });
  expect(told.code).toBe(2);
  expect(told.err).toMatch(/^error sqlite:.* has no space left: .*\n/);
  expect(told.err).toMatch(/^hint {2}Free space.*\ncode {2}database\/full\n$/m);
  expect(await cliJson(['current'], { cwd })).toEqual({ heads: ['aaaa1111'], pending: ['bbbb2222'] });
  expect(await cliJson(['upgrade'], { cwd, code: 2 })).toMatchObject({
    finished: [],
    failed: { revision: 'bbbb2222', code: 'database/full' },
  });
  project.remove('full');
  expect(await cliJson(['upgrade'], { cwd })).toMatchObject({ heads: ['bbbb2222'], failed: null });
});
