// A transaction holds the table that a step changes, and an application goes on asking for it. In: an engine. Out: how long
// the application waited behind the step, at most; a proof. Must not know how a runner waits.

import type { Connection } from '../../src/dialect/connection.ts';
import type { RunResult } from '../../src/library/api.ts';
import type { StatementNews } from '../../src/runner/news.ts';
import type { Proof } from '../matrix/proof.ts';
import { type Application, application, session, until } from '../runner/support.ts';
import type { Engine } from '../servers/index.ts';
import { freshDatabase } from '../servers/index.ts';
import { testProject } from '../support/revisions.ts';
import { familyOf } from './chain.ts';
import type { Outcome } from './proof.ts';
import { collect } from './proof.ts';

const base = {
  id: 'aaaa1111',
  up: `op.createTable('item', { id: t.integer().primaryKey(), n: t.integer().nullable(), name: t.varchar(20) });
    op.createTable('beside', { id: t.integer().primaryKey() });
    op.insertRows('item', [{ id: 1, n: 1, name: 'a' }, { id: 2, n: 1, name: 'b' }]);
    op.insertRows('beside', [{ id: 1 }]);`,
};

/** What a step may do to a table that is in use, each in a revision of its own. */
const steps = {
  'add a column': `op.addColumn('item', 'note', t.varchar(20).nullable());`,
  'build an index': `op.createIndex('item', ['name'], { name: 'item_name' });`,
  'change a type': `op.alterColumn('item', 'name', { type: t.text() });`,
  'add a foreign key': `op.addForeignKey('item', ['n'], { name: 'item_n', table: 'beside', columns: ['id'] });`,
  'drop a column': `op.dropColumn('item', 'n');`,
} as const;
export type BlockedStep = keyof typeof steps;
export const blockedSteps = Object.keys(steps) as readonly BlockedStep[];

/** MySQL and MariaDB count whole seconds. */
export const limitMs = 1000;

export interface Measured {
  readonly result: RunResult;
  readonly news: readonly StatementNews[];
  /** The longest wait of the application for the table, and for one that nobody holds: what the machine itself takes. */
  readonly peakMs: number;
  readonly besideMs: number;
  readonly answers: number;
}

/** A transaction that has read the table, and where rows are locked one by one written to it. */
async function hold(engine: Engine, holder: Connection): Promise<void> {
  await holder.query('BEGIN');
  await holder.query('SELECT * FROM item');
  if (engine !== 'sqlite') await holder.query('UPDATE item SET name = name WHERE id = 1');
}

/** Reads and, where that does not wait for the holder itself, writes. */
function asks(engine: Engine): readonly string[] {
  const reads = 'SELECT count(*) FROM item';
  return engine === 'sqlite' ? [reads] : [reads, 'UPDATE item SET name = name WHERE id = 2'];
}

/** The step, tried behind the holder until its third attempt; then the holder ends. */
export async function measureBlocked(engine: Engine, step: BlockedStep): Promise<Measured> {
  const database = await freshDatabase(engine);
  const { url } = database;
  using project = testProject(base);
  const open: { close(): Promise<void> }[] = [];
  try {
    await project.surefoot({ url }).upgrade();
    project.write({ id: 'bbbb2222', up: steps[step] });
    const holder = await session(url);
    open.push(holder);
    await hold(engine, holder);
    const apps: readonly Application[] = [
      ...(await Promise.all(asks(engine).map((sql) => application(url, sql)))),
      await application(url, 'SELECT count(*) FROM beside'),
    ];
    const news: StatementNews[] = [];
    // With a signal, a file is worked on by a process of its own, so that this one can ask meanwhile.
    const { signal } = new AbortController();
    const surefoot = project.surefoot({ url, tableLockTimeoutMs: limitMs, tableLockRetries: 50 });
    const run = surefoot.upgrade('heads', { signal, onStatement: (one) => news.push(one) });
    run.catch(() => undefined);
    await until('a third attempt', () => news.filter(({ kind }) => kind === 'retry').length >= 2, 60_000);
    await holder.query('COMMIT');
    const result = await run;
    const [beside, ...behind] = (await Promise.all(apps.map((app) => app.stop()))).reverse();
    const peakMs = Math.max(...behind.map((app) => app.peakMs));
    const answers = behind.reduce((sum, app) => sum + app.answers, 0);
    // In a file all tables are one.
    const besideMs = engine === 'sqlite' ? 0 : (beside?.peakMs ?? 0);
    return { result, news, peakMs, besideMs, answers };
  } finally {
    await Promise.allSettled(open.map((one) => one.close()));
    await database.drop();
  }
}

/** What an application may wait: the limit, and what the machine takes besides. */
export const allowedMs = ({ besideMs }: Pick<Measured, 'besideMs'>): number =>
  limitMs + Math.max(700, besideMs);

async function proveStep(engine: Engine, step: BlockedStep): Promise<Outcome & { readonly peakMs: number }> {
  try {
    const measured = await measureBlocked(engine, step);
    const { result, peakMs } = measured;
    if (result.failed) return { peakMs, end: 'failed', problem: `${step}: ${result.failed.message}` };
    if (peakMs <= allowedMs(measured)) return { peakMs, end: 'in time' };
    return { peakMs, end: 'too long', problem: `${step}: a wait of ${Math.round(peakMs)} ms` };
  } catch (error) {
    return { peakMs: 0, end: 'stopped', problem: `${step}: ${String(error)}` };
  }
}

/** A foreign key and a column that it needs mean a copy of the table in a file, as a change of type does. */
function stepsOn(engine: Engine): readonly BlockedStep[] {
  if (familyOf(engine) === 'sqlite') return ['add a column', 'build an index', 'change a type'];
  return blockedSteps;
}

export async function proveBlocked(engine: Engine): Promise<readonly Proof[]> {
  const outcomes: Awaited<ReturnType<typeof proveStep>>[] = [];
  for (const step of stepsOn(engine)) outcomes.push(await proveStep(engine, step));
  const peak = Math.round(Math.max(...outcomes.map(({ peakMs }) => peakMs)));
  const claim = `a transaction holds the table: nobody waits behind the step for longer than its limit (${limitMs} ms)`;
  return [
    collect(
      claim,
      outcomes.map((one) => ({ ...one, end: `${one.end}, peak wait of all ${peak} ms` })),
    ),
  ];
}
