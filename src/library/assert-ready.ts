import type { ReadyOptions } from './ready.ts';

/**
 * For the start of an application: waits for the server and makes sure that every revision which the code knows is applied.
 * Creates and alters nothing. A database that is ahead passes, so that releases can roll; `exact` refuses it.
 * Throws 'ready/not-ready' with the revisions that are missing.
 */
export async function assertReady(options: ReadyOptions): Promise<void> {
  const ready = await import('./ready.ts');
  await ready.assertReady(options);
}
