// A queue of jobs on Redis, through BullMQ and ioredis.
// In: a URL, texts to be worked on. Out: texts that came of them. Must not know what a job is about.

import type { Job, Queue, QueueEvents, Worker } from 'bullmq';
import { now } from '../kernel/clock.ts';
import { SurefootError } from '../kernel/errors.ts';
import { importAs } from '../kernel/load-module.ts';
import { redactUrl } from './url-text.ts';

/** Where a queue is. */
export interface QueuePlace {
  readonly url: string;
  readonly name: string;
  /** A file of the user's: the packages are those that it would import. */
  readonly importer: string;
  /** Told when the queue goes away, comes back, or nobody works on it. */
  readonly onTrouble: (problem: string) => void;
}

/** The side that gives work. */
export interface JobQueue {
  /** Puts a job, and waits for what comes of it. The same id twice is one job. */
  run(id: string, data: string): Promise<string>;
  close(): Promise<void>;
}

/** The side that works. */
export interface JobWorker {
  /** Takes no further job, and waits for those at hand. */
  close(): Promise<void>;
}

/** What is needed of an ioredis client. */
interface Redis {
  connect(): Promise<void>;
  on(event: 'ready' | 'close' | 'error', listener: (error?: Error) => void): unknown;
  disconnect(): void;
}

type RedisClass = new (url: string, options: object) => Redis;

/** So long a queue may be away before whoever gives work gives up. */
const patienceMs = 30_000;
/** A worker that was silent for so long is dead; its jobs go to another. */
const silenceMs = 15_000;
const lookMs = 5000;

function unreachable(url: string, problem: string, cause?: unknown): SurefootError {
  const queue = redactUrl(url);
  return new SurefootError('fleet/queue-unreachable', `${queue}: ${problem}`, {
    details: { queue, problem },
    hint: 'Start Redis, or correct the URL. What was done is written down: `surefoot fleet retry` goes on from there.',
    cause,
  });
}

interface Link {
  readonly client: Redis;
  /** Since when it is away; `null`: it is there. */
  awaySince(): number | null;
}

/** The first connection must succeed; one that is lost later is tried again and again. */
async function connect({ url, importer, onTrouble }: QueuePlace): Promise<Link> {
  if (!/^rediss?:\/\//.test(url)) throw unreachable(url, 'a queue is a URL such as redis://host:6379');
  const { Redis } = await importAs<{ readonly Redis: RedisClass }>(importer, 'ioredis');
  let [isOpen, away] = [false, null as number | null];
  let last: Error | undefined;
  const retryStrategy = (times: number) => (isOpen ? Math.min(times * 200, 2000) : null);
  const client = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: null, retryStrategy });
  client.on('error', (error) => {
    last = error;
  });
  try {
    await client.connect();
  } catch (error) {
    client.disconnect();
    throw unreachable(url, last?.message || String(error), last ?? error);
  }
  isOpen = true;
  client.on('close', () => {
    if (away === null) onTrouble(`${redactUrl(url)} is away; trying again.`);
    away ??= now();
  });
  client.on('ready', () => {
    if (away !== null) onTrouble(`${redactUrl(url)} is back.`);
    away = null;
  });
  return { client, awaySince: () => away };
}

interface Waiting {
  readonly answer: (text: string) => void;
  readonly refuse: (error: Error) => void;
}

interface Giving {
  readonly place: QueuePlace;
  readonly queue: Queue;
  readonly link: Link;
  readonly waiting: Map<string, Waiting>;
}

function settle({ waiting, queue }: Giving, id: string, how: (one: Waiting) => void): void {
  const one = waiting.get(id);
  if (!one) return;
  waiting.delete(id);
  how(one);
  // What is left of it is swept up by age, if it cannot be removed now.
  void queue.remove(id).catch(() => 0);
}

const failed = (url: string, reason: string) => unreachable(url, `a job was given up: ${reason}`);

