// A runner in a process of its own: reads commands as lines of JSON, answers each with one.

import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { isSurefootError, messageOf } from '../../src/kernel/errors.ts';
import type { Lock } from '../../src/lock/lock.ts';
import { ask, type RunnerOptions } from './support.ts';

const options: RunnerOptions = JSON.parse(process.argv[2] ?? '{}');
const asker = await ask(options.url);
const { connection, database, question } = asker;
let lock: Lock | null = null;

const held = (): Lock => {
  if (lock === null) throw new Error('no lock');
  return lock;
};

const acquire = async (): Promise<string> => {
  const { owner = `runner ${process.pid}`, waitMs = 60_000, timing } = options;
  lock = await asker.acquire({ owner, waitMs, ...(timing === undefined ? {} : { timing }) });
  return lock.token;
};

const fenceThrough = async (session: typeof connection): Promise<number> => {
  const { fence } = held();
  return fence === null ? 1 : (await session.query(fence.sql, fence.parameters)).rows.length;
};

const commands: Readonly<Record<string, (argument: unknown) => Promise<unknown>>> = {
  acquire,
  release: () => held().release(),
  verify: () => held().verify(),
  fence: () => fenceThrough(connection),
  async fenceElsewhere() {
    return await fenceThrough(await database.connect());
  },
  async begin() {
    await connection.query(question.dialect.begin);
    return await fenceThrough(connection);
  },
  query: async (sql) => (await connection.query(`${held().comment}${String(sql)}`)).rows.length,
  /** Reads, waits, writes: what another runner writes meanwhile is lost. */
  async count() {
    await acquire();
    const before = (await connection.query('SELECT n FROM counter')).rows[0]?.['n'];
    await sleep(5);
    await held().verify();
    await connection.query(`${held().comment}UPDATE counter SET n = ${Number(before) + 1}`);
    await held().release();
    return before;
  },
};

const answer = (ok: boolean, value: unknown): void => {
  process.stdout.write(`${JSON.stringify({ ok, value: value ?? null })}\n`);
};

for await (const line of createInterface({ input: process.stdin })) {
  const { command, argument } = JSON.parse(line);
  try {
    answer(true, await commands[command]?.(argument));
  } catch (error) {
    answer(false, isSurefootError(error) ? error.code : messageOf(error));
  }
}
await database.close();
