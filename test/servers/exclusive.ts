// In: a name and a piece of work.
// Out: the work's result, with never two processes at work under one name.
// Must not know: what the work is.

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder } from './cache.ts';

/**
 * The lock is an exclusive SQLite transaction on a side file: the kernel frees it when its process dies, so there is
 * no stale lock to recognise. Inside one process, calls queue up first.
 */
const queues = new Map<string, Promise<unknown>>();

export function exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
  const before = queues.get(name) ?? Promise.resolve();
  const mine = before.catch(() => undefined).then(() => locked(name, work));
  queues.set(name, mine);
  return mine;
}

async function locked<T>(name: string, work: () => Promise<T>): Promise<T> {
  const file = new DatabaseSync(join(cacheFolder('locks'), `${name}.sqlite`));
  try {
    let waits = 0;
    while (!tryBegin(file)) {
      waits += 1;
      if (waits === 100) process.stderr.write(`servers: waiting for another process that works on ${name}\n`);
      await sleep(50);
    }
    return await work();
  } finally {
    file.close();
  }
}

function tryBegin(file: DatabaseSync): boolean {
  try {
    file.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (error instanceof Error && /locked|busy/i.test(error.message)) return false;
    throw error;
  }
}
