// Runs something through the library, with consent, progress and interruption.
// In: a call. Out: Answer. Must not know which verb it is.

import { isSurefootError } from '../../kernel/errors.ts';
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
    ...(before.remembered ? { remembered: before.remembered } : {}),
  };
}

/** Of revisions that a squash replaced, and that a database in their midst runs nevertheless. */
async function originalMessages({ project }: Call<OptionSpecs>): Promise<ReadonlyMap<string, string>> {
  const { scanSquashed } = await import('../../revisions/scan.ts');
  const headers = await scanSquashed((await project.config()).migrations);
  return new Map(headers.map(({ id, message }) => [id, message]));
}

async function messagesOf(call: Call<OptionSpecs>, run: RunData): Promise<Readonly<Record<string, string>>> {
  if (run.finished.length === 0) return {};
  // What ran without its file may leave files that make no graph; the run itself is what is told.
  const graph = await call.project.graph().catch((error: unknown) => {
    if (isSurefootError(error)) return null;
    throw error;
  });
  const known = (id: string) => graph?.nodes.get(id)?.header.message;
  const originals = run.finished.every(({ revision }) => known(revision) !== undefined)
    ? new Map<string, string>()
    : await originalMessages(call);
  return Object.fromEntries(
    run.finished.map(({ revision: id }) => [id, originals.get(id) ?? known(id) ?? '']),
  );
}

async function runAll(call: Call<OptionSpecs>, execution: Execution): Promise<RunData> {
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
  const { onProgress, onWait, onStatement } = follower;
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
    return data ?? nothing;
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
  const run = await runAll(call, execution);
  return answerBoth({
    data: run,
    shown: { run, messages: await messagesOf(call, run) },
    text: runText,
    failure: runFailure,
    exitCode: exitCodeOfRun(run),
  });
}
