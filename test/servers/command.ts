// In: a program and its arguments.
// Out: what it printed, or an error that holds its own words.
// Must not know: what the program is for.

import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { User } from './cache.ts';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly user?: User | undefined;
  readonly timeout?: number;
  readonly input?: string;
  /** Both output streams go to this file as well. */
  readonly log?: string;
}

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
}

export class CommandError extends Error {
  readonly timedOut: boolean;
  constructor(message: string, timedOut: boolean) {
    super(message);
    this.name = 'CommandError';
    this.timedOut = timedOut;
  }
}

/** Nothing of the machine's own PostgreSQL or MySQL settings reaches our servers. */
export const cleanEnvironment: NodeJS.ProcessEnv = {
  PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  LC_ALL: process.platform === 'linux' ? 'C.UTF-8' : 'C',
  TZ: 'UTC',
  HOME: '/nonexistent',
};

export function run(argv: readonly string[], options: CommandOptions = {}): Promise<Outcome> {
  const [program = '', ...args] = argv;
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    ...options.user,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill('SIGKILL');
  }, options.timeout ?? 120_000);
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // A program that ends before it has read its input says so by its exit code.
  child.stdin.on('error', () => undefined).end(options.input ?? '');
  child.on('error', (error) => {
    clearTimeout(timer);
    reject(new CommandError(`${program} cannot be run: ${error.message}`, false));
  });
  child.on('close', (code, signal) => {
    clearTimeout(timer);
    if (options.log) createWriteStream(options.log, { flags: 'a' }).end(stdout + stderr);
    if (code === 0) return resolve({ stdout, stderr });
    const ending = timedOut ? 'did not answer in time' : `ended with ${signal ?? code}`;
    reject(new CommandError(`${program} ${ending}:\n${lastLines(stderr || stdout)}`, timedOut));
  });
  return promise;
}

export const lastLines = (text: string, count = 15): string =>
  text.trimEnd().split('\n').slice(-count).join('\n');

const transient =
  /ETIMEDOUT|ECONNRESET|ECONNREFUSED|EAI_AGAIN|socket hang up|timed out|Temporary failure|Connection reset|Hash Sum mismatch/i;

/** Runs a download again when it hung or the network hiccuped; a plain refusal is final at once. */
export async function runPatiently(argv: readonly string[], options: CommandOptions = {}): Promise<Outcome> {
  const attempts = 3;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run(argv, { timeout: 300_000, ...options });
    } catch (error) {
      const mayPass = error instanceof CommandError && (error.timedOut || transient.test(error.message));
      if (!mayPass || attempt === attempts) throw error;
      process.stderr.write(`servers: ${argv[0]} failed, trying again (${attempt} of ${attempts - 1})\n`);
      await sleep(2_000 * attempt);
    }
  }
}
