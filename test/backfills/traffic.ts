// An application at work on a table. In: a database. Out: its longest wait, and what it was told is written.
// Must not know who else is at work there.

import { session } from '../runner/support.ts';

/** What an application saw. */
export interface Seen {
  readonly queries: number;
  readonly longestMs: number;
  /** Updates that the server confirmed. */
  readonly updates: number;
  readonly inserts: number;
}

export interface Traffic {
  stop(): Promise<Seen>;
}

type Count = { -readonly [K in keyof Seen]: Seen[K] };

/** One session: reads a row, changes a row, now and then adds one. Row by row, all over the table. */
async function work(url: string, rows: number, { seen, isOn }: { seen: Count; isOn: () => boolean }) {
  const connection = await session(url);
  const timed = async (sql: string) => {
    const begun = performance.now();
    const { affected } = await connection.query(sql);
    seen.longestMs = Math.max(seen.longestMs, performance.now() - begun);
    seen.queries += 1;
    return affected ?? 0;
  };
  try {
    while (isOn()) {
      const id = 1 + Math.floor(Math.random() * rows);
      await timed(`SELECT price, seen FROM item WHERE id = ${id}`);
      const updated = await timed(`UPDATE item SET seen = seen + 1 WHERE id = ${id}`);
      seen.updates += updated;
      if (id % 20 !== 0) continue;
      const inserted = await timed('INSERT INTO item (price, seen, total, touched) VALUES (1, 0, 2, 1)');
      seen.inserts += inserted;
    }
  } finally {
    await connection.close();
  }
}

/** Starts an application of several sessions. */
export function traffic(url: string, rows: number, sessions = 3): Traffic {
  const seen: Count = { queries: 0, longestMs: 0, updates: 0, inserts: 0 };
  let isRunning = true;
  const running = Array.from({ length: sessions }, () => work(url, rows, { seen, isOn: () => isRunning }));
  for (const one of running) one.catch(() => undefined);
  return {
    stop: async () => {
      isRunning = false;
      await Promise.all(running);
      return seen;
    },
  };
}
