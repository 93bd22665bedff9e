// The options of what runs a plan. In: nothing. Out: specs, and choices of the library. Must not know verbs.

import type { RunChoices } from '../../library/api.ts';
import type { PlanChoices } from '../../plan/plan.ts';
import type { OptionValues } from '../args/option.ts';
import { choice, choiceList, count, duration, flag, list, pairs } from '../args/option.ts';

/** Options that decide on a plan. */
export const planOptions = {
  strict: flag('Refuse where anything is there already'),
  acceptDrift: flag('Go on over objects that differ from history'),
  objectAt: pairs('Where an object stands: after that revision', { placeholder: 'NAME=ID' }),
  runData: list('Run the data steps of this revision where that is unclear', { placeholder: 'ID' }),
  skipData: list('Take the data steps of this revision as done where that is unclear', { placeholder: 'ID' }),
  rowCheck: choice('Ask about present rows before the run, or leave it to the server', ['ask', 'skip']),
  keep: flag('Put aside what dropped columns and tables hold, whatever the config says'),
  noKeep: flag('Keep nothing, and put nothing back'),
};

/** Which half of phased revisions. */
export const phaseOptions = {
  phase: choice('Of phased revisions only this half: expand before the deployment, contract after it', [
    'expand',
    'contract',
  ]),
};

/** Whether lint is asked. */
export const lintOptions = {
  noLint: flag('Do not ask lint what may go wrong with what is pending'),
};

/** Options that say how long its statements wait. */
export const waitOptions = {
  lockTimeout: duration('How long to wait for another runner'),
  tableLockTimeout: duration('How long a statement waits for locks before it lets others pass (5s)'),
  tableLockRetries: count('How often it is tried again (10)', { from: 0 }),
  concurrentWait: duration("How long a statement waits that is in nobody's way: CONCURRENTLY (1h)"),
};

/** Options of a run. */
export const runOptions = {
  ...planOptions,
  allow: choiceList('Agree to what the plan names, or to copies of large tables', [
    'data-loss',
    'table-copy',
  ]),
  ...waitOptions,
  noVerify: flag('Do not look at the schema where nothing is pending'),
  cancelOrphan: flag('Cancel the statement that a dead runner left on the server'),
};

/** What the options say of the plan. */
export function planChoices(options: OptionValues<typeof planOptions>): PlanChoices {
  const { strict, acceptDrift, objectAt, runData, skipData, rowCheck } = options;
  const keep = options.noKeep ? false : options.keep || undefined;
  return { strict, acceptDrift, objectAt, runData, skipData, rowCheck, keep };
}

/** What they say of waiting. */
export function waitChoices(
  options: OptionValues<typeof waitOptions>,
): Pick<RunChoices, 'lockTimeoutMs' | 'tableLockTimeoutMs' | 'tableLockRetries' | 'concurrentWaitMs'> {
  const { lockTimeout, tableLockTimeout, tableLockRetries, concurrentWait } = options;
  return {
    lockTimeoutMs: lockTimeout,
    tableLockTimeoutMs: tableLockTimeout,
    tableLockRetries,
    concurrentWaitMs: concurrentWait,
  };
}

/** What they say of the run. */
export function runChoices(
  options: OptionValues<Pick<typeof runOptions, keyof typeof waitOptions | 'noVerify' | 'cancelOrphan'>> & {
    readonly allow?: readonly string[];
  },
): RunChoices {
  const { noVerify, cancelOrphan, allow = [] } = options;
  return {
    ...waitChoices(options),
    verify: !noVerify,
    cancelOrphan,
    allowTableCopy: allow.includes('table-copy'),
  };
}
