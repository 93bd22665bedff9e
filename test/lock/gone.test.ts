// Holders that are killed, frozen, busy or forgotten. Nearly all of it is waiting, so the tests run side by side.

import { readFile } from 'node:fs/promises';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/config/choose-dialect.ts';
import type { LockHolder } from '../../src/lock/lock.ts';
import { lockHolder, unlock } from '../../src/lock/lock.ts';
import { type Engine, selectedEngines } from '../servers/index.ts';
import { representatives } from '../support/share.ts';
import { afterwards, asker, fresh, holder } from './runners.ts';
import { type Asker, askerOf, shortTiming, usualTiming } from './support.ts';

const engines = selectedEngines();
const servers = representatives(engines).filter((engine) => engine !== 'pglite' && engine !== 'sqlite');
const isPostgres = (engine: Engine): boolean => engine.startsWith('postgres');

const sleeping = (engine: Engine, seconds: number): string =>
  isPostgres(engine) ? `SELECT pg_sleep(${seconds})` : `SELECT SLEEP(${seconds})`;

/** The server is busy with it for minutes, and does not look whether its client is still there. */
const endless = (engine: Engine): string =>
  isPostgres(engine)
    ? 'SELECT count(*) FROM generate_series(1, 4000000000) AS n'
    : "SELECT BENCHMARK(4000000000, SHA2('x', 512))";

const elapsed = (since: number): number => performance.now() - since;

