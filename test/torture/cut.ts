// The network is cut between a statement and its answer. In: an engine, how many statements. Out: a proof.
// Must not know what a statement does.

import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Proof } from '../matrix/proof.ts';
import type { Engine } from '../servers/index.ts';
import { chainOf } from './chain.ts';
import type { Ground, Point } from './ground.ts';
import { compared, goOn, groundOf, pointsOf, some, start, tried } from './ground.ts';
import { ageLease, startRunner } from './kill.ts';
import type { Outcome } from './proof.ts';
import { collect, inParallel } from './proof.ts';

interface Proxy {
  /** The same database, by way of the proxy. */
  readonly url: string;
  /** From now on no answer comes through; a moment later every connection is cut. */
  cut(): void;
  close(): void;
}

/** How long the server has for the statement whose answer is lost. */
const workMs = 300;

async function proxyTo(url: string): Promise<Proxy> {
  const there = new URL(url);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server: Server = createServer((client) => {
    const upstream = connect(Number(there.port), there.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    client.on('data', (bytes) => upstream.write(bytes));
    upstream.on('data', (bytes) => {
      if (!isCut) client.write(bytes);
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const here = new URL(url);
  here.hostname = '127.0.0.1';
  here.port = String(typeof address === 'object' ? address?.port : '');
  const close = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: here.href,
    cut: () => {
      isCut = true;
      setTimeout(close, workMs);
    },
    close,
  };
}

async function provePoint(ground: Ground, point: Point): Promise<Outcome> {
  const { project, direction } = ground;
  return await tried(ground, point, async (url) => {
    const surefoot = await start(ground, url);
    const proxy = await proxyTo(url);
    try {
      const runner = startRunner({
        url: proxy.url,
        folder: project.folder,
        direction,
        ...point,
        disturbance: 'wait',
      });
      if (!(await runner.atPoint)) return { end: 'not cut', problem: (await runner.ended).output };
      proxy.cut();
      runner.process.stdin?.end('go\n');
      const { code, output } = await runner.ended;
      if (code === 0) return { end: 'not noticed', problem: output.slice(-600) };
      await ageLease(url);
      // The statement was done, as far as the server is concerned: its answer alone was lost.
      const way = await goOn(surefoot, ground, { ...point, when: 'after' });
      return await compared(ground, surefoot, { url, way });
    } finally {
      proxy.close();
    }
  });
}

export async function proveCut(
  engine: Engine,
  { count = Number.POSITIVE_INFINITY } = {},
): Promise<readonly Proof[]> {
  using project = chainOf(engine);
  const ground = await groundOf({ engine, project, direction: 'upgrade' });
  // The last thing that a runner sends gives the lock back: the answer to it changes nothing.
  const points = pointsOf(ground, ['before']).slice(0, -1);
  const outcomes = await inParallel(some(points, count), 3, (point) => provePoint(ground, point));
  return [collect('the network cut between a statement and its answer', outcomes)];
}
