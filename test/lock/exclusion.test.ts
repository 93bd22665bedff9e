import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/config/choose-dialect.ts';
import { acquireLock, lockHolder, Needless } from '../../src/lock/lock.ts';
import { ensureServers, selectedEngines } from '../servers/index.ts';
import { representatives, share } from '../support/share.ts';
import { afterwards, asker, fresh, holder, runner } from './runners.ts';
import { askerOf, usualTiming } from './support.ts';

const engines = representatives(selectedEngines());
/** PGlite keeps its folder to one process. */
const shared = engines.filter((engine) => engine !== 'pglite');
const servers = shared.filter((engine) => engine !== 'sqlite');

const crowd = share(20, 5);
const sessions = share(50, 20);
const mortals = share(8, 4);

async function countTo(total: number, url: string, pooledUrl = url): Promise<void> {
  const { connection } = await asker(url);
  await connection.query('CREATE TABLE counter (n int)');
  await connection.query('INSERT INTO counter VALUES (0)');
  const runners = Array.from({ length: total }, () => runner({ url: pooledUrl, timing: usualTiming }));
  const answers = await Promise.all(runners.map((one) => one.tell('count')));
  expect(answers.filter(({ ok }) => !ok)).toEqual([]);
  expect(answers.map(({ value }) => Number(value)).sort((a, b) => a - b)).toEqual(
    Array.from({ length: total }, (_, index) => index),
  );
  const { rows } = await connection.query('SELECT n FROM counter');
  expect(Number(rows[0]?.['n'])).toBe(total);
}

describe.skipIf(shared.length === 0).each(shared)('on %s', (engine) => {
  test(`${crowd} processes that read, wait and write do so in turn`, async () => {
    await countTo(crowd, (await fresh(engine)).url);
  });
});

describe.skipIf(shared.length === 0).each(shared)('on %s', (engine) => {
  test('whoever finds that another one did it all takes no lock, and asks while there is one only now and then', async () => {
    const { url } = await fresh(engine);
    const [first, second] = [await asker(url), await asker(url)];
    const held = await first.acquire();
    const asked: boolean[] = [];
    let isHeld = true;
    const isNeedless = async () => {
      asked.push(isHeld);
      return !isHeld;
    };
    const waiting = second.acquire({ isNeedless }).then(
      () => 'taken',
      (error: unknown) => error,
    );
    await setTimeout(600);
    isHeld = false;
    await held.release();
    expect(await waiting).toBeInstanceOf(Needless);
    expect(await lockHolder(first.question)).toBeNull();
    // A file is not seen to be free without being taken.
    expect(asked.filter((one) => one).length).toBeLessThan(engine === 'sqlite' ? 20 : 3);
  });
});

describe.skipIf(servers.length === 0).each(servers)('on %s', (engine) => {
  test(`${sessions} runners at once on an empty database all get their turn`, async () => {
    const { url } = await fresh(engine);
    const askers = await Promise.all(Array.from({ length: sessions }, () => asker(url)));
    let inside = 0;
    let most = 0;
    await Promise.all(
      askers.map(async (one) => {
        const lock = await one.acquire({ waitMs: 50_000 });
        inside += 1;
        most = Math.max(most, inside);
        await lock.verify();
        inside -= 1;
        await lock.release();
      }),
    );
    expect(most).toBe(1);
  });
});

describe.skipIf(servers.length === 0).each(servers)('on %s', (engine) => {
  test(`of ${mortals} processes some are killed: the others still take turns`, async () => {
    const { url } = await fresh(engine);
    const { connection } = await asker(url);
    await connection.query('CREATE TABLE counter (n int)');
    await connection.query('INSERT INTO counter VALUES (0)');
    const runners = Array.from({ length: mortals }, () =>
      runner({ url, timing: { leaseMs: 5000, beatMs: 500 } }),
    );
    const turns = runners.map(async (one, index) => {
      const first = await one.tell('count');
      // The first of them die with the lock in their hands.
      if (index >= mortals / 2 - 1) return [first, await one.tell('count')];
      await one.tell('acquire');
      one.signal('SIGKILL');
      return [first];
    });
    const answers = (await Promise.all(turns)).flat();
    expect(answers.filter(({ ok }) => !ok)).toEqual([]);
    expect(new Set(answers.map(({ value }) => value)).size).toBe(answers.length);
    const { rows } = await connection.query('SELECT n FROM counter');
    expect(Number(rows[0]?.['n'])).toBe(answers.length);
  });
});

