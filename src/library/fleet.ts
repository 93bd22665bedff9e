import { resolve } from 'node:path';
import type { FleetConfig } from '../config/define-config.ts';
import type { TargetError, TargetResult } from '../fleet/result.ts';
import type { Schedule } from '../fleet/schedule.ts';
import { createSchedule } from '../fleet/schedule.ts';
import type { FleetSummary } from '../fleet/summary.ts';
import { createTally } from '../fleet/summary.ts';
import type { FleetTarget } from '../fleet/target.ts';
import { shareOf, usualWaves, waveSizes } from '../fleet/waves.ts';
import { now } from '../kernel/clock.ts';
import { isSurefootError } from '../kernel/errors.ts';
import type { SurefootOptions } from './api.ts';
import type { Executor, Fleet, FleetChoices, FleetNews } from './fleet-choices.ts';
import { toldOf } from './fleet-choices.ts';
import type { FleetState } from './fleet-state.ts';
import { beginState, continueState, readState } from './fleet-state.ts';
import type { TargetList } from './fleet-targets.ts';
import { targetList } from './fleet-targets.ts';
import type { FleetTask, FleetVerb } from './fleet-task.ts';
import { workOn } from './fleet-task.ts';

interface Drive {
  readonly list: AsyncIterable<FleetTarget>;
  readonly schedule: Schedule<FleetTarget>;
  readonly executor: Executor;
  readonly news: FleetNews;
  readonly take: (result: TargetResult, target: FleetTarget) => Promise<void>;
}

async function fill(schedule: Schedule<FleetTarget>, list: AsyncIterator<FleetTarget>): Promise<void> {
  while (schedule.wants()) {
    const { done, value } = await list.next();
    if (done === true) schedule.end();
    else schedule.offer(value);
  }
}

/**
 * Starts targets as the schedule says, until none runs and none may start. What throws lets the running ones end first; it
 * gives what was thrown.
 */
async function runTargets({ list, schedule, executor, news, take }: Drive): Promise<readonly unknown[]> {
  const targets = list[Symbol.asyncIterator]();
  const failures: unknown[] = [];
  let wake = Promise.withResolvers<void>();
  const work = async ({ target, wave }: { readonly target: FleetTarget; readonly wave: number }) => {
    news.onStart?.(target.name, wave);
    try {
      const result = await executor.execute({ target, wave }, toldOf(target.name, news));
      schedule.ended(target, result?.status === 'failed' ? 'failed' : 'well');
      if (result !== null) await take(result, target);
    } catch (error) {
      failures.push(error);
      schedule.pause();
      schedule.ended(target, 'failed');
    }
    wake.resolve();
  };
  try {
    for (;;) {
      wake = Promise.withResolvers<void>();
      await fill(schedule, targets).catch((error: unknown) => {
        failures.push(error);
        schedule.pause();
      });
      for (let start = schedule.next(); start !== null; start = schedule.next()) void work(start);
      if (schedule.running() === 0) break;
      if (schedule.halted() !== null) executor.withdraw();
      await wake.promise;
    }
  } finally {
    await targets.return?.();
  }
  return failures;
}

/** What ended it early, for the report; whatever is no refusal is thrown. */
function endedBy([failure]: readonly unknown[]): TargetError | null {
  if (failure === undefined) return null;
  if (!isSurefootError(failure)) throw failure;
  const { code, message, hint } = failure;
  return { code, message, hint };
}

const readsOnly = (verb: FleetVerb): boolean => verb !== 'upgrade';

/** Whoever only looks needs no canary. */
function limitsOf(verb: FleetVerb, config: FleetConfig, total: number) {
  const { concurrency = 8, perServer = 4, waves = usualWaves, stopAbove = '10%' } = config;
  return {
    concurrency,
    perServer,
    waves: waveSizes(readsOnly(verb) ? [] : waves, total),
    stopAbove: readsOnly(verb) ? 1 : (shareOf(stopAbove) ?? 0.1),
  };
}

async function count(list: AsyncIterable<FleetTarget>): Promise<number> {
  let total = 0;
  for await (const _ of list) total += 1;
  return total;
}

