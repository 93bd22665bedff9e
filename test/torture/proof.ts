// Outcomes, counted. In: what became of each attempt. Out: Proof. Must not know what was tried.

import type { Proof } from '../matrix/proof.ts';

export interface Outcome {
  /** What it came to, in few words. */
  readonly end: string;
  readonly problem?: string;
}

export function collect(claim: string, outcomes: readonly Outcome[]): Proof {
  const ends: Record<string, number> = {};
  for (const { end } of outcomes) ends[end] = (ends[end] ?? 0) + 1;
  const problems = outcomes.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
  return { claim, states: outcomes.length, ends, problems };
}

/** The work on each, so many at a time, in order. */
export async function inParallel<T, R>(
  all: readonly T[],
  width: number,
  work: (one: T, position: number) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = all.entries();
  const worker = async (): Promise<void> => {
    for (const [position, one] of queue) results[position] = await work(one, position);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
