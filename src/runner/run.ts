// The only writer. Takes a plan, runs it statement by statement, and writes down what it did.
// In: a Plan, a session under the lock. Out: RunOutcome. Must not decide anything that the plan decides.

import { now } from '../kernel/clock.ts';
import { isSurefootError, messageOf, usualQueryHint } from '../kernel/errors.ts';
import type { Plan, Step } from '../plan/plan.ts';
import { StepFailure } from './failure.ts';
import type { FailedStep, FinishedStep, RunnerContext, RunOutcome, StepContext } from './outcome.ts';
import { runStep } from './step.ts';
import { cancelled, watcherFor } from './watcher.ts';

/** Runs the plan to its end, or up to the step that fails. */
export async function run(plan: Plan, context: RunnerContext): Promise<RunOutcome> {
  const { session, database, signal, onStatement } = context;
  const watcher = watcherFor({ session, database, signal, tell: onStatement });
  try {
    return await runSteps(plan, { ...context, watcher });
  } finally {
    await watcher.close();
  }
}

async function runSteps(plan: Plan, context: StepContext): Promise<RunOutcome> {
  const finished: FinishedStep[] = [];
  await context.hooks.beforeRun?.(plan);
  for (const [i, step] of plan.steps.entries()) {
    const failed = await attempt(plan, i, { context, finished });
    if (failed === null) continue;
    const outcome = { finished, failed, remaining: plan.steps.slice(i + 1).map(({ revision }) => revision) };
    await context.hooks.afterRun?.(outcome);
    return { ...outcome, remaining: [step.revision, ...outcome.remaining] };
  }
  const outcome: RunOutcome = { finished, failed: null, remaining: [] };
  await context.hooks.afterRun?.(outcome);
  return outcome;
}

interface Running {
  readonly context: StepContext;
  readonly finished: FinishedStep[];
}

async function attempt(plan: Plan, i: number, { context, finished }: Running): Promise<FailedStep | null> {
  const step = plan.steps[i] as Step;
  const { revision, direction, message } = step;
  const progress = { revision, direction, message, position: i + 1, total: plan.steps.length };
  try {
    if (context.signal?.aborted) throw cancelled(revision);
    context.onProgress({ ...progress, finished: null });
    await context.hooks.beforeStep?.(step);
    const started = now();
    const headsBefore = i === 0 ? plan.heads.before : (plan.steps[i - 1]?.heads ?? []);
    const isFollowed = i < plan.steps.length - 1;
    const counts = await runStep({ step, headsBefore, isFollowed }, context);
    const done: FinishedStep = { revision, direction, ...counts, ms: now() - started };
    finished.push(done);
    context.onProgress({ ...progress, finished: done });
    await context.hooks.afterStep?.(done);
    return null;
  } catch (error) {
    await context.hooks.onError?.(error);
    return describeFailure(step, error);
  }
}

function usualHint({ segments }: Step): string {
  return segments.some(({ mode }) => mode === 'autocommit' || mode === 'batches')
    ? 'What ran before it stays. Correct the revision or the database and run again: what is there is skipped.'
    : 'The step was rolled back. Correct the revision or the database and run again.';
}

/** What is known of the cause, and what became of the step. */
function hintOf(step: Step, cause: unknown): string {
  if (!isSurefootError(cause)) return usualHint(step);
  if (cause.code !== 'database/query-failed') return cause.hint;
  return cause.hint === usualQueryHint ? usualHint(step) : `${cause.hint} ${usualHint(step)}`;
}

function describeFailure(step: Step, error: unknown): FailedStep {
  const place = error instanceof StepFailure ? error : null;
  const cause = place ? place.cause : error;
  return {
    revision: step.revision,
    direction: step.direction,
    statement: place?.statement ?? null,
    sql: place?.sql ?? null,
    code: isSurefootError(cause) ? cause.code : 'run/code-failed',
    message: messageOf(cause),
    hint: hintOf(step, cause),
  };
}