describe.skipIf(!engines.includes('pglite'))('on pglite', () => {
  test('twenty runners of one process go in turn through one session', async () => {
    const { url } = await fresh('pglite');
    const chosen = await openDatabase({ url });
    afterwards(() => chosen.database.close());
    const askers = await Promise.all(Array.from({ length: 20 }, () => askerOf(chosen)));
    let inside = 0;
    let turns = 0;
    await Promise.all(
      askers.map(async (one) => {
        const lock = await one.acquire();
        inside += 1;
        expect(inside).toBe(1);
        await lock.verify();
        turns += 1;
        inside -= 1;
        await lock.release();
      }),
    );
    expect(turns).toBe(20);
  });
});

describe.skipIf(!engines.includes('pglite'))('a PGlite folder', () => {
  test('is free as soon as it is opened again after a kill', async () => {
    const { url } = await fresh('pglite');
    const killed = await holder({ url, owner: 'the killed one', timing: usualTiming });
    killed.signal('SIGKILL');
    await killed.ended;
    const one = await asker(url);
    expect(await lockHolder(one.question)).toMatchObject({ owner: 'the killed one', state: 'dead' });
    await (await one.acquire({ waitMs: 0 })).release();
  });
});

describe.skipIf(!engines.includes('sqlite'))('SQLite in memory', () => {
  test('runners of one process go in turn through one session', async () => {
    const chosen = await openDatabase({ url: 'sqlite::memory:' });
    const [first, second] = [await askerOf(chosen), await askerOf(chosen)];
    const lock = await first.acquire({ owner: 'the first' });
    await expect(second.acquire({ waitMs: 200 })).rejects.toMatchObject({
      code: 'lock/held',
      details: { owner: 'the first' },
    });
    await lock.release();
    await (await second.acquire({ waitMs: 0 })).release();
    await chosen.database.close();
  });
});

describe.skipIf(!engines.includes('postgres18'))('through PgBouncer in transaction mode', () => {
  const pooled = async (url: string): Promise<string> => {
    const { pgbouncer } = await ensureServers(['pgbouncer']);
    const there = new URL(pgbouncer.url);
    there.pathname = new URL(url).pathname;
    return there.href;
  };

  test(`${crowd} processes that read, wait and write do so in turn`, async () => {
    const { url } = await fresh('postgres18');
    await countTo(crowd, url, await pooled(url));
  });

  test('a holder that stood still while another took over is fenced off', async () => {
    const url = await pooled((await fresh('postgres18')).url);
    const frozen = await holder({ url });
    frozen.signal('SIGSTOP');
    const lock = await (await asker(url)).acquire();
    frozen.signal('SIGCONT');
    expect(await frozen.tell('verify')).toEqual({ ok: false, value: 'lock/lost' });
    expect(await frozen.tell('fence')).toEqual({ ok: true, value: 0 });
    await lock.verify();
    await lock.release();
  });
});

describe.skipIf(servers.length === 0).each(servers)('on %s', (engine) => {
  test('histories of other version tables do not wait for each other', async () => {
    const { url } = await fresh(engine);
    const [first, second] = [await asker(url), await asker(url)];
    const lock = await first.acquire();
    const names = { ...second.question.names, version: 'other\'s "version" – `table`' };
    const other = await second.acquire({ names, waitMs: 0 });
    await other.verify();
    await lock.verify();
    await other.release();
    await lock.release();
  });

  test('an interrupt ends the waiting', async () => {
    const { url } = await fresh(engine);
    const lock = await (await asker(url)).acquire();
    const signal = AbortSignal.timeout(300);
    const waiting = (await asker(url)).acquire({ waitMs: Number.POSITIVE_INFINITY, signal });
    await expect(waiting).rejects.toMatchObject({ code: 'run/cancelled' });
    await lock.release();
  });

  test('an owner with every kind of character is told as it is', async () => {
    const { url } = await fresh(engine);
    const owner = `o'"\`\\ –𝄞\n__proto__`;
    const first = await asker(url);
    const lock = await acquireLock({
      ...first.question,
      database: first.database,
      owner: `${owner}\0`,
      waitMs: 0,
      onWait: () => undefined,
      cancelOrphan: false,
    });
    await expect((await asker(url)).acquire({ waitMs: 0 })).rejects.toMatchObject({ details: { owner } });
    await lock.release();
  });
});
