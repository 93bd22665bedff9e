// In: a program and its arguments.
// Out: a server in the background that outlives its starter, found and stopped by pid.
// Must not know: which engine it is.

import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverUser } from './cache.ts';
import { cleanEnvironment, lastLines } from './command.ts';

/** What tells our process from a later one with the same pid: its arguments name its data directory. */
export interface Identity {
  readonly pid: number;
  readonly dataDir: string;
}

export function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const server = createServer();
  server.on('error', reject);
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    server.close(() =>
      address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
    );
  });
  return promise;
}

function commandLine(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

export const isRunning = ({ pid, dataDir }: Identity): boolean => commandLine(pid).includes(dataDir);

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

export interface Launch {
  readonly argv: readonly string[];
  readonly dataDir: string;
  readonly log: string;
  /** Resolves as soon as the server answers. */
  readonly answer: () => Promise<string>;
}

export interface Launched {
  readonly pid: number;
  readonly version: string;
}

const startLimit = 90_000;

/** Starts the server and waits until it answers; if it ends before that, the error holds the end of its log. */
export async function launch({ argv, dataDir, log, answer }: Launch): Promise<Launched> {
  const [program = '', ...args] = argv;
  const output = openSync(log, 'a', 0o600);
  const child = spawn(program, args, {
    cwd: dataDir,
    detached: true,
    env: cleanEnvironment,
    stdio: ['ignore', output, output],
    ...serverUser,
  });
  closeSync(output);
  let ended: string | undefined;
  child.on('error', (error) => (ended = error.message));
  child.on('exit', (code, signal) => (ended = `it ended with ${signal ?? code}`));
  child.unref();
  const limit = Date.now() + startLimit;
  while (true) {
    const version = await answer().catch((error: unknown) => error);
    if (typeof version === 'string' && ended === undefined && child.pid !== undefined)
      return { pid: child.pid, version };
    if (ended !== undefined || Date.now() > limit) {
      if (ended === undefined) child.kill('SIGKILL');
      const reason = ended ?? `it did not answer within ${startLimit / 1000} s (${String(version)})`;
      throw new Error(`${reason}; the end of its log:\n${lastLines(await readFile(log, 'utf8'))}`);
    }
    await sleep(50);
  }
}

/** PostgreSQL takes SIGINT as "now, disconnecting everybody"; the others take SIGTERM. SIGKILL is the last word. */
export async function stopProcess(
  identity: Identity,
  signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL',
): Promise<void> {
  if (!isRunning(identity)) return;
  process.kill(identity.pid, signal);
  for (let waited = 0; waited < 15_000; waited += 20) {
    if (!isRunning(identity)) return;
    await sleep(20);
  }
  if (signal === 'SIGKILL') throw new Error(`process ${identity.pid} does not end`);
  await stopProcess(identity, 'SIGKILL');
}
