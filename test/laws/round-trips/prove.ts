// Many pairs on one engine, counted; what breaks a law is made small.
// In: an engine, how many, a seed. Out: RoundTrips. Must not know how it is shown.

import type { World } from '../../conformance/world.ts';
import { openWorld } from '../../conformance/world.ts';
import type { Engine } from '../../servers/index.ts';
import { fc } from '../../support/laws.ts';
import { pairsOn } from './pairs.ts';
import type { Broken, Outcome, Pair } from './round-trip.ts';
import { tryPair } from './round-trip.ts';

export interface Failure {
  readonly seed: number;
  readonly at: number;
  readonly broken: Broken;
  readonly pair: Pair;
}

export interface RoundTrips {
  readonly engine: Engine;
  readonly seed: number;
  readonly pairs: number;
  /** Pairs of which the server would not have one schema, by reason. */
  readonly refused: readonly string[];
  /** How the others ended. */
  readonly ends: Readonly<Record<string, number>>;
  readonly operations: number;
  readonly failures: readonly Failure[];
}

export interface Draw {
  readonly count: number;
  readonly seed: number;
  /** True: what breaks a law is made small, which takes its time. */
  readonly shrink?: boolean;
  /** Only this pair of the draw. */
  readonly only?: number;
  /** No further pair is begun after so long. */
  readonly minutes?: number;
  readonly onFailure?: (failure: Failure) => void;
  /** After each pair: how many were tried. */
  readonly onTried?: (tried: number) => void;
}

/** The smallest pair that breaks a law as this one does, as far as a minute goes. */
async function shrunk(world: World, failure: Failure): Promise<Failure> {
  const { law } = failure.broken;
  let smallest = failure;
  const property = fc.asyncProperty(pairsOn(world.engine), async (pair) => {
    const outcome = await tryPair(world, pair);
    if (outcome.kind !== 'broken' || outcome.broken.law !== law) return;
    smallest = { ...failure, pair, broken: outcome.broken };
    throw new Error(law);
  });
  await fc.check(property, {
    seed: failure.seed,
    path: String(failure.at),
    numRuns: failure.at + 1,
    interruptAfterTimeLimit: 60_000,
  });
  return smallest;
}

async function attempt(world: World, pair: Pair): Promise<Outcome> {
  try {
    return await tryPair(world, pair);
  } catch (error) {
    const words = [error instanceof Error ? String(error.stack) : String(error)];
    return { kind: 'broken', broken: { law: 'nothing else fails', words, statements: [] } };
  }
}

/** Tries the laws on that many pairs. */
export async function proveRoundTrips(engine: Engine, draw: Draw): Promise<RoundTrips> {
  const { count, seed } = draw;
  let world = await openWorld(engine);
  const ends: Record<string, number> = {};
  const refused: string[] = [];
  const failures: Failure[] = [];
  let operations = 0;
  let tried = 0;
  const end = performance.now() + (draw.minutes ?? Number.POSITIVE_INFINITY) * 60_000;
  try {
    const pairs = fc.sample(pairsOn(engine), { seed, numRuns: count });
    for (const [at, pair] of pairs.entries()) {
      if (draw.only !== undefined && draw.only !== at) continue;
      if (performance.now() > end) break;
      tried += 1;
      const outcome = await attempt(world, pair);
      draw.onTried?.(tried);
      if (outcome.kind === 'no-pair') refused.push(outcome.reason);
      if (outcome.kind === 'held') {
        ends[outcome.end] = (ends[outcome.end] ?? 0) + 1;
        operations += outcome.operations;
      }
      if (outcome.kind !== 'broken') continue;
      const raw = { seed, at, broken: outcome.broken, pair };
      const failure = draw.shrink && failures.length < 3 ? await shrunk(world, raw) : raw;
      failures.push(failure);
      draw.onFailure?.(failure);
      // What broke may have left its session anywhere.
      await world.close();
      world = await openWorld(engine);
    }
  } finally {
    await world.close();
  }
  return { engine, seed, pairs: tried, refused, ends, operations, failures };
}