/** Events tell of ends at once; where one was missed, or the queue forgot everything, this finds out. */
async function lookAfter(giving: Giving): Promise<void> {
  const { place, queue, link, waiting } = giving;
  const since = link.awaySince();
  if (since !== null) {
    if (now() - since < patienceMs) return;
    for (const [, one] of [...waiting]) one.refuse(unreachable(place.url, 'it is away'));
    waiting.clear();
    return;
  }
  for (const id of [...waiting.keys()]) {
    const job: Job<string, string> | undefined = await queue.getJob(id);
    if (!job) settle(giving, id, ({ refuse }) => refuse(unreachable(place.url, 'it lost a job')));
    else if (job.finishedOn !== undefined && job.returnvalue !== null)
      settle(giving, id, ({ answer }) => answer(job.returnvalue));
    else if (await job.isFailed())
      settle(giving, id, ({ refuse }) => refuse(failed(place.url, job.failedReason)));
  }
  if (waiting.size > 0 && (await queue.getWorkersCount()) === 0)
    place.onTrouble(`No worker with these revisions listens on ${redactUrl(place.url)}.`);
}

function listen(events: QueueEvents, giving: Giving): void {
  const { url } = giving.place;
  events.on('completed', ({ jobId, returnvalue }) =>
    settle(giving, jobId, ({ answer }) => answer(String(returnvalue))),
  );
  events.on('failed', ({ jobId, failedReason }) =>
    settle(giving, jobId, ({ refuse }) => refuse(failed(url, failedReason))),
  );
}

const quiet = (emitter: { on(event: 'error', listener: () => void): unknown }) =>
  emitter.on('error', () => undefined);

/** Opens the side that gives work. */
export async function openQueue(place: QueuePlace): Promise<JobQueue> {
  const link = await connect(place);
  const bullmq = await importAs<typeof import('bullmq')>(place.importer, 'bullmq');
  const options = { connection: link.client };
  const [queue, events] = [
    new bullmq.Queue(place.name, options),
    new bullmq.QueueEvents(place.name, options),
  ];
  const giving: Giving = { place, queue, link, waiting: new Map() };
  quiet(queue);
  quiet(events);
  listen(events, giving);
  const timer = setInterval(() => {
    void lookAfter(giving).catch(() => undefined);
  }, lookMs);
  return {
    run: async (id, data) => {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      giving.waiting.set(id, { answer: resolve, refuse: reject });
      const keep = { age: 3600 };
      // A queue that is away takes it when it is back; until then the promise of its end is what may be refused.
      void queue
        .add('target', data, { jobId: id, removeOnComplete: keep, removeOnFail: keep })
        .catch((error: unknown) => {
          giving.waiting.delete(id);
          reject(unreachable(place.url, String(error), error));
        });
      return await promise;
    },
    close: async () => {
      clearInterval(timer);
      if (link.awaySince() === null) await Promise.allSettled([queue.close(), events.close()]);
      else void Promise.allSettled([queue.disconnect(), events.disconnect()]);
      link.client.disconnect();
    },
  };
}

/** Opens the side that works: so many jobs at once. */
export async function openWorker(
  place: QueuePlace & { readonly concurrency: number },
  work: (data: string) => Promise<string>,
): Promise<JobWorker> {
  const link = await connect(place);
  const bullmq = await importAs<typeof import('bullmq')>(place.importer, 'bullmq');
  const worker: Worker<string, string> = new bullmq.Worker(place.name, async ({ data }) => await work(data), {
    connection: link.client,
    concurrency: place.concurrency,
    lockDuration: silenceMs,
    stalledInterval: lookMs,
    // A target whose worker dies each time is not tried for ever.
    maxStalledCount: 5,
  });
  quiet(worker);
  return {
    close: async () => {
      await worker.close(link.awaySince() !== null);
      link.client.disconnect();
    },
  };
}
