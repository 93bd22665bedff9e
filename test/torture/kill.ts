// A runner that is killed at a chosen point. In: a database, a project, a point. Out: what it had sent, or that it died.
// Must not know what is proven by it.

import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/config/choose-dialect.ts';
import type { Direction } from '../../src/plan/plan.ts';

export type Moment = 'before' | 'sent' | 'after';

export interface KilledOptions {
  readonly url: string;
  readonly folder: string;
  readonly direction?: Direction;
  readonly target?: string;
  /** The number of the statement, from 0; left out: it is not killed. */
  readonly at?: number;
  readonly when?: Moment;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

const file = (name: string): string => join(import.meta.dirname, name);

/** Runs it to its end, or to its death. */
export async function killedRunner(options: KilledOptions): Promise<Ended> {
  const child = spawn(
    process.execPath,
    ['--import', file('tap.ts'), file('killed-process.ts'), JSON.stringify(options)],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'surefoot-test-compile-cache') },
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, output }));
  });
}

/** What an undisturbed runner sends. */
export async function sentUndisturbed(options: KilledOptions): Promise<readonly string[]> {
  const { code, output } = await killedRunner(options);
  if (code !== 0) throw new Error(`the undisturbed runner failed: ${output}`);
  const answer: unknown = JSON.parse(output.slice(output.indexOf('{"sent"')));
  if (typeof answer !== 'object' || answer === null || !('sent' in answer) || !Array.isArray(answer.sent))
    throw new Error(`the runner did not tell what it sent: ${output}`);
  return answer.sent.map(String);
}

/** As if the time of the lease had passed: the next runner looks after what the dead one left, and takes over. */
export async function ageLease(url: string): Promise<void> {
  if (url.startsWith('sqlite:')) return;
  const { database } = await openDatabase({ url });
  const connection = await database.connect();
  try {
    await connection.query('UPDATE surefoot_lock SET heartbeat_at = heartbeat_at - 60000');
  } catch (error) {
    // It died before there was a table.
    if (!/surefoot_lock/.test(String(error))) throw error;
  } finally {
    await connection.close();
    await database.close();
  }
}
