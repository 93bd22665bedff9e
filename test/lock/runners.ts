// In: an engine. Out: databases, askers and runners that are cleared away when the tests of the file are over, since some run
// side by side.

import { afterAll } from 'vitest';
import { type Engine, type FreshDatabase, freshDatabase } from '../servers/index.ts';
import { type Asker, ask, type Runner, type RunnerOptions, startRunner } from './support.ts';

const cleanups: (() => Promise<unknown>)[] = [];

afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

export function afterwards(cleanup: () => Promise<unknown>): void {
  cleanups.push(cleanup);
}

export async function fresh(engine: Engine): Promise<FreshDatabase> {
  const database = await freshDatabase(engine);
  afterwards(() => database.drop());
  return database;
}

export async function asker(url: string): Promise<Asker> {
  const one = await ask(url);
  afterwards(() => one.close());
  return one;
}

export function runner(options: RunnerOptions): Runner {
  const one = startRunner(options);
  afterwards(() => {
    one.signal('SIGKILL');
    return one.ended;
  });
  return one;
}

/** A runner in another process that holds the lock. */
export async function holder(options: RunnerOptions): Promise<Runner> {
  const one = runner(options);
  const { ok, value } = await one.tell('acquire');
  if (!ok) throw new Error(`the lock was not taken: ${String(value)}`);
  return one;
}
