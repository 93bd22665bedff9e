// A runner is killed or frozen while the server works on its statement: the server goes on without it. In: an engine.
// Out: a proof: the next runner waits for the end of that statement, or finds out what became of it, and finishes.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../../src/dialect/connection.ts';
import type { LockHolder } from '../../src/lock/lock.ts';
import type { Proof } from '../matrix/proof.ts';
import type { Engine } from '../servers/index.ts';
import { freshDatabase } from '../servers/index.ts';
import { testProject } from '../support/revisions.ts';
import { familyOf } from './chain.ts';
import { ageLease, startRunner } from './kill.ts';
import type { Outcome } from './proof.ts';
import { collect } from './proof.ts';
import { stateOf, withConnection } from './state.ts';

interface Inside {
  readonly what: string;
  readonly up: string;
  /** What the server shows while it works on it. */
  readonly shows: string;
}

const concurrently: Inside = {
  what: 'a CONCURRENTLY build',
  up: `op.createIndex('item', ['n'], { name: 'ix_n', concurrently: true });`,
  shows: 'CREATE INDEX CONCURRENTLY',
};
const alter: Inside = {
  what: 'an ALTER',
  up: `op.addColumn('item', 'more', t.integer().nullable());`,
  shows: 'ALTER TABLE',
};

const cases = { postgres: [concurrently, alter], mysql: [alter], sqlite: [] } as const;
const signals = ['SIGKILL', 'SIGSTOP'] as const;

/** Until a session of the server works on it. */
async function untilShown(engine: Engine, connection: Connection, shows: string): Promise<void> {
  const sql =
    familyOf(engine) === 'postgres'
      ? `SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%${shows}%' AND pid <> pg_backend_pid()`
      : `SELECT 1 FROM information_schema.processlist WHERE info LIKE '%${shows}%' AND id <> CONNECTION_ID()`;
  for (let i = 0; i < 3000; i += 1) {
    if ((await connection.query(sql)).rows.length > 0) return;
    await sleep(50);
  }
  throw new Error(`the server never worked on ${shows}`);
}

/** What the chain makes where nothing happens. */
async function undisturbed(engine: Engine, inside: Inside): Promise<string> {
  using project = projectOf(inside);
  const database = await freshDatabase(engine);
  try {
    const surefoot = project.surefoot({ url: database.url });
    await surefoot.upgrade();
    return await stateOf(surefoot, database.url);
  } finally {
    await database.drop();
  }
}

function projectOf({ up }: Inside) {
  return testProject(
    {
      id: 'aaaa1111',
      up: `op.createTable('item', { id: t.integer().primaryKey(), n: t.integer() });
        op.insertRows('item', [{ id: 1, n: 1 }]);`,
    },
    { id: 'bbbb2222', up },
  );
}

async function proveOne(engine: Engine, inside: Inside, signal: (typeof signals)[number]): Promise<Outcome> {
  const wanted = await undisturbed(engine, inside);
  using project = projectOf(inside);
  const database = await freshDatabase(engine);
  const { url } = database;
  const surefoot = project.surefoot({ url });
  try {
    await surefoot.upgrade('aaaa1111');
    return await withConnection(url, async (blocker) => {
      // A transaction that has written to the table: the statement has to wait for its end.
      await blocker.query('BEGIN');
      await blocker.query('UPDATE item SET n = n');
      const runner = startRunner({ url, folder: project.folder });
      try {
        await withConnection(url, (watcher) => untilShown(engine, watcher, inside.shows));
        runner.process.kill(signal);
        await ageLease(url);
        const seen = new Set<LockHolder['state']>();
        const next = surefoot.upgrade('heads', { onWait: ({ state }) => seen.add(state) });
        next.catch(() => undefined);
        await sleep(1500);
        await blocker.query('COMMIT');
        const { failed } = await next;
        if (failed) return { end: 'failed', problem: failed.message };
        runner.process.kill('SIGCONT');
        await runner.ended;
        const state = await stateOf(surefoot, url);
        if (state !== wanted) return { end: 'another end', problem: `${state}\ninstead of\n${wanted}` };
        return { end: seen.has('orphan-running') ? 'waited for it, then as undisturbed' : 'as undisturbed' };
      } finally {
        runner.process.kill('SIGKILL');
        await runner.ended;
      }
    });
  } finally {
    await database.drop();
  }
}

export async function proveInside(engine: Engine): Promise<readonly Proof[]> {
  const proofs: Proof[] = [];
  for (const inside of cases[familyOf(engine)]) {
    const outcomes: Outcome[] = [];
    for (const signal of signals) {
      const outcome = await proveOne(engine, inside, signal).catch(
        (error: unknown): Outcome => ({ end: 'stopped', problem: String(error) }),
      );
      outcomes.push(outcome);
    }
    proofs.push(collect(`a runner killed and one frozen while the server works on ${inside.what}`, outcomes));
  }
  return proofs;
}
