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
  /** Puts a job, and waits for what comes of it; `null`: it was withdrawn. The same id twice is one job. */
  run(id: string, data: string): Promise<string | null>;
  /** Takes back what nobody has begun, now and from now on. */
  withdraw(): void;
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
  close(): void;
}

/** A server that was made a replica meanwhile: the name leads to another one by now. */
const reconnectOnError = ({ message }: Error) => (message.startsWith('READONLY') ? 2 : false);

/** The first connection must succeed; one that is lost later is tried again and again. */
async function connect({ url, importer, onTrouble }: QueuePlace): Promise<Link> {
  if (!/^rediss?:\/\//.test(url)) throw unreachable(url, 'a queue is a URL such as redis://host:6379');
  const { Redis } = await importAs<{ readonly Redis: RedisClass }>(importer, 'ioredis');
  let [isOpen, isClosed, away] = [false, false, null as number | null];
  let last: Error | undefined;
  const retryStrategy = (times: number) => (isOpen ? Math.min(times * 200, 2000) : null);
  const client = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    retryStrategy,
    reconnectOnError,
  });
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
    if (isClosed) return;
    if (away === null) onTrouble(`${redactUrl(url)} is away; trying again.`);
    away ??= now();
  });
  client.on('ready', () => {
    if (away !== null) onTrouble(`${redactUrl(url)} is back.`);
    away = null;
  });
  const close = () => {
    isClosed = true;
    client.disconnect();
  };
  return { client, awaySince: () => away, close };
}

interface Waiting {
  readonly data: string;
  /** True: the queue has confirmed it. */
  isPut: boolean;
  readonly answer: (text: string | null) => void;
  readonly refuse: (error: Error) => void;
}

interface Giving {
  readonly place: QueuePlace;
  readonly queue: Queue;
  readonly link: Link;
  readonly waiting: Map<string, Waiting>;
  /** Since when a question is without an answer. */
  askedAt: number | null;
  isWithdrawing: boolean;
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

/** A queue that is away takes it when it is back; until then the promise of its end is what may be refused. */
async function put({ place, queue, waiting }: Giving, id: string): Promise<void> {
  const one = waiting.get(id);
  if (!one) return;
  const keep = { age: 3600 };
  try {
    await queue.add('target', one.data, { jobId: id, removeOnComplete: keep, removeOnFail: keep });
    one.isPut = true;
  } catch (error) {
    waiting.delete(id);
    one.refuse(unreachable(place.url, String(error), error));
  }
}

/** A job as the queue has it: done, given up, not begun, or forgotten, as by a server that keeps nothing on disk. */
async function lookAt(giving: Giving, id: string, one: Waiting): Promise<'forgotten' | null> {
  const { place, queue, isWithdrawing } = giving;
  const job: Job<string, string> | undefined = await queue.getJob(id);
  if (!job) return one.isPut ? 'forgotten' : null;
  if (job.finishedOn !== undefined && job.returnvalue !== null)
    settle(giving, id, ({ answer }) => answer(job.returnvalue));
  else if (await job.isFailed())
    settle(giving, id, ({ refuse }) => refuse(failed(place.url, job.failedReason)));
  else if (isWithdrawing && (await job.isWaiting()) && (await queue.remove(id)) === 1) {
    giving.waiting.delete(id);
    one.answer(null);
  }
  return null;
}

/** Whoever worked on a forgotten target goes on; who comes second finds nothing to do. */
async function putAgain(giving: Giving, ids: readonly string[]): Promise<void> {
  const { place, isWithdrawing } = giving;
  if (ids.length === 0) return;
  const number = ids.length === 1 ? 'one target' : `${ids.length} targets`;
  if (!isWithdrawing) place.onTrouble(`${redactUrl(place.url)} has forgotten ${number}; put again.`);
  for (const id of ids) {
    if (!isWithdrawing) await put(giving, id);
    else settle(giving, id, ({ answer }) => answer(null));
  }
}

/** Since when nothing was heard; after a while whoever gives work gives up. */
function isSilent({ place, link, waiting, askedAt }: Giving): boolean {
  const since = link.awaySince() ?? askedAt;
  if (since === null) return false;
  const ms = now() - since;
  if (ms < patienceMs) {
    if (link.awaySince() === null && ms >= lookMs)
      place.onTrouble(`${redactUrl(place.url)} does not answer.`);
    return true;
  }
  const problem = `it has been away for ${Math.round(ms / 1000)} s`;
  for (const [, one] of [...waiting]) one.refuse(unreachable(place.url, problem));
  waiting.clear();
  return true;
}

/** Of what the last worker had begun, nobody is going to tell. */
function nobodyListens(giving: Giving): void {
  const { place, waiting, isWithdrawing } = giving;
  place.onTrouble(`No worker with these revisions listens on ${redactUrl(place.url)}.`);
  if (!isWithdrawing) return;
  for (const id of [...waiting.keys()]) settle(giving, id, ({ answer }) => answer(null));
}

/** Events tell of ends at once; where one was missed, or the queue forgot everything, this finds out. */
async function lookAfter(giving: Giving): Promise<void> {
  if (isSilent(giving)) return;
  const { queue, waiting } = giving;
  giving.askedAt = now();
  try {
    const forgotten: string[] = [];
    for (const [id, one] of [...waiting])
      if ((await lookAt(giving, id, one)) === 'forgotten' && waiting.has(id)) forgotten.push(id);
    await putAgain(giving, forgotten);
    if (waiting.size > 0 && (await queue.getWorkersCount()) === 0) nobodyListens(giving);
  } finally {
    giving.askedAt = null;
  }
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
  const giving: Giving = { place, queue, link, waiting: new Map(), askedAt: null, isWithdrawing: false };
  quiet(queue);
  quiet(events);
  listen(events, giving);
  // A Redis that is away is told of by its own events; the next look asks again.
  const look = () => void lookAfter(giving).catch(() => undefined);
  const timer = setInterval(look, lookMs);
  return {
    run: async (id, data) => {
      const { promise, resolve, reject } = Promise.withResolvers<string | null>();
      giving.waiting.set(id, { data, isPut: false, answer: resolve, refuse: reject });
      void put(giving, id);
      return await promise;
    },
    withdraw: () => {
      giving.isWithdrawing = true;
      look();
    },
    close: async () => {
      clearInterval(timer);
      if (link.awaySince() === null && giving.askedAt === null)
        await Promise.allSettled([queue.close(), events.close()]);
      else void Promise.allSettled([queue.disconnect(), events.disconnect()]);
      link.close();
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
    // After a failure to fetch a job, such as a queue that has just come back.
    runRetryDelay: 1000,
    // A target whose worker dies each time is not tried for ever.
    maxStalledCount: 5,
  });
  quiet(worker);
  return {
    close: async () => {
      await worker.close(link.awaySince() !== null);
      link.close();
    },
  };
}