/** Until the server runs a statement with this text. */
async function untilRunning(one: Asker, text: string): Promise<void> {
  for (;;) {
    const found = await lockHolder(one.question);
    if (found?.statement?.includes(text)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function watched() {
  const seen: LockHolder[] = [];
  return { seen, onWait: (one: LockHolder) => void seen.push(one) };
}

describe.skipIf(servers.length === 0).each(servers)('on %s', { concurrent: true }, (engine) => {
  test('a killed holder is succeeded as soon as its lease is over', async () => {
    const { url } = await fresh(engine);
    const one = await asker(url);
    const killed = await holder({ url, owner: 'the killed one' });
    killed.signal('SIGKILL');
    await killed.ended;
    const since = performance.now();
    const lock = await one.acquire();
    expect(elapsed(since)).toBeGreaterThan(shortTiming.leaseMs - shortTiming.beatMs - 500);
    expect(elapsed(since)).toBeLessThan(shortTiming.leaseMs + 2000);
    await lock.verify();
    await lock.release();
  });

  test('a frozen holder finds out, and what it has begun is undone', async () => {
    const { url } = await fresh(engine);
    const one = await asker(url);
    await one.connection.query('CREATE TABLE kept (n int)');
    const frozen = await holder({ url });
    expect(await frozen.tell('begin')).toEqual({ ok: true, value: 1 });
    expect(await frozen.tell('query', 'INSERT INTO kept VALUES (1)')).toMatchObject({ ok: true });
    frozen.signal('SIGSTOP');
    const lock = await one.acquire({ owner: 'the new one' });
    frozen.signal('SIGCONT');
    expect(await frozen.tell('verify')).toEqual({ ok: false, value: 'lock/lost' });
    expect(await frozen.tell('fenceElsewhere')).toEqual({ ok: true, value: 0 });
    expect(await frozen.tell('query', 'COMMIT')).toMatchObject({ ok: false });
    expect((await one.connection.query('SELECT n FROM kept')).rows).toEqual([]);
    expect(await frozen.tell('release')).toMatchObject({ ok: true });
    await lock.verify();
    await lock.release();
  });

  test('a holder that gave no sign for long before it began, and froze, is succeeded', async () => {
    const { url } = await fresh(engine);
    const one = await asker(url);
    const frozen = await holder({ url });
    expect(await frozen.tell('begin')).toEqual({ ok: true, value: 1 });
    frozen.signal('SIGSTOP');
    await one.connection.query('UPDATE surefoot_lock SET heartbeat_at = heartbeat_at - 60000');
    const lock = await one.acquire({ waitMs: 5000 });
    frozen.signal('SIGCONT');
    expect(await frozen.tell('verify')).toEqual({ ok: false, value: 'lock/lost' });
    await frozen.tell('release');
    await lock.verify();
    await lock.release();
  });

  test('a holder keeps the lock through a long statement and a long transaction', async () => {
    const { url } = await fresh(engine);
    const one = await asker(url);
    const busy = await holder({ url, owner: 'the busy one' });
    await busy.tell('begin');
    const work = busy.tell('query', sleeping(engine, 5));
    const { seen, onWait } = watched();
    const refused = one.acquire({ waitMs: 4500, onWait, cancelOrphan: true });
    await expect(refused).rejects.toMatchObject({ code: 'lock/held', details: { owner: 'the busy one' } });
    expect(new Set(seen.map(({ state }) => state))).toEqual(new Set(['alive']));
    expect(seen.at(-1)?.statement).toBe(sleeping(engine, 5));
    expect(await work).toMatchObject({ ok: true });
    expect(await busy.tell('query', 'COMMIT')).toMatchObject({ ok: true });
    expect(await busy.tell('verify')).toMatchObject({ ok: true });
    expect(await busy.tell('release')).toMatchObject({ ok: true });
    await (await one.acquire({ waitMs: 0 })).release();
  });

  test('what a killed holder left running is waited for and shown', async () => {
    const { url } = await fresh(engine);
    const one = await asker(url);
    const killed = await holder({ url, owner: 'the killed one' });
    killed.send('query', endless(engine));
    await untilRunning(one, endless(engine));
    killed.signal('SIGKILL');
    const { seen, onWait } = watched();
    const refused = one.acquire({ waitMs: 6000, onWait });
    await expect(refused).rejects.toMatchObject({ code: 'lock/held', hint: /--cancel-orphan/ });
    expect(seen.at(-1)).toMatchObject({ owner: 'the killed one', state: 'orphan-running' });
    expect(seen.at(-1)?.statement).toBe(endless(engine));
    const since = performance.now();
    const lock = await one.acquire({ cancelOrphan: true });
    expect(elapsed(since)).toBeLessThan(5000);
    await lock.verify();
    await lock.release();
  });

  test('the lock changes hands only when the statement left behind has ended', async () => {
    const { url } = await fresh(engine);
    const one = await asker(url);
    const frozen = await holder({ url });
    const since = performance.now();
    frozen.send('query', sleeping(engine, 6));
    await untilRunning(one, sleeping(engine, 6));
    frozen.signal('SIGSTOP');
    const lock = await one.acquire();
    expect(elapsed(since)).toBeGreaterThan(5500);
    frozen.signal('SIGCONT');
    expect(await frozen.tell('verify')).toEqual({ ok: false, value: 'lock/lost' });
    await lock.verify();
    await lock.release();
  });

  test('unlock frees what nobody holds any more, and a living holder only by force', async () => {
    const { url } = await fresh(engine);
    const one = await asker(url);
    expect(await lockHolder(one.question)).toBeNull();
    expect(await unlock({ ...one.question, force: true })).toBeNull();
    const living = await holder({ url, owner: 'the living one' });
    await expect(unlock({ ...one.question, force: false })).rejects.toMatchObject({ code: 'lock/held' });
    expect(await living.tell('verify')).toMatchObject({ ok: true });
    expect(await unlock({ ...one.question, force: true })).toMatchObject({ owner: 'the living one' });
    expect(await living.tell('verify')).toEqual({ ok: false, value: 'lock/lost' });
    expect(await lockHolder(one.question)).toBeNull();
    const dead = await holder({ url, owner: 'the dead one' });
    dead.signal('SIGKILL');
    await dead.ended;
    await new Promise((resolve) => setTimeout(resolve, shortTiming.leaseMs + 100));
    expect(await lockHolder(one.question)).toMatchObject({ owner: 'the dead one', state: 'dead' });
    expect(await unlock({ ...one.question, force: false })).toMatchObject({ owner: 'the dead one' });
    await (await one.acquire({ waitMs: 0 })).release();
  });
});

describe.skipIf(!servers.includes('postgres18'))('with the usual lease', { concurrent: true }, () => {
  test('a killed holder is succeeded within 15 seconds and a little', async () => {
    const { url } = await fresh('postgres18');
    const one = await asker(url);
    const killed = await holder({ url, timing: usualTiming });
    killed.signal('SIGKILL');
    const since = performance.now();
    const lock = await one.acquire({ timing: usualTiming });
    expect(elapsed(since)).toBeGreaterThan(10_000);
    expect(elapsed(since)).toBeLessThan(16_500);
    await lock.release();
  });
});

/** A session of the user's: there is no second one for heartbeats. */
async function lentSession(engine: Engine, url: string): Promise<unknown> {
  if (isPostgres(engine)) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    afterwards(() => client.end());
    return client;
  }
  const connection = await mysql.createConnection({ uri: url.replace(/^mariadb:/, 'mysql:') });
  afterwards(() => connection.end());
  return connection;
}

describe.skipIf(servers.length === 0).each(servers)(
  'with one lent session on %s',
  { concurrent: true },
  (engine) => {
    test('a holder keeps the lock through a long statement', async () => {
      const { url } = await fresh(engine);
      const one = await asker(url);
      const chosen = await openDatabase({ connection: await lentSession(engine, url) });
      const lent = await askerOf(chosen);
      const lock = await lent.acquire({ owner: 'the lent one' });
      const work = lent.connection.query(lock.comment + sleeping(engine, 4));
      await expect(one.acquire({ waitMs: 5000 })).rejects.toMatchObject({ code: 'lock/held' });
      await work;
      await lock.verify();
      await lock.release();
      await (await one.acquire({ waitMs: 0 })).release();
      await chosen.database.close();
    });
  },
);

describe.skipIf(!engines.includes('sqlite'))('on sqlite', { concurrent: true }, () => {
  const fileOf = (url: string): string => url.replace(/^sqlite:/, '');

  test('a killed holder is succeeded at once', async () => {
    const { url } = await fresh('sqlite');
    const one = await asker(url);
    const killed = await holder({ url, owner: 'the killed one' });
    await expect(one.acquire({ waitMs: 200 })).rejects.toMatchObject({
      details: { owner: 'the killed one' },
    });
    killed.signal('SIGKILL');
    await killed.ended;
    expect(await lockHolder(one.question)).toBeNull();
    await (await one.acquire({ waitMs: 0 })).release();
  });

  test('a frozen holder keeps the lock, and unlock says why it cannot free it', async () => {
    const { url } = await fresh('sqlite');
    const one = await asker(url);
    const frozen = await holder({ url, owner: 'the frozen one' });
    frozen.signal('SIGSTOP');
    await expect(one.acquire({ waitMs: 3000 })).rejects.toMatchObject({ code: 'lock/held' });
    const refused = unlock({ ...one.question, force: true });
    await expect(refused).rejects.toMatchObject({ code: 'lock/held', hint: /end the process/ });
    frozen.signal('SIGCONT');
    expect(await frozen.tell('verify')).toMatchObject({ ok: true });
    expect(await frozen.tell('release')).toMatchObject({ ok: true });
    await (await one.acquire({ waitMs: 1000 })).release();
  });

  test('two paths to one file are one lock, and a deleted lock file is noticed', async () => {
    const { url } = await fresh('sqlite');
    const file = fileOf(url);
    const { rm, symlink } = await import('node:fs/promises');
    const one = await asker(url);
    const lock = await one.acquire({ owner: 'the direct one' });
    await symlink(file, `${file}-link`);
    const linked = await asker(`sqlite:${file}-link`);
    await expect(linked.acquire({ waitMs: 0 })).rejects.toMatchObject({ code: 'lock/held' });
    await lock.verify();
    await rm(`${file}-surefoot-lock`);
    await expect(lock.verify()).rejects.toMatchObject({ code: 'lock/lost' });
    await lock.release();
  });

  test('a folder that may not be written to is refused with its name', async () => {
    const { url } = await fresh('sqlite');
    const file = fileOf(url);
    const { chmod } = await import('node:fs/promises');
    const { dirname } = await import('node:path');
    await (await asker(url)).connection.query('CREATE TABLE t (n int)');
    await chmod(file, 0o666);
    await chmod(dirname(file), 0o555);
    const isRoot = process.getuid?.() === 0;
    // Root may write everywhere.
    const limited = await import('./runners.ts').then(({ runner }) =>
      runner({ url, waitMs: 0, ...(isRoot ? { uid: 65534 } : {}) }),
    );
    expect(await limited.tell('acquire')).toEqual({ ok: false, value: 'database/read-only' });
    await chmod(dirname(file), 0o755);
  });

  test('a lock file that cannot be opened for another reason keeps that reason', async () => {
    const { url } = await fresh('sqlite');
    const one = await asker(url);
    const { mkdir } = await import('node:fs/promises');
    await mkdir(`${fileOf(url)}-surefoot-lock`);
    await expect(one.acquire()).rejects.toMatchObject({
      code: 'database/unreachable',
      hint: expect.stringContaining('is a folder'),
    });
  });

  test('an owner file that cannot be written keeps its reason, and the lock is free again', async () => {
    const { url } = await fresh('sqlite');
    const one = await asker(url);
    const owner = `${fileOf(url)}-surefoot-lock-owner`;
    const { mkdir, rmdir } = await import('node:fs/promises');
    await mkdir(owner);
    await expect(one.acquire()).rejects.toMatchObject({ code: 'EISDIR' });
    await rmdir(owner);
    await (await one.acquire({ waitMs: 0 })).release();
  });

  // Only Linux has a device that is always full.
  test.skipIf(process.platform !== 'linux')('a disk without space for the owner file', async () => {
    const { url } = await fresh('sqlite');
    const one = await asker(url);
    const owner = `${fileOf(url)}-surefoot-lock-owner`;
    const { rm, symlink } = await import('node:fs/promises');
    await symlink('/dev/full', owner);
    await expect(one.acquire()).rejects.toMatchObject({ code: 'database/full' });
    await rm(owner);
    await (await one.acquire({ waitMs: 0 })).release();
  });

  test('the owner stands in a file beside, for as long as the lock is held', async () => {
    const { url } = await fresh('sqlite');
    const ownerFile = `${fileOf(url)}-surefoot-lock-owner`;
    const lock = await (await asker(url)).acquire({ owner: 'me "\n𝄞' });
    expect(JSON.parse(await readFile(ownerFile, 'utf8'))).toMatchObject({ owner: 'me "\n𝄞' });
    await lock.release();
    await expect(readFile(ownerFile)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
