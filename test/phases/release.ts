// A release of an application: its queries, sent again and again while the schema changes under it.
// In: a database, queries. Out: how many were answered, and every failure. Must not know what changes.

import { setTimeout as sleep } from 'node:timers/promises';
import { session } from '../runner/support.ts';

/** The queries of one turn, given its number: unique, so that what one release writes the other can look for. */
export type Turn = (turn: number) => readonly string[];

export interface Ended {
  readonly queries: number;
  readonly failures: readonly string[];
}

export interface Release {
  /** Answers so far. */
  readonly queries: () => number;
  stop(): Promise<Ended>;
}

/** Starts it. */
export function release(url: string, turn: Turn): Release {
  let isOn = true;
  let queries = 0;
  const failures: string[] = [];
  const running = (async () => {
    const connection = await session(url);
    for (let i = 1; isOn; i += 1) {
      for (const sql of turn(i)) {
        await connection.query(sql).catch((error: unknown) => failures.push(`${sql}: ${String(error)}`));
        queries += 1;
      }
      await sleep(2);
    }
    await connection.close();
  })();
  running.catch(() => undefined);
  return {
    queries: () => queries,
    stop: async () => {
      isOn = false;
      await running;
      return { queries, failures };
    },
  };
}
