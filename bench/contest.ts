// In: contenders for the same work. Out: their medians, from runs that took turns. Must not know the work.

import type { Circumstances, Command, Measured } from './measure.ts';
import { measure, Setback } from './measure.ts';

/** How long one of the others may take, so that the whole comes to an end. */
export interface Patience {
  /** For one run. */
  readonly runMs: number;
  /** For its turns: once they have taken so long, it has no further ones. */
  readonly turnsMs: number;
  /** True: its memory is looked at in its turns, and not in one of its own. */
  readonly remembersAlong?: boolean;
}

/** One of those that do the same work. */
export interface Contender {
  readonly name: string;
  /** True: what the others are measured by. */
  readonly isFloor?: boolean;
  /** Before each run, and not counted: makes the ground, says what is run. */
  prepare(): Promise<Command | readonly Command[]>;
  /** After each run: what it was for is true now. */
  check?(): Promise<void>;
  /** Without it, it takes what it takes. */
  readonly patience?: Patience;
}

/** Medians of one contender. */
export interface Standing extends Measured {
  readonly name: string;
  readonly isFloor: boolean;
  readonly runs: number;
  /** Wall time against the floor's; `null`: there is none. */
  readonly ratio: number | null;
  /** Why it gave up, in few words; the others go on. */
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

async function once(contender: Contender, memory: Circumstances['memory']): Promise<Measured> {
  const given = await contender.prepare();
  const commands = Array.isArray(given) ? given : [given as Command];
  const measured = await measure(commands, { memory, limitMs: contender.patience?.runMs });
  await contender.check?.();
  return measured;
}

interface Lap {
  readonly contender: Contender;
  readonly times: Measured[];
  spentMs: number;
  memory: Measured | null;
  problem: string | null;
}

/** In few words: they stand in a cell of a table. */
const shortly = (error: unknown): string => (error instanceof Setback ? error.short : 'ended with an error');

function isTired({ contender: { patience }, times, spentMs }: Lap): boolean {
  return patience !== undefined && times.length > 0 && spentMs >= patience.turnsMs;
}

async function lapOf(lap: Lap, turn: 'timed' | 'memory'): Promise<void> {
  const { contender, times } = lap;
  const along = contender.patience?.remembersAlong === true;
  if (lap.problem !== null || (turn === 'timed' ? isTired(lap) : along)) return;
  const begun = performance.now();
  try {
    const measured = await once(contender, turn === 'memory' ? 'apart' : along && 'along');
    if (turn === 'memory' || along) lap.memory = measured;
    if (turn === 'timed') times.push(measured);
  } catch (error) {
    if (contender.isFloor) throw error;
    lap.problem = shortly(error);
    process.stderr.write(`bench: ${contender.name}: ${error instanceof Error ? error.message : error}\n`);
  }
  lap.spentMs += performance.now() - begun;
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
  const start = { spentMs: 0, memory: null, problem: null };
  const laps = contenders.map((contender): Lap => ({ contender, times: [], ...start }));
  for (let round = 0; round < rounds; round += 1) for (const lap of laps) await lapOf(lap, 'timed');
  for (const lap of laps) await lapOf(lap, 'memory');
  const floor = laps.find(({ contender }) => contender.isFloor);
  const floorMs = floor === undefined ? null : median(floor.times.map((one) => one.wallMs));
  return laps.map((lap) => standingOf(lap, floorMs));
}
