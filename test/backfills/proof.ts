// A backfill under the traffic of an application, its runner killed again and again; beside it one UPDATE. In: an engine,
// how many rows, how many kills. Out: what became of every row, and how long the application waited.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { session } from '../runner/support.ts';
import { type Engine, freshDatabase } from '../servers/index.ts';
import { type TestProject, testProject } from '../support/revisions.ts';
import { ageLease } from '../torture/kill.ts';
import { type Seen, traffic } from './traffic.ts';

/** One way to fill a column, and how it went. */
export interface Filled {
  readonly ms: number;
  /** Times that a runner was killed, or that the server gave the statement up. */
  readonly setbacks: number;
  readonly seen: Seen;
  /** Rows that are not as they should be; updates of the application that are gone. */
  readonly problems: readonly string[];
}

export interface BackfillProof {
  readonly rows: number;
  readonly batches: Filled;
  readonly atOnce: Filled;
}

interface Asked {
  readonly rows: number;
  readonly kills: number;
}

/** 20000 rows in a statement. */
const chunk = 20_000;

async function ask(url: string, sql: string): Promise<number> {
  const connection = await session(url);
  try {
    const [row] = (await connection.query(sql)).rows;
    return Number(Object.values(row ?? {})[0]);
  } finally {
    await connection.close();
  }
}

const table = {
  id: 'aaaa',
  up: `op.createTable('item', (t) => ({
    id: t.bigint().identity().primaryKey(), price: t.integer().notNull(), seen: t.integer().notNull(),
    total: t.bigint(), touched: t.integer().notNull().default(0) }));`,
};

// A row written twice would be seen: it counts.
const change = `{ total: 'price * 2', touched: 'touched + 1' }`;
const where = 'total IS NULL';
const update = `UPDATE item SET total = price * 2, touched = touched + 1 WHERE ${where}`;
const filling = {
  id: 'bbbb',
  up: `op.backfill({ table: 'item', set: ${change}, where: '${where}', batch: 1000, inverse: 'nothing' });`,
};

async function fillTable(url: string, rows: number): Promise<void> {
  const connection = await session(url);
  try {
    for (let from = 0; from < rows; from += chunk) {
      const values = Array.from(
        { length: Math.min(chunk, rows - from) },
        (_, i) => `(${(from + i) % 1000}, 0)`,
      );
      await connection.query(`INSERT INTO item (price, seen) VALUES ${values.join(',')}`);
    }
  } finally {
    await connection.close();
  }
}

/** A runner of its own process; killed after so many milliseconds, if it has not ended. True: it ended by itself. */
async function runner(url: string, project: TestProject, killAfterMs: number | null): Promise<boolean> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, '../support/upgrade-process.ts'), url, project.folder],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let output = '';
  child.stdout.on('data', (text) => {
    output += String(text);
  });
  const ended = once(child, 'close');
  if (killAfterMs !== null) await Promise.race([ended, sleep(killAfterMs)]);
  if (killAfterMs !== null && child.exitCode === null) child.kill('SIGKILL');
  const [code, signal] = await ended;
  if (signal === 'SIGKILL') return false;
  if (code !== 0) throw new Error(`the runner failed: ${output}`);
  return true;
}

async function problemsOf(url: string, rows: number, seen: Seen): Promise<readonly string[]> {
  const wrong = await ask(
    url,
    'SELECT count(*) FROM item WHERE total IS NULL OR total <> price * 2 OR touched <> 1',
  );
  const there = await ask(url, 'SELECT count(*) FROM item');
  const updates = await ask(url, 'SELECT sum(seen) FROM item');
  return [
    ...(wrong > 0 ? [`${wrong} rows are not right`] : []),
    ...(there === rows + seen.inserts ? [] : [`${there} rows, expected ${rows + seen.inserts}`]),
    ...(updates === seen.updates ? [] : [`${updates} updates of the application, expected ${seen.updates}`]),
  ];
}

/** Runs until it has been killed often enough, and once more to its end. Gives how often it was killed. */
async function inBatches(url: string, { rows, kills }: Asked): Promise<number> {
  using project = testProject(table, filling);
  // A runner needs a second to start; then it goes through some tens of thousands of rows in a second.
  const killAfter = () => 1500 + Math.random() * Math.max(500, rows / 500);
  let killed = 0;
  while (killed < kills && !(await runner(url, project, killAfter()))) {
    killed += 1;
    await ageLease(url);
  }
  await runner(url, project, null);
  return killed;
}

const mostTries = 5;

/** As somebody would type it: again where the server gives up for the sake of others. Gives how often it did. */
async function atOnce(url: string): Promise<number> {
  const connection = await session(url);
  try {
    for (let failed = 0; ; failed += 1) {
      try {
        await connection.query(update);
        return failed;
      } catch (error) {
        if (failed === mostTries) throw error;
      }
    }
  } finally {
    await connection.close();
  }
}

async function fill(engine: Engine, asked: Asked, work: (url: string) => Promise<number>): Promise<Filled> {
  const database = await freshDatabase(engine);
  using project = testProject(table);
  try {
    const { url } = database;
    await project.surefoot({ url }).upgrade();
    await fillTable(url, asked.rows);
    const application = traffic(url, asked.rows);
    await sleep(1000);
    const begun = performance.now();
    const troubles: string[] = [];
    const setbacks = await work(url).catch((error: unknown) => {
      troubles.push(error instanceof Error ? error.message : String(error));
      return 0;
    });
    const ms = performance.now() - begun;
    const seen = await application.stop();
    return { ms, setbacks, seen, problems: [...troubles, ...(await problemsOf(url, asked.rows, seen))] };
  } finally {
    await database.drop();
  }
}

/** Both ways, one after the other. */
export async function proveBackfill(engine: Engine, asked: Asked): Promise<BackfillProof> {
  const batches = await fill(engine, asked, (url) => inBatches(url, asked));
  return { rows: asked.rows, batches, atOnce: await fill(engine, asked, atOnce) };
}
