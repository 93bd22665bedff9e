// Where the database stands and who works on it, told to all who look, whenever that changes.
// In: a way to ask. Out: subscriptions. Must not ask while nobody looks.

import { messageOf } from '../kernel/errors.ts';
import { canonicalJson } from '../kernel/hash.ts';
import type { Status, Surefoot } from '../library/api.ts';

/** What is told. */
export interface News {
  readonly heads: readonly string[];
  readonly pending: readonly string[];
  readonly lock: Status['lock'];
  /** Of the run that holds the lock; `null`: none does. */
  readonly progress: {
    readonly done: number;
    readonly total: number;
    /** The revision that is under way. */
    readonly revision: string | null;
  } | null;
  /** Why the database could not be asked; `null`: it was. */
  readonly problem: string | null;
  /** Another one: there is another report. */
  readonly version: number;
}

type Listener = (news: News) => void;

/** The pending revisions when the run that holds the lock began, as far as anybody looked. */
interface Begun {
  readonly since: string;
  readonly pending: readonly string[];
}

function progressOf({ lock, pending }: Status, begun: Begun | null): News['progress'] {
  if (lock === null || begun === null) return null;
  const done = begun.pending.filter((id) => !pending.includes(id)).length;
  return { done, total: begun.pending.length, revision: pending[0] ?? null };
}

/** What makes another report: all but how the lock's holder is getting on. */
const reportKey = ({ heads, pending, lastRun }: Status): string => canonicalJson([heads, pending, lastRun]);

/** News of one database; `open` reads the files anew. */
export function createNews(open: () => Promise<Surefoot>, everyMs: number) {
  const listeners = new Set<Listener>();
  let surefoot: Surefoot | null = null;
  let timer: NodeJS.Timeout | undefined;
  let begun: Begun | null = null;
  let key = '';
  let version = 1;
  let last: News | null = null;

  const read = async (): Promise<News> => {
    try {
      surefoot ??= await open();
      const status = await surefoot.status();
      const { heads, pending, lock } = status;
      if (lock?.since !== begun?.since) begun = lock && { since: lock.since, pending };
      const next = reportKey(status);
      if (key !== '' && next !== key) version += 1;
      key = next;
      return { heads, pending, lock, progress: progressOf(status, begun), problem: null, version };
    } catch (error) {
      // It may be back with the next question; what the question was made of is read anew.
      surefoot = null;
      return { heads: [], pending: [], lock: null, progress: null, problem: messageOf(error), version };
    }
  };
  const tick = async () => {
    const news = await read();
    const isNew = canonicalJson(news) !== canonicalJson(last);
    last = news;
    if (isNew) for (const listener of listeners) listener(news);
    if (listeners.size > 0) timer = setTimeout(tick, everyMs);
    timer?.unref();
  };
  return {
    subscribe: (listener: Listener): (() => void) => {
      listeners.add(listener);
      if (last !== null) listener(last);
      if (listeners.size === 1) void tick();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) clearTimeout(timer);
      };
    },
    /** The files are others now. */
    renew: () => {
      surefoot = null;
      version += 1;
    },
    close: () => {
      listeners.clear();
      clearTimeout(timer);
    },
  };
}
