// A backfill whose replica falls behind, or dies and comes back. In: an engine, how the replica is known, what becomes of it.
// Out: how long the backfill waited, what it wrote meanwhile, and what stands on both servers in the end.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { session, until } from '../runner/support.ts';
import { childrenOf } from '../servers/process.ts';
import { type Replicated, type ReplicatedEngine, replicated } from '../servers/replicated.ts';
import { type TestProject, testProject } from '../support/revisions.ts';

/** `seen`: the server tells of it. `named`: its URL stands in the config. */
export type Known = 'seen' | 'named';
export type Trouble = 'held' | 'killed' | 'frozen';

export interface LagProof {
  readonly waitedMs: number;
  /** What was shown when it began to wait. */
  readonly said: string;
  /** Rows that were written while it said that it waits. */
  readonly meanwhile: number;
  readonly problems: readonly string[];
}

/** Programs and servers need a while where others are at work. */
const patienceMs = 60_000;
const rows = 24_000;
const maxLagMs = 2000;

const table = {
  id: 'aaaa',
  up: `op.createTable('item', (t) => ({ id: t.bigint().primaryKey(), price: t.integer().notNull(), total: t.bigint() }));
    for (let from = 0; from < ${rows}; from += 4000)
      op.insertRows('item', Array.from({ length: 4000 }, (_, i) => ({ id: String(from + i), price: i })));`,
};
const filling = {
  id: 'bbbb',
  up: `op.backfill({ table: 'item', set: { total: 'price * 2' }, where: 'total IS NULL', batch: 500, rowsPerSecond: 4000,
    maxLag: ${maxLagMs}, inverse: 'nothing' });`,
};

async function count(url: string, where: string): Promise<number> {
  const connection = await session(url);
  try {
    const [row] = (await connection.query(`SELECT count(*) AS n FROM item WHERE ${where}`)).rows;
    return Number(row?.['n']);
  } finally {
    await connection.close();
  }
}

function startUpgrade({ folder }: TestProject) {
  const bin = join(import.meta.dirname, '../../src/cli/bin.ts');
  const child = spawn(process.execPath, [bin, 'upgrade', '--yes'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', NO_COLOR: '1' },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, said }));
  return { ended, said: () => said, stop: () => child.kill('SIGKILL') };
}

/** PostgreSQL's sessions are processes of their own. */
function signalTo({ pid }: { readonly pid: number | undefined }, signal: NodeJS.Signals): void {
  if (pid === undefined) throw new Error('nobody knows the process');
  for (const one of [pid, ...childrenOf(pid)]) process.kill(one, signal);
}

const troubles: Readonly<Record<Trouble, (pair: Replicated) => Promise<unknown>>> = {
  held: (pair) => pair.hold(),
  killed: (pair) => pair.replica.kill(),
  frozen: async ({ replica }) => signalTo(replica, 'SIGSTOP'),
};

const ends: Readonly<Record<Trouble, (pair: Replicated) => Promise<unknown>>> = {
  held: (pair) => pair.release(),
  killed: (pair) => pair.replica.restart(),
  frozen: async ({ replica }) => signalTo(replica, 'SIGCONT'),
};

/** Disturbs the replica of a backfill at work, and mends it after so many milliseconds of waiting. */
async function disturb(pair: Replicated, project: TestProject, trouble: Trouble): Promise<LagProof> {
  const { primary, replica } = pair;
  const upgrade = startUpgrade(project);
  try {
    await until(
      'the first batch',
      async () => (await count(primary.url, 'total IS NOT NULL')) > 0,
      patienceMs,
    );
    await troubles[trouble](pair);
    await until('it waits', () => upgrade.said().includes('waits'), patienceMs);
    const begun = performance.now();
    const before = await count(primary.url, 'total IS NOT NULL');
    await sleep(4000);
    const meanwhile = (await count(primary.url, 'total IS NOT NULL')) - before;
    await ends[trouble](pair);
    const { code, said } = await upgrade.ended;
    const waitedMs = performance.now() - begun;
    const right = 'total = price * 2';
    await until(
      'the replica has followed',
      async () => (await count(replica.url, right)) === rows,
      patienceMs,
    );
    const wrong = rows - (await count(primary.url, right));
    const problems = [...(code === 0 ? [] : [said]), ...(wrong === 0 ? [] : [`${wrong} rows are not right`])];
    return { waitedMs, said: /^.*waits.*$/m.exec(said)?.[0] ?? '', meanwhile, problems };
  } finally {
    upgrade.stop();
  }
}

/** One backfill, on a server with a replica of its own. */
export async function proveLag(
  engine: ReplicatedEngine,
  asked: { readonly known: Known; readonly trouble: Trouble },
): Promise<LagProof> {
  const pair = await replicated(engine);
  using project = testProject(table);
  try {
    const online = asked.known === 'named' ? { replicas: [pair.replica.url] } : {};
    project.writeFile('surefoot.config.json', JSON.stringify({ url: pair.primary.url, online }));
    await project.surefoot({ url: pair.primary.url }).upgrade();
    project.write(filling);
    await until(
      'the replica has the table',
      async () => (await count(pair.replica.url, '1 = 1').catch(() => 0)) === rows,
      patienceMs,
    );
    return await disturb(pair, project, asked.trouble);
  } finally {
    await pair.stop();
  }
}
