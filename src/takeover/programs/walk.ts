// Runs a history of programs, one after another and each back again.
// In: programs, a recorder. Out: what each did, both ways. Must not know a library, nor operations.

import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../../kernel/errors.ts';
import type { Schema } from '../../schema/schema.ts';
import type { Piece, Recorder } from './session.ts';

/** A migration that is a program. */
export interface Program {
  /** As the tool's table has it. */
  readonly name: string;
  readonly file: string;
  up(): Promise<unknown>;
  /** `null`: it has no way back. */
  readonly down: (() => Promise<unknown>) | null;
}

/** Why a program did not come to its end. */
export interface Failure {
  readonly reason: string;
  readonly stack: string;
}

/** What a program did in one direction. */
export interface Trace {
  readonly before: Schema;
  readonly pieces: readonly Piece[];
  readonly after: Schema;
  readonly failure: Failure | null;
}

export interface Walked {
  readonly program: Program;
  readonly up: Trace;
  /** `null`: there is no way back. */
  readonly down: Trace | null;
}

const deadlineMs = 60_000;

function failureOf(error: unknown): Failure {
  const [first = 'it failed without a message'] = messageOf(error)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  // Libraries put the name of another's error before its words.
  return {
    reason: first
      .replace(/^(?:\w*Error: )+/, '')
      .trim()
      .slice(0, 300),
    stack,
  };
}

/** What waits for a network that is not there must not hold up the rest. */
async function inTime(work: () => Promise<unknown>): Promise<Failure | null> {
  const stop = new AbortController();
  const late = pause(deadlineMs, 'late' as const, { signal: stop.signal }).catch(() => null);
  try {
    const first = await Promise.race([work().then(() => null), late]);
    return first === 'late' ? { reason: `it did not end within ${deadlineMs / 1000} s`, stack: '' } : null;
  } catch (error) {
    return failureOf(error);
  } finally {
    stop.abort();
  }
}

/** With stacks long enough to reach the file of the migration through any library. */
async function withLongStacks<T>(work: () => Promise<T>): Promise<T> {
  const was = Error.stackTraceLimit;
  Error.stackTraceLimit = 100;
  try {
    return await work();
  } finally {
    Error.stackTraceLimit = was;
  }
}

async function trace(work: () => Promise<unknown>, recorder: Recorder): Promise<Trace> {
  const before = await recorder.begin();
  const failure = await inTime(work);
  if (failure !== null) return { before, pieces: [], after: before, failure };
  return { before, ...(await recorder.end()), failure: null };
}

async function walkUp(program: Program, recorder: Recorder): Promise<Trace> {
  const up = await trace(() => program.up(), recorder);
  if (up.failure === null) recorder.keep();
  else await recorder.rewind();
  return up;
}

async function walkDown({ down }: Program, recorder: Recorder): Promise<Trace | null> {
  if (down === null) return null;
  return await recorder.practise(() => trace(down, recorder));
}

/** Runs them in order. One that fails has done nothing, as far as the others are concerned. */
export async function walk(programs: readonly Program[], recorder: Recorder): Promise<readonly Walked[]> {
  return await withLongStacks(async () => {
    const walked: Walked[] = [];
    for (const program of programs) {
      const up = await walkUp(program, recorder);
      const down = up.failure === null ? await walkDown(program, recorder) : null;
      walked.push({ program, up, down });
    }
    return walked;
  });
}
