// Which target starts when: waves one after another, so many at once, so many on one server, and when to stop.
// In: targets as the list gives them, and how each ended. Out: the next one to start. Must not know what is done with it.

/** What limits a fleet. */
export interface Limits {
  /** How many at once. */
  readonly concurrency: number;
  /** How many of them on one server. */
  readonly perServer: number;
  /** How many targets each wave has; what comes behind the last one belongs to it. */
  readonly waves: readonly number[];
  /** The share of a wave's targets that may fail; above it nothing more is started. */
  readonly stopAbove: number;
}

/** Why no further target is started. */
export type Halt = 'paused' | 'failures';

/** A target that starts. */
export interface Start<T> {
  readonly target: T;
  /** From 1. */
  readonly wave: number;
}

/** The order of a fleet, decided target by target: it holds no more of them than may be looked ahead. */
export interface Schedule<T> {
  /** True: another target of the list may be offered. */
  wants(): boolean;
  offer(target: T): void;
  /** The list has no more. */
  end(): void;
  /** The next to start; `null`: none for now. */
  next(): Start<T> | null;
  ended(target: T, outcome: 'well' | 'failed'): void;
  pause(): void;
  halted(): Halt | null;
  running(): number;
}

interface Wave {
  readonly number: number;
  readonly size: number;
  started: number;
  ended: number;
  failed: number;
}

/** Targets of a full server are passed over, as far as this many for each that may run. */
const lookAhead = 8;

/** A schedule for targets on servers. */
export function createSchedule<T extends { readonly server: string | null }>(limits: Limits): Schedule<T> {
  const { concurrency, perServer, waves, stopAbove } = limits;
  const waiting: T[] = [];
  const busy = new Map<string, number>();
  let isAtEnd = false;
  let halt: Halt | null = null;
  let wave = waveAt(waves, 1);

  const hasRoom = ({ server }: T) => server === null || (busy.get(server) ?? 0) < perServer;
  const running = () => wave.started - wave.ended;
  const move = ({ server }: T, by: 1 | -1) => {
    if (server === null) return;
    const count = (busy.get(server) ?? 0) + by;
    if (count === 0) busy.delete(server);
    else busy.set(server, count);
  };
  // Where every target started has ended well enough, the next wave begins.
  const advance = () => {
    if (wave.number < waves.length && wave.started === wave.size && running() === 0)
      wave = waveAt(waves, wave.number + 1);
  };
  const isFull = () => wave.number < waves.length && wave.started === wave.size;

  return {
    wants: () => halt === null && !isAtEnd && waiting.length < concurrency * lookAhead,
    offer: (target) => void waiting.push(target),
    end: () => {
      isAtEnd = true;
    },
    next: () => {
      if (halt !== null || running() >= concurrency || isFull()) return null;
      const index = waiting.findIndex(hasRoom);
      const [target] = index < 0 ? [] : waiting.splice(index, 1);
      if (target === undefined) return null;
      move(target, 1);
      wave.started += 1;
      return { target, wave: wave.number };
    },
    ended: (target, outcome) => {
      move(target, -1);
      wave.ended += 1;
      if (outcome === 'failed') wave.failed += 1;
      // As soon as it is certain, and not before: the first of many to end may be the only one to fail.
      if (halt === null && wave.failed > stopAbove * Math.max(wave.size, wave.started)) halt = 'failures';
      else advance();
    },
    pause: () => {
      halt ??= 'paused';
    },
    halted: () => halt,
    running,
  };
}

function waveAt(sizes: readonly number[], number: number): Wave {
  return { number, size: sizes[number - 1] ?? 0, started: 0, ended: 0, failed: 0 };
}
