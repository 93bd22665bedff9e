// In: a URL. Out: runners that want its lock, in this process and in others.

import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connectDialect, openDatabase } from '../../src/config/choose-dialect.ts';
import type { Connection, Database } from '../../src/dialect/connection.ts';
import type { BookkeepingNames } from '../../src/dialect/dialect.ts';
import { acquireLock, type Lock, type LockRequest, type LockTiming } from '../../src/lock/lock.ts';

export const names: BookkeepingNames = {
  namespace: null,
  version: 'surefoot_version',
  journal: 'surefoot_journal',
  lock: 'surefoot_lock',
};

/** For runners that nobody disturbs. */
export const usualTiming: LockTiming = { leaseMs: 15_000, beatMs: 3000 };

/** Short, so that a test need not wait for long. */
export const shortTiming: LockTiming = { leaseMs: 3000, beatMs: 300 };

export type Wishes = Partial<Omit<LockRequest, 'database' | 'connection' | 'dialect' | 'facts'>>;

/** A session that may ask for the lock. */
export interface Asker {
  readonly database: Database;
  readonly connection: Connection;
  readonly question: Pick<LockRequest, 'connection' | 'dialect' | 'facts' | 'names' | 'timing'>;
  acquire(wishes?: Wishes): Promise<Lock>;
  close(): Promise<void>;
}

export async function askerOf(chosen: Awaited<ReturnType<typeof openDatabase>>): Promise<Asker> {
  const { database, dialectName } = chosen;
  const connection = await database.connect();
  const known = {
    connection,
    names,
    timing: shortTiming,
    ...(await connectDialect(dialectName, connection)),
  };
  const usual = { owner: 'asker', waitMs: 20_000, onWait: () => undefined, cancelOrphan: false };
  return {
    database,
    connection,
    question: known,
    acquire: (wishes = {}) => acquireLock({ ...known, ...usual, database, ...wishes }),
    close: () => database.close(),
  };
}

export async function ask(url: string): Promise<Asker> {
  return await askerOf(await openDatabase({ url }));
}

/** What a runner in another process answers. */
export interface Answer {
  readonly ok: boolean;
  readonly value: unknown;
}

/** A runner in a process of its own, which does what it is told. */
export interface Runner {
  readonly process: ChildProcess;
  tell(command: string, argument?: unknown): Promise<Answer>;
  /** Sends a command and does not wait. */
  send(command: string, argument?: unknown): void;
  signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
  readonly ended: Promise<number | null>;
}

export interface RunnerOptions {
  readonly url: string;
  readonly owner?: string;
  readonly waitMs?: number;
  readonly timing?: LockTiming;
  readonly uid?: number;
}

export function startRunner({ uid, ...options }: RunnerOptions): Runner {
  const program = new URL('./runner-process.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [program, JSON.stringify({ timing: shortTiming, ...options })], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // Most of a runner's start is the reading of TypeScript.
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'surefoot-test-compile-cache') },
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  const waiting: ((answer: Answer) => void)[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.(JSON.parse(line)));
  const ended = new Promise<number | null>((resolve) => {
    child.on('exit', (code) => {
      resolve(code);
      for (const answer of waiting) answer({ ok: false, value: 'the process has ended' });
    });
  });
  const send = (command: string, argument?: unknown): void => {
    child.stdin.write(`${JSON.stringify({ command, argument })}\n`);
  };
  child.stdin.on('error', () => undefined);
  return {
    process: child,
    send(command, argument) {
      waiting.push(() => undefined);
      send(command, argument);
    },
    tell(command, argument) {
      return new Promise((resolve) => {
        waiting.push(resolve);
        send(command, argument);
      });
    },
    signal: (name) => void child.kill(name),
    ended,
  };
}
