// The server is killed at random moments and started again. In: an engine, how many moments. Out: a proof.
// Must not know how a server is started.

import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Proof } from '../matrix/proof.ts';
import type { FreshDatabase, PrivateServer, ServerEngine } from '../servers/index.ts';
import { type Engine, privateServer } from '../servers/index.ts';
import { chainOf, familyOf } from './chain.ts';
import type { Ground, Point } from './ground.ts';
import { compared, goOn, groundOf, start, tried } from './ground.ts';
import { ageLease, startRunner } from './kill.ts';
import type { Outcome } from './proof.ts';
import { collect } from './proof.ts';
import { withConnection } from './state.ts';

/** A database on a server of one's own. It goes with the server. */
async function freshOn(server: PrivateServer): Promise<FreshDatabase> {
  const name = `torture_${randomBytes(5).toString('hex')}`;
  await withConnection(server.adminUrl, (connection) => connection.query(`CREATE DATABASE ${name}`));
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  return { url: url.href, drop: async () => undefined };
}

/** What a server says of itself that forgets nothing when it is killed. */
const durable: Readonly<Record<'postgres' | 'mysql', readonly (readonly [string, RegExp])[]>> = {
  postgres: ['fsync', 'synchronous_commit', 'full_page_writes'].map((name) => [`SHOW ${name}`, /^on$/]),
  mysql: [
    ['SELECT @@GLOBAL.innodb_flush_log_at_trx_commit', /^1$/],
    ['SELECT @@GLOBAL.innodb_doublewrite', /^(?:1|ON)$/],
  ],
};

/** A server that is tuned for speed would prove nothing: what it loses, nobody can find again. */
async function refuseForgetful(engine: Engine, server: PrivateServer): Promise<void> {
  const family = familyOf(engine);
  if (family === 'sqlite') return;
  await withConnection(server.adminUrl, async (connection) => {
    for (const [sql, wanted] of durable[family]) {
      const value = String(Object.values((await connection.query(sql)).rows[0] ?? {})[0]);
      if (!wanted.test(value)) throw new Error(`${engine} is not durable: ${sql} gives ${value}`);
    }
  });
}

async function provePoint(ground: Ground, point: Point, server: PrivateServer): Promise<Outcome> {
  const { project, direction } = ground;
  return await tried(ground, point, async (url) => {
    const surefoot = await start(ground, url);
    const runner = startRunner({ url, folder: project.folder, direction, ...point, disturbance: 'wait' });
    const wasThere = await runner.atPoint;
    runner.process.stdin?.end('go\n');
    await sleep(randomInt(0, 12));
    await server.kill();
    const { output } = await runner.ended;
    await server.restart();
    if (!wasThere) return { end: 'not there', problem: output };
    await ageLease(url);
    const way = await goOn(surefoot, ground, { ...point, when: 'sent' });
    return await compared(ground, surefoot, { url, way });
  });
}

export async function proveServerKilled(
  engine: Engine & ServerEngine,
  { count = 100, minutes = Number.POSITIVE_INFINITY } = {},
): Promise<readonly Proof[]> {
  using project = chainOf(engine);
  const server = await privateServer(engine, { durable: true });
  try {
    const setting = { engine, project, direction: 'upgrade', fresh: () => freshOn(server) } as const;
    const ground = await groundOf(setting);
    await refuseForgetful(engine, server);
    const outcomes: Outcome[] = [];
    const end = performance.now() + minutes * 60_000;
    for (let i = 0; i < count && performance.now() < end; i += 1) {
      const point: Point = { at: randomInt(0, ground.sent.length), when: 'before' };
      outcomes.push(await provePoint(ground, point, server));
    }
    return [collect('the server killed at random moments, and started again', outcomes)];
  } finally {
    await server.stop();
  }
}