async function* those(
  list: TargetList,
  isWanted: (target: FleetTarget) => boolean,
): AsyncGenerator<FleetTarget> {
  for await (const target of list.each()) if (isWanted(target)) yield target;
}

interface Job {
  readonly options: SurefootOptions;
  readonly verb: FleetVerb;
  readonly to: string;
  readonly choices: FleetChoices;
  readonly isWanted: (target: FleetTarget) => boolean;
  /** Keeps what becomes of each target; `null`: nothing is kept. */
  readonly keep: (total: number) => Promise<FleetState | null>;
}

async function executorOf(
  options: SurefootOptions,
  task: FleetTask,
  { onTrouble = () => {} }: FleetNews,
): Promise<Executor> {
  const queue = options.fleet?.queue;
  if (queue !== undefined && task.verb === 'upgrade') {
    const { queueExecutor } = await import('./fleet-queue.ts');
    return await queueExecutor(options, task, { url: queue, onTrouble });
  }
  const work = workOn(options, task);
  return {
    execute: ({ target, wave }, told) => work(target, wave, told),
    withdraw: () => {},
    close: async () => {},
  };
}

/** Pauses where it is asked to; gives what ends the listening. */
function pausedBy(signal: AbortSignal | undefined, pause: () => void): () => void {
  if (signal?.aborted) pause();
  signal?.addEventListener('abort', pause, { once: true });
  return () => signal?.removeEventListener('abort', pause);
}

async function runFleet({ options, verb, to, choices, isWanted, keep }: Job): Promise<FleetSummary> {
  const begun = now();
  const list = targetList(options);
  const total = await count(those(list, isWanted));
  const limits = limitsOf(verb, options.fleet ?? {}, total);
  const schedule = createSchedule<FleetTarget>(limits);
  const { pause, onResult, run = {}, allow = [] } = choices;
  const tally = createTally();
  const task = { verb, to, choices: run, allowsLoss: allow.includes('data-loss') };
  const executor = await executorOf(options, task, choices);
  const state = await keep(total);
  const stopListening = pausedBy(pause, () => {
    schedule.pause();
    executor.withdraw();
  });
  let taken = 0;
  const take = async (result: TargetResult, target: FleetTarget) => {
    taken += 1;
    tally.add(result);
    await state?.add(result, target);
    await onResult?.(result);
  };
  choices.onBegin?.(total, limits.waves);
  try {
    const drive: Drive = { list: those(list, isWanted), schedule, executor, news: choices, take };
    const error = endedBy(await runTargets(drive));
    const notRun = Math.max(0, total - taken);
    const halted = error ? 'error' : notRun > 0 ? schedule.halted() : null;
    const ms = now() - begun;
    return { verb, run: state?.run ?? null, total, notRun, halted, error, ms, ...tally.read() };
  } finally {
    stopListening();
    await executor.close();
    await state?.close();
  }
}

/** A fleet of databases and one set of revision files. Nothing is opened before it is needed. */
export function createFleet(options: SurefootOptions): Fleet {
  const folder = resolve(options.projectFolder ?? '.');
  const run = (verb: FleetVerb, choices: FleetChoices) => {
    const { to = 'heads' } = choices;
    const keep = (total: number) =>
      readsOnly(verb) ? Promise.resolve(null) : beginState(folder, { verb, to, total });
    return runFleet({ options, verb, to, choices, isWanted: () => true, keep });
  };
  return {
    plan: (choices = {}) => run('plan', choices),
    upgrade: (choices = {}) => run('upgrade', choices),
    check: (choices = {}) => run('check', choices),
    status: (choices = {}) => run('status', choices),
    retry: async (named, choices = {}) => {
      const { header, hasDone } = await readState(folder, named);
      const to = choices.to ?? header.to;
      const isWanted = (target: FleetTarget) => !hasDone(target);
      const keep = () => continueState(folder, header.run);
      return await runFleet({ options, verb: 'upgrade', to, choices, isWanted, keep });
    },
  };
}
