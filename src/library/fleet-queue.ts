import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { JobWorker, QueuePlace } from '../drivers/bullmq.ts';
import { openQueue, openWorker } from '../drivers/bullmq.ts';
import type { TargetError, TargetResult } from '../fleet/result.ts';
import { noResult } from '../fleet/result.ts';
import type { FleetTarget } from '../fleet/target.ts';
import { now } from '../kernel/clock.ts';
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

const failed = ({ target, wave }: FleetJob, error: TargetError): TargetResult => ({
  ...noResult,
  target,
  wave,
  status: 'failed',
  ms: 0,
  error,
});

function missing(job: FleetJob, found: FleetTarget | null): TargetResult {
  const problem = found === null ? 'the worker has it not in its list' : 'the worker has another one there';
  return failed(job, {
    code: 'fleet/not-a-target',
    message: `${job.target} (${job.key}): ${problem}`,
    hint: 'Give every worker the same `fleet` in its config, and the same files, as whoever begins the upgrade.',
  });
}

/** What a worker has loaded stays what it was: files that are others by now would be run by half. */
function otherRevisions(job: FleetJob): TargetResult {
  const { code, message, hint } = new SurefootError(
    'fleet/other-revisions',
    `${job.target}: the revision files of the worker have changed since it began`,
    {
      details: { target: job.target },
      hint: 'Nothing was changed here. Start the worker again, then `surefoot fleet retry`.',
    },
  );
  return failed(job, { code, message, hint });
}

const fileLookMs = 5000;

/** True: the files are still those that the worker began with. Many targets ask at once. */
function unchanged(options: SurefootOptions, { url, name, onTrouble }: QueuePlace): () => Promise<boolean> {
  let [answer, at] = [Promise.resolve(true), now()];
  return () => {
    if (now() - at >= fileLookMs) {
      at = now();
      // Files that cannot be read are not those any more.
      const isSame = (place: QueuePlace) => place.name === name;
      answer = placeOf(options, url, onTrouble).then(isSame, () => false);
    }
    return answer;
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
  let [worked, failures] = [0, 0];
  const place = await placeOf(options, choices.queue, choices.onTrouble);
  const isUnchanged = unchanged(options, place);
  const work = async (text: string): Promise<string> => {
    const job = JSON.parse(text) as FleetJob;
    const target = await list.find(job.key);
    const isSame = await isUnchanged();
    news.onStart?.(job.target, job.wave);
    const task = { ...job.task, choices: { ...job.task.choices, ...run } };
    const workOnIt = (one: FleetTarget) => workOn(options, task)(one, job.wave, toldOf(job.target, news));
    const isListed = target?.name === job.target;
    const result = !isSame ? otherRevisions(job) : isListed ? await workOnIt(target) : missing(job, target);
    worked += 1;
    if (result.status === 'failed') failures += 1;
    await news.onResult?.(result);
    return JSON.stringify(result);
  };
  const worker: JobWorker = await openWorker({ ...place, concurrency: choices.concurrency }, work);
  choices.onListening?.();
  await aborted(choices.pause);
  await worker.close();
  return { worked, failed: failures };
}
