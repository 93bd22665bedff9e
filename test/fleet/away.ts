// A queue that goes away while a fleet is at work. In: how it goes, and whether it keeps what it was told. Out: what everybody
// said, and what stands in each target.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../runner/support.ts';
import { privateServer } from '../servers/index.ts';
import { fileFleet, fleetRevisions, journalOf, withQueuePackages } from './support.ts';

/** `kill`: SIGKILL. `shutdown`: as an administrator stops it. */
export type Going = 'kill' | 'shutdown';

export interface AwayOptions {
  readonly going: Going;
  /** True: what it was told is there again when it comes back. */
  readonly keeps: boolean;
  /** `null`: it does not come back before whoever began has given up. */
  readonly backAfterMs: number | null;
  readonly targets: number;
}

export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface AwayProof {
  readonly upgrade: Said;
  readonly workers: readonly Said[];
  /** Only where it stayed away: `surefoot fleet retry`, after it came back. */
  readonly retry: Said | null;
  /** Of each target the revisions that were moved, in order. */
  readonly journals: readonly string[];
  readonly expected: string;
}

/** Programs need a while to start where others are at work. */
const patienceMs = 60_000;
const bin = join(import.meta.dirname, '../../src/cli/bin.ts');

interface Program {
  readonly child: ChildProcess;
  readonly ended: Promise<Said>;
  said(): Omit<Said, 'code'>;
}

function start(folder: string, args: readonly string[]): Program {
  const child = spawn(process.execPath, [bin, 'fleet', ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', NO_COLOR: '1' },
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
  return { child, ended, said: () => ({ out, err }) };
}

/** Each takes a moment, so that some are at work when the queue goes. */
const slow = {
  id: 'cccc3333',
  up: `op.run(async () => { await new Promise((done) => setTimeout(done, 400)); });`,
  down: '',
};

/** A fleet by two workers of two targets each; the queue goes when a few targets have ended. */
export async function queueAway({ going, keeps, backAfterMs, targets }: AwayOptions): Promise<AwayProof> {
  const revisions = [...fleetRevisions, slow];
  using project = fileFleet(targets, revisions);
  await withQueuePackages(project);
  const { folder } = project;
  const redis = await privateServer('redis', { durable: keeps });
  const where = ['--targets', 'targets.txt', '--queue', redis.url];
  const programs: Program[] = [];
  const run = (...args: readonly string[]) => {
    const program = start(folder, args);
    programs.push(program);
    return program;
  };
  try {
    const workers = [1, 2].map(() => run('worker', ...where, '--concurrency', '2'));
    for (const worker of workers)
      await until('a worker listens', () => worker.said().err.includes('Listening'), patienceMs);
    const upgrade = run('upgrade', ...where, '--concurrency', '4', '--waves', '1');
    await until('some have ended', () => upgrade.said().out.split('\n').length > 4, patienceMs);
    await (going === 'kill' ? redis.kill() : redis.shutdown());
    if (backAfterMs !== null) {
      await sleep(backAfterMs);
      await redis.restart();
    }
    const first = await upgrade.ended;
    let retry: Said | null = null;
    if (backAfterMs === null) {
      await redis.restart();
      retry = await run('retry', ...where, '--concurrency', '4', '--waves', '1').ended;
    }
    for (const { child } of workers) child.kill('SIGINT');
    const ended = await Promise.all(workers.map((worker) => worker.ended));
    const journals = project.files.map((file) => journalOf(file).moved.join(' '));
    return {
      upgrade: first,
      workers: ended,
      retry,
      journals,
      expected: revisions.map(({ id }) => id).join(' '),
    };
  } finally {
    for (const { child } of programs) child.kill('SIGKILL');
    await redis.stop();
  }
}
