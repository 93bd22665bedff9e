// In: a database. Out: sessions that stand in a runner's way, and application queries that are timed.

import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../src/config/choose-dialect.ts';
import type { Connection } from '../../src/dialect/connection.ts';

/** A session of somebody else. */
export async function session(url: string): Promise<Connection> {
  const { database } = await openDatabase({ url });
  return await database.connect();
}

/** An application that asks the same thing again and again, and takes the time of each answer. */
export interface Application {
  /** Ends it; the longest wait in milliseconds, and how many answers there were. */
  stop(): Promise<{ readonly peakMs: number; readonly answers: number }>;
}

export async function application(url: string, sql: string): Promise<Application> {
  const connection = await session(url);
  // An application on a file is patient; elsewhere it is anyway.
  if (url.startsWith('sqlite:')) await connection.query('PRAGMA busy_timeout = 60000');
  let isOn = true;
  let [peakMs, answers] = [0, 0];
  const running = (async () => {
    while (isOn) {
      const begun = performance.now();
      await connection.query(sql);
      peakMs = Math.max(peakMs, performance.now() - begun);
      answers += 1;
      await sleep(20);
    }
  })();
  running.catch(() => undefined);
  return {
    stop: async () => {
      isOn = false;
      await running;
      await connection.close();
      return { peakMs, answers };
    },
  };
}

/** Waits until something is so. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  ms = 15_000,
): Promise<void> {
  const end = performance.now() + ms;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${ms} ms`);
    await sleep(25);
  }
}
