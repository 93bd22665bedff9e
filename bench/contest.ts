// In: contenders for the same work. Out: their medians, from runs that took turns. Must not know the work.

import type { Command, Measured } from './measure.ts';
import { measure } from './measure.ts';

/** One of those that do the same work. */
export interface Contender {
  readonly name: string;
  /** True: what the others are measured by. */
  readonly isFloor?: boolean;
  /** Before each run, and not counted: makes the ground, says what is run. */
  prepare(): Promise<Command | readonly Command[]>;
  /** After each run: what it was for is true now. */
  check?(): Promise<void>;
}

/** Medians of one contender. */
export interface Standing extends Measured {
  readonly name: string;
  readonly isFloor: boolean;
  readonly runs: number;
  /** Wall time against the floor's; `null`: there is none. */
  readonly ratio: number | null;
  /** It gave up; the others go on. */
  readonly problem?: string;
}

/** The middle one; of an even number the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

async function once(contender: Contender, memory: boolean): Promise<Measured> {
  const given = await contender.prepare();
  const measured = await measure(Array.isArray(given) ? given : [given as Command], { memory });
  await contender.check?.();
  return measured;
}

interface Lap {
  readonly contender: Contender;
  readonly times: Measured[];
  memory: Measured | null;
  problem: string | null;
}

async function lapOf(lap: Lap, { memory }: { readonly memory: boolean }): Promise<void> {
  if (lap.problem !== null) return;
  try {
    const measured = await once(lap.contender, memory);
    if (memory) lap.memory = measured;
    else lap.times.push(measured);
  } catch (error) {
    if (lap.contender.isFloor) throw error;
    lap.problem = error instanceof Error ? error.message : String(error);
    process.stderr.write(`bench: ${lap.contender.name}: ${lap.problem}\n`);
  }
}

function standingOf({ contender, times, memory, problem }: Lap, floor: number | null): Standing {
  const wallMs = median(times.map((one) => one.wallMs));
  const cpu = times.flatMap((one) => (one.cpuMs === null ? [] : [one.cpuMs]));
  return {
    name: contender.name,
    isFloor: contender.isFloor === true,
    runs: times.length,
    wallMs,
    // Counted in hundredths of a second: the mean of several is finer than any of them.
    cpuMs: cpu.length === 0 ? null : mean(cpu),
    peakMb: memory?.peakMb ?? null,
    ratio: floor === null || contender.isFloor ? null : wallMs / floor,
    ...(problem === null ? {} : { problem }),
  };
}

/** Runs all of them, taking turns: what else the machine does meets them alike. The last lap looks at memory only. */
export async function contest(
  contenders: readonly Contender[],
  rounds: number,
): Promise<readonly Standing[]> {
  const laps = contenders.map((contender): Lap => ({ contender, times: [], memory: null, problem: null }));
  for (let round = 0; round < rounds; round += 1) for (const lap of laps) await lapOf(lap, { memory: false });
  for (const lap of laps) await lapOf(lap, { memory: true });
  const floor = laps.find(({ contender }) => contender.isFloor);
  const floorMs = floor === undefined ? null : median(floor.times.map((one) => one.wallMs));
  return laps.map((lap) => standingOf(lap, floorMs));
}
