// What becomes of the lock when the sessions behind it are not as usual.

import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/config/choose-dialect.ts';
import { numberOf, textOf } from '../../src/dialect/rows.ts';
import { lockName } from '../../src/lock/take-name.ts';
import { type Engine, ensureServers, selectedEngines } from '../servers/index.ts';
import { representatives } from '../support/share.ts';
import { afterwards, asker, fresh, holder } from './runners.ts';
import { type Asker, askerOf, shortTiming } from './support.ts';

const all = selectedEngines().filter((engine) => engine !== 'pglite' && engine !== 'sqlite');
const servers = representatives(all);
const mysqls = all.filter((engine) => engine === 'mariadb' || engine === 'mysql9');
const isPostgres = (engine: Engine): boolean => engine.startsWith('postgres');
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function idOf(one: Asker): Promise<number> {
  const own = one.question.dialect.coordination.kind === 'lease' ? one.question.dialect.coordination : null;
  return Number.parseInt((await own?.session(one.connection)) ?? '', 10);
}

/** Ends every session of the database but those that are named. */
async function endOthers(engine: Engine, one: Asker, kept: readonly number[]): Promise<number> {
  const list = isPostgres(engine)
    ? `SELECT pid AS id FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'`
    : 'SELECT id AS id FROM information_schema.processlist WHERE db = DATABASE()';
  const ids = (await one.connection.query(list)).rows.map((row) => numberOf(row, 'id') ?? 0);
  const others = ids.filter((id) => !kept.includes(id));
  for (const id of others) {
    await one.connection.query(isPostgres(engine) ? `SELECT pg_terminate_backend(${id})` : `KILL ${id}`);
  }
  return others.length;
}

describe.skipIf(servers.length === 0).each(servers)('on %s', { concurrent: true }, (engine) => {
  test('heartbeats go on through a new session when theirs is ended', async () => {
    const { url } = await fresh(engine);
    const [one, other] = [await asker(url), await asker(url)];
    const lock = await one.acquire();
    expect(await endOthers(engine, other, [await idOf(one), await idOf(other)])).toBe(1);
    await pause(shortTiming.leaseMs + 500);
    await expect(other.acquire({ waitMs: 500 })).rejects.toMatchObject({ code: 'lock/held' });
    await lock.verify();
    await lock.release();
    await (await other.acquire({ waitMs: 0 })).release();
  });

  test('a runner whose session is ended is told so, and its lock is free again', async () => {
    const { url } = await fresh(engine);
    const [one, other] = [await asker(url), await asker(url)];
    const lock = await one.acquire();
    await endOthers(engine, other, [await idOf(other)]);
    await expect(lock.verify()).rejects.toMatchObject({ code: 'database/lost' });
    await lock.release();
    await (await other.acquire({ waitMs: 0 })).release();
  });
});

describe.skipIf(mysqls.length === 0).each(mysqls)('on %s', { concurrent: true }, (engine) => {
  test('a runner that lost the named lock is told so', async () => {
    const { url } = await fresh(engine);
    const one = await asker(url);
    const lock = await one.acquire();
    await one.connection.query('SELECT RELEASE_LOCK(?)', [lockName(one.question, 64)]);
    await expect(lock.verify()).rejects.toMatchObject({ code: 'lock/lost' });
    expect((await one.connection.query(lock.fence?.sql ?? '', lock.fence?.parameters)).rows).toEqual([]);
    await lock.release();
  });

  test('an idle session that kept the named lock without a lease is ended', async () => {
    const { url } = await fresh(engine);
    const [one, leftover] = [await asker(url), await asker(url)];
    await leftover.connection.query('SELECT GET_LOCK(?, 0)', [lockName(one.question, 64)]);
    const lock = await one.acquire();
    await expect(leftover.connection.query('SELECT 1')).rejects.toMatchObject({ code: 'database/lost' });
    await lock.release();
  });

  test('a running session that kept the named lock without a lease is waited for', async () => {
    const { url } = await fresh(engine);
    const [one, leftover] = [await asker(url), await asker(url)];
    await leftover.connection.query('SELECT GET_LOCK(?, 0)', [lockName(one.question, 64)]);
    const work = leftover.connection.query('SELECT SLEEP(4)');
    const refused = one.acquire({ waitMs: 1500 });
    await expect(refused).rejects.toMatchObject({ code: 'lock/held', message: /SLEEP/ });
    const lock = await one.acquire();
    await work;
    await lock.verify();
    await lock.release();
  });

  test('the name tells databases and version tables apart, in 64 lower-case characters', async () => {
    const [one, other] = [await asker((await fresh(engine)).url), await asker((await fresh(engine)).url)];
    const name = lockName(one.question, 64);
    expect(name).toMatch(/^surefoot:[0-9a-f]{50,55}$/);
    expect(lockName(other.question, 64)).not.toBe(name);
    const names = { ...one.question.names, version: 'another' };
    expect(lockName({ ...one.question, names }, 64)).not.toBe(name);
  });
});

