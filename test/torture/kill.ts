// A runner that is disturbed at a chosen point. In: a database, a project, a point. Out: what it had sent, or how it ended.
// Must not know what is proven by it.

import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Direction } from '../../src/plan/plan.ts';
import { withConnection } from './state.ts';

export type Moment = 'before' | 'sent' | 'after';

export interface KilledOptions {
  readonly url: string;
  readonly folder: string;
  readonly direction?: Direction;
  readonly target?: string;
  /** The number of the statement, from 0; left out: nothing happens to it. */
  readonly at?: number;
  readonly when?: Moment;
  /** `kill`: SIGKILL. `stop`: SIGSTOP. `wait`: it says POINT and waits for a line. */
  readonly disturbance?: 'kill' | 'stop' | 'wait';
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

export interface Runner {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** It is at its point (true), or has ended without coming there. */
  readonly atPoint: Promise<boolean>;
}

const file = (name: string): string => join(import.meta.dirname, name);

/** Starts it. */
export function startRunner(options: KilledOptions): Runner {
  const child = spawn(
    process.execPath,
    ['--import', file('tap.ts'), file('killed-process.ts'), JSON.stringify(options)],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'surefoot-test-compile-cache') },
    },
  );
  child.stdin.on('error', () => undefined);
  let output = '';
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, output }));
  });
  const reached = new Promise<boolean>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (output.includes('POINT\n')) resolve(true);
      });
  });
  return { process: child, ended, atPoint: Promise.race([reached, ended.then(() => false)]) };
}

/** Runs it to its end, or to its death. */
export async function killedRunner(options: KilledOptions): Promise<Ended> {
  const { process: child, ended } = startRunner(options);
  child.stdin?.end();
  return await ended;
}

/** What a runner says that it has sent. */
export function sentBy({ output }: Ended): readonly string[] {
  const answer: unknown = JSON.parse(output.slice(output.indexOf('{"sent"')));
  if (typeof answer !== 'object' || answer === null || !('sent' in answer) || !Array.isArray(answer.sent))
    throw new Error(`the runner did not tell what it sent: ${output}`);
  return answer.sent.map(String);
}

/** What an undisturbed runner sends. */
export async function sentUndisturbed(options: KilledOptions): Promise<readonly string[]> {
  const ended = await killedRunner(options);
  if (ended.code !== 0) throw new Error(`the undisturbed runner failed: ${ended.output}`);
  return sentBy(ended);
}

/** As if the time of the lease had passed: the next runner looks after what the dead one left, and takes over. */
export async function ageLease(url: string): Promise<void> {
  if (url.startsWith('sqlite:')) return;
  await withConnection(url, async (connection) => {
    try {
      await connection.query('UPDATE surefoot_lock SET heartbeat_at = heartbeat_at - 60000');
    } catch (error) {
      // It died before there was a table.
      if (!/surefoot_lock/.test(String(error))) throw error;
    }
  });
}
