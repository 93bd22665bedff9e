// Runs something through the library, with consent, progress and interruption.
// In: a call. Out: Answer. Must not know which verb it is.

import type { RunChoices, RunResult, Surefoot } from '../../library/api.ts';
import type { OptionSpecs } from '../args/option.ts';
import type { Answer, Call } from '../command.ts';
import { answerBoth } from '../command.ts';
import type { RunData } from '../text/run.ts';
import { exitCodeOfRun, runFailure, runText } from '../text/run.ts';
import { consentFor } from './confirm.ts';
import { followCopy } from './copying.ts';
import { follow } from './progress.ts';

/** What is run, and what was agreed to beforehand. */
export interface Execution {
  readonly verb: string;
  readonly choices: RunChoices;
  readonly allowsLoss: boolean;
  /** One or more runs, in order; those behind a failure are not made. */
  readonly runs: (surefoot: Surefoot, choices: RunChoices) => AsyncIterable<RunResult>;
}

/** Two results of runs that followed each other. */
function join(before: RunData | null, after: RunResult): RunData {
  const { confirmed: _, ...run } = after;
  if (before === null) return run;
  return {
    ...run,
    finished: [...before.finished, ...run.finished],
    losses: [...before.losses, ...run.losses],
    unverified: [...new Set([...before.unverified, ...run.unverified])],
    ...(before.restored ? { restored: [...before.restored, ...(run.restored ?? [])] } : {}),
    ...(before.remembered ? { remembered: before.remembered } : {}),
  };
}

interface Ran {
  readonly run: RunData;
  /** What the revisions say of themselves that were run, as the plan told it: their files may be gone. */
  readonly messages: ReadonlyMap<string, string>;
}

async function runAll(call: Call<OptionSpecs>, execution: Execution): Promise<Ran> {
  const { shell, globals, look, talk, project } = call;
  const { verb, allowsLoss, choices, runs } = execution;
  const consent = consentFor({ verb, shell, globals, look, allowsLoss, talk });
  const follower = follow(shell, look, { isQuiet: globals.quiet });
  const copying = followCopy(shell, look, { isQuiet: globals.quiet });
  const interruption = new AbortController();
  const stopListening = shell.onInterrupt(() => {
    talk(look.warn('\nStopping; once more ends at once.'));
    interruption.abort();
  });
  const { onWait, onStatement } = follower;
  const messages = new Map<string, string>();
  const onProgress: typeof follower.onProgress = (progress) => {
    messages.set(progress.revision, progress.message);
    follower.onProgress(progress);
  };
  const { signal } = interruption;
  const onBackup = copying.onProgress;
  const all = { ...choices, onProgress, onWait, onStatement, onBackup, confirm: consent.confirm, signal };
  try {
    const surefoot = await project.open({ writes: true });
    let data: RunData | null = null;
    for await (const result of runs(surefoot, all)) {
      const refusal = consent.refusal();
      if (refusal !== null) throw refusal;
      data = join(data, result);
      if (result.failed !== null) break;
    }
    return { run: data ?? nothing, messages };
  } finally {
    copying.end();
    follower.end();
    stopListening();
  }
}

const nothing: RunData = {
  finished: [],
  failed: null,
  remaining: [],
  heads: [],
  differences: [],
  extras: [],
  losses: [],
  unverified: [],
};

/** Runs it to its answer. */
export async function execute(call: Call<OptionSpecs>, execution: Execution): Promise<Answer> {
  const { run, messages } = await runAll(call, execution);
  return answerBoth({
    data: run,
    shown: { run, messages: Object.fromEntries(messages) },
    text: runText,
    failure: runFailure,
    exitCode: exitCodeOfRun(run),
  });
}