describe.skipIf(!servers.includes('postgres18'))('on postgres18', () => {
  test('a pool with a single session is refused, and leaves no lock behind', async () => {
    const { url } = await fresh('postgres18');
    const pool = new pg.Pool({ connectionString: url, max: 1 });
    pool.on('error', () => undefined);
    afterwards(() => pool.end());
    const pooled = await askerOf(await openDatabase({ connection: pool }));
    await expect(pooled.acquire()).rejects.toMatchObject({
      code: 'database/unreachable',
      hint: /room for two/,
    });
    await (await (await asker(url)).acquire({ waitMs: 0 })).release();
    await pooled.connection.close();
  });

  test('the lock of a history in another namespace', async () => {
    const { url } = await fresh('postgres18');
    const one = await asker(url);
    await one.connection.query('CREATE SCHEMA "Wh""y.not"');
    const names = { ...one.question.names, namespace: 'Wh"y.not' };
    const lock = await one.acquire({ names });
    await one.connection.query('SET search_path = nowhere');
    await pause(shortTiming.beatMs * 2);
    await lock.verify();
    await lock.release();
  });

  test('heartbeats pass the transaction that holds the row, a takeover does not', async () => {
    const { url } = await fresh('postgres18');
    const [one, other] = [await asker(url), await asker(url)];
    const lock = await one.acquire();
    await one.connection.query('BEGIN');
    await one.connection.query(lock.fence?.sql ?? '', lock.fence?.parameters);
    const age = `SELECT heartbeat_at FROM surefoot_lock`;
    const before = textOf((await other.connection.query(age)).rows[0], 'heartbeat_at');
    await pause(shortTiming.beatMs * 3);
    expect(textOf((await other.connection.query(age)).rows[0], 'heartbeat_at')).not.toBe(before);
    await other.connection.query(`SET lock_timeout = '300ms'`);
    await expect(other.connection.query('DELETE FROM surefoot_lock')).rejects.toMatchObject({
      details: { code: '55P03' },
    });
    await one.connection.query('COMMIT');
    await lock.release();
  });

  test('behind a pooler the row names no session, and nobody else is ended', async () => {
    const { url } = await fresh('postgres18');
    const { pgbouncer } = await ensureServers(['pgbouncer']);
    const there = new URL(pgbouncer.url);
    there.pathname = new URL(url).pathname;
    const one = await asker(there.href);
    const frozen = await holder({ url: there.href });
    const { rows } = await one.connection.query('SELECT session FROM surefoot_lock');
    expect(rows[0]?.['session']).toBeNull();
    frozen.signal('SIGSTOP');
    await one.connection.query('BEGIN');
    const innocent = await asker(there.href);
    const lock = await innocent.acquire();
    await one.connection.query('COMMIT');
    await lock.verify();
    await lock.release();
  });
});
