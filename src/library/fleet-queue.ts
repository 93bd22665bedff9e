import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { JobWorker, QueuePlace } from '../drivers/bullmq.ts';
import { openQueue, openWorker } from '../drivers/bullmq.ts';
import type { TargetResult } from '../fleet/result.ts';
import { noResult } from '../fleet/result.ts';
import type { FleetTarget } from '../fleet/target.ts';
import { SurefootError } from '../kernel/errors.ts';
import { hashJson } from '../kernel/hash.ts';
import type { RunChoices, SurefootOptions } from './api.ts';
import type { Executor, FleetNews } from './fleet-choices.ts';
import { toldOf } from './fleet-choices.ts';
import { targetList } from './fleet-targets.ts';
import type { FleetTask } from './fleet-task.ts';
import { workOn } from './fleet-task.ts';
import { bookkeepingNames } from './open.ts';
import { createProject } from './project.ts';

/** What goes through the queue: where the list has the target, never its URL. */
interface FleetJob {
  readonly key: string;
  readonly target: string;
  readonly wave: number;
  readonly task: FleetTask;
}

/** Whoever works has the same revisions as whoever gives the work: they meet under a name made of them. */
async function placeOf(
  options: SurefootOptions,
  url: string,
  onTrouble: QueuePlace['onTrouble'],
): Promise<QueuePlace> {
  const project = createProject(options);
  const headers = await project.headers();
  const checksums = await Promise.all(
    headers.map(async (header) => [header.id, await project.textChecksum(header)]),
  );
  const name = `surefoot-fleet-${hashJson([bookkeepingNames(options).version, checksums.sort()]).slice(0, 16)}`;
  const importer = join(resolve(options.projectFolder ?? '.'), 'surefoot.config.ts');
  return { url, name, importer, onTrouble };
}

/** Functions and signals stay here; what is decided goes along. */
const portable = (choices: RunChoices): RunChoices =>
  JSON.parse(JSON.stringify({ ...choices, signal: undefined }));

const cancelled = () =>
  new SurefootError('run/cancelled', 'stopped; workers bring what they have begun to its end', {
    details: { revision: null },
    hint: '`surefoot fleet retry` goes on with what is left.',
  });

/** Has targets worked on by whoever listens at the queue. */
export async function queueExecutor(
  options: SurefootOptions,
  task: FleetTask,
  { url, onTrouble }: { readonly url: string; readonly onTrouble: QueuePlace['onTrouble'] },
): Promise<Executor> {
  const queue = await openQueue(await placeOf(options, url, onTrouble));
  const { signal } = task.choices;
  const stopped = Promise.withResolvers<never>();
  stopped.promise.catch(() => undefined);
  const stop = () => stopped.reject(cancelled());
  signal?.addEventListener('abort', stop, { once: true });
  const sent = { ...task, choices: portable(task.choices) };
  return {
    execute: async ({ target: { key, name }, wave }) => {
      const job: FleetJob = { key, target: name, wave, task: sent };
      const answer = queue.run(randomUUID(), JSON.stringify(job));
      const text = await Promise.race([answer, stopped.promise]);
      return text === null ? null : (JSON.parse(text) as TargetResult);
    },
    withdraw: () => queue.withdraw(),
    close: async () => {
      signal?.removeEventListener('abort', stop);
      await queue.close();
    },
  };
}

/** What a worker is told. */
export interface WorkerChoices {
  readonly queue: string;
  readonly concurrency: number;
  /** Takes no further target, and ends when those at hand have ended. */
  readonly pause: AbortSignal;
  readonly run: RunChoices;
  readonly news: FleetNews;
  readonly onTrouble: QueuePlace['onTrouble'];
  /** It takes targets from now on. */
  readonly onListening?: () => void;
}

function missing({ key, target, wave }: FleetJob, found: FleetTarget | null): TargetResult {
  const problem = found === null ? 'the worker has it not in its list' : 'the worker has another one there';
  return {
    ...noResult,
    target,
    wave,
    status: 'failed',
    ms: 0,
    error: {
      code: 'fleet/not-a-target',
      message: `${target} (${key}): ${problem}`,
      hint: 'Give every worker the same `fleet` in its config, and the same files, as whoever begins the upgrade.',
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve: done } = Promise.withResolvers<void>();
  if (signal.aborted) done();
  signal.addEventListener('abort', () => done(), { once: true });
  return promise;
}

/** Works on targets of the queue until it is paused. */
export async function workQueue(
  options: SurefootOptions,
  choices: WorkerChoices,
): Promise<{ readonly worked: number; readonly failed: number }> {
  const list = targetList(options);
  const { news, run } = choices;
  let [worked, failed] = [0, 0];
  const work = async (text: string): Promise<string> => {
    const job = JSON.parse(text) as FleetJob;
    const target = await list.find(job.key);
    news.onStart?.(job.target, job.wave);
    const task = { ...job.task, choices: { ...job.task.choices, ...run } };
    const result =
      target?.name === job.target
        ? await workOn(options, task)(target, job.wave, toldOf(job.target, news))
        : missing(job, target);
    worked += 1;
    if (result.status === 'failed') failed += 1;
    await news.onResult?.(result);
    return JSON.stringify(result);
  };
  const place = await placeOf(options, choices.queue, choices.onTrouble);
  const worker: JobWorker = await openWorker({ ...place, concurrency: choices.concurrency }, work);
  choices.onListening?.();
  await aborted(choices.pause);
  await worker.close();
  return { worked, failed };
}
